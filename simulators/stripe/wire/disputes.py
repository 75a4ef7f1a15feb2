"""Disputes and early fraud warnings as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.funds import balance_transaction
from simulators.stripe.wire.parties import Record, Shaped

TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation",
    "receipt", "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
_NOTHING: Shaped = {**dict.fromkeys(sorted((*TEXTS, *FILES))), "enhanced_evidence": {}}


def dispute(d: Record, now: int) -> Shaped:
    """A dispute with the balance's entries that it has caused."""
    return {
        "id": d.id,
        "object": "dispute",
        "amount": d.amount,
        "balance_transactions": [balance_transaction(e, now) for e in d.entries],
        "charge": d.charge,
        "created": d.created_at // SECOND,
        "currency": d.currency,
        "enhanced_eligibility_types": [],
        "evidence": {**_NOTHING, **d.evidence},
        "evidence_details": {
            "due_by": d.due_at // SECOND,
            "enhanced_eligibility": {},
            "has_evidence": any(d.evidence.values()),
            "past_due": d.due_at < now,
            "submission_count": d.submissions,
            "submission_method": "manual" if d.submissions else "not_submitted",
        },
        "is_charge_refundable": d.inquiry or d.status == "won",
        "livemode": d.livemode,
        "metadata": d.metadata,
        "network_reason_code": d.network_code or None,
        "payment_intent": d.intent or None,
        "payment_method_details": _method(d),
        "reason": d.reason,
        "status": d.status,
    }


def _method(d: Record) -> Shaped:
    if d.method_type != "card":
        return {"type": d.method_type}
    card = {
        "brand": d.brand,
        "case_type": "inquiry" if d.inquiry else "chargeback",
        "network": d.brand,
        "network_reason_code": d.network_code or None,
    }
    return {"card": card, "type": "card"}


def early_fraud_warning(w: Record, _now: int) -> Shaped:
    """What an issuer has told about a payment."""
    return {
        "id": w.id,
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": w.charge,
        "created": w.created_at // SECOND,
        "fraud_type": "misc",
        "livemode": w.livemode,
        "payment_intent": w.intent or None,
    }
