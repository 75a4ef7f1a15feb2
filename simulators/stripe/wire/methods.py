"""Payment methods, tokens and mandates as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped, shipping


def payment_method(m: Record, _now: int) -> Shaped:
    """A card, a bank account, or the customer's cash (which has no details)."""
    kind = m.instrument.type
    return {
        "id": m.id,
        "object": "payment_method",
        "allow_redisplay": m.allow_redisplay,
        "billing_details": m.billing_details,
        kind: _DETAILS[kind](m) if kind in _DETAILS else {},
        "created": m.created_at // SECOND,
        "customer": m.customer or None,
        "customer_account": None,
        "livemode": m.livemode,
        "metadata": m.metadata,
        "type": kind,
    }


def _card(m: Record) -> Shaped:
    card = m.instrument
    return {
        "brand": card.brand,
        "checks": checks(card, m.billing_details, asked=bool(m.customer or m.spent)),
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": m.expires[0],
        "exp_year": m.expires[1],
        "fingerprint": m.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def checks(card: Record, billing: Record, *, asked: bool = True) -> Shaped:
    """What the issuer found when it compared the address and the security code, once it was asked."""
    address = (billing or {}).get("address") or {}
    if not asked:
        return {
            "address_line1_check": "unchecked" if address.get("line1") else None,
            "address_postal_code_check": "unchecked" if address.get("postal_code") else None,
            "cvc_check": card.cvc and "unchecked",
        }
    return {
        "address_line1_check": card.line1 if address.get("line1") else None,
        "address_postal_code_check": card.zip if address.get("postal_code") else None,
        "cvc_check": card.cvc,
    }


def _us_bank_account(m: Record) -> Shaped:
    bank = m.instrument
    return {
        "account_holder_type": m.holder[0],
        "account_type": m.holder[1],
        "bank_name": bank.bank_name,
        "financial_connections_account": None,
        "fingerprint": m.fingerprint,
        "last4": bank.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": bank.routing,
        "status_details": {},
    }


def _sepa_debit(m: Record) -> Shaped:
    bank = m.instrument
    return {
        "bank_code": bank.routing,
        "branch_code": "",
        "country": bank.country,
        "fingerprint": m.fingerprint,
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": bank.last4,
    }


_DETAILS = {"card": _card, "us_bank_account": _us_bank_account, "sepa_debit": _sepa_debit}


def card_source(c: Record) -> Shaped:
    """The card of a charge made without a payment intent, in the old shape."""
    card = c.instrument
    return {
        "id": c.method.replace("pm_", "card_"),
        "object": "card",
        "brand": card.brand.capitalize(),
        "country": card.country,
        "customer": c.customer or None,
        "cvc_check": card.cvc,
        "exp_month": c.expires[0],
        "exp_year": c.expires[1],
        "fingerprint": c.fingerprint,
        "funding": card.funding,
        "last4": card.last4,
        "metadata": {},
        "name": None,
    }


def confirmation_token(t: Record, now: int) -> Shaped:
    """What a browser collected, with the method as it will be."""
    method = payment_method(t.method, now)
    preview = {"allow_redisplay": method["allow_redisplay"], "billing_details": method["billing_details"]}
    return {
        "id": t.id,
        "object": "confirmation_token",
        "created": t.created_at // SECOND,
        "expires_at": t.expires_at // SECOND,
        "livemode": t.livemode,
        "mandate_data": None,
        "payment_intent": t.intent or None,
        "payment_method_options": None,
        "payment_method_preview": {
            **preview,
            method["type"]: method[method["type"]],
            "customer": method["customer"],
            "type": method["type"],
        },
        "return_url": t.return_url,
        "setup_future_usage": t.setup_future_usage,
        "setup_intent": t.setup or None,
        "shipping": shipping(t.shipping),
        "use_stripe_sdk": True,
    }


def token(t: Record, _now: int) -> Shaped:
    """A token with what it stands for."""
    instrument = t.instrument
    shaped: Shaped = {
        "id": t.id,
        "object": "token",
        "client_ip": None,
        "created": t.created_at // SECOND,
        "livemode": t.livemode,
        "type": "card" if instrument.type == "card" else "bank_account",
        "used": t.used,
    }
    if instrument.type == "card":
        shaped["card"] = {
            "id": t.inner,
            "object": "card",
            "brand": instrument.brand.capitalize(),
            "country": instrument.country,
            "cvc_check": "unchecked",
            "exp_month": t.expires[0],
            "exp_year": t.expires[1],
            "funding": instrument.funding,
            "last4": instrument.last4,
            "metadata": {},
            "name": t.name,
        }
    else:
        shaped["bank_account"] = {
            "id": t.inner,
            "object": "bank_account",
            "account_holder_name": t.name,
            "bank_name": instrument.bank_name,
            "country": instrument.country,
            "currency": "usd",
            "last4": instrument.last4,
            "routing_number": instrument.routing,
            "status": "new",
        }
    return shaped


def mandate(m: Record, _now: int) -> Shaped:
    """A permission to debit."""
    kind = m.instrument.type
    details = {"us_bank_account": {}, "card": {}}.get(
        kind, {"reference": m.id[-12:].upper(), "url": f"https://hooks.stripe.com/adapter/{kind}/{m.id}"}
    )
    once = {"amount": m.amount, "currency": m.currency} if m.amount else None
    shaped: Shaped = {
        "id": m.id,
        "object": "mandate",
        "customer_acceptance": m.acceptance,
        "livemode": m.livemode,
        "payment_method": m.method,
        "payment_method_details": {kind: details, "type": kind},
        "status": m.status,
        "type": "single_use" if once else "multi_use",
    }
    shaped["single_use" if once else "multi_use"] = once or {}
    return shaped
