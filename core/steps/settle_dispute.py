"""A dispute in the books: money held, given back or lost, and what it ends of the revenue planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.canonical.erp import Dimensions, Journal, JournalLine, Schedule
from core.canonical.errors import Missing
from core.canonical.money import Money
from core.canonical.payments import Dispute
from core.finance.cash import disputes
from core.finance.cash.accounts import DEFERRED
from core.finance.cash.shares import Shares, share_of
from core.ports.desk import Desk
from core.steps.between_entities import books_of, cleared, pass_on
from core.steps.cases import DisputeCase, Lost
from core.steps.posting_day import post_in_open_period
from core.steps.schedule_revenue import what
from core.steps.undelivered import undelivered


async def alert_dispute(desk: Desk, case: DisputeCase) -> None:
    """Somebody has to answer the bank, and soon."""
    found = case.dispute
    if found.status in ("inquiry", "open"):
        text = f"{found.amount} of invoice {found.invoice} is disputed ({found.reason}): answer the bank"
        desk.watch.alert("high", found.id, text)


async def flag_dispute(desk: Desk, case: DisputeCase) -> None:
    """On the invoice in billing; what is true now, for news come in any order."""
    now = await desk.payments.dispute(case.dispute.id)
    await desk.billing.flag_dispute(case.invoice, now, f"{case.key}/flag_dispute/{now.status}")


async def post_withdrawal(desk: Desk, case: DisputeCase) -> None:
    """P41, once; an inquiry has none, and a debit that came back is no dispute. Missing while the receipt is
    not in the ledger (I-26)."""
    found = case.dispute
    if not found.withdrawn or found.status == "returned":
        return
    if await desk.erp.receipt(found.request) is None:
        raise Missing(f"the receipt of {found.request} is not in the ledger yet")
    entry = disputes.withdrawn(found.withdrawn, found.fee, found.id)
    await _post(desk, case, "withdrawn", found.taken_on, entry)


async def post_outcome(desk: Desk, case: DisputeCase) -> None:
    """P42 or P43, after the withdrawal."""
    found = case.dispute
    if found.status == "won" and found.returned:
        entry = disputes.won(found.returned, found.fee_returned, found.id)
        await _post(desk, case, "won", closed_on(desk, found), entry)
    elif found.status == "lost" and found.withdrawn:
        lost = await _lost(desk, case)
        policy = disputes.DisputePolicy(desk.books.dispute_loss, desk.books.dispute_tax)
        entry = disputes.lost(lost.shares, found.withdrawn.currency, policy, found.id)
        entry = _by_product(entry, lost.remaining.backwards(found.id, lost.shares.undelivered))
        await _post(desk, case, "lost", closed_on(desk, found), entry)


async def end_revenue(desk: Desk, case: DisputeCase) -> None:
    """What a lost dispute took off deferred revenue is not recognised any more."""
    found = case.dispute
    if found.status != "lost" or not found.withdrawn:
        return
    lost = await _lost(desk, case)
    for plan in lost.remaining.backwards(found.id, lost.shares.undelivered):
        owned = replace(plan, entity=books_of(desk, case.account, plan.amount.currency))
        await desk.erp.add_schedule(owned, f"{case.key}/end_revenue/{what(plan)}")


def closed_on(desk: Desk, found: Dispute) -> date:
    """The day of the bank's word; today where the processor has forgotten it."""
    return found.closed_on or desk.today


async def _lost(desk: Desk, case: DisputeCase) -> Lost:
    """What was withdrawn, over the parts of its invoice; refunded parts are not counted again."""
    if case.lost is None:
        found, invoice = case.dispute, case.invoice
        left = await undelivered(desk, invoice, closed_on(desk, found))
        net, late = max(invoice.net.minor, 0), min(left.total, max(invoice.net.minor, 0))
        document = Shares(net - late, late, max(invoice.tax.minor, 0))
        covered = found.amount.minor - found.given_back.minor
        case.lost = Lost(share_of(found.withdrawn.minor, document, covered=covered), left)
    return case.lost


def _by_product(entry: tuple[JournalLine, ...], ended: list[Schedule]) -> tuple[JournalLine, ...]:
    """What goes off deferred revenue in a line for each plan that it ends."""
    if not ended:
        return entry
    nothing = Money(0, ended[0].amount.currency)
    off = tuple(
        JournalLine(
            DEFERRED,
            -plan.amount,
            nothing,
            plan.source,
            Dimensions("", plan.product, "", plan.contract),
        )
        for plan in ended
    )
    return (*(line for line in entry if line.account != DEFERRED), *off)


async def _post(desk: Desk, case: DisputeCase, name: str, on: date, entry: tuple[JournalLine, ...]) -> None:
    key = f"{case.dispute.id}-{name}"
    currency = case.dispute.amount.currency
    memo = f"Dispute {case.dispute.id} of {case.invoice.number} {name}"
    contract = next((line.subscription for line in case.invoice.lines), "")
    lines = desk.classification.journal(entry, case.account.key, contract)

    async def post(day: date) -> None:
        journal = Journal(key, day, currency, memo, lines, books_of(desk, case.account, currency))
        await desk.erp.post_journal(journal, f"{case.key}/{name}")

    await post_in_open_period(desk, on, post)
    await pass_on(desk, case.account, cleared(entry, currency), key, on, f"{case.key}/{name}")
