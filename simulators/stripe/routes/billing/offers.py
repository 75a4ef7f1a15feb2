"""Coupons, promotion codes and tax rates over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.rules.billing.catalog_records import Coupon, PromotionCode, TaxRate
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import offer_params as params
from simulators.stripe.wire.params import Dated, Nothing


async def create_coupon(mode: Mode, call: Call) -> Reply:
    form = taken(params.CouponCreate, call, "coupon")
    wish = form.given("amount_off", "applies_to", "currency_options", "duration_in_months", "percent_off")
    wish |= {
        "amount": form.amount_off,
        "percent": form.percent_off,
        "months": form.duration_in_months,
        "products": form.applies_to.products,
        "options": {currency: x.amount_off for currency, x in form.currency_options.items()},
    }
    for id in form.applies_to.products:  # noqa: A001
        mode.billing.catalog.product(id, "applies_to[products]")
    return one(mode, mode.billing.coupons.create_coupon(wish), form.expand)


async def retrieve_coupon(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "coupon")
    return one(mode, _coupon(mode, call), form.expand)


async def update_coupon(mode: Mode, call: Call) -> Reply:
    form = taken(params.CouponUpdate, call, "coupon")
    coupon = _coupon(mode, call)
    changes = form.given("currency_options")
    if form.currency_options:
        fresh = {currency: x.amount_off for currency, x in form.currency_options.items()}
        changes["options"] = {**coupon.options, **fresh}
    return one(mode, mode.billing.coupons.update_coupon(coupon, changes), form.expand)


async def delete_coupon(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "coupon")
    return one(mode, mode.billing.coupons.delete_coupon(_coupon(mode, call)))


async def list_coupons(mode: Mode, call: Call) -> Reply:
    form = taken(Dated, call, "coupon", many=True)
    return page(mode, mode.billing.coupons.coupons, form, call, "coupon")


async def create_code(mode: Mode, call: Call) -> Reply:
    form = taken(params.CodeCreate, call, "promotion_code")
    wish = form.given("promotion", "restrictions")
    limits = form.restrictions
    wish |= {
        "first_time": limits.first_time_transaction,
        "minimum_amount": limits.minimum_amount,
        "minimum_currency": limits.minimum_amount_currency,
    }
    return one(mode, mode.billing.coupons.create_code(form.promotion.coupon, wish), form.expand)


async def retrieve_code(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "promotion_code")
    return one(mode, _code(mode, call), form.expand)


async def update_code(mode: Mode, call: Call) -> Reply:
    form = taken(params.CodeUpdate, call, "promotion_code")
    return one(mode, mode.billing.coupons.update_code(_code(mode, call), form.given()), form.expand)


async def list_codes(mode: Mode, call: Call) -> Reply:
    form = taken(params.CodeList, call, "promotion_code", many=True)
    key: tuple[str, ...] = ()
    if form.code:
        key = ("code", form.code.casefold())
    elif form.coupon:
        key = ("coupon", form.coupon)
    elif form.customer:
        key = ("customer", form.customer)

    def keep(c: PromotionCode) -> bool:
        return (
            form.active in (None, c.active)
            and form.coupon in ("", c.coupon.id)
            and form.customer in ("", c.customer)
        )

    return page(mode, mode.billing.coupons.codes, form, call, "promotion code", key, keep)


async def create_rate(mode: Mode, call: Call) -> Reply:
    form = taken(params.RateCreate, call, "tax_rate")
    return one(mode, mode.billing.tax_rates.create(**form.given()), form.expand)


async def retrieve_rate(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "tax_rate")
    return one(mode, _rate(mode, call), form.expand)


async def update_rate(mode: Mode, call: Call) -> Reply:
    form = taken(params.RateUpdate, call, "tax_rate")
    return one(mode, mode.billing.tax_rates.update(_rate(mode, call), form.given()), form.expand)


async def list_rates(mode: Mode, call: Call) -> Reply:
    form = taken(params.RateList, call, "tax_rate", many=True)

    def keep(r: TaxRate) -> bool:
        return form.active in (None, r.active) and form.inclusive in (None, r.inclusive)

    return page(mode, mode.billing.tax_rates.shelf, form, call, "tax rate", keep=keep)


async def drop_customer_discount(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "customer")
    owner = mode.customers.take(call.params["customer"], "customer", path=True)
    return _gone(mode, mode.billing.wallets.drop_discount(owner))


async def drop_subscription_discount(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "subscription")
    sub = mode.billing.subscriptions.take(call.params["subscription"], "id", path=True)
    with mode.billing.desk.living(sub.customer):
        return _gone(mode, mode.billing.alterations.drop_discount(sub))


def _gone(mode: Mode, discount: Any) -> Reply:
    return one(mode, discount)


def _coupon(mode: Mode, call: Call) -> Coupon:
    return mode.billing.coupons.coupon(call.params["coupon"], "coupon", path=True)


def _code(mode: Mode, call: Call) -> PromotionCode:
    return mode.billing.coupons.code(call.params["promotion_code"], "promotion_code", path=True)


def _rate(mode: Mode, call: Call) -> TaxRate:
    return mode.billing.tax_rates.take(call.params["tax_rate"], "tax_rate", path=True)
