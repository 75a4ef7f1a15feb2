"""Products, prices, coupons, codes, discounts and tax rates as JSON objects."""

from __future__ import annotations

from decimal import Decimal

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped


def text(number: Decimal | None) -> str | None:
    """A decimal as the wire writes it."""
    if number is None:
        return None
    plain = number.normalize()
    return format(plain, "f")


def whole(number: Decimal | None) -> int | None:
    """The amount, if it is a whole number of minor units."""
    return int(number) if number is not None and number == number.to_integral_value() else None


def product(p: Record, _now: int) -> Shaped:
    """A product."""
    if p.deleted:
        return {"id": p.id, "object": "product", "deleted": True}
    return {
        "id": p.id,
        "object": "product",
        "active": p.active,
        "created": p.created_at // SECOND,
        "default_price": p.default_price or None,
        "description": p.description,
        "images": list(p.images),
        "livemode": p.livemode,
        "marketing_features": [{"name": name} for name in p.marketing_features],
        "metadata": p.metadata,
        "name": p.name,
        "package_dimensions": p.package_dimensions,
        "shippable": p.shippable,
        "statement_descriptor": p.statement_descriptor,
        "tax_code": p.tax_code,
        "type": p.type,
        "unit_label": p.unit_label,
        "updated": p.updated,
        "url": p.url,
    }


def price(p: Record, _now: int) -> Shaped:
    """A price; tiers and other currencies are shown only when expanded."""
    tiered = p.billing_scheme == "tiered"
    unit = None if tiered else p.charged.unit
    return {
        "id": p.id,
        "object": "price",
        "active": p.active,
        "billing_scheme": p.billing_scheme,
        "created": p.created_at // SECOND,
        "currency": p.currency,
        "custom_unit_amount": p.custom,
        "livemode": p.livemode,
        "lookup_key": p.lookup_key,
        "metadata": p.metadata,
        "nickname": p.nickname,
        "product": p.product.id,
        "recurring": _recurring(p.recurring),
        "tax_behavior": p.charged.tax_behavior,
        "tiers_mode": p.tiers_mode,
        "transform_quantity": {"divide_by": p.divide_by, "round": p.round} if p.divide_by else None,
        "type": "recurring" if p.recurring else "one_time",
        "unit_amount": whole(unit),
        "unit_amount_decimal": text(unit),
    }


def _recurring(r: Record) -> Shaped | None:
    if r is None:
        return None
    return {
        "interval": r.interval,
        "interval_count": r.interval_count,
        "meter": r.meter or None,
        "trial_period_days": r.trial_period_days,
        "usage_type": r.usage_type,
    }


def tiers(charged: Record) -> list[Shaped]:
    """The tiers of a price."""
    return [
        {
            "flat_amount": whole(t.flat),
            "flat_amount_decimal": text(t.flat),
            "unit_amount": whole(t.unit),
            "unit_amount_decimal": text(t.unit),
            "up_to": t.up_to,
        }
        for t in charged.tiers
    ]


def currency_options(p: Record) -> Shaped:
    """What the price costs in each currency."""
    shown = {}
    for currency, charged in {p.currency: p.charged, **p.options}.items():
        shown[currency] = {
            "custom_unit_amount": None,
            "tax_behavior": charged.tax_behavior,
            "unit_amount": whole(charged.unit),
            "unit_amount_decimal": text(charged.unit),
        }
    return shown


def plan(p: Record) -> Shaped:
    """A recurring price as the plan that it once was."""
    recurring = p.recurring
    unit = None if p.billing_scheme == "tiered" else p.charged.unit
    return {
        "id": p.id,
        "object": "plan",
        "active": p.active,
        "amount": whole(unit),
        "amount_decimal": text(unit),
        "billing_scheme": p.billing_scheme,
        "created": p.created_at // SECOND,
        "currency": p.currency,
        "interval": recurring.interval,
        "interval_count": recurring.interval_count,
        "livemode": p.livemode,
        "metadata": p.metadata,
        "meter": recurring.meter or None,
        "nickname": p.nickname,
        "product": p.product.id,
        "tiers_mode": p.tiers_mode,
        "transform_usage": {"divide_by": p.divide_by, "round": p.round} if p.divide_by else None,
        "trial_period_days": recurring.trial_period_days,
        "usage_type": recurring.usage_type,
    }


def coupon(c: Record, now: int) -> Shaped:
    """A coupon; which products it is for is shown only when expanded."""
    if c.deleted:
        return {"id": c.id, "object": "coupon", "deleted": True}
    spent = c.max_redemptions is not None and c.times_redeemed >= c.max_redemptions
    late = c.redeem_by is not None and c.redeem_by <= now // SECOND
    return {
        "id": c.id,
        "object": "coupon",
        "amount_off": c.amount,
        "created": c.created_at // SECOND,
        "currency": c.currency,
        "duration": c.duration,
        "duration_in_months": c.months,
        "livemode": c.livemode,
        "max_redemptions": c.max_redemptions,
        "metadata": c.metadata,
        "name": c.name,
        "percent_off": c.percent,
        "redeem_by": c.redeem_by,
        "times_redeemed": c.times_redeemed,
        "valid": not (spent or late),
    }


def promotion_code(c: Record, now: int) -> Shaped:
    """A promotion code; its coupon is an id."""
    spent = c.max_redemptions is not None and c.times_redeemed >= c.max_redemptions
    late = c.expires_at is not None and c.expires_at <= now // SECOND
    return {
        "id": c.id,
        "object": "promotion_code",
        "active": c.active and not (spent or late),
        "code": c.code,
        "created": c.created_at // SECOND,
        "customer": c.customer or None,
        "customer_account": None,
        "expires_at": c.expires_at,
        "livemode": c.livemode,
        "max_redemptions": c.max_redemptions,
        "metadata": c.metadata,
        "promotion": {"coupon": c.coupon.id, "type": "coupon"},
        "restrictions": {
            "first_time_transaction": c.first_time,
            "minimum_amount": c.minimum_amount,
            "minimum_amount_currency": c.minimum_currency,
        },
        "times_redeemed": c.times_redeemed,
    }


def discount(d: Record, _now: int) -> Shaped:
    """A discount; its coupon is an id."""
    shown: Shaped = {
        "id": d.id,
        "object": "discount",
        "checkout_session": None,
        "customer": d.customer or None,
        "customer_account": None,
        "end": d.end,
        "invoice": d.invoice or None,
        "invoice_item": d.invoice_item or None,
        "promotion_code": d.promotion_code or None,
        "source": {"coupon": d.coupon.id, "type": "coupon"},
        "start": d.start,
        "subscription": d.subscription or None,
        "subscription_item": d.subscription_item or None,
    }
    return {**shown, "deleted": True} if d.deleted else shown


def tax_rate(r: Record, _now: int) -> Shaped:
    """A tax rate."""
    return {
        "id": r.id,
        "object": "tax_rate",
        "active": r.active,
        "country": r.country,
        "created": r.created_at // SECOND,
        "description": r.description,
        "display_name": r.display_name,
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": r.inclusive,
        "jurisdiction": r.jurisdiction,
        "jurisdiction_level": None,
        "livemode": r.livemode,
        "metadata": r.metadata,
        "percentage": r.percentage,
        "rate_type": "percentage",
        "state": r.state,
        "tax_type": r.tax_type,
    }
