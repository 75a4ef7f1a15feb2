"""Invoices as JSON objects (field names: those of stripe 16.1.0)."""

from __future__ import annotations

from collections.abc import Iterable

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.catalog import tax_rate
from simulators.stripe.wire.billing.lines import invoice_payment, line, pretax, total_tax
from simulators.stripe.wire.parties import Record, Shaped

_LINES_SHOWN = 10
_NO_TAX = {
    "disabled_reason": None,
    "enabled": False,
    "liability": None,
    "provider": None,
    "status": None,
}


def invoice(i: Record, now: int) -> Shaped:
    """An invoice; its payments and its secret are shown only when expanded."""
    if i.deleted:
        return {"id": i.id, "object": "invoice", "deleted": True}
    return {**_heading(i), **_person(i), **_sums(i), **_state(i, now)}


def _heading(i: Record) -> Shaped:
    return {
        "id": i.id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Tieout",
        "account_tax_ids": None,
        "application": None,
        "automatic_tax": _NO_TAX,
        "billing_reason": i.billing_reason,
        "collection_method": i.collection_method,
        "created": i.created_at // SECOND,
        "currency": i.currency,
        "custom_fields": [{"name": n, "value": v} for n, v in i.custom_fields] if i.custom_fields else None,
        "customer": i.customer,
        "customer_account": None,
        "default_payment_method": i.default_payment_method or None,
        "default_source": None,
        "default_tax_rates": [tax_rate(r, 0) for r in i.default_tax_rates],
        "description": i.description,
        "discounts": [d.id for d in i.discounts],
        "due_date": i.due_date,
        "effective_at": i.effective_at,
        "footer": i.footer,
        "from_invoice": {"action": "revision", "invoice": i.from_invoice} if i.from_invoice else None,
        "issuer": {"type": "self"},
        "latest_revision": i.latest_revision or None,
        "livemode": i.livemode,
        "metadata": i.metadata,
        "number": i.number or None,
        "on_behalf_of": None,
        "parent": _parent(i),
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": i.payment_method_options,
            "payment_method_types": list(i.payment_method_types) if i.payment_method_types else None,
        },
        "period_end": i.period[1],
        "period_start": i.period[0],
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "statement_descriptor": i.statement_descriptor,
        "test_clock": i.test_clock or None,
    }


def _parent(i: Record) -> Shaped | None:
    if not i.subscription:
        return None
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": i.subscription_metadata,
            "subscription": i.subscription,
            "subscription_proration_date": i.proration_date,
        },
        "type": "subscription_details",
    }


def _person(i: Record) -> Shaped:
    """The customer as billed; of a draft, as it is."""
    owner, said = i.owner, i.person or {}
    if i.person is None and owner is not None:
        said = {name: getattr(owner, name, None) for name in _SAID}
    return {
        "customer_address": said.get("address"),
        "customer_email": said.get("email"),
        "customer_name": said.get("name"),
        "customer_phone": said.get("phone"),
        "customer_shipping": said.get("shipping"),
        "customer_tax_exempt": said.get("tax_exempt") or "none",
        "customer_tax_ids": [{"type": t, "value": v} for t, v in said.get("tax_numbers") or ()],
    }


_SAID = ("address", "email", "name", "phone", "shipping", "tax_exempt", "tax_numbers")


def _sums(i: Record) -> Shaped:
    taxes = i.taxes
    whole = sum(amount for _, amount, _, _ in taxes)
    within = sum(amount for rate, amount, _, _ in taxes if rate.inclusive)
    asked = i.asked
    return {
        "amount_due": asked,
        "amount_overpaid": i.overpaid,
        "amount_paid": i.paid,
        "amount_paid_off_stripe": i.paid_off_stripe,
        "amount_remaining": max(0, asked - i.paid),
        "amount_shipping": 0,
        "ending_balance": i.ending_balance,
        "post_payment_credit_notes_amount": i.postpaid,
        "pre_payment_credit_notes_amount": i.prepaid,
        "starting_balance": i.balance,
        "subtotal": i.subtotal,
        "subtotal_excluding_tax": i.subtotal - within,
        "total": i.total,
        "total_discount_amounts": _takings(i.takings),
        "total_excluding_tax": i.total - whole,
        "total_pretax_credit_amounts": pretax(i.takings),
        "total_taxes": [total_tax(*tax) for tax in taxes],
    }


def _takings(takings: Iterable[tuple[Record, int]]) -> list[Shaped]:
    return [{"amount": amount, "discount": d.id} for d, amount in takings]


def _state(i: Record, now: int) -> Shaped:
    shown = i.lines[:_LINES_SHOWN]
    public = bool(i.finalized_at)
    link = f"https://invoice.stripe.com/i/acct_tieout/test_{i.id}" if public else None
    return {
        "attempt_count": i.attempts,
        "attempted": i.attempted,
        "auto_advance": i.auto_advance and i.status in ("draft", "open"),
        "automatically_finalizes_at": i.finalizes_at if i.status == "draft" else None,
        "hosted_invoice_url": link,
        "invoice_pdf": f"https://pay.stripe.com/invoice/acct_tieout/test_{i.id}/pdf" if public else None,
        "last_finalization_error": i.finalization_error,
        "lines": {
            "object": "list",
            "data": [line(x, now) for x in shown],
            "has_more": len(i.lines) > _LINES_SHOWN,
            "url": f"/v1/invoices/{i.id}/lines",
        },
        "next_payment_attempt": i.next_attempt if i.status == "open" else _first_attempt(i),
        "status": i.status,
        "status_details": None,
        "status_transitions": {
            "finalized_at": i.finalized_at,
            "marked_uncollectible_at": i.uncollectible_at,
            "paid_at": i.paid_at,
            "voided_at": i.voided_at,
        },
        "threshold_reason": None,
        "webhooks_delivered_at": i.created_at // SECOND,
    }


def _first_attempt(i: Record) -> int | None:
    """A draft that advances by itself is paid when its hour is over."""
    drafted = i.status == "draft" and i.collection_method == "charge_automatically"
    at: int | None = i.finalizes_at if drafted else None
    return at


def payments(i: Record, now: int) -> Shaped:
    """An invoice's payments, as far as expanded."""
    return {
        "object": "list",
        "data": [invoice_payment(p, now) for p in i.payments[::-1][:_LINES_SHOWN]],
        "has_more": len(i.payments) > _LINES_SHOWN,
        "url": "/v1/invoice_payments",
    }


def secret(i: Record) -> Shaped | None:
    """What a browser confirms the payment with."""
    return {"client_secret": i.secret, "type": "payment_intent"} if i.secret else None
