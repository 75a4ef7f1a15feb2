"""Lines of invoices, invoice items and invoice payments as JSON objects."""

from __future__ import annotations

from collections.abc import Iterable

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.catalog import tax_rate, text
from simulators.stripe.wire.parties import Record, Shaped


def line(x: Record, _now: int) -> Shaped:
    """A line of an invoice."""
    return {
        "id": x.id,
        "object": "line_item",
        "amount": x.amount,
        "currency": x.currency,
        "description": x.description,
        "discount_amounts": [{"amount": t.amount, "discount": t.discount.id} for t in x.taken],
        "discountable": x.discountable,
        "discounts": [d.id for d in x.discounts],
        "invoice": x.invoice,
        "livemode": x.livemode,
        "metadata": x.metadata,
        "parent": _line_parent(x),
        "period": {"end": x.period[1], "start": x.period[0]},
        "pretax_credit_amounts": pretax((t.discount, t.amount) for t in x.taken),
        "pricing": _pricing(x),
        "quantity": x.quantity,
        "quantity_decimal": None if x.quantity is None else str(x.quantity),
        "subscription": x.subscription or None,
        "subtotal": x.amount,
        "taxes": [total_tax(t.rate, t.amount, t.taxable, t.reason) for t in x.taxes],
    }


def _line_parent(x: Record) -> Shaped:
    details = {"proration": x.proration, "proration_details": {"credited_items": _credited(x.credited)}}
    if x.subscription_item:
        return {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": x.item.id if x.item else None,
                **details,
                "subscription": x.subscription,
                "subscription_item": x.subscription_item,
            },
            "type": "subscription_item_details",
        }
    return {
        "invoice_item_details": {
            "invoice_item": x.item.id if x.item else None,
            **details,
            "subscription": x.subscription or None,
        },
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def _credited(credited: tuple[str, tuple[str, ...]] | None) -> Shaped | None:
    return {"invoice": credited[0], "invoice_line_items": list(credited[1])} if credited else None


def _pricing(x: Record) -> Shaped | None:
    if x.unit is None:
        return None
    details = {"price": x.price.id, "product": x.price.product.id} if x.price else None
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": text(x.unit)}


def invoiceitem(x: Record, _now: int) -> Shaped:
    """An invoice item."""
    if x.deleted:
        return {"id": x.id, "object": "invoiceitem", "deleted": True}
    parent = None
    if x.subscription:
        details = {"subscription": x.subscription, "subscription_item": x.subscription_item or None}
        parent = {"subscription_details": details, "type": "subscription_details"}
    proration: Shaped | None = None
    if x.proration:
        proration = {"credited_items": _credited_item(x.credited), "discount_amounts": []}
    return {
        "id": x.id,
        "object": "invoiceitem",
        "amount": x.amount,
        "currency": x.currency,
        "customer": x.customer,
        "customer_account": None,
        "date": x.created_at // SECOND,
        "description": x.description,
        "discountable": x.discountable,
        "discounts": [d.id for d in x.discounts or ()],
        "frozen_fields": None,
        "invoice": x.invoice or None,
        "invoicing_rules": None,
        "livemode": x.livemode,
        "metadata": x.metadata,
        "net_amount": x.amount,
        "parent": parent,
        "period": {"end": x.period[1], "start": x.period[0]},
        "pricing": _pricing(x),
        "proration": x.proration,
        "proration_details": proration,
        "quantity": x.quantity,
        "quantity_decimal": str(x.quantity),
        "tax_rates": [tax_rate(r, 0) for r in x.tax_rates],
        "test_clock": x.test_clock or None,
    }


def _credited_item(credited: tuple[str, tuple[str, ...]] | None) -> Shaped | None:
    if credited is None:
        return None
    details = {"invoice": credited[0], "invoice_line_items": list(credited[1])}
    return {"invoice_item": None, "invoice_line_item_details": details, "type": "invoice_line_items"}


def invoice_payment(p: Record, _now: int) -> Shaped:
    """A payment of an invoice."""
    return {
        "id": p.id,
        "object": "invoice_payment",
        "amount_paid": p.paid,
        "amount_requested": p.requested,
        "created": p.created_at // SECOND,
        "currency": p.currency,
        "invoice": p.invoice,
        "is_default": p.is_default,
        "livemode": p.livemode,
        "payment": {"payment_intent": p.intent, "type": "payment_intent"},
        "status": p.status,
        "status_transitions": {"canceled_at": p.canceled_at, "paid_at": p.paid_at},
    }


def pretax(takings: Iterable[tuple[Record, int]]) -> list[Shaped]:
    """What discounts take off, among other credits."""
    return [{"amount": amount, "discount": d.id, "type": "discount"} for d, amount in takings]


def total_tax(rate: Record, amount: int, taxable: int, reason: str) -> Shaped:
    """The tax of one rate."""
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if rate.inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate.id},
        "taxability_reason": reason,
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }
