"""The books of a run as plain rows of facts, one currency at a time, in major units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.money import Money
from core.finance.calendar import Period, add_months, periods
from core.finance.exact import to_major
from core.finance.metrics.aging import OpenItem
from core.finance.metrics.movements import Segment
from core.finance.metrics.rolls import Change
from scenarios.evidence.billing import ChargeSegment, Subscription
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.run import Evidence

RECEIVABLE, DEFERRED = "1100", "2100"
# What a posting of a kind of document does to a balance, in the words of a roll.
_WORDS = {
    "invoice": "billed",
    "creditMemo": "credited",
    "customerPayment": "collected",
    "customerRefund": "refunded",
    "journalEntry": "recognised",
}
_NO_END = date(9999, 1, 1)


def currencies(evidence: Evidence) -> list[str]:
    """Those that anything is billed in."""
    return sorted({account.currency for account in evidence.billing.accounts})


def months(evidence: Evidence) -> list[Period]:
    """Calendar months from the first signature on; the last one ends with the last day of business."""
    days = [line.date for line in evidence.erp.ledger]
    starts = [sold.start for sold in evidence.billing.subscriptions]
    last = date.fromisoformat(max([evidence.billed_through, *days]))
    first = min([date.fromisoformat(each) for each in (*starts, evidence.billed_through)]).replace(day=1)
    return list(periods(first, last + timedelta(days=1), 1))


def segments(evidence: Evidence, currency: str) -> list[Segment]:
    """Recurring charges with their price a month; a charge without a billing period is none."""
    customers = {account.id: account.crm_account for account in evidence.billing.accounts}
    found = []
    for sold, charge in recurring(evidence, currency):
        begin, end = day(charge.start), ends(sold, charge)
        if begin < end:
            mrr = major(charge.amount, currency) * Fraction(1, charge.period_months)
            customer = customers.get(sold.account, sold.account)
            found.append(Segment(customer, begin, None if end == _NO_END else end, mrr, currency))
    return found


def recurring(evidence: Evidence, currency: str) -> Iterator[tuple[Subscription, ChargeSegment]]:
    """Segments of recurring charges of one currency; what is billed by use is none."""
    by_use = {charge.charge for charge in evidence.billing.usage_charges}
    for sold in evidence.billing.subscriptions:
        if sold.currency == currency and sold.status != "Draft":
            for charge in sold.segments:
                if charge.period_months and charge.charge not in by_use:
                    yield sold, charge


def ends(sold: Subscription, charge: ChargeSegment) -> date:
    """The end of a segment: its own or that of the contract; far away for an open one."""
    return min(day(charge.end), day(sold.end))


def obligations(evidence: Evidence, currency: str, calendar: Sequence[Period]) -> list[Change]:
    """Contracts of a term: booked when a segment takes effect, delivered day by day, told by month."""
    found = []
    for sold, charge in recurring(evidence, currency):
        begin, end = day(charge.start), ends(sold, charge)
        if not sold.end or begin >= end:
            continue
        found.append(Change(begin, "booked", worth(sold, charge, begin, end)))
        for month in calendar:
            start, stop = max(begin, month.start), min(end, month.end)
            if start < stop:
                found.append(Change(start, "delivered", -worth(sold, charge, start, stop)))
    return found


def still_owed(evidence: Evidence, currency: str, on: date) -> Fraction:
    """What contracts in force promise after the evening of a day."""
    total, next_day = Fraction(0), on + timedelta(days=1)
    for sold, charge in recurring(evidence, currency):
        begin, end = day(charge.start), ends(sold, charge)
        if sold.end and begin < next_day < end:
            total += worth(sold, charge, next_day, end)
    return total


def worth(sold: Subscription, charge: ChargeSegment, start: date, end: date) -> Fraction:
    """The price of [start, end) of a segment, by the days of each billing period."""
    total = Fraction(0)
    for period in periods(day(sold.start), end, charge.period_months):
        days = min(end, period.end) - max(start, period.start)
        if days.days > 0:
            full = _whole(period, day(sold.start), charge.period_months)
            total += major(charge.amount, sold.currency) * Fraction(days.days, full)
    return total


def postings(evidence: Evidence, account: str, currency: str) -> list[Change]:
    """Changes of a ledger account, debit positive, by what posted them."""
    return [
        Change(day(line.date), _word(line), major(line.debit - line.credit, currency))
        for line in evidence.erp.ledger
        if line.account == account and line.currency == currency
    ]


def open_items(evidence: Evidence, currency: str) -> list[OpenItem]:
    """Billing's open invoices, and credit notes that are not used as negative ones."""
    found = []
    for invoice in evidence.billing.invoices:
        if invoice.status == "Posted" and invoice.currency == currency and invoice.balance:
            on = day(invoice.date)
            found.append(OpenItem(invoice.account, on, on, major(invoice.balance, currency)))
    for note in evidence.billing.credit_notes:
        if note.status == "Posted" and note.currency == currency and note.unapplied:
            on = day(note.date)
            found.append(OpenItem(note.account, on, on, -major(note.unapplied, currency)))
    return found


def unreleased(evidence: Evidence, currency: str) -> Fraction:
    """What revenue plans hold and no journal has released."""
    plans = {p.external: p.amount for p in evidence.erp.schedules if p.currency == currency}
    left = sum(plans.values())
    for line in evidence.erp.ledger:
        if line.kind == "journalEntry" and line.account == DEFERRED and line.memo in plans:
            left -= line.debit - line.credit
    return major(left, currency)


def invoiced_mrr(evidence: Evidence, currency: str, on: date) -> tuple[Fraction, Fraction]:
    """MRR of a day by contract and by invoice, over the charges that one line of a whole period covers."""
    by_contract, by_invoice = Fraction(0), Fraction(0)
    lines = _lines(evidence, currency)
    for sold, charge in recurring(evidence, currency):
        if not day(charge.start) <= on < ends(sold, charge):
            continue
        covering = [row for row in lines.get(charge.charge, []) if row[0] <= on < row[1]]
        if len(covering) == 1 and day(charge.start) <= covering[0][0]:
            start, end, net = covering[0]
            anchor = day(sold.start).day
            begins = start == add_months(start, 0, anchor)
            if begins and end == add_months(start, charge.period_months, anchor) <= ends(sold, charge):
                by_contract += major(charge.amount, currency) * Fraction(1, charge.period_months)
                by_invoice += major(net, currency) * Fraction(1, charge.period_months)
    return by_contract, by_invoice


def _lines(evidence: Evidence, currency: str) -> dict[str, list[tuple[date, date, int]]]:
    found: dict[str, list[tuple[date, date, int]]] = {}
    for invoice in evidence.billing.invoices:
        if invoice.status == "Posted" and invoice.currency == currency:
            for line in invoice.lines:
                if line.start and line.start < line.end:
                    found.setdefault(line.charge, []).append((day(line.start), day(line.end), line.net))
    return found


def day(text: str) -> date:
    """A date of the books; an open one is far away."""
    return date.fromisoformat(text) if text else _NO_END


def major(minor: int, currency: str) -> Fraction:
    """Exact major units."""
    return to_major(Money(minor, currency))


def _whole(period: Period, anchor: date, length: int) -> int:
    """Days of the whole billing period, also where the contract ends within it."""
    return (add_months(period.start, length, anchor.day) - period.start).days


def _word(line: LedgerLine) -> str:
    return _WORDS.get(line.kind, line.kind)
