"""Refunds as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped

_BACK = {"card": "card", "us_bank_account": "us_bank_transfer", "sepa_debit": "eu_bank_transfer"}
# What the customer sent goes back as it came, by currency.
_RAILS = {
    "eur": "eu_bank_transfer",
    "gbp": "gb_bank_transfer",
    "jpy": "jp_bank_transfer",
    "mxn": "mx_bank_transfer",
}
# Seconds that a customer has to say where the money is to go.
_ANSWER_WITHIN = 45 * 86_400


def refund(r: Record, _now: int) -> Shaped:
    """A refund; the failure fields are there only once it has failed."""
    back = _BACK.get(r.type) or _RAILS.get(r.currency, "us_bank_transfer")
    card = r.type == "card"
    went: Shaped = {"type": "refund"} if card else {"reference": None, "reference_status": "pending"}
    shaped: Shaped = {
        "id": r.id,
        "object": "refund",
        "amount": r.amount,
        "balance_transaction": r.entry or None,
        "charge": r.charge or None,
        "created": r.created_at // SECOND,
        "currency": r.currency,
        "customer": r.customer or None,
        "customer_account": None,
        "destination_details": {back: went, "type": back},
        "metadata": r.metadata,
        "payment_intent": r.intent or None,
        "payment_method": r.method or None,
        "reason": r.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": r.status,
        "transfer_reversal": None,
    }
    if r.origin:
        shaped["origin"] = r.origin
    if r.instructions_email:
        shaped["instructions_email"] = r.instructions_email
    if r.status == "pending":
        shaped["pending_reason"] = "processing"
    if r.failure_entry:
        shaped["failure_balance_transaction"] = r.failure_entry
    if r.failure_reason:
        shaped["failure_reason"] = r.failure_reason
    if r.status == "requires_action":
        made = r.created_at // SECOND
        mail = {"email_sent_at": made, "email_sent_to": r.instructions_email or ""}
        details = {"email_sent": mail, "expires_at": made + _ANSWER_WITHIN}
        shaped["next_action"] = {"display_details": details, "type": "display_details"}
    return shaped
