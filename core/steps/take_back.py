"""Take back an invoice that should not have been: its request is withdrawn, and billing reverses it.

The opposite document does the rest: the credit note of the reversal travels like any other, returns the tax,
stands against the receivable and ends the plans of revenue. Nothing that was posted is deleted.
"""

from __future__ import annotations

from core.canonical.errors import Refused
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase
from core.steps.mirror_invoice import mirror_now


async def may_take_back(desk: Desk, case: InvoiceCase) -> None:
    """Refused where money has come or is under way, or where its opposite would have nothing to stand
    against; each with what is to be done instead."""
    invoice = case.invoice
    if invoice.status == "reversed":
        return
    request = await desk.payments.request_for(invoice.number, case.account.payment_customer)
    if request is not None and request.settles:
        raise Refused(f"{invoice.number}: {request.id} pays it; refund that at the processor")
    if invoice.balance != invoice.total:
        settled = f"{invoice.total - invoice.balance} of it is settled in billing"
        raise Refused(f"{invoice.number}: {settled}; take that off it there, or credit the rest")
    if await desk.erp.invoice(invoice.number) is None:
        raise Refused(f"{invoice.number}: it is not in the ledger; release it, then take it back")


async def withdraw_request(desk: Desk, case: InvoiceCase) -> None:
    """Nobody can pay it any more; nothing if nobody was asked. Refused if it has been paid meanwhile."""
    request = await desk.payments.request_for(case.invoice.number, case.account.payment_customer)
    if request is not None and request.status != "cancelled":
        await desk.payments.withdraw(request, f"{case.key}/withdraw_request")


async def reverse_in_billing(desk: Desk, case: InvoiceCase) -> None:
    """By a credit note over all of it, once; nothing where the ledger never had it. Sales sees that nothing
    is open any more."""
    if await desk.erp.invoice(case.invoice.number) is None:
        return
    await desk.billing.reverse(case.invoice, desk.today, f"{case.key}/reverse_in_billing")
    await mirror_now(desk, case.invoice.number, case.account, f"{case.key}/reverse_in_billing")


async def announce_taken_back(desk: Desk, case: InvoiceCase) -> None:
    """Tell the customer, if anything had been announced."""
    text = f"Invoice {case.invoice.number} over {case.invoice.total} was made by mistake and is taken back."
    await desk.notifier.tell(case.account, "Invoice taken back", text, f"{case.key}/announce_taken_back")
