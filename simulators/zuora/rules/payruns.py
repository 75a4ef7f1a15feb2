"""Payment runs: what is due is collected, account by account, after credit and unapplied money were used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.cashier import Cashier
from simulators.zuora.rules.documents import POSTED, Invoice, Owed
from simulators.zuora.rules.memos import apply as apply_memo
from simulators.zuora.rules.methods import default_of
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.payments import PROCESSED, PaymentWish
from simulators.zuora.rules.payments import apply as apply_payment
from simulators.zuora.rules.receipts import PaymentRun
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State

PENDING, PROCESSING, COMPLETED, ERROR, CANCELED = "Pending", "Processing", "Completed", "Error", "Canceled"


@dataclass(frozen=True, slots=True)
class PayRunWish:
    """Which accounts and documents a payment run collects for; "" where it is not limited so."""

    target: date
    account: str = ""
    batch: str = ""
    currency: str = ""
    billing_run: str = ""
    gateway: str = ""
    consolidated: bool = False
    collect: bool = True
    apply_memos: bool = False
    apply_payments: bool = False
    run_at: int = 0
    run_date: str | None = None


def find(state: State, key: str) -> PaymentRun:
    """By id or number; Refused if there is none."""
    run = state.payment_runs.get(key)
    if run is None:
        raise not_found("payment run", key)
    return run


def start(state: State, cashier: Cashier, wish: PayRunWish, seconds: float) -> PaymentRun:
    """A run that begins now, or at the hour that the wish names."""
    if wish.account and wish.batch:
        raise Refused(INVALID, "accountId and batch cannot be given together.", "accountId")
    if wish.billing_run and state.bill_runs.get(wish.billing_run) is None:
        raise not_found("bill run", wish.billing_run)
    run = PaymentRun(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("payment_run"),
        target=wish.target,
        created_at=state.now(),
        account=find_account(state, wish.account).id if wish.account else "",
        batch=wish.batch,
        currency=wish.currency,
        billing_run=wish.billing_run,
        consolidated=wish.consolidated,
        collect=wish.collect,
        apply_memos=wish.apply_memos,
        apply_payments=wish.apply_payments,
        gateway=cashier.gateway.named(wish.gateway) if wish.gateway else None,
        run_date=wish.run_date,
    )
    _step(state, run, PENDING)
    due = max(wish.run_at, state.now() + round(seconds * 250_000))
    state.agenda.at(due, _run, state, cashier, run)
    return run


def change(state: State, run: PaymentRun, wish: PayRunWish) -> None:
    """Overwrite what is given of a run that is still pending."""
    if run.status != PENDING:
        raise wrong_state("payment run", run.number, run.status, "update")
    run.target = wish.target
    if wish.account:
        run.account = find_account(state, wish.account).id
    run.batch, run.currency = wish.batch or run.batch, wish.currency or run.currency
    _step(state, run, PENDING)


def delete(state: State, run: PaymentRun) -> None:
    """Forget a run that was canceled or failed."""
    if run.status not in (CANCELED, ERROR):
        raise wrong_state("payment run", run.number, run.status, "delete")
    state.payment_runs.drop(run)
    state.history.note("payment_run", run.id, "deleted", run.status, refs=(run.number,))


async def _run(state: State, cashier: Cashier, run: PaymentRun) -> None:
    if run.status != PENDING:
        return
    run.executed_at = state.now()
    _step(state, run, PROCESSING)
    for account in sorted(_accounts(state, run), key=lambda a: a.seq):
        due = _due(state, run, account)
        if due:
            _credit(state, run, account, due)
            if run.collect:
                await _collect(state, cashier, run, account, due)
    run.completed_at = state.now()
    _step(state, run, COMPLETED)


def _accounts(state: State, run: PaymentRun) -> list[Account]:
    if run.account:
        return [find_account(state, run.account)]
    open_: list[Owed] = [*state.invoices.where("open", True).values()]
    open_ += state.debits.where("open", True).values()
    owing = {each.account.id: each.account for each in open_}
    return [
        account
        for account in owing.values()
        if (not run.batch or account.batch == run.batch)
        and (not run.currency or account.currency == run.currency)
        and (account.auto_pay or run.batch or run.account)
    ]


def _due(state: State, run: PaymentRun, account: Account) -> list[Owed]:
    run_number = ""
    if run.billing_run:
        found = state.bill_runs.get(run.billing_run)
        run_number = found.number if found else ""
    invoices = [
        invoice
        for invoice in state.invoices.where("accountId", account.id).values()
        if invoice.status == POSTED and invoice.due <= run.target and invoice.balance > invoice.reserved
        if not run_number or invoice.run == run_number
    ]
    memos = [
        memo
        for memo in state.debits.where("accountId", account.id).values()
        if memo.status == POSTED and memo.due <= run.target and memo.balance > memo.reserved
        if not run_number
    ]
    return sorted([*invoices, *memos], key=lambda each: (each.due, each.seq))


def _credit(state: State, run: PaymentRun, account: Account, due: list[Owed]) -> None:
    """Use posted credit memos, then unapplied payments, oldest first."""
    if run.apply_memos:
        for memo in sorted(state.memos.where("accountId", account.id).values(), key=lambda m: m.seq):
            for invoice in due:
                part = min(memo.unapplied, invoice.balance - invoice.reserved)
                if memo.status == POSTED and part > 0:
                    apply_memo(state, memo, [(invoice, part)])
    if run.apply_payments:
        for payment in sorted(state.payments.where("accountId", account.id).values(), key=lambda p: p.seq):
            for invoice in due:
                part = min(payment.unapplied, invoice.balance - invoice.reserved)
                if payment.status == PROCESSED and part > 0:
                    apply_payment(state, payment, [(invoice, part)])


async def _collect(
    state: State, cashier: Cashier, run: PaymentRun, account: Account, due: list[Owed]
) -> None:
    owed = [(i, i.balance - i.reserved) for i in due if i.balance > i.reserved]
    groups = [owed] if run.consolidated and owed else [[each] for each in owed]
    for parts in groups:
        if default_of(state, account) is None:
            run.errors += 1
            continue
        wish = PaymentWish(sum(a for _, a in parts), account.currency, "Electronic", state.today())
        try:
            payment = await cashier.take(account, wish, parts, gateway=run.gateway or "")
        except Refused:
            run.errors += 1
            continue
        payment.run = run.number
        run.payments.append(payment.id)
        run.documents += [(i.id, i.number, payment.id, amount) for i, amount in parts]
        if payment.status == "Error":
            run.errors += 1


async def collect_now(
    state: State, cashier: Cashier, account: Account, invoices: list[Invoice], method: str, gateway: str
) -> tuple[str, int]:
    """Invoice-collect: all that the invoices owe in one payment; its id and what was collected."""
    parts = [(i, i.balance - i.reserved) for i in invoices if i.balance > i.reserved]
    amount = sum(a for _, a in parts)
    if amount <= 0:
        raise Refused(MISSING, "There is no open invoice to collect.", "invoiceId")
    wish = PaymentWish(amount, account.currency, "Electronic", state.today())
    payment = await cashier.take(account, wish, parts, method, gateway)
    if payment.status == "Error":
        message = f"The payment {payment.number} was declined: {payment.response}"
        raise Refused(INVALID, message, "accountKey")
    return payment.id, payment.amount if payment.status == PROCESSED else 0


def _step(state: State, run: PaymentRun, status: str) -> None:
    run.status = status
    state.payment_runs.put(run, state.now())
    state.history.note("payment_run", run.id, status.lower(), status, refs=(run.number,))
