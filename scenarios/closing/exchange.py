"""Rates that the ERP used, and gains and losses of exchange, out of a run's books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.money import Money, exponent
from core.close.reperform import half_up
from core.close.rows.ledger import FxItem, LedgerLine
from core.close.rows.sales import FxRate
from scenarios.closing.frame import Frame, money
from scenarios.evidence.run import Evidence

_GAINS = "7000"


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    used = tuple(_used(frame))
    table = {(r.base, r.quote, r.on): _on_the_day(frame.evidence, r.quote, r.base, r.on) for r in used}
    return {
        "rates_used": used,
        "treasury_rates": tuple(
            FxRate(base=base, quote=quote, on=day, kind="spot", rate=rate)
            for (base, quote, day), rate in table.items()
            if rate is not None
        ),
        "fx_items": tuple(_settled(frame)),
    }


def _on_the_day(evidence: Evidence, home: str, currency: str, day: date) -> Fraction | None:
    """The table's rate that holds on a day."""
    rows = [r for r in evidence.erp.rates if (r.base, r.currency) == (home, currency)]
    held = [r for r in rows if r.date <= day.isoformat()]
    return Fraction(max(held, key=lambda r: r.date).rate) if held else None


def _used(frame: Frame) -> Iterator[FxRate]:
    """Of each day and currency. Postings tell no rate: it is the table's wherever that gives the amount
    that was posted, and else what the posting comes to."""
    base = {(x.document, x.account): x for x in frame.evidence.erp.base_ledger}
    lines = Counter(x.document for x in frame.evidence.erp.base_ledger)
    seen: set[FxRate] = set()
    invoices = {i.id: i for i in frame.evidence.erp.invoices}
    for line in frame.evidence.erp.ledger:
        home = base.get((line.document, line.account))
        if (
            line.account != "1100"
            or line.document not in invoices
            or home is None
            or not frame.until(line.date)
        ):
            continue
        if home.currency == line.currency or not line.debit:
            continue
        day = date.fromisoformat(line.date)
        scale = Fraction(10) ** (exponent(home.currency) - exponent(line.currency))
        rate = _on_the_day(frame.evidence, home.currency, line.currency, day)
        # Each other line of the entry may have been rounded by itself.
        if rate is None or abs(half_up(line.debit * rate * scale) - home.debit) > lines[line.document]:
            rate = Fraction(home.debit, line.debit) / scale
        row = FxRate(base=line.currency, quote=home.currency, on=day, kind="spot", rate=rate, system="erp")
        if row not in seen:
            seen.add(row)
            yield row


def _settled(frame: Frame) -> Iterator[FxItem]:
    """Each foreign receipt against its one invoice, both at the table's rates of their days."""
    homes = {entity.id: entity.currency for entity in frame.evidence.erp.entities}
    invoices = {i.id: i for i in frame.evidence.erp.invoices}
    for receipt in frame.evidence.erp.receipts:
        home = homes.get(frame.entities.get(receipt.id, ""), "")
        parts = [invoices[part.document] for part in receipt.applied if part.document in invoices]
        if len(parts) != 1 or home in ("", receipt.currency) or not frame.until(receipt.date):
            continue
        days = (date.fromisoformat(parts[0].date), date.fromisoformat(receipt.date))
        rates = [_on_the_day(frame.evidence, home, receipt.currency, day) for day in days]
        if None not in rates:
            yield FxItem(
                document=receipt.external,
                period=receipt.period,
                kind="settled",
                foreign=money(receipt.amount, receipt.currency),
                booked_rate=str(rates[0]),
                rate=str(rates[1]),
                home=home,
            )


def differences(frame: Frame) -> Iterator[LedgerLine]:
    """What stands in home currency alone."""
    foreign = {line.document: line.currency for line in frame.evidence.erp.ledger}
    for line in frame.evidence.erp.base_ledger:
        if line.account == _GAINS and frame.until(line.date):
            external = frame.documents.get(line.document, "")
            yield LedgerLine(
                entry=line.document,
                account=line.account,
                amount=Money(0, foreign.get(line.document, line.currency)),
                base=money(line.debit - line.credit, line.currency),
                on=date.fromisoformat(line.date),
                period=line.period,
                document=external,
                source=external,
                rule=line.kind,
                entity=line.entity,
            )
