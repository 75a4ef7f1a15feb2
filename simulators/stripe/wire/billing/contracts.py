"""Subscriptions, their items and schedules as JSON objects, and what customers have of billing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.catalog import plan, price, tax_rate
from simulators.stripe.wire.parties import Record, Shaped

_NO_TAX = {"disabled_reason": None, "enabled": False, "liability": None}


def subscription(s: Record, now: int) -> Shaped:
    """A subscription; periods are on its items."""
    return {**_terms(s, now), **_course(s, now)}


def _terms(s: Record, now: int) -> Shaped:
    """What was agreed."""
    return {
        "id": s.id,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": _NO_TAX,
        "billing_cycle_anchor": s.anchor,
        "billing_cycle_anchor_config": s.anchor_config,
        "billing_mode": _mode(s.billing_mode),
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": s.cancel_at,
        "cancel_at_period_end": s.cancel_at_period_end,
        "canceled_at": s.canceled_at,
        "cancellation_details": {"comment": s.comment, "feedback": s.feedback, "reason": s.reason},
        "collection_method": s.collection_method,
        "created": s.created_at // SECOND,
        "currency": s.currency,
        "customer": s.customer,
        "customer_account": None,
        "days_until_due": s.days_until_due,
        "default_payment_method": s.default_payment_method or None,
        "default_source": None,
        "default_tax_rates": [tax_rate(r, now) for r in s.default_tax_rates],
        "description": s.description,
        "discounts": [d.id for d in s.discounts],
        "ended_at": s.ended_at,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": s.invoice_settings.get("description"),
            "footer": s.invoice_settings.get("footer"),
            "issuer": {"type": "self"},
        },
    }


def _course(s: Record, now: int) -> Shaped:
    """How it goes."""
    return {
        "items": {
            "object": "list",
            "data": [subscription_item(i, now) for i in s.items[:10]],
            "has_more": len(s.items) > 10,
            "url": f"/v1/subscription_items?subscription={s.id}",
        },
        "latest_invoice": s.latest_invoice or None,
        "livemode": s.livemode,
        "managed_payments": None,
        "metadata": s.metadata,
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": _pause(s.pause),
        "payment_settings": _settings(s.payment_settings),
        "pending_invoice_item_interval": _spell(s.pending_interval),
        "pending_setup_intent": s.setup_intent or None,
        "pending_update": _waiting(s.pending, now),
        "presentment_details": None,
        "schedule": s.schedule or None,
        "start_date": s.start,
        "status": s.status,
        "status_details": _details(s) if s.status == "paused" else None,
        "test_clock": s.test_clock or None,
        "transfer_data": None,
        "trial_end": s.trial[1] if s.trial else None,
        "trial_settings": {
            "end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": s.missing_method}
        },
        "trial_start": s.trial[0] if s.trial else None,
    }


def _waiting(p: Record, now: int) -> Shaped | None:
    """The change that waits to be paid."""
    if p is None:
        return None
    return {
        "billing_cycle_anchor": p.anchor,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": p.expires_at,
        "metadata": None,
        "subscription_items": [subscription_item(i, now) for i in p.items],
        "trial_end": p.trial_end,
        "trial_from_plan": None,
    }


def _mode(type: str) -> Shaped:  # noqa: A002
    if type == "classic":
        return {"flexible": None, "type": "classic", "updated_at": None}
    return {"flexible": {"proration_discounts": "included"}, "type": type, "updated_at": None}


def _pause(pause: tuple[str, int | None] | None) -> Shaped | None:
    return {"behavior": pause[0], "resumes_at": pause[1]} if pause else None


def _settings(given: Mapping[str, Any]) -> Shaped:
    types = given.get("payment_method_types")
    return {
        "payment_method_options": given.get("payment_method_options"),
        "payment_method_types": list(types) if types else None,
        "save_default_payment_method": given.get("save_default_payment_method", "off"),
    }


def _spell(spell: tuple[str, int] | None) -> Shaped | None:
    return {"interval": spell[0], "interval_count": spell[1]} if spell else None


def _details(s: Record) -> Shaped | None:
    if s.paused_because is None:
        return None
    type_, at = s.paused_because
    return {"paused": {"subscription": {"type": type_}, "transitioned_at": at, "type": "subscription"}}


def subscription_item(i: Record, now: int) -> Shaped:
    """An item; `plan` is its price in the old shape."""
    if i.deleted:
        return {"id": i.id, "object": "subscription_item", "deleted": True}
    shown: Shaped = {
        "id": i.id,
        "object": "subscription_item",
        "billed_until": None,
        "billing_thresholds": None,
        "created": i.created_at // SECOND,
        "current_period_end": i.period[1],
        "current_period_start": i.period[0],
        "current_trial": None,
        "discounts": [d.id for d in i.discounts],
        "metadata": i.metadata,
        "plan": plan(i.price),
        "price": price(i.price, now),
        "subscription": i.subscription,
        "tax_rates": [tax_rate(r, now) for r in i.tax_rates],
    }
    if i.quantity is not None:
        shown["quantity"] = i.quantity
    return shown


def schedule(s: Record, now: int) -> Shaped:
    """A schedule."""
    current = s.phases[s.current] if s.status == "active" else None
    return {
        "id": s.id,
        "object": "subscription_schedule",
        "application": None,
        "billing_mode": _mode("flexible"),
        "canceled_at": s.canceled_at,
        "completed_at": s.completed_at,
        "created": s.created_at // SECOND,
        "current_phase": {"end_date": current.end, "start_date": current.start} if current else None,
        "customer": s.customer,
        "customer_account": None,
        "default_settings": {
            "application_fee_percent": None,
            "automatic_tax": _NO_TAX,
            "billing_cycle_anchor": s.settings.get("billing_cycle_anchor", "automatic"),
            "billing_thresholds": None,
            "collection_method": s.settings.get("collection_method", "charge_automatically"),
            "default_payment_method": s.settings.get("default_payment_method"),
            "description": s.settings.get("description"),
            "invoice_settings": {
                "account_tax_ids": None,
                "days_until_due": s.settings.get("days_until_due"),
                "issuer": {"type": "self"},
            },
            "on_behalf_of": None,
            "transfer_data": None,
        },
        "end_behavior": s.end_behavior,
        "livemode": s.livemode,
        "metadata": s.metadata,
        "pause_schedules": [],
        "phases": [_phase(p, now) for p in s.phases],
        "released_at": s.released_at,
        "released_subscription": s.released_subscription or None,
        "status": s.status,
        "subscription": s.subscription or None,
        "test_clock": s.test_clock or None,
    }


def _phase(p: Record, _now: int) -> Shaped:
    settings = p.settings
    return {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "automatic_tax": _NO_TAX,
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": settings.get("collection_method"),
        "currency": p.items[0].get("currency", "usd") if p.items else "usd",
        "default_payment_method": settings.get("default_payment_method"),
        "default_tax_rates": [],
        "description": settings.get("description"),
        "discounts": [
            {
                "coupon": d.get("coupon"),
                "discount": d.get("discount"),
                "promotion_code": d.get("promotion_code"),
            }
            for d in p.discounts
        ],
        "end_date": p.end,
        "invoice_settings": None,
        "items": [_phase_item(w) for w in p.items],
        "metadata": settings.get("metadata") or {},
        "on_behalf_of": None,
        "proration_behavior": p.proration,
        "start_date": p.start,
        "transfer_data": None,
        "trial_end": p.trial_end,
    }


def _phase_item(wish: Mapping[str, Any]) -> Shaped:
    given = wish["price"]
    named = given if isinstance(given, str) else given.id
    shown: Shaped = {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": wish.get("metadata") or {},
        "plan": named,
        "price": named,
        "tax_rates": [],
    }
    if wish.get("quantity") is not None:
        shown["quantity"] = wish["quantity"]
    return shown
