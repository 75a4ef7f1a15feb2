"""Setup intents and their attempts as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.actions import method_options, next_action
from simulators.stripe.wire.attempts import last_error
from simulators.stripe.wire.parties import Record, Shaped


def setup_intent(s: Record, now: int) -> Shaped:
    """A wish to use a method later."""
    shaped: Shaped = {
        "id": s.id,
        "object": "setup_intent",
        "application": None,
        "automatic_payment_methods": s.automatic_methods,
        "cancellation_reason": s.cancellation_reason,
        "client_secret": s.client_secret,
        "created": s.created_at // SECOND,
        "customer": s.customer or None,
        "customer_account": None,
        "description": s.description,
        "excluded_payment_method_types": None,
        "flow_directions": list(s.flow_directions) if s.flow_directions else None,
        "last_setup_error": last_error(s.error, now) if s.error else None,
        "latest_attempt": s.attempt or None,
        "livemode": s.livemode,
        "mandate": s.mandate or None,
        "metadata": s.metadata,
        "next_action": next_action(s, "setup_intent", now) if s.status == "requires_action" else None,
        "on_behalf_of": None,
        "payment_method": s.method or None,
        "payment_method_configuration_details": None,
        "payment_method_options": method_options(s),
        "payment_method_types": list(s.method_types),
        "single_use_mandate": None,
        "status": s.status,
        "usage": s.usage,
    }
    if s.attach_to_self:
        shaped["attach_to_self"] = True
    return shaped


def setup_attempt(a: Record, now: int) -> Shaped:
    """One confirmation of a setup intent."""
    kind = a.instrument.type
    details: Shaped = {}
    if kind == "card":
        card = a.instrument
        details = {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": card.cvc},
            "country": card.country,
            "funding": card.funding,
            "last4": card.last4,
            "network": card.brand,
            "three_d_secure": None,
            "wallet": None,
        }
    return {
        "id": a.id,
        "object": "setup_attempt",
        "application": None,
        "created": a.created_at // SECOND,
        "customer": a.customer or None,
        "customer_account": None,
        "flow_directions": None,
        "livemode": a.livemode,
        "on_behalf_of": None,
        "payment_method": a.method,
        "payment_method_details": {kind: details, "type": kind},
        "setup_error": last_error(a.error, now) if a.error else None,
        "setup_intent": a.intent,
        "status": a.status,
        "usage": a.usage,
    }
