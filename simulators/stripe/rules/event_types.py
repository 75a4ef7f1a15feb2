"""The event types that can be subscribed to: those of order to cash (docs.stripe.com/api/events/types)."""

from __future__ import annotations

_BY_OBJECT = {
    "balance": "available",
    "charge": "captured expired failed pending refunded succeeded updated dispute.closed dispute.created"
    " dispute.funds_reinstated dispute.funds_withdrawn dispute.updated refund.updated",
    "credit_note": "created updated voided",
    "customer": "created deleted updated subscription.created subscription.deleted subscription.paused"
    " subscription.resumed subscription.trial_will_end subscription.updated",
    "invoice": "created deleted finalization_failed finalized marked_uncollectible overdue paid"
    " payment_action_required payment_failed payment_succeeded sent upcoming updated voided will_be_due",
    "invoiceitem": "created deleted",
    "payment_intent": "amount_capturable_updated canceled created partially_funded payment_failed processing"
    " requires_action succeeded",
    "payment_method": "attached automatically_updated detached updated",
    "payout": "canceled created failed paid reconciliation_completed updated",
    "price": "created deleted updated",
    "product": "created deleted updated",
    "radar": "early_fraud_warning.created early_fraud_warning.updated",
    "refund": "created failed updated",
    "setup_intent": "canceled created requires_action setup_failed succeeded",
}

EVENT_TYPES = frozenset(f"{thing}.{what}" for thing, many in _BY_OBJECT.items() for what in many.split())
