"""Customers and payment methods as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from typing import Any

from simulators.kit.clock import SECOND

# A record of the rules, whose classes the shapes may not know; its attributes are named there.
Record = Any
Shaped = dict[str, Any]

_NO_ADDRESS = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}


def customer(c: Record, _now: int) -> Shaped:
    """A customer; a deleted one shows nothing but that."""
    if c.deleted:
        return {"id": c.id, "object": "customer", "deleted": True}
    return {
        "id": c.id,
        "object": "customer",
        "address": {**_NO_ADDRESS, **c.address} if c.address else None,
        "balance": 0,
        "created": c.created_at // SECOND,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": c.description,
        "discount": None,
        "email": c.email,
        "invoice_prefix": c.invoice_prefix,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": c.default_method or None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": c.livemode,
        "metadata": c.metadata,
        "name": c.name,
        "next_invoice_sequence": 1,
        "phone": c.phone,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        **(_billing(c.billing) if c.billing is not None else {}),
    }


def _billing(w: Record) -> Shaped:
    """What billing knows of the customer."""
    discount = w.discount
    return {
        "balance": w.balance,
        "currency": w.currency or None,
        "delinquent": w.delinquent,
        "discount": discount.id if discount is not None else None,
        "next_invoice_sequence": w.next_number,
        "test_clock": w.clock.id if w.clock is not None else None,
    }


def payment_method(m: Record, _now: int) -> Shaped:
    """A card."""
    card = m.card
    return {
        "id": m.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": m.billing_details,
        "card": {
            "brand": card.brand,
            "checks": _CHECKS,
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": EXPIRES[0],
            "exp_year": EXPIRES[1],
            "fingerprint": m.fingerprint,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": m.created_at // SECOND,
        "customer": m.customer or None,
        "customer_account": None,
        "livemode": m.livemode,
        "metadata": m.metadata,
        "type": "card",
    }


# Test cards never run out, whatever year a simulation plays in.
EXPIRES = (8, 2099)
_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
