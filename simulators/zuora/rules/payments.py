"""Acts on payments: record, apply, unapply, transfer, cancel, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simulators.zuora.rules.documents import Owed
from simulators.zuora.rules.memos import check_parts, settled
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.receipts import Part, Payment, check_method_type
from simulators.zuora.rules.refusal import INVALID, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State

PROCESSED, PROCESSING, ERROR, CANCELED = "Processed", "Processing", "Error", "Canceled"
Parts = Sequence[tuple[Owed, int]]


@dataclass(frozen=True, slots=True)
class PaymentWish:
    """amount in minor units. number "": let the vendor number it."""

    amount: int
    currency: str
    type: str
    on: date
    number: str = ""
    reference: str | None = None
    method_type: str | None = None
    comment: str | None = None


def find(state: State, key: str) -> Payment:
    """By id or number; Refused if there is none."""
    payment = state.payments.get(key)
    if payment is None:
        raise not_found("payment", key)
    return payment


def check(state: State, account: Account, wish: PaymentWish, parts: Parts) -> None:
    """Refused unless such a payment could be taken."""
    if wish.currency != account.currency:
        message = f"Account {account.number} is billed in {account.currency}, not {wish.currency}."
        raise Refused(RULE, message, "currency")
    if wish.amount <= 0:
        raise Refused(INVALID, "The payment amount must be more than 0.", "amount")
    if wish.number and state.payments.get(wish.number):
        raise Refused(RULE, f"The payment number {wish.number} already exists.", "number")
    check_parts(account.id, parts)
    if sum(amount for _, amount in parts) > wish.amount:
        raise Refused(RULE, "The applied amounts exceed the payment amount.", "invoices")


def receive(state: State, account: Account, wish: PaymentWish, parts: Parts) -> Payment:
    """Record an external payment and put it against invoices; the rest stays unapplied."""
    if wish.type != "External":
        raise Refused(INVALID, f"'{wish.type}' is not a type of payment.", "type")
    check_method_type(wish.method_type, "paymentMethodType", needed=False)
    check(state, account, wish, parts)
    payment = made(state, account, wish)
    account.unapplied_payments += wish.amount
    payment.unapplied = wish.amount
    put_against(state, payment, parts)
    note(state, payment, "created")
    return payment


def made(state: State, account: Account, wish: PaymentWish) -> Payment:
    """The payment of a wish, as yet without money."""
    return Payment(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("payment"),
        account=account,
        amount=wish.amount,
        unapplied=0,
        effective=wish.on,
        reference=wish.reference,
        method_type=wish.method_type,
        comment=wish.comment,
        created_at=state.now(),
        type=wish.type,
    )


def apply(state: State, payment: Payment, parts: Parts) -> None:
    """Put unapplied money against invoices and debit memos: all of the request or nothing."""
    if payment.status != PROCESSED:
        raise wrong_state("payment", payment.number, payment.status, "apply")
    check_parts(payment.account.id, parts)
    if sum(amount for _, amount in parts) > payment.unapplied:
        message = f"The amount exceeds the unapplied amount of payment {payment.number}."
        raise Refused(RULE, message, "invoices")
    put_against(state, payment, parts)
    note(state, payment, "applied", sum(amount for _, amount in parts))


def put_against(state: State, payment: Payment, parts: Parts) -> None:
    """Move amounts from the payment to the documents; the caller has checked them."""
    account = payment.account
    named = (payment.number, payment.reference) if payment.reference else (payment.number,)
    for document, amount in parts:
        payment.applied.append((document, amount))
        _part(state, payment, document, amount)
        payment.unapplied -= amount
        document.owe(-amount)
        document.paid += amount
        account.unapplied_payments -= amount
        settled(state, document, amount, named)
    kept(state, payment)


def unapply(state: State, payment: Payment, parts: Parts) -> None:
    """Take amounts off documents again: all of the request or nothing."""
    if payment.status != PROCESSED:
        raise wrong_state("payment", payment.number, payment.status, "unapply")
    check_applied(payment.number, payment.applied, parts)
    take_off(state, payment, parts)
    note(state, payment, "unapplied", sum(amount for _, amount in parts))


def check_applied(number: str, applied: Parts, parts: Parts) -> None:
    """Refused unless at least that much stands against each document."""
    wanted: dict[str, int] = {}
    for document, amount in parts:
        if amount <= 0:
            raise Refused(INVALID, "The amount to unapply must be more than 0.", "amount")
        wanted[document.id] = wanted.get(document.id, 0) + amount
        if wanted[document.id] > sum(a for each, a in applied if each is document):
            what = f"{document.named} {document.number}"
            message = f"The amount exceeds what {number} has applied to {what}."
            raise Refused(RULE, message, "amount")


def less(applied: list[tuple[Owed, int]], document: Owed, amount: int) -> list[tuple[Owed, int]]:
    """The applications without `amount` of the document's latest ones."""
    left, kept = amount, []
    for each, part in reversed(applied):
        taken = min(left, part) if each is document else 0
        left -= taken
        if part > taken:
            kept.append((each, part - taken))
    return kept[::-1]


def take_off(state: State, payment: Payment, parts: Parts) -> None:
    """Move amounts from documents back to the payment; the caller has checked them."""
    account = payment.account
    for document, amount in parts:
        payment.applied = less(payment.applied, document, amount)
        _part(state, payment, document, -amount)
        payment.unapplied += amount
        document.owe(amount)
        document.paid -= amount
        account.unapplied_payments += amount
        settled(state, document, -amount, (payment.number,))
    kept(state, payment)


def _part(state: State, payment: Payment, document: Owed, amount: int) -> None:
    now = state.now()
    for part in payment.parts:
        if part.document is document:
            part.amount, part.updated_at = part.amount + amount, now
            return
    payment.parts.append(Part(state.new_id(), document, amount, now, now))


def transfer(state: State, payment: Payment, account: Account) -> None:
    """Move a payment that is wholly unapplied to another account of the same currency."""
    if payment.status != PROCESSED:
        raise wrong_state("payment", payment.number, payment.status, "transfer")
    if payment.unapplied != payment.amount:
        raise Refused(RULE, "Only payments that are fully unapplied can be transferred.", "paymentKey")
    if account.currency != payment.currency:
        raise Refused(RULE, "The account has another currency than the payment.", "accountId")
    payment.account.unapplied_payments -= payment.unapplied
    state.accounts.put(payment.account, state.now())
    payment.account = account
    account.unapplied_payments += payment.unapplied
    kept(state, payment)
    note(state, payment, "transferred")


def cancel(state: State, payment: Payment) -> None:
    """Cancel an external payment of which nothing is applied or given back."""
    if payment.type != "External":
        raise Refused(RULE, "Only external payments can be canceled.", "type")
    if payment.status != PROCESSED:
        raise wrong_state("payment", payment.number, payment.status, "cancel")
    if payment.unapplied != payment.amount:
        raise Refused(RULE, "Payments that are applied or refunded cannot be canceled.", "paymentKey")
    payment.account.unapplied_payments -= payment.unapplied
    payment.unapplied, payment.status, payment.cancelled_at = 0, CANCELED, state.now()
    kept(state, payment)
    note(state, payment, "canceled")


def delete(state: State, payment: Payment) -> None:
    """Forget a payment that was canceled."""
    if payment.status != CANCELED:
        raise wrong_state("payment", payment.number, payment.status, "delete")
    state.payments.drop(payment)
    note(state, payment, "deleted")


def kept(state: State, payment: Payment) -> None:
    """Keep a changed payment and its account."""
    state.payments.put(payment, state.now())
    state.accounts.put(payment.account, state.now())


def note(state: State, payment: Payment, event: str, amount: int | None = None) -> None:
    """Write a change of a payment down."""
    state.history.note(
        "payment",
        payment.id,
        event,
        payment.status,
        refs=payment.refs,
        amount=payment.amount if amount is None else amount,
        currency=payment.currency,
    )
