"""Customers and what hangs on them as JSON objects (field names: stripe/openapi fixtures3.json)."""

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
_NO_SETTINGS = {
    "custom_fields": None,
    "default_payment_method": None,
    "footer": None,
    "rendering_options": None,
}


def address(given: Record) -> Shaped | None:
    """An address with all of its members."""
    return {**_NO_ADDRESS, **given} if given else None


def shipping(given: Record) -> Shaped | None:
    """Where goods go, with all of its members; carriers and numbers only where they were given."""
    if not given:
        return None
    return {
        **given,
        "address": address(given.get("address")),
        "name": given.get("name"),
        "phone": given.get("phone"),
    }


def customer(c: Record, _now: int) -> Shaped:
    """A customer; a deleted one shows nothing but that."""
    if c.deleted:
        return {"id": c.id, "object": "customer", "deleted": True}
    shaped: Shaped = {
        "id": c.id,
        "object": "customer",
        "address": address(c.address),
        "balance": c.balance,
        "created": c.created_at // SECOND,
        "currency": c.currency or None,
        "customer_account": None,
        "default_source": c.default_source or None,
        "delinquent": c.delinquent,
        "description": c.description,
        "discount": None,
        "email": c.email,
        "invoice_prefix": c.invoice_prefix,
        "invoice_settings": {
            **_NO_SETTINGS,
            **c.invoice_settings,
            "default_payment_method": c.default_method or None,
        },
        "livemode": c.livemode,
        "metadata": c.metadata,
        "name": c.name,
        "next_invoice_sequence": c.next_invoice_sequence,
        "phone": c.phone,
        "preferred_locales": list(c.preferred_locales),
        "shipping": shipping(c.shipping),
        "tax_exempt": c.tax_exempt,
        "test_clock": c.test_clock or None,
    }
    if c.billing is not None:
        shaped |= _billing(c.billing)
    if c.business_name is not None or c.individual_name is not None:
        shaped["business_name"], shaped["individual_name"] = c.business_name, c.individual_name
    return shaped


def _billing(w: Record) -> Shaped:
    """What only billing knows of the customer."""
    return {"discount": w.discount.id if w.discount is not None else None}


def customer_tax(c: Record) -> Shaped:
    """What is shown of a customer's place for taxes, when it is asked for."""
    known = c.address or (c.shipping or {}).get("address") or {}
    country = known.get("country")
    located = {"country": country, "source": "billing_address", "state": known.get("state")}
    return {
        "automatic_tax": "supported" if country else "unrecognized_location",
        "ip_address": c.tax.get("ip_address"),
        "location": located if country else None,
        "provider": "stripe",
    }


def customer_balance_transaction(e: Record, _now: int) -> Shaped:
    """A change of a customer's balance."""
    return {
        "id": e.id,
        "object": "customer_balance_transaction",
        "amount": e.amount,
        "checkout_session": None,
        "created": e.created_at // SECOND,
        "credit_note": e.credit_note or None,
        "currency": e.currency,
        "customer": e.customer,
        "customer_account": None,
        "description": e.description,
        "ending_balance": e.ending,
        "invoice": e.invoice or None,
        "livemode": e.livemode,
        "metadata": e.metadata,
        "type": e.type,
    }


def tax_id(t: Record, _now: int) -> Shaped:
    """A tax number. Test values ending in 1s and 2s cannot be verified or are still being so."""
    if t.deleted:
        return {"id": t.id, "object": "tax_id", "deleted": True}
    status = {"111111111": "unverified", "222222222": "pending"}.get(t.value[-9:], "verified")
    verified = status == "verified"
    return {
        "id": t.id,
        "object": "tax_id",
        "country": t.type[:2].upper() if t.type[:2] != "eu" else t.value[:2].upper(),
        "created": t.created_at // SECOND,
        "customer": t.customer,
        "customer_account": None,
        "livemode": t.livemode,
        "owner": {"customer": t.customer, "type": "customer"},
        "type": t.type,
        "value": t.value,
        "verification": {
            "status": status,
            "verified_address": "123 TEST STREET" if verified else None,
            "verified_name": "TEST" if verified else None,
        },
    }
