"""A clean set of books: every control is run on it and finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.ledger import (
    BookPeriod,
    FxItem,
    Intercompany,
    LedgerLine,
    LossRate,
    PostingEvent,
    Registration,
    TaxReturn,
    WriteOff,
)
from core.close.rows.revenue import SentEvent, TakenEvent
from core.close.rows.sales import FxRate
from scenarios.plants.clean_cash import pay, settle, state
from scenarios.plants.clean_returns import dispute, refund
from scenarios.plants.clean_revenue import earn
from scenarios.plants.clean_sales import bill, sell
from scenarios.plants.clean_usage import prepay, use
from scenarios.plants.deal import CUT_OFF, END, JURISDICTION, MONTH, START, Books, Deal, moment, post

_RATE, _CLOSING = "1.10", "1.12"
# Share of what is 1 to 30 days late that is expected to be lost.
_LOSS = "0.05"


def clean(
    deals: Sequence[Deal],
    december: Sequence[int] = (40, 80),
    january: Sequence[int] = (30,),
    prepaid: tuple[int, int, int] = (10_000, 2_500, 700),
    foreign: int = 100_000,
) -> Extract:
    """From deals, units of use a day, (credits bought, used, given away), and a foreign amount.

    At least two deals should pay by card, undisputed, and one later; all amounts positive minor units.
    """
    books = Books(list)
    for deal in deals:
        sell(books, deal)
        bill(books, deal)
        earn(books, deal)
        pay(books, deal)
        if deal.refund:
            refund(books, deal)
        if deal.disputed:
            dispute(books, deal)
    use(books, december, january)
    prepay(books, *prepaid)
    settle(books, sorted({deal.currency for deal in deals}))
    _exchange(books, foreign)
    _group(books, foreign)
    _allow(books)
    _calendar(books)
    _deliver(books)
    state(books)
    tables: dict[str, Any] = {table: tuple(rows) for table, rows in books.items()}
    return Extract(
        month=MONTH,
        start=START,
        end=END,
        cut_off=CUT_OFF,
        billed_through=date(2027, 1, 1),
        **tables,
    )


def _exchange(books: Books, foreign: int) -> None:
    """One item settled and one open, both booked at one rate; the revaluation before was reversed."""
    for name, base in (("JE-fx-0", 7), ("JE-fx-0-back", -7)):
        before = name == "JE-fx-0"
        on = date(2025, 12, 31) if before else START
        _base_entry(books, name, "7010", "fx-open", base, on, reverses="" if before else "JE-fx-0")
    for kind, document, account in (("settled", "fx-settled", "7000"), ("open", "fx-open", "7010")):
        books["fx_items"].append(
            FxItem(
                document=document,
                period=MONTH,
                kind=kind,
                foreign=Money(foreign, "EUR"),
                booked_rate=_RATE,
                rate=_CLOSING,
                home="USD",
            )
        )
        gain = (2 * foreign * 2 + 100) // 200  # two cents on each, to the nearest
        _base_entry(books, f"JE-{document}", account, document, gain, date(2026, 1, 31))
    for day in range(1, 4):
        for kind, rate in (("spot", Fraction(110 + day, 100)), ("closing", Fraction(120 + day, 100))):
            known: dict[str, Any] = {
                "base": "EUR",
                "quote": "USD",
                "on": date(2026, 1, day),
                "kind": kind,
                "rate": rate,
            }
            books["treasury_rates"].append(FxRate(**known))
            if kind == "spot":
                books["rates_used"] += [FxRate(system=s, **known) for s in ("billing", "erp")]


def _base_entry(
    books: Books, entry: str, account: str, document: str, gain: int, on: date, reverses: str = ""
) -> None:
    """Moves home currency only: the foreign amount stays as it was."""
    for name, minor in (("1100", gain), (account, -gain)):
        books["ledger"].append(
            LedgerLine(
                entry=entry,
                account=name,
                amount=Money(0, "EUR"),
                base=Money(minor, "USD"),
                on=on,
                period=on.isoformat()[:7],
                document=document,
                source=entry,
                rule="P45",
                entity="US",
                reverses=reverses,
            )
        )
    books["posting_events"].append(PostingEvent(id=entry, rules=("P45",)))


def _group(books: Books, minor: int) -> None:
    """Two entities, a sale and a receipt of cash between them; a write-off; a recovery."""
    amount = Money(minor, "USD")
    for document, reason in (("IC-1", "sale"), ("IC-2", "cash")):
        same: dict[str, Any] = {"document": document, "amount": amount, "reason": reason}
        books["intercompany"] += [
            Intercompany(holder="US", other="EU", side="due_from", **same),
            Intercompany(holder="EU", other="US", side="due_to", **same),
        ]
    relief = Money(minor // 10, "USD")
    books["write_offs"].append(
        WriteOff(
            id="WO-1",
            document="old-1",
            amount=amount,
            approved_by="controller",
            relief_due=relief,
            relieved=relief,
            entity="US",
        )
    )
    sides = (("1000", amount), ("6210", -amount))
    post(books, "recovery-1", "P40", date(2026, 1, 16), *sides, bank="main-USD")


def _allow(books: Books) -> None:
    """By currency and entity: five in a hundred of what is a month late at most."""
    books["loss_rates"].append(LossRate(entity="", bucket="1-30", from_days=1, to_days=30, rate=_LOSS))
    sums: dict[tuple[str, str], int] = {}
    for item in books["open_items"]:
        place = (item.entity, item.amount.currency)
        sums[place] = sums.get(place, 0) + item.amount.minor
    for (entity, currency), minor in sorted(sums.items()):
        amount = Money((minor * 5 + 50) // 100, currency)
        sides = (("6200", amount), ("1110", -amount))
        post(books, f"allowance-{entity}-{currency}", "P38", date(2026, 1, 31), *sides, entity=entity)


def _calendar(books: Books) -> None:
    """December locked, January open; registered, and December's return of nothing filed."""
    books["periods"] += [
        BookPeriod(
            name="2025-12",
            start=date(2025, 12, 1),
            end=START,
            locked_at=datetime(2026, 1, 6, tzinfo=UTC),
            zone=-5,
        ),
        BookPeriod(name=MONTH, start=START, end=END, zone=-5),
    ]
    since = date(2025, 1, 1)
    books["registrations"].append(Registration(entity="US", jurisdiction=JURISDICTION, since=since))
    due = {line.tax.currency for line in books["tax_lines"]}
    for currency in sorted(due)[:1]:
        books["tax_returns"].append(
            TaxReturn(
                entity="US",
                jurisdiction=JURISDICTION,
                period=MONTH,
                currency=currency,
                filed=Money(
                    sum(t.tax.minor for t in books["tax_lines"] if t.tax.currency == currency), currency
                ),
                due_on=END - timedelta(days=1),
                remitted=True,
            )
        )


def _deliver(books: Books) -> None:
    """An event for every document, processed once by each of two consumers."""
    for number, document in enumerate(books["documents"]):
        name, at = f"ev-{document.number}", moment(document.on)
        books["sent_events"].append(
            SentEvent(
                id=name,
                source="billing",
                kind="posted",
                at=at,
                consumers=("ledger", "crm"),
                digest=f"d{number}",
                stream="billing",
                sequence=number,
            )
        )
        for consumer in ("ledger", "crm"):
            books["taken_events"].append(
                TakenEvent(
                    id=name,
                    consumer=consumer,
                    outcome="processed",
                    at=moment(date(2026, 1, 25)) + timedelta(minutes=number),
                    digest=f"d{number}",
                )
            )
