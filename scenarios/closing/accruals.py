"""Use that stood unbilled when the month before ended, and what the bills made of the same days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from core.canonical.money import exponent
from core.close.extract import Explanation
from core.close.reperform import half_up, rate
from core.close.rows.billing import PriceVersion
from core.close.rows.revenue import UsageAccrual, UsageBilled
from scenarios.closing import billing
from scenarios.closing.frame import Frame, money
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, UsageRecord

_ASSET, _NAME = "1150", "USE/"
_LATE = "late usage"
# How long the books of a month are open for what is told late, where nothing was accrued.
_OPEN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Period:
    """A meter of a contract over one billing period, by the day on which that begins."""

    subscription: str
    meter: str
    start: str

    @property
    def item(self) -> str:
        """As control C29 names it."""
        return f"{self.subscription} from {self.start}"


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name: of all that stood, and of all that this month's bills have of earlier
    use; nothing stood of what was not accrued."""
    stood = {**dict.fromkeys(_met(frame), _nothing(frame)), **_stood(frame)}
    month = (frame.start - timedelta(days=1)).isoformat()[:7]
    accruals, billed = [], []
    currencies = {c.subscription: c.currency for c in frame.evidence.billing.usage_charges}
    for period, (minor, posted_at) in sorted(stood.items(), key=lambda each: each[0].item):
        currency = currencies[period.subscription]
        same: dict[str, Any] = {"item": period.item, "meter": period.meter, "month": month}
        accruals.append(UsageAccrual(**same, amount=money(minor, currency)))
        found = _billed(frame, period, posted_at)
        if found is not None:
            whole, late = (money(each, currency) for each in found)
            causes = ((_LATE, late),) if late else ()
            billed.append(UsageBilled(**same, amount=whole, causes=causes))
    return {"accruals": tuple(accruals), "usage_billed": tuple(billed)}


def told_late(frame: Frame) -> Iterator[Explanation]:
    """Use that the product told of after the accrual was entered, and the bill has: the policy lists it."""
    for row in tables(frame)["usage_billed"]:
        for cause, _ in row.causes:
            yield Explanation(
                control="C29",
                key=f"{row.item}/{row.meter}/{row.month}",
                cause=cause,
                by="the product told of it after the accrual was entered; the bill has it",
            )


def _nothing(frame: Frame) -> tuple[int, int]:
    """Nothing stood; what was told when the books of the month before were still open was in time."""
    closed = datetime(frame.start.year, frame.start.month, frame.start.day, tzinfo=UTC) + _OPEN
    return 0, int(closed.timestamp()) * 1_000_000


def _met(frame: Frame) -> Iterator[_Period]:
    """Periods of which a bill of this month has use of earlier ones."""
    start = frame.start.isoformat()
    lines = {
        line.id: line.start
        for bill in _bills(frame)
        for line in bill.lines
        if start <= bill.date and line.start < start
    }
    for record in frame.evidence.billing.usage:
        if record.line in lines and record.on < start:
            yield _Period(record.subscription, record.unit, lines[record.line])


def _bills(frame: Frame) -> Iterator[BillingInvoice | BillingCreditNote]:
    """Posted, and dated by the month's end; the last use of a contract may stand on a credit note."""
    for invoice in frame.evidence.billing.invoices:
        if invoice.status == "Posted" and frame.until(invoice.date):
            yield invoice
    for note in frame.evidence.billing.credit_notes:
        if note.status == "Posted" and frame.until(note.date):
            yield note


def _stood(frame: Frame) -> dict[_Period, tuple[int, int]]:
    """What stood on the asset at the month's start: minor units, when it was entered."""
    created = {journal.id: journal.created_at for journal in frame.evidence.erp.journals}
    found: dict[_Period, tuple[int, int]] = {}
    for line in frame.evidence.erp.ledger:
        name = line.memo.partition(" ")[0]
        if line.account == _ASSET and name.startswith(_NAME) and line.date < frame.start.isoformat():
            period = _Period(*name.removeprefix(_NAME).split("/"))
            before, at = found.get(period, (0, 0))
            minor = before + line.debit - line.credit
            found[period] = (minor, max(at, created.get(line.document, 0)))
    return {period: stood for period, stood in found.items() if stood[0]}


def _billed(frame: Frame, period: _Period, posted_at: int) -> tuple[int, int] | None:
    """Price of the use of the days before the month that bills of so far have, and what of it was told after
    the accrual was entered; None while no bill has it."""
    prices = {(c.subscription, c.unit): c.charge for c in frame.evidence.billing.usage_charges}
    charge = prices.get((period.subscription, period.meter))
    price = next((p for p in billing.prices(frame) if p.item == charge), None)
    records = list(_records(frame, period))
    if price is None or not records:
        return None
    told = {use.id: use.at for use in frame.evidence.product.usage}
    in_time = [record for record in records if told.get(record.event, 0) <= posted_at]
    earlier = _earlier(frame, price.item, period)
    whole, known = _priced(price, records) - earlier, _priced(price, in_time) - earlier
    return whole, whole - max(known, 0)


def _earlier(frame: Frame, charge: str, period: _Period) -> int:
    """What bills dated before the month had asked for: it is neither unbilled nor billed now."""
    return sum(
        -line.net if isinstance(bill, BillingCreditNote) else line.net
        for bill in _bills(frame)
        for line in bill.lines
        if line.charge == charge and line.start == period.start and bill.date < frame.start.isoformat()
    )


def _records(frame: Frame, period: _Period) -> Iterator[UsageRecord]:
    """Use of the period before the month's start, on a posted bill that is dated by its end."""
    lines = {line.id for bill in _bills(frame) for line in bill.lines if line.start == period.start}
    for record in frame.evidence.billing.usage:
        mine = (record.subscription, record.unit) == (period.subscription, period.meter)
        if mine and record.line in lines and date.fromisoformat(record.on) < frame.start:
            yield record


def _priced(price: PriceVersion, records: list[UsageRecord]) -> int:
    quantity = sum((Fraction(record.quantity) for record in records), Fraction(0))
    return half_up(rate(quantity, price.tiers, price.mode) * 10 ** exponent(price.currency))
