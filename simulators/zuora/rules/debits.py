"""Acts on debit memos: made from charges, from an invoice, to take credit back; post, cancel, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from simulators.zuora.rules.accounts import TERM_DAYS
from simulators.zuora.rules.callouts import DEBIT_POSTED
from simulators.zuora.rules.documents import (
    CANCELED,
    DRAFT,
    FROM_CHARGE,
    FROM_INVOICE,
    POSTED,
    REVERSAL,
    WRITE_OFF,
    CreditMemo,
    DebitMemo,
    Invoice,
    Item,
    TaxItem,
)
from simulators.zuora.rules.invoices import changed, latest, owe, unbill
from simulators.zuora.rules.memos import CreditLine, MemoWish, apply, drawn
from simulators.zuora.rules.memos import changed as memo_changed
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.retracting import call_off, uncredit
from simulators.zuora.rules.standalone import StandaloneWish, lines_of
from simulators.zuora.rules.state import State


def find(state: State, key: str) -> DebitMemo:
    """By id or number; Refused if there is none."""
    memo = state.debits.get(key)
    if memo is None:
        raise not_found("debit memo", key)
    return memo


def from_charges(state: State, account: Account, wish: StandaloneWish) -> DebitMemo:
    """A debit memo from charges of the catalogue."""
    if wish.number and state.debits.get(wish.number):
        raise Refused(RULE, f"The debit memo number {wish.number} already exists.", "number")
    if any(line.amount < 0 for line in wish.lines):
        raise Refused(INVALID, "The amounts of a debit memo must not be negative.", "amount")
    made = _draft(state, account, lines_of(state, account, wish), wish.on, FROM_CHARGE)
    made.number = wish.number or made.number
    made.due = wish.due or made.due
    made.auto_pay, made.reason, made.comment = wish.auto_pay, wish.reason, wish.comment
    made.custom.update(wish.custom)
    return _kept(state, made, post_it=wish.post)


def from_invoice(state: State, invoice: Invoice, wish: MemoWish) -> DebitMemo:
    """A memo that charges more for lines of a posted invoice; the invoice stays as it is."""
    if invoice.status != POSTED or invoice.reversed:
        raise wrong_state("invoice", invoice.number, invoice.shown, "debit")
    if not wish.lines:
        raise Refused(MISSING, "A debit memo needs at least one item.", "items")
    for line in wish.lines:
        if line.item not in invoice.items:
            raise Refused(INVALID, f"Invoice {invoice.number} has no item {line.item}.", "invoiceItemId")
        if line.amount < 0 or any(tax.amount < 0 for tax in line.taxes):
            raise Refused(INVALID, "The amounts of a debit memo must not be negative.", "amount")
    items = [drawn(state, invoice.items[line.item], line) for line in wish.lines]
    made = _draft(state, invoice.account, items, wish.on, FROM_INVOICE)
    made.invoice, made.auto_pay = invoice, wish.auto_pay
    made.reason, made.comment = wish.reason, wish.comment
    made.custom.update(wish.custom)
    return _kept(state, made, post_it=wish.auto_post)


def _draft(state: State, account: Account, items: Sequence[Item], on: date, source: str) -> DebitMemo:
    return DebitMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number="",
        account=account,
        on=on,
        due=on + timedelta(days=TERM_DAYS[account.payment_term]),
        items={item.id: item for item in items},
        created_at=state.now(),
        source=source,
    )


def _kept(state: State, made: DebitMemo, *, post_it: bool) -> DebitMemo:
    made.number = made.number or state.new_number("debit_memo")
    changed(state, made, "debit_memo", "created")
    if post_it:
        post(state, made)
    return made


def post(state: State, memo: DebitMemo) -> None:
    """Post a debit memo, and tell who listens."""
    owe(state, memo)
    state.callouts.announce(DEBIT_POSTED, {"DebitMemo": memo, "Account": memo.account})


def cancel(state: State, memo: DebitMemo) -> None:
    """Draft to Canceled."""
    if memo.status != DRAFT:
        raise wrong_state("debit memo", memo.number, memo.status, "cancel")
    memo.cancelled_at = state.now()
    call_off(state, memo)


def delete(state: State, memo: DebitMemo) -> None:
    """Forget a canceled memo."""
    if memo.status != CANCELED:
        raise wrong_state("debit memo", memo.number, memo.status, "delete")
    state.debits.drop(memo)
    state.history.note("debit_memo", memo.id, "deleted", memo.status, refs=memo.refs)


def reverse_credit(
    state: State, memo: CreditMemo, on: date, reason: str | None, comment: str | None
) -> DebitMemo:
    """Take a credit memo back: a debit memo of the same lines swallows it, what it credited can be credited
    anew, and what it billed back is billable again."""
    _untouched(memo, "reverse")
    latest(memo)
    unbill(state, memo)
    for item in memo.items.values():
        uncredit(item)
    made = _swallow(state, memo, on, REVERSAL, reason, comment)
    memo.account.last_document = made.id
    memo.reversed = True
    memo_changed(state, memo, "reversed")
    return made


def write_off_credit(
    state: State, memo: CreditMemo, on: date, reason: str | None, comment: str | None
) -> DebitMemo:
    """Give up a credit memo: a debit memo of the same lines swallows it."""
    _untouched(memo, "write off")
    return _swallow(state, memo, on, WRITE_OFF, reason or "Write-off", comment)


def _untouched(memo: CreditMemo, act: str) -> None:
    if memo.status != POSTED or memo.reversed:
        raise wrong_state("credit memo", memo.number, memo.shown, act)
    if memo.unapplied != memo.net + memo.tax or not memo.unapplied:
        message = f"Cannot {act} credit memo {memo.number}: it is not fully unapplied."
        raise Refused(RULE, message, "creditMemoKey")


def _swallow(
    state: State, memo: CreditMemo, on: date, source: str, reason: str | None, comment: str | None
) -> DebitMemo:
    items = []
    for each in memo.items.values():
        item = drawn(state, each, CreditLine(each.id, each.net))
        item.taxes = [_same(state, tax) for tax in each.taxes]
        items.append(item)
    made = _draft(state, memo.account, items, on, source)
    made.memo, made.reason, made.comment = memo, reason, comment
    _kept(state, made, post_it=True)
    apply(state, memo, [(made, memo.unapplied)])
    return made


def _same(state: State, tax: TaxItem) -> TaxItem:
    return replace(tax, id=state.new_id(), credited=0, source=tax.id)
