"""What can be expanded in billing's objects.

A kind that begins with "." is a plain part, only stepped through; one that begins with "+" is shown
only when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

_DISCOUNT = {"customer": "customer", "promotion_code": "promotion_code", "source": ".source"}
_DISCOUNTED = {"data": "line_item"}

EXPANDABLE: Mapping[str, Mapping[str, str]] = {
    "product": {"default_price": "price", "tax_code": ""},
    "price": {"product": "product", "tiers": "+tiers", "currency_options": "+currency_options"},
    "plan": {"product": "product", "tiers": "+tiers"},
    "coupon": {"applies_to": "+applies_to", "currency_options": "+coupon_options"},
    "promotion_code": {"customer": "customer", "promotion": ".promotion"},
    ".promotion": {"coupon": "coupon"},
    "discount": _DISCOUNT,
    ".source": {"coupon": "coupon"},
    ".items_discount": {"discount": "discount"},
    "tax_rate": {},
    "billing.meter": {},
    "billing.meter_event": {},
    "billing.meter_event_summary": {},
    "billing.meter_event_adjustment": {},
    "test_helpers.test_clock": {},
    "invoiceitem": {
        "customer": "customer",
        "discounts": "discount",
        "invoice": "invoice",
        "pricing": ".pricing",
        "test_clock": "test_helpers.test_clock",
    },
    ".pricing": {"price_details": ".price_details"},
    ".price_details": {"price": "price", "product": "product"},
    "invoice": {
        "account_tax_ids": "",
        "charge": "",
        "confirmation_secret": "+confirmation_secret",
        "customer": "customer",
        "default_payment_method": "payment_method",
        "default_source": "",
        "discounts": "discount",
        "from_invoice": ".from_invoice",
        "latest_revision": "invoice",
        "lines": ".lines",
        "parent": ".invoice_parent",
        "payments": "+payments",
        "test_clock": "test_helpers.test_clock",
        "total_discount_amounts": ".items_discount",
        "total_pretax_credit_amounts": ".items_discount",
    },
    ".from_invoice": {"invoice": "invoice"},
    ".lines": _DISCOUNTED,
    ".invoice_parent": {"subscription_details": ".invoice_subscription"},
    ".invoice_subscription": {"subscription": "subscription"},
    "+payments": {"data": "invoice_payment"},
    "line_item": {
        "discount_amounts": ".items_discount",
        "discounts": "discount",
        "pretax_credit_amounts": ".items_discount",
        "pricing": ".pricing",
        "subscription": "subscription",
    },
    "invoice_payment": {"invoice": "invoice", "payment": ".payment"},
    ".payment": {"charge": "charge", "payment_intent": "payment_intent", "payment_record": ""},
    "credit_note": {
        "customer": "customer",
        "customer_balance_transaction": "customer_balance_transaction",
        "discount_amounts": ".items_discount",
        "invoice": "invoice",
        "lines": ".credit_lines",
        "refunds": ".credit_refunds",
    },
    ".credit_lines": {"data": "credit_note_line_item"},
    ".credit_refunds": {"refund": "refund"},
    "credit_note_line_item": {"discount_amounts": ".items_discount"},
    "customer_balance_transaction": {
        "credit_note": "credit_note",
        "customer": "customer",
        "invoice": "invoice",
    },
    "subscription": {
        "customer": "customer",
        "default_payment_method": "payment_method",
        "default_source": "",
        "discounts": "discount",
        "items": ".items",
        "latest_invoice": "invoice",
        "pending_setup_intent": "setup_intent",
        "schedule": "subscription_schedule",
        "test_clock": "test_helpers.test_clock",
    },
    ".items": {"data": "subscription_item"},
    "subscription_item": {"discounts": "discount", "price": "price"},
    "subscription_schedule": {
        "customer": "customer",
        "phases": ".phase",
        "default_settings": ".default_settings",
        "released_subscription": "subscription",
        "subscription": "subscription",
        "test_clock": "test_helpers.test_clock",
    },
    ".default_settings": {"default_payment_method": "payment_method"},
    ".phase": {"default_payment_method": "payment_method", "items": ".phase_item"},
    ".phase_item": {"price": "price"},
    ".customer_discount": _DISCOUNT,
    "+subscriptions": {"data": "subscription"},
}
CUSTOMER = {
    "subscriptions": "+subscriptions",
    "test_clock": "test_helpers.test_clock",
    "discount": ".customer_discount",
}
