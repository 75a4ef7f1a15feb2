"""C29: use that was not billed at a month's end stands as unbilled, and the bill turns it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scenarios.checkers.days import day, period_around, text_of
from scenarios.checkers.findings import distinct, grouped, major
from scenarios.checkers.i41_usage_once import cost
from scenarios.checkers.revenue import CLOSING_DAYS, DAY, EPOCH, accrued_month
from scenarios.evidence.billing import (
    BillingCreditNote,
    BillingInvoice,
    DocumentLine,
    Subscription,
    UsageCharge,
    UsageRecord,
)
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_ASSET, _REVENUE = "1150", "4010"
# Use that is told in the last days of a month may be on its way when the month is closed.
_ON_ITS_WAY = 5
_ORIGINAL = re.compile(r"original period (\d{4}-\d{2})$")
# contract, unit, first day of the billing period
_Key = tuple[str, str, int]
_Bill = BillingInvoice | BillingCreditNote


@dataclass(frozen=True, slots=True)
class _Use:
    """on: day of use; told: day on which the product first wrote it down."""

    quantity: Decimal
    on: int
    told: int


def check(evidence: Evidence) -> Verdict:
    """Month by month that is over by ten days: what stands on 1150 for a period of a meter lies between what
    the tiers make of the use that had surely come by the end, less all bills dated by then, and what they
    make of all use that may have, less the bills that surely were posted. So what a bill has met is gone,
    and what none has met is there. What found its period closed counts in it, where the entry names it as its
    original period (P55). Each amount on it is revenue of use, in the same entry."""
    charges = {(each.subscription, each.unit): each for each in evidence.billing.usage_charges}
    sold = {each.number: each for each in evidence.billing.subscriptions}
    uses, bills = _uses(evidence, sold, charges), _bills(evidence, charges)
    stands, original = _stands(evidence), _original_periods(evidence)
    keys = sorted({*uses, *stands})
    ends: list[int] = []
    if keys and evidence.billed_through:
        ends += _month_ends(min(key[2] for key in keys), day(evidence.billed_through) - CLOSING_DAYS)
    witnesses = list(_one_sided(evidence))
    for end in ends:
        for key in keys:
            charge = charges.get((key[0], key[1]))
            if charge is None:
                continue
            month = text_of(end)[:7]
            is_now = sum(
                x.debit - x.credit for x in stands.get(key, ()) if original.get(x.document, x.period) <= month
            )
            low, high = _bounds(charge, uses.get(key, ()), bills.get(key, ()), end)
            if not low <= is_now <= high:
                witnesses.append(_apart(key, charge, month, is_now, low if is_now < low else high))
    return judged("C29", len(keys), witnesses)


def _bounds(
    charge: UsageCharge, uses: Sequence[_Use], bills: Sequence[tuple[_Bill, DocumentLine]], end: int
) -> tuple[int, int]:
    """The least and the most that may be unbilled at the end of a day."""
    mine = [use for use in uses if use.on <= end]
    surely = sum((use.quantity for use in mine if use.told <= end - _ON_ITS_WAY), Decimal(0))
    at_most = sum((use.quantity for use in mine if use.told <= end + CLOSING_DAYS), Decimal(0))
    dated = [(invoice, line.net) for invoice, line in bills if day(invoice.date) <= end]
    posted = [(i, net) for i, net in dated if i.posted_at < (end + 1 - EPOCH) * DAY]
    low = cost(charge, surely) - sum(net for _, net in dated)
    high = cost(charge, at_most) - sum(net for _, net in posted)
    return max(low, 0), max(high, 0)


def _uses(
    evidence: Evidence,
    sold: Mapping[str, Subscription],
    charges: Mapping[tuple[str, str], UsageCharge],
) -> dict[_Key, list[_Use]]:
    told: dict[str, int] = {}
    for use in evidence.product.usage:
        told.setdefault(use.id, use.at // DAY + EPOCH)
    found: dict[_Key, list[_Use]] = {}
    for record in evidence.billing.usage:
        contract, on = sold.get(record.subscription), day(record.on)
        if contract is None or (record.subscription, record.unit) not in charges:
            continue
        if day(contract.start) <= on < day(contract.end):
            key = _key(record, contract, on)
            found.setdefault(key, []).append(_Use(Decimal(record.quantity), on, told.get(record.event, on)))
    return found


def _key(record: UsageRecord, contract: Subscription, on: int) -> _Key:
    return record.subscription, record.unit, period_around(day(contract.start), 1, on)[0]


def _bills(
    evidence: Evidence, charges: Mapping[tuple[str, str], UsageCharge]
) -> dict[_Key, list[tuple[_Bill, DocumentLine]]]:
    units = {each.charge: each for each in charges.values()}
    found: dict[_Key, list[tuple[_Bill, DocumentLine]]] = {}
    for invoice in evidence.billing.invoices:
        for line in invoice.lines if invoice.status == "Posted" else ():
            if charge := units.get(line.charge):
                key = (charge.subscription, charge.unit, day(line.start))
                found.setdefault(key, []).append((invoice, line))
    # A bill run that gives back more than it asks for sets the last use off on a credit note.
    for note in evidence.billing.credit_notes:
        for line in note.lines if note.status == "Posted" and note.source == "bill_run" else ():
            if charge := units.get(line.charge):
                key = (charge.subscription, charge.unit, day(line.start))
                found.setdefault(key, []).append((note, replace(line, net=-line.net)))
    return found


def _accruals(evidence: Evidence) -> Iterator[LedgerLine]:
    journals = {j.id for j in evidence.erp.journals if accrued_month(j.external)}
    return (line for line in evidence.erp.ledger if line.document in journals)


def _stands(evidence: Evidence) -> dict[_Key, list[LedgerLine]]:
    """Lines on the asset: their memo is "USE/contract/unit/2026-01-01 …"."""
    found: dict[_Key, list[LedgerLine]] = {}
    for line in _accruals(evidence):
        if line.account == _ASSET:
            _, contract, unit, rest = line.memo.split("/", 3)
            found.setdefault((contract, unit, day(rest[:10])), []).append(line)
    return found


def _original_periods(evidence: Evidence) -> dict[str, str]:
    """Journal -> the period that its memo names, if that was closed by the time it was posted: one that finds
    its period open belongs into it."""
    closed = {p.name: p.closed_at for p in evidence.erp.periods if p.closed}
    found = {}
    for journal in evidence.erp.journals:
        named = _ORIGINAL.search(journal.memo)
        if named and named[1] in closed and closed[named[1]] <= journal.created_at:
            found[journal.id] = named[1]
    return found


def _one_sided(evidence: Evidence) -> Iterator[Witness]:
    for memo, lines in grouped(_accruals(evidence), lambda line: line.memo).items():
        asset = sum(x.debit - x.credit for x in lines if x.account == _ASSET)
        revenue = sum(x.credit - x.debit for x in lines if x.account == _REVENUE)
        if asset != revenue:
            said = f"{memo}: {major(asset, lines[0].currency)} on {_ASSET},"
            said += f" {major(revenue, lines[0].currency)} of revenue"
            yield Witness("wrong_amount", distinct(memo), said, asset - revenue, lines[0].currency)


def _apart(key: _Key, charge: UsageCharge, month: str, is_now: int, due: int) -> Witness:
    said = (
        f"{key[1]} of {key[0]} from {text_of(key[2])} stand as {major(is_now, charge.currency)} unbilled at"
    )
    said += f" the end of {month}, should be {major(due, charge.currency)}"
    kind = "wrong_amount" if is_now else "lost"
    return Witness(kind, distinct(key[0], key[1]), said, is_now - due, charge.currency)


def _month_ends(first: int, last: int) -> Iterator[int]:
    """Last days of the months from that of a day on that are over by another."""
    at = day(f"{text_of(first)[:7]}-01")
    while (following := day(f"{text_of(at + 31)[:7]}-01")) <= last:
        yield following - 1
        at = following
