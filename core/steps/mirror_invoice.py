"""Show sales what became of an invoice. The CRM's mirror moves forward, but where a payment came back."""

from __future__ import annotations

from core.canonical.invoices import Invoice
from core.canonical.parties import Account
from core.ports.desk import Desk
from core.steps.cases import DisputeCase, InvoiceCase, PaymentCase, RefundCase

# News that no status is: the payer's bank sent the money back.
RETURNED = "Returned"
# A status may be replaced only by a later one, whatever order the news comes in.
RANK = {"Posted": 0, "Payment Failed": 1, "Paid": 2, "Refunded": 3}


async def mirror_posted(desk: Desk, case: InvoiceCase) -> None:
    """The invoice exists."""
    await _mirror(desk, case.invoice.number, case.account, "Posted", f"{case.key}/mirror_posted")


async def mirror_paid(desk: Desk, case: PaymentCase) -> None:
    """The invoice is paid."""
    await _mirror(desk, case.invoice.number, case.account, "Paid", f"{case.key}/mirror_paid")


async def mirror_failed(desk: Desk, case: PaymentCase) -> None:
    """A charge failed."""
    key = f"{case.key}/mirror_failed/{case.request.attempts}"
    await _mirror(desk, case.invoice.number, case.account, "Payment Failed", key)


async def mirror_refunded(desk: Desk, case: RefundCase) -> None:
    """Money went back."""
    await _mirror(desk, case.invoice.number, case.account, "Refunded", f"{case.key}/mirror_refunded")


async def mirror_owed_again(desk: Desk, case: DisputeCase) -> None:
    """The payment came back."""
    key = f"{case.key}/mirror_owed_again"
    await _mirror(desk, case.invoice.number, case.account, RETURNED, key)


async def mirror_now(desk: Desk, number: str, account: Account, key: str) -> None:
    """What billing says now, without news of its own."""
    await _mirror(desk, number, account, "Posted", key)


async def _mirror(desk: Desk, number: str, account: Account, status: str, key: str) -> None:
    # Both are read now, not when the flow began: another flow may have been faster.
    invoice = await desk.billing.invoice(number)
    shown = await desk.crm.mirrored(number, key)
    wanted = status_of(invoice, status, shown.status if shown else "Posted")
    if shown is not None and (shown.status, shown.balance) == (wanted, invoice.balance):
        return
    await desk.crm.mirror_invoice(invoice, account, wanted, shown, key)


def status_of(invoice: Invoice, news: str, shown: str) -> str:
    """The later of what is shown, what is new, and what billing's balance says. A payment that came back is
    the one thing that makes an invoice owed again; what had failed before is no news then."""
    if invoice.balance and (news == RETURNED or shown == "Payment Failed"):
        return "Payment Failed"
    news = "Payment Failed" if news == RETURNED else news
    status = max(news, shown, key=RANK.__getitem__)
    if not invoice.balance:
        return max(status, "Paid", key=RANK.__getitem__)
    return "Posted" if status == "Paid" else status
