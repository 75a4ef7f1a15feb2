"""An invoice that dunning gave up on: off billing, off the ledger, and its revenue ended (P39)."""

from __future__ import annotations

from datetime import date
from enum import Enum

from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote
from core.finance.cash.dunning import BySegment
from core.ports.billing import Row
from core.ports.desk import Desk
from core.steps.cases import NoteCase
from core.steps.mirror_invoice import mirror_now
from core.steps.posting_day import post_in_open_period
from core.steps.undelivered import taken_by

SOURCE = "write_off"


class GivenUp(Enum):
    """What became of an overdue invoice."""

    NOT_YET = "it is not old enough, or its segment is never given up"
    WAITS = "a person has to approve"
    PAID = "a payment has come or is under way"
    WRITTEN_OFF = "nobody will pay it any more"


async def give_up(desk: Desk, row: Row, collecting: BySegment, today: date, *, approved: bool) -> GivenUp:
    """One open invoice, by the policy of its customer's segment.

    The payment request is withdrawn first, so that what is written off cannot be paid meanwhile.
    """
    account = await desk.billing.account(row.account)
    invoice = await desk.billing.invoice(row.id)
    allowed = collecting.of(account.segment).give_up_days.get(account.pays_by)
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
    taken = await taken_by(desk, note)
    receivable = await desk.erp.invoice(taken.invoice.number)
    if receivable is None:
        raise Missing(f"invoice {taken.invoice.number} is not in the ledger yet")

    async def post(on: date) -> None:
        await desk.erp.post_write_off(note, taken.by_product, receivable, on, key)

    await post_in_open_period(desk, note.on, post)


async def mirror_written_off(desk: Desk, case: NoteCase) -> None:
    """Sales sees that nothing is open any more."""
    if case.note.source == SOURCE:
        await mirror_now(desk, case.note.invoice, case.account, f"{case.key}/mirror_written_off")
