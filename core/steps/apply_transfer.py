"""Money that a customer pays into the bank: to the invoices it names, what is over on account (P25, P28)."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Posted
from core.canonical.errors import Missing, TooLittle
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.payments import Applied, PaymentRequest
from core.finance.cash import remittance
from core.ports.desk import Desk
from core.steps import recover
from core.steps.cases import InvoiceCase, PaidBackCase, TransferCase
from core.steps.mirror_invoice import mirror_now
from core.steps.posting_day import post_in_open_period


async def record_transfer(desk: Desk, case: TransferCase) -> None:
    """In billing, which decides from then on what the transfer pays: everything later is read from there."""
    found = remittance.split(case.transfer.amount, [(each.number, each.balance) for each in case.invoices])
    key = f"{case.key}/record_transfer"
    recovered = await recover.ask_again(desk, case, found.rest, key)
    await desk.billing.record_transfer(case.account.key, case.transfer, found.parts, key, recovered)


async def post_transfer(desk: Desk, case: TransferCase) -> None:
    """In the ledger: a receipt for what it pays, what was lost and comes back (P40), a customer's
    deposit for what is over. Missing while an invoice that it pays is not there (I-26)."""
    transfer = case.transfer
    held = await desk.billing.applied(transfer.id)
    named = {each.number for each in case.invoices}
    parts = []
    for number, amount in held.parts:
        if number in named:  # what went elsewhere since came out of the deposit
            posted = await desk.erp.invoice(number)
            if posted is None:
                raise Missing(f"invoice {number} is not in the ledger yet")
            parts.append((posted, amount))
    taken = [amount.minor for _, amount in (*parts, *held.recovered)]
    over = transfer.amount - Money(sum(taken), transfer.amount.currency)

    async def receipt(on: date) -> None:
        await desk.erp.post_transfer(transfer, case.account, parts, on, f"{case.key}/post_transfer")

    async def deposit(on: date) -> None:
        await desk.erp.post_deposit(transfer, case.account, over, on, f"{case.key}/post_deposit")

    if parts:
        await post_in_open_period(desk, transfer.on, receipt)
    for number, amount in held.recovered:
        await recover.post_recovery(desk, case, number, amount)
    if over:
        await post_in_open_period(desk, transfer.on, deposit)


async def ask_for_the_rest(desk: Desk, case: TransferCase) -> None:
    """The processor asks for no more than what is still open, so that nothing is paid twice."""
    for each in case.invoices:
        invoice = await desk.billing.invoice(each.number)
        request = await desk.payments.request_for(invoice.number, case.account.payment_customer)
        if request is None or request.returned or request.status not in ("open", "failed"):
            continue
        key = f"{case.key}/ask_for_the_rest/{invoice.number}"
        if not invoice.balance:
            await desk.payments.withdraw(request, key)
        elif request.amount != invoice.balance:
            await _reduce(desk, request, invoice, key)


async def _reduce(desk: Desk, request: PaymentRequest, invoice: Invoice, key: str) -> None:
    """To what is open; withdrawn where that is less than the processor takes, so that not more is paid."""
    try:
        await desk.payments.reduce(request, invoice.balance, f"{key}/{invoice.balance.minor}")
    except TooLittle:
        await desk.payments.withdraw(request, f"{key}/withdraw")
        text = f"{invoice.balance} is too little to ask the processor for; it stays open"
        desk.watch.alert("low", invoice.number, text)


async def show_transfer(desk: Desk, case: TransferCase) -> None:
    """Sales sees what is open, and the customer what we made of the money."""
    for each in case.invoices:
        await mirror_now(desk, each.number, case.account, f"{case.key}/show_transfer/{each.number}")
    held = await desk.billing.applied(case.transfer.id)
    text = f"We received {case.transfer.amount}" + (f"; {held.rest} is on account." if held.rest else ".")
    await desk.notifier.tell(case.account, "Payment received", text, f"{case.key}/tell")


async def use_on_account(desk: Desk, case: InvoiceCase) -> None:
    """What the customer has on account pays a new invoice first, oldest money first (P29), in billing."""
    if not desk.bank.takes_transfers or case.invoice.status != "posted":
        return
    invoice = await desk.billing.invoice(case.invoice.number)
    for held in await desk.billing.on_account(case.account.key) if invoice.balance else ():
        amount = min(held.rest, invoice.balance, key=lambda money: money.minor)
        if amount and held.rest.currency == invoice.balance.currency:
            key = f"{case.key}/use_on_account/{held.reference}"
            await desk.billing.use_on_account(held, invoice, amount, key)
            invoice = await desk.billing.invoice(invoice.number)
    case.invoice = invoice


async def book_on_account(desk: Desk, case: InvoiceCase) -> None:
    """The same in the ledger, on the day on which it is done: what billing has put against the invoice and
    no receipt has. Missing while the invoice, or the deposit, is not there."""
    if not desk.bank.takes_transfers:
        return
    invoice = case.invoice
    for held in await desk.billing.payments_of(invoice):
        amount = dict(held.parts)[invoice.number]
        if await _came_with_receipt(desk, held, invoice):
            continue
        deposit, posted = await desk.erp.deposit(held.reference), await desk.erp.invoice(invoice.number)
        if deposit is None or posted is None:
            raise Missing(f"{invoice.number}, or the deposit of {held.reference}, is not in the ledger yet")
        await _use(desk, case, held.reference, deposit, posted, amount)


async def _came_with_receipt(desk: Desk, held: Applied, invoice: Invoice) -> bool:
    """Whether a payment is the processor's, or a transfer that named this very invoice."""
    try:
        transfer = await desk.bank.transfer(held.reference)
    except Missing:
        return True
    return invoice.number in remittance.invoices_named(transfer.text)


async def _use(
    desk: Desk, case: InvoiceCase, reference: str, deposit: Posted, posted: Posted, amount: Money
) -> None:
    async def use(on: date) -> None:
        key = f"{case.key}/book_on_account/{reference}"
        await desk.erp.use_deposit(deposit, reference, posted, amount, on, key)

    await post_in_open_period(desk, max(case.invoice.on, deposit.on), use)


async def return_on_account(desk: Desk, case: PaidBackCase) -> None:
    """What was over is paid back: off the account in billing."""
    key = f"{case.key}/return_on_account"
    await desk.billing.return_on_account(case.held.reference, case.transfer, key)


async def return_deposit(desk: Desk, case: PaidBackCase) -> None:
    """And off the deposit in the ledger; Missing while that is not there."""
    deposit = await desk.erp.deposit(case.held.reference)
    if deposit is None:
        raise Missing(f"the deposit of {case.held.reference} is not in the ledger yet")

    async def post(on: date) -> None:
        await desk.erp.return_deposit(deposit, case.transfer, on, f"{case.key}/return_deposit")

    await post_in_open_period(desk, case.transfer.on, post)
