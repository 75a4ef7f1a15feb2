"""A bank debit that came back after it had succeeded (P27): the invoice is owed again and asked for anew."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Journal
from core.canonical.errors import Missing
from core.finance.cash import disputes
from core.ports.desk import Desk
from core.steps.between_entities import cleared, pass_on
from core.steps.cases import DisputeCase
from core.steps.mirror_invoice import mirror_owed_again
from core.steps.posting_day import post_in_open_period


async def return_payment(desk: Desk, case: DisputeCase) -> None:
    """In billing; Missing while the payment is not recorded there."""
    if case.dispute.status == "returned":
        await desk.billing.return_payment(case.dispute, f"{case.key}/return_payment")


async def return_receipt(desk: Desk, case: DisputeCase) -> None:
    """Dr receivables and dispute fees, Cr clearing, on the day of the return or the next open one: the
    period of the receipt may be closed long since. Missing while the receipt is not there (I-26)."""
    found = case.dispute
    if found.status != "returned":
        return
    receipt = await desk.erp.receipt(found.request)
    if receipt is None:
        raise Missing(f"the receipt of {found.request} is not in the ledger yet")
    entry = disputes.debit_returned(found.withdrawn, found.fee, found.id)
    contract = next((line.subscription for line in case.invoice.lines), "")
    entry = desk.classification.journal(entry, case.account.key, contract)
    memo = f"Debit {found.request} of {case.invoice.number} returned"

    async def post(day: date) -> None:
        journal = Journal(f"{found.id}-returned", day, found.amount.currency, memo, entry)
        await desk.erp.return_receipt(receipt, journal, f"{case.key}/return_receipt")

    await post_in_open_period(desk, found.taken_on, post)
    moved, what = cleared(entry, found.amount.currency), f"{found.id}-returned"
    await pass_on(desk, case.account, moved, what, found.taken_on, f"{case.key}/return_receipt")


async def collect_again(desk: Desk, case: DisputeCase) -> None:
    """Sales sees it, the customer is told, and dunning begins anew on another request: whether and when a
    card or an account is charged is for its calendar."""
    if case.dispute.status != "returned":
        return
    invoice = await desk.billing.invoice(case.invoice.number)
    await mirror_owed_again(desk, case)
    if not invoice.balance:
        return
    key = f"{case.key}/collect_again"
    await desk.payments.ask(invoice, case.account.payment_customer, charge_now=False, key=key)
    text = f"Your bank sent back the payment of invoice {invoice.number}: {invoice.balance} is due again."
    await desk.notifier.tell(case.account, "Payment returned", text, f"{key}/tell")


STEPS = (return_payment, return_receipt, collect_again)
