"""Billing's records by their kinds."""

from __future__ import annotations

from collections.abc import Callable

from simulators.stripe.wire.billing import catalog, contracts, credit_notes, lines, papers, quotes, usage
from simulators.stripe.wire.parties import Record, Shaped

SHAPES: dict[str, Callable[[Record, int], Shaped]] = {
    "product": catalog.product,
    "price": catalog.price,
    "coupon": catalog.coupon,
    "promotion_code": catalog.promotion_code,
    "discount": catalog.discount,
    "tax_rate": catalog.tax_rate,
    "billing.meter": usage.meter,
    "billing.meter_event": usage.meter_event,
    "test_helpers.test_clock": usage.clock,
    "invoiceitem": lines.invoiceitem,
    "invoice": papers.invoice,
    "line_item": lines.line,
    "invoice_payment": lines.invoice_payment,
    "credit_note": credit_notes.credit_note,
    "credit_note_line_item": credit_notes.credit_line,
    "subscription": contracts.subscription,
    "subscription_item": contracts.subscription_item,
    "subscription_schedule": contracts.schedule,
    "quote": quotes.quote,
}
