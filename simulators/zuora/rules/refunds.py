"""Refunds: of payments and of credit memos, set aside first, then closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from simulators.zuora.rules.documents import Owed
from simulators.zuora.rules.payments import (
    CANCELED,
    ERROR,
    PROCESSED,
    PROCESSING,
    check_applied,
    kept,
    put_against,
    take_off,
)
from simulators.zuora.rules.receipts import Payment, Refund, check_method_type
from simulators.zuora.rules.refusal import INVALID, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class Return:
    """A refund of a payment. amount in minor units; parts: what is first taken off documents."""

    amount: int
    on: date
    method_type: str | None = None
    reference: str | None = None
    reason: str | None = None
    comment: str | None = None
    parts: tuple[tuple[Owed, int], ...] = ()


def find(state: State, key: str) -> Refund:
    """By id or number; Refused if there is none."""
    refund = state.refunds.get(key)
    if refund is None:
        raise not_found("refund", key)
    return refund


def open_refund(state: State, payment: Payment, wish: Return) -> Refund:
    """Set aside what is given back; Refused where the payment does not have it. The refund is Processing."""
    if payment.status != PROCESSED:
        raise wrong_state("payment", payment.number, payment.status, "refund")
    if wish.amount <= 0:
        raise Refused(INVALID, "The refund amount must be more than 0.", "totalAmount")
    if payment.type == "External":
        check_method_type(wish.method_type, "methodType")
    if wish.parts:
        check_applied(payment.number, payment.applied, wish.parts)
    free = payment.unapplied + sum(amount for _, amount in wish.parts)
    if wish.amount > free or (wish.parts and sum(a for _, a in wish.parts) > wish.amount):
        message = f"The refund exceeds the unapplied amount of payment {payment.number}."
        raise Refused(RULE, message, "totalAmount")
    if wish.parts:
        take_off(state, payment, wish.parts)
    refund = Refund(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("refund"),
        account=payment.account,
        memo=None,
        amount=wish.amount,
        on=wish.on,
        reference=wish.reference,
        method_type=wish.method_type,
        reason=wish.reason,
        comment=wish.comment,
        created_at=state.now(),
        status=PROCESSING,
        payment=payment,
        type=payment.type,
        released=wish.parts,
    )
    payment.unapplied -= wish.amount
    payment.refunded += wish.amount
    payment.account.unapplied_payments -= wish.amount
    kept(state, payment)
    note_refund(state, refund, "created")
    return refund


def close_refund(state: State, refund: Refund, status: str) -> None:
    """Processed, or Error or Canceled: then the money is where it was."""
    refund.status = status
    payment = refund.payment
    if status != PROCESSED and payment is not None:
        payment.unapplied += refund.amount
        payment.refunded -= refund.amount
        payment.account.unapplied_payments += refund.amount
        kept(state, payment)
        if status == ERROR and refund.released:
            back = [(i, min(a, i.balance)) for i, a in refund.released if i.balance > 0]
            put_against(state, payment, back)
    elif status != PROCESSED and refund.memo is not None:
        memo = refund.memo
        memo.unapplied += refund.amount
        memo.refunded -= refund.amount
        memo.account.unapplied_credit += refund.amount
        state.memos.put(memo, state.now())
        state.accounts.put(memo.account, state.now())
    note_refund(state, refund, status.lower())


def cancel_refund(state: State, refund: Refund) -> None:
    """Cancel an external refund: the money is back in the payment or the memo."""
    if refund.type != "External":
        raise Refused(RULE, "Only external refunds can be canceled.", "type")
    if refund.status != PROCESSED:
        raise wrong_state("refund", refund.number, refund.status, "cancel")
    refund.cancelled_at = state.now()
    close_refund(state, refund, CANCELED)


def delete_refund(state: State, refund: Refund) -> None:
    """Forget a refund that was canceled."""
    if refund.status != CANCELED:
        raise wrong_state("refund", refund.number, refund.status, "delete")
    state.refunds.drop(refund)
    state.history.note("refund", refund.id, "deleted", refund.status, refs=refund.refs)


def note_refund(state: State, refund: Refund, event: str) -> None:
    """Keep a refund and write the change down."""
    state.refunds.put(refund, state.now())
    state.history.note(
        "refund",
        refund.id,
        event,
        refund.status,
        refs=refund.refs,
        amount=refund.amount,
        currency=refund.currency,
    )
