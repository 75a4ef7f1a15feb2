"""The event types that can be subscribed to: those of order to cash (docs.stripe.com/api/events/types)."""

from __future__ import annotations

_BY_OBJECT = {
    "balance": "available",
    "billing.meter": "created deactivated reactivated updated",
    "charge": "captured expired failed pending refunded succeeded updated dispute.closed dispute.created"
    " dispute.funds_reinstated dispute.funds_withdrawn dispute.updated refund.updated",
    "coupon": "created deleted updated",
    "credit_note": "created updated voided",
    "customer": "created deleted updated discount.created discount.deleted discount.updated"
    " subscription.created subscription.deleted subscription.paused subscription.pending_update_applied"
    " subscription.pending_update_expired subscription.resumed subscription.trial_will_end"
    " subscription.updated",
    "invoice": "created deleted finalization_failed finalized marked_uncollectible overdue paid"
    " payment_action_required payment_failed payment_succeeded sent upcoming updated voided will_be_due",
    "invoice_payment": "paid",
    "invoiceitem": "created deleted",
    "payment_intent": "amount_capturable_updated canceled created partially_funded payment_failed processing"
    " requires_action succeeded",
    "payment_method": "attached automatically_updated detached updated",
    "payout": "canceled created failed paid reconciliation_completed updated",
    "price": "created deleted updated",
    "product": "created deleted updated",
    "promotion_code": "created updated",
    "radar": "early_fraud_warning.created early_fraud_warning.updated",
    "refund": "created failed updated",
    "setup_intent": "canceled created requires_action setup_failed succeeded",
    "subscription_schedule": "aborted canceled completed created expiring released updated",
    "tax_rate": "created updated",
    "test_helpers.test_clock": "advancing created deleted internal_failure ready",
}

EVENT_TYPES = frozenset(f"{thing}.{what}" for thing, many in _BY_OBJECT.items() for what in many.split())
