"""Money that a customer transfers for an invoice that was written off: the loss comes back (P40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from core.canonical.erp import Dimensions, Journal, JournalLine, Late
from core.canonical.errors import Held, Missing
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.finance.cash import bad_debt
from core.finance.cash.accounts import BANK, REVENUE
from core.finance.cash.shares import Shares, share_of
from core.finance.exact import Residual, split
from core.ports.desk import Desk
from core.steps.between_entities import books_of
from core.steps.cases import TransferCase
from core.steps.posting_day import post_in_open_period
from core.steps.undelivered import taken_by
from core.steps.write_off import SOURCE


async def ask_again(desk: Desk, case: TransferCase, left: Money, key: str) -> list[tuple[Invoice, Money]]:
    """Of what no open invoice takes, what each named invoice had written off and nobody has paid since, asked
    for anew in billing. Quiet where the transfer is recorded: then it is settled what it pays."""
    lost = [
        (invoice, note)
        for invoice in case.invoices
        if not invoice.balance and (note := await written_off(desk, invoice)) is not None
    ]
    found: list[tuple[Invoice, Money]] = []
    if not lost or await desk.billing.payment_recorded(case.transfer.id):
        return found
    for invoice, note in lost:
        earlier = await desk.billing.recoveries(invoice)
        since = sum(amount.minor for of, amount in earlier if of != case.transfer.id)
        amount = Money(min(left.minor, note.total.minor - since), left.currency)
        if amount.minor > 0:
            await _can_be_booked(desk, case, note)
            await desk.billing.ask_again(invoice, case.transfer, amount, key)
            found.append((invoice, amount))
            left = left - amount
    return found


async def post_recovery(desk: Desk, case: TransferCase, number: str, amount: Money) -> None:
    """Dr bank, Cr recoveries what was a loss, Cr revenue what was dropped of it and has been served since;
    of several payments each takes its share, together they are the write-off. Missing while that is not in
    the ledger (I-26)."""
    transfer = case.transfer
    invoice = await desk.billing.invoice(number)
    note = await written_off(desk, invoice)
    if note is None or await desk.erp.credit_note(note.number) is None:
        raise Missing(f"the write-off of {number} is not in the ledger yet")
    taken = await taken_by(desk, note)
    document = Shares(note.net.minor - taken.late.minor, taken.late.minor, note.tax.minor)
    before = 0
    for reference, came in await desk.billing.recoveries(invoice):
        if reference == transfer.id:
            break
        before += came.minor
    now, then = share_of(before + amount.minor, document), share_of(before, document)
    shares = Shares(
        now.delivered - then.delivered, now.undelivered - then.undelivered, now.tax - then.tax, now.beyond
    )
    memo = f"Recovery of {number}, written off by {note.number}"
    entry = bad_debt.recovered(shares, amount.currency, bad_debt.WriteOffPolicy(), memo, BANK)
    entry = _by_product(entry, taken.by_product)
    contract = next((line.subscription for line in invoice.lines), "")
    entry = desk.classification.journal(entry, case.account.key, contract)
    entity = books_of(desk, case.account, amount.currency) if desk.routing.entities else ""

    async def post(on: date) -> None:
        key = f"{transfer.id}-recovered-{number}"
        journal = Journal(key, on, amount.currency, memo, entry, entity)
        await desk.erp.post_journal(journal, f"{case.key}/post_recovery/{number}")

    await post_in_open_period(desk, transfer.on, post)


async def written_off(desk: Desk, invoice: Invoice) -> CreditNote | None:
    """The posted note that gave an invoice up."""
    since = datetime.combine(invoice.on, time(), UTC)
    async for row in desk.billing.credit_notes_since(since):
        if row.account == invoice.account and row.reference == SOURCE and row.status == "posted":
            note = await desk.billing.credit_note(row.id)
            if note.invoice == invoice.number:
                return note
    return None


def _by_product(entry: Iterable[JournalLine], dropped: Late) -> tuple[JournalLine, ...]:
    """Revenue by the products and contracts whose deferral was dropped, in proportion."""
    found: list[JournalLine] = []
    for line in entry:
        if line.account != REVENUE or not line.credit or not dropped:
            found.append(line)
            continue
        weights = [part.amount.minor for part in dropped]
        parts = split(line.credit.minor, weights, Residual.LARGEST_REMAINDER).parts
        for of, part in zip(dropped, parts, strict=True):
            at = Dimensions(product=of.product, contract=of.contract)
            if part:
                found.append(replace(line, credit=Money(part, line.credit.currency), at=at))
    return tuple(found)


async def _can_be_booked(desk: Desk, case: TransferCase, note: CreditNote) -> None:
    """Held where what comes back is not only a loss and revenue of days that are over."""
    said = f"transfer: {case.transfer.id} brings back what {note.number} wrote off of {note.invoice}"
    if note.tax:
        text = f"{said}, with {note.tax} of tax that was taken back; declare the tax and book it by hand"
        raise Held(text, owner="tax")
    taken = await taken_by(desk, note)
    if taken.late and any(plan.end > case.transfer.on for plan in taken.left.plans):
        raise Held(f"{said}, whose service is not over; book it by hand", owner="accounts receivable")
