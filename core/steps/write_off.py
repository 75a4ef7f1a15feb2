"""An invoice that dunning gave up on: off billing, off the ledger, and its revenue ended (P39)."""

from __future__ import annotations

from datetime import date
from enum import Enum

from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.ports.billing import Row
from core.ports.desk import Desk
from core.steps.cases import NoteCase
from core.steps.mirror_invoice import mirror_now
from core.steps.posting_day import post_in_open_period
from core.steps.undelivered import Remaining, undelivered

SOURCE = "write_off"


class GivenUp(Enum):
    """What became of an overdue invoice."""

    NOT_YET = "it is not old enough, or its segment is never given up"
    WAITS = "a person has to approve"
    PAID = "a payment has come or is under way"
    WRITTEN_OFF = "nobody will pay it any more"


async def give_up(desk: Desk, row: Row, days: dict[str, int], today: date, *, approved: bool) -> GivenUp:
    """One open invoice. `days`: after it was due, by how the customer pays: the policy of the segment.

    The payment request is withdrawn first, so that what is written off cannot be paid meanwhile.
    """
    account = await desk.billing.account(row.account)
    invoice = await desk.billing.invoice(row.id)
    allowed = days.get(account.pays_by)
    if allowed is None or (today - invoice.due).days < allowed or not invoice.balance:
        return GivenUp.NOT_YET
    if not approved:
        return GivenUp.WAITS
    key = f"write_off:{account.key}#{invoice.number}"
    request = await desk.payments.request_for(invoice.number, account.payment_customer)
    if request is not None and request.settles:
        return GivenUp.PAID
    if request is not None and request.status in ("open", "failed"):
        await desk.payments.withdraw(request, f"{key}/withdraw")
    await desk.billing.write_off(invoice, today, f"{key}/write_off")
    return GivenUp.WRITTEN_OFF


async def post_write_off(desk: Desk, note: CreditNote, key: str) -> None:
    """Dr bad debt (delivered), deferred revenue (undelivered) and tax, Cr the receivable."""
    invoice, _, late = await _parts(desk, note)
    receivable = await desk.erp.invoice(invoice.number)
    if receivable is None:
        raise Missing(f"invoice {invoice.number} is not in the ledger yet")
    product = next((line.product for line in invoice.lines if not line.metered), "")

    async def post(on: date) -> None:
        await desk.erp.post_write_off(note, late, product, receivable, on, key)

    await post_in_open_period(desk, note.on, post)


async def end_written_off(desk: Desk, case: NoteCase) -> None:
    """What a write-off took off deferred revenue is not recognised; sales sees that nothing is open."""
    if case.note.source != SOURCE:
        return
    invoice, left, late = await _parts(desk, case.note)
    for plan in left.backwards(case.note.number, late.minor):
        await desk.erp.add_schedule(plan, f"{case.key}/end_written_off/{plan.start}..{plan.end}")
    await mirror_now(desk, invoice.number, case.account, f"{case.key}/mirror_written_off")


async def _parts(desk: Desk, note: CreditNote) -> tuple[Invoice, Remaining, Money]:
    """The invoice, what of it was still to run, and the note's share of that."""
    invoice = await desk.billing.invoice(note.invoice)
    left = await undelivered(desk, invoice, note.on)
    net = max(invoice.net.minor, 0)
    late = note.net.minor * min(left.total, net) // net if net else 0
    return invoice, left, Money(late, note.net.currency)
