"""Quotes and their lines as JSON objects (field names: those of stripe 16.1.0)."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.catalog import price
from simulators.stripe.wire.parties import Record, Shaped

_NO_TAX = {"enabled": False, "liability": None, "provider": None, "status": None}


def quote(q: Record, _now: int) -> Shaped:
    """A quote; its lines are shown only when expanded."""
    return {
        "id": q.id,
        "object": "quote",
        "amount_subtotal": q.upfront.subtotal,
        "amount_total": q.upfront.total,
        "application": None,
        "application_fee_amount": None,
        "application_fee_percent": None,
        "automatic_tax": _NO_TAX,
        "collection_method": q.collection_method,
        "computed": {"recurring": _recurring(q), "upfront": _sums(q.upfront)},
        "created": q.created_at // SECOND,
        "currency": q.currency if q.lines else None,
        "customer": q.customer or None,
        "customer_account": None,
        "default_tax_rates": [rate.id for rate in q.default_tax_rates],
        "description": q.description,
        "discounts": [d.id for d in q.discounts],
        "expires_at": q.expires_at,
        "footer": q.footer,
        "from_quote": {"is_revision": False, "quote": q.from_quote} if q.from_quote else None,
        "header": q.header,
        "invoice": q.invoice or None,
        "invoice_settings": {
            "custom_fields": None,
            "days_until_due": q.invoice_settings.get("days_until_due"),
            "description": q.invoice_settings.get("description"),
            "footer": q.invoice_settings.get("footer"),
            "issuer": {"type": "self"},
        },
        "livemode": q.livemode,
        "metadata": q.metadata,
        "number": q.number or None,
        "on_behalf_of": None,
        "status": q.status,
        "status_transitions": {
            "accepted_at": q.accepted_at,
            "canceled_at": q.canceled_at,
            "finalized_at": q.finalized_at,
        },
        "subscription": q.subscription or None,
        "subscription_data": {
            "billing_mode": {"flexible": None, "type": q.terms.get("billing_mode", "flexible")},
            "description": q.terms.get("description"),
            "effective_date": q.effective if isinstance(q.effective, int) else None,
            "metadata": q.terms.get("metadata") or {},
            "trial_period_days": q.terms.get("trial_period_days"),
        },
        "subscription_schedule": q.schedule or None,
        "test_clock": q.test_clock or None,
        "total_details": _details(q.upfront),
        "transfer_data": None,
    }


def quote_lines(q: Record, now: int, reckoned: Record) -> Sequence[Shaped]:
    """What is offered, line by line, with what an invoice would make of each."""
    by_price = {id(line.price): line for line in reckoned.lines}
    return [_line(q, x, by_price[id(x.price)], now) for x in q.lines if id(x.price) in by_price]


def _line(q: Record, x: Record, billed: Record, now: int) -> Shaped:
    off = sum(t.amount for t in billed.taken)
    tax = sum(t.amount for t in billed.taxes)
    added = sum(t.amount for t in billed.taxes if not t.rate.inclusive)
    return {
        "id": x.id,
        "object": "item",
        "amount_discount": off,
        "amount_subtotal": billed.amount,
        "amount_tax": tax,
        "amount_total": billed.amount - off + added,
        "currency": q.currency,
        "description": x.price.product.name,
        "price": price(x.price, now),
        "quantity": x.quantity,
    }


def _details(r: Record) -> Shaped:
    return {"amount_discount": r.discount, "amount_shipping": 0, "amount_tax": r.tax}


def _sums(r: Record) -> Shaped:
    return {"amount_subtotal": r.subtotal, "amount_total": r.total, "total_details": _details(r)}


def _recurring(q: Record) -> Shaped | None:
    if q.recurring is None:
        return None
    return {**_sums(q.recurring), "interval": q.interval[0], "interval_count": q.interval[1]}
