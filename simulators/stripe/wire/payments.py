"""Payment intents, charges and refunds as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import EXPIRES, Record, Shaped, payment_method

_DOCS = "https://stripe.com/docs/error-codes/"
_CARD_OPTIONS = {
    "card": {
        "installments": None,
        "mandate_options": None,
        "network": None,
        "request_three_d_secure": "automatic",
    }
}


def payment_intent(i: Record, now: int) -> Shaped:
    """A payment intent; amounts in minor units."""
    return {
        "id": i.id,
        "object": "payment_intent",
        "amount": i.amount,
        "amount_capturable": i.capturable,
        "amount_details": {"tip": {}},
        "amount_received": i.received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": i.automatic_methods,
        "canceled_at": i.canceled_at // SECOND or None,
        "cancellation_reason": i.cancellation_reason,
        "capture_method": i.capture_method,
        "client_secret": i.client_secret,
        "confirmation_method": "automatic",
        "created": i.created_at // SECOND,
        "currency": i.currency,
        "customer": i.customer or None,
        "customer_account": None,
        "description": i.description,
        "excluded_payment_method_types": None,
        "last_payment_error": _last_error(i.error, now) if i.error else None,
        "latest_charge": i.charge or None,
        "livemode": i.livemode,
        "metadata": i.metadata,
        "next_action": _next_action(i) if i.status == "requires_action" else None,
        "on_behalf_of": None,
        "payment_method": i.method or None,
        "payment_method_configuration_details": None,
        "payment_method_options": _CARD_OPTIONS,
        "payment_method_types": list(i.method_types),
        "processing": None,
        "receipt_email": i.receipt_email,
        "review": None,
        "setup_future_usage": i.setup_future_usage,
        "shipping": None,
        "source": None,
        "statement_descriptor": i.statement_descriptor,
        "statement_descriptor_suffix": i.statement_descriptor_suffix,
        "status": i.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def _last_error(e: Record, now: int) -> Shaped:
    shaped = {
        "charge": e.charge,
        "code": e.code,
        "decline_code": e.decline_code,
        "doc_url": doc_url(e.code),
        "message": e.message,
        "payment_method": payment_method(e.method, now),
        "type": "card_error",
    }
    return {name: value for name, value in shaped.items() if value}


def _next_action(i: Record) -> Shaped:
    if i.return_url:
        link = f"https://hooks.stripe.com/3d_secure_2/hosted?merchant=tieout&payment_intent={i.id}"
        return {"redirect_to_url": {"return_url": i.return_url, "url": link}, "type": "redirect_to_url"}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}


def doc_url(code: str) -> str:
    """Where Stripe explains an error code."""
    return _DOCS + code.replace("_", "-")


def charge(c: Record, _now: int) -> Shaped:
    """A charge; refunds are shown only when expanded."""
    failed = c.status == "failed"
    return {
        "id": c.id,
        "object": "charge",
        "amount": c.amount,
        "amount_captured": c.captured_amount,
        "amount_refunded": c.refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": c.entry or None,
        "billing_details": c.billing_details,
        "calculated_statement_descriptor": None if failed else c.statement_descriptor or "TIEOUT",
        "captured": c.captured,
        "created": c.created_at // SECOND,
        "currency": c.currency,
        "customer": c.customer or None,
        "description": c.description,
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": c.failure_code or None,
        "failure_message": c.failure_message or None,
        "fraud_details": {},
        "livemode": c.livemode,
        "metadata": c.metadata,
        "on_behalf_of": None,
        "outcome": _outcome(c, failed),
        "paid": not failed,
        "payment_intent": c.intent,
        "payment_method": c.method,
        "payment_method_details": _card_details(c),
        "receipt_email": c.receipt_email,
        "receipt_number": None,
        "receipt_url": None if failed else f"https://pay.stripe.com/receipts/payment/{c.id}",
        "refunded": not failed and c.refunded == c.amount,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": c.statement_descriptor,
        "statement_descriptor_suffix": c.statement_descriptor_suffix,
        "status": c.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def _outcome(c: Record, failed: bool) -> Shaped:
    blocked = failed and c.card.blocked
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": ("not_sent_to_network" if blocked else "declined_by_network")
        if failed
        else "approved_by_network",
        "reason": (c.decline_code or c.failure_code) if failed else None,
        "risk_level": "highest" if blocked else "normal",
        "seller_message": "The bank did not authorize the payment." if failed else "Payment complete.",
        "type": ("blocked" if blocked else "issuer_declined") if failed else "authorized",
    }


def _card_details(c: Record) -> Shaped:
    card = c.card
    return {
        "card": {
            "amount_authorized": None if c.status == "failed" else c.amount,
            "authorization_code": None,
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": card.country,
            "exp_month": EXPIRES[0],
            "exp_year": EXPIRES[1],
            "fingerprint": c.fingerprint,
            "funding": card.funding,
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "network": card.brand,
            "network_token": {"used": False},
            "network_transaction_id": None,
            "regulated_status": "unregulated",
            "three_d_secure": None,
            "wallet": None,
        },
        "type": "card",
    }


def refund(r: Record, _now: int) -> Shaped:
    """A refund; the failure fields are there only once it has failed."""
    shaped: Shaped = {
        "id": r.id,
        "object": "refund",
        "amount": r.amount,
        "balance_transaction": r.entry or None,
        "charge": r.charge,
        "created": r.created_at // SECOND,
        "currency": r.currency,
        "customer": r.customer or None,
        "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": r.metadata,
        "payment_intent": r.intent or None,
        "payment_method": r.method or None,
        "reason": r.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": r.status,
        "transfer_reversal": None,
    }
    if r.failure_reason:
        shaped["failure_balance_transaction"] = r.failure_entry
        shaped["failure_reason"] = r.failure_reason
    return shaped
