"""Any record as the JSON object that the wire shows, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.shapes import SHAPES as BILLING
from simulators.stripe.wire.cash import cash_balance, customer_cash_balance_transaction
from simulators.stripe.wire.disputes import dispute, early_fraud_warning
from simulators.stripe.wire.files import file, file_link
from simulators.stripe.wire.funds import balance_transaction, payout, whole_balance
from simulators.stripe.wire.methods import confirmation_token, mandate, payment_method, token
from simulators.stripe.wire.parties import Record, Shaped, customer, customer_balance_transaction, tax_id
from simulators.stripe.wire.payments import charge, payment_intent
from simulators.stripe.wire.refunds import refund
from simulators.stripe.wire.setups import setup_attempt, setup_intent
from simulators.stripe.wire.version import API_VERSION


def event(e: Record, _now: int) -> Shaped:
    """An event; its object is a snapshot of the moment it was written."""
    about: Shaped = {"object": e.snapshot}
    if e.previous is not None:
        about["previous_attributes"] = e.previous
    return {
        "id": e.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": e.created_at // SECOND,
        "data": about,
        "livemode": e.livemode,
        "pending_webhooks": sum(d.outcome == "pending" for d in e.deliveries),
        "request": {"id": e.request or None, "idempotency_key": e.idempotency_key or None},
        "type": e.type,
    }


def webhook_endpoint(w: Record, _now: int) -> Shaped:
    """An endpoint, without its secret."""
    return {
        "id": w.id,
        "object": "webhook_endpoint",
        "api_version": w.api_version,
        "application": None,
        "created": w.created_at // SECOND,
        "description": w.description,
        "enabled_events": list(w.enabled_events),
        "livemode": w.livemode,
        "metadata": w.metadata,
        "status": "disabled" if w.disabled else "enabled",
        "url": w.url,
    }


_SHAPES: dict[str, Callable[[Record, int], Shaped]] = {
    "customer": customer,
    "payment_method": payment_method,
    "payment_intent": payment_intent,
    "charge": charge,
    "refund": refund,
    "balance_transaction": balance_transaction,
    "payout": payout,
    "balance": whole_balance,
    "file": file,
    "file_link": file_link,
    "event": event,
    "webhook_endpoint": webhook_endpoint,
    **BILLING,
    "customer_balance_transaction": customer_balance_transaction,
    "cash_balance": cash_balance,
    "customer_cash_balance_transaction": customer_cash_balance_transaction,
    "tax_id": tax_id,
    "setup_intent": setup_intent,
    "setup_attempt": setup_attempt,
    "mandate": mandate,
    "token": token,
    "confirmation_token": confirmation_token,
    "dispute": dispute,
    "radar.early_fraud_warning": early_fraud_warning,
}


def shape(record: Record, now: int) -> Shaped:
    """The record as of `now` (microseconds)."""
    return _SHAPES[record.kind](record, now)


def listed(url: str, data: Sequence[Any], has_more: bool) -> Shaped:
    """A page of a list."""
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}
