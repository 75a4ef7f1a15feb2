"""Acts on payments: record money that came in outside of the vendor's own gateways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simulators.zuora.rules.documents import Invoice
from simulators.zuora.rules.memos import check_parts, settled
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.receipts import Payment
from simulators.zuora.rules.refusal import INVALID, RULE, UNSUPPORTED, Refused, not_found
from simulators.zuora.rules.state import State


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


def receive(
    state: State, account: Account, wish: PaymentWish, parts: Sequence[tuple[Invoice, int]]
) -> Payment:
    """Record a payment and put it against invoices; what is not put anywhere stays unapplied."""
    if wish.type != "External":
        raise Refused(UNSUPPORTED, f"A payment of type {wish.type} needs a payment gateway.", "type")
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
    payment = Payment(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("payment"),
        account=account,
        amount=wish.amount,
        unapplied=wish.amount,
        effective=wish.on,
        reference=wish.reference,
        method_type=wish.method_type,
        comment=wish.comment,
        created_at=state.now(),
    )
    account.unapplied_payments += wish.amount
    put_against(state, payment, parts)
    state.history.note(
        "payment",
        payment.id,
        "created",
        payment.status,
        refs=payment.refs,
        amount=payment.amount,
        currency=payment.currency,
    )
    return payment


def apply(state: State, payment: Payment, parts: Sequence[tuple[Invoice, int]]) -> None:
    """Put unapplied money against invoices: all of the request or nothing."""
    check_parts(payment.account.id, parts)
    if sum(amount for _, amount in parts) > payment.unapplied:
        message = f"The amount exceeds the unapplied amount of payment {payment.number}."
        raise Refused(RULE, message, "invoices")
    put_against(state, payment, parts)
    note = state.history.note
    moved = sum(amount for _, amount in parts)
    note(
        "payment",
        payment.id,
        "applied",
        payment.status,
        refs=payment.refs,
        amount=moved,
        currency=payment.currency,
    )


def put_against(state: State, payment: Payment, parts: Sequence[tuple[Invoice, int]]) -> None:
    """Move amounts from the payment to the invoices; the caller has checked them."""
    account = payment.account
    named = (payment.number, payment.reference) if payment.reference else (payment.number,)
    for invoice, amount in parts:
        payment.applied.append((invoice, amount))
        payment.unapplied -= amount
        invoice.balance -= amount
        invoice.paid += amount
        account.balance -= amount
        account.unapplied_payments -= amount
        settled(state, invoice, amount, named)
    state.payments.put(payment, state.now())
    state.accounts.put(account, state.now())
