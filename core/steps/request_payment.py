"""Ask for the money: charge the card on file, or send a link to pay by."""

from __future__ import annotations

from core.canonical.errors import Missing, TooLittle
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase


async def request_payment(desk: Desk, case: InvoiceCase) -> None:
    """One payment request per invoice. A declined card is dunning's business, not an error."""
    if case.invoice.status != "posted":
        raise Missing(f"invoice {case.invoice.number} is {case.invoice.status}, not posted")
    if not case.invoice.balance:
        return
    try:
        await desk.payments.ask(
            case.invoice,
            case.account.payment_customer,
            charge_now=case.account.pays_by == "card",
            key=f"{case.key}/request_payment",
        )
    except TooLittle:
        # What is left after money on account; it stays open, for a transfer or for the next one's excess.
        text = f"{case.invoice.balance} is too little to ask the processor for; it stays open"
        desk.watch.alert("low", case.invoice.number, text)


async def announce_invoice(desk: Desk, case: InvoiceCase) -> None:
    """Tell the customer."""
    text = f"Invoice {case.invoice.number} over {case.invoice.total} is due on {case.invoice.due}."
    await desk.notifier.tell(case.account, "Your invoice", text, f"{case.key}/announce_invoice")
