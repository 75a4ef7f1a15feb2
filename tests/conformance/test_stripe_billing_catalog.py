"""Products, prices, coupons, codes, tax rates and meters through Stripe's own SDK."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_billing import DAY, START, Bench, client

FEB = START + 31 * DAY


def refused(act: Any, *args: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as no:
        act(*args)
    return no.value


def test_products_live_and_die(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    made = v1.products.create({"id": "gold", "name": "Gold", "metadata": {"tier": "1"}})
    assert (made.id, made.active, made.type, made.default_price) == ("gold", True, "service", None)
    assert refused(v1.products.create, {"id": "gold", "name": "Again"}).code == "resource_already_exists"
    changed = v1.products.update("gold", {"name": "Golden", "active": False, "metadata": {"tier": ""}})
    assert (changed.name, changed.active, changed.metadata.to_dict()) == ("Golden", False, {})
    assert v1.products.list({"active": False}).data[0].id == "gold"
    assert v1.products.list({"ids": ["gold"]}).data[0].id == "gold"
    price = v1.prices.create({"product": "gold", "currency": "usd", "unit_amount": 100})
    assert refused(v1.products.delete, "gold").http_status == 400
    bare = v1.products.create({"name": "Bare"})
    assert v1.products.delete(bare.id).deleted is True
    assert refused(v1.products.retrieve, bare.id).http_status == 404
    v1.products.update("gold", {"default_price": price.id})
    deep = v1.products.retrieve("gold", {"expand": ["default_price"]})
    assert deep.default_price.unit_amount == 100  # type: ignore[union-attr]
    last = v1.events.list({"type": "product.updated"}).data[0]
    assert (
        last.data.previous_attributes["default_price"] is None
        or "default_price" in last.data.previous_attributes
    )  # type: ignore[index]


def test_a_product_is_made_with_its_price(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    made = v1.products.create(
        {
            "name": "Gold",
            "default_price_data": {"currency": "usd", "unit_amount": 900, "recurring": {"interval": "month"}},
            "expand": ["default_price"],
        }
    )
    assert made.default_price.recurring.interval == "month"  # type: ignore[union-attr]
    other = v1.prices.create({"currency": "usd", "unit_amount": 5, "product_data": {"name": "New"}})
    assert v1.products.retrieve(str(other.product)).name == "New"


def test_prices_and_what_cannot_change(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    product = v1.products.create({"name": "Gold"})
    base: Any = {"product": product.id, "currency": "USD"}
    price = v1.prices.create({**base, "unit_amount": 1050, "lookup_key": "gold", "nickname": "G"})
    assert (price.currency, price.type, price.billing_scheme, price.recurring) == (
        "usd",
        "one_time",
        "per_unit",
        None,
    )
    assert price.unit_amount_decimal == Decimal(1050)
    fine = v1.prices.create({**base, "unit_amount_decimal": Decimal("0.05")})
    assert (fine.unit_amount, fine.unit_amount_decimal) == (None, Decimal("0.05"))
    assert refused(v1.prices.update, price.id, {"unit_amount": 5}).code == "parameter_unknown"
    assert "already uses that lookup key" in str(
        refused(v1.prices.create, {**base, "unit_amount": 1, "lookup_key": "gold"})
    )
    taken = v1.prices.create({**base, "unit_amount": 1, "lookup_key": "gold", "transfer_lookup_key": True})
    assert v1.prices.retrieve(price.id).lookup_key is None
    assert [p.id for p in v1.prices.list({"lookup_keys": ["gold"]}).data] == [taken.id]
    assert {p.id for p in v1.prices.list({"product": product.id}).data} == {price.id, fine.id, taken.id}
    assert v1.prices.update(price.id, {"active": False}).active is False
    assert price.id not in [p.id for p in v1.prices.list({"active": True}).data]
    assert refused(v1.prices.create, base).http_status == 400
    assert refused(v1.prices.create, {"currency": "usd", "unit_amount": 1}).code == "parameter_missing"
    assert refused(v1.prices.create, {**base, "unit_amount": -1}).code == "parameter_invalid_integer"
    long: Any = {**base, "unit_amount": 1, "recurring": {"interval": "year", "interval_count": 4}}
    assert "three years" in str(refused(v1.prices.create, long))
    assert [p.id for p in v1.prices.search({"query": "lookup_key:'gold' AND active:'true'"}).data] == [
        taken.id
    ]


def test_tiers_are_shown_when_expanded(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    wish: Any = {
        "currency": "usd",
        "product_data": {"name": "Seats"},
        "recurring": {"interval": "month"},
        "billing_scheme": "tiered",
        "tiers_mode": "graduated",
        "tiers": [
            {"up_to": 5, "unit_amount": 700, "flat_amount": 1000},
            {"up_to": "inf", "unit_amount": 650},
        ],
    }
    price = v1.prices.create(wish)
    assert "tiers" not in price.to_dict()
    tiers = v1.prices.retrieve(price.id, {"expand": ["tiers"]}).tiers
    assert [(t.up_to, t.unit_amount, t.flat_amount) for t in tiers or []] == [
        (5, 700, 1000),
        (None, 650, None),
    ]
    assert refused(v1.prices.create, {**wish, "tiers": wish["tiers"][:1]}).http_status == 400
    assert refused(v1.prices.create, {**wish, "tiers_mode": None}).param == "tiers_mode"


def test_tiered_and_packaged_prices_are_rated(lab: Sandboxes) -> None:
    """Graduated 5 at 7.00 then 6.50, volume the same, packages of 10 rounded up."""
    b = Bench(lab)
    tiers: Any = [
        {"up_to": 5, "unit_amount": 700},
        {"up_to": 10, "unit_amount": 650},
        {"up_to": "inf", "unit_amount": 600},
    ]
    totals = {}
    for mode in ("graduated", "volume"):
        price = b.price(None, unit_amount=None, billing_scheme="tiered", tiers_mode=mode, tiers=tiers)  # type: ignore[arg-type]
        sub = b.subscribe(items=[{"price": price.id, "quantity": 6}])
        totals[mode] = b.invoice(sub).total
    assert totals == {"graduated": 5 * 700 + 650, "volume": 6 * 650}
    package = b.price(1000, transform_quantity={"divide_by": 10, "round": "up"})
    assert b.invoice(b.subscribe(items=[{"price": package.id, "quantity": 11}])).total == 2000


def test_coupons(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    made = v1.coupons.create(
        {"id": "25OFF", "percent_off": 25.5, "duration": "repeating", "duration_in_months": 3}
    )
    assert (made.id, made.percent_off, made.valid, made.times_redeemed) == ("25OFF", 25.5, True, 0)
    assert refused(v1.coupons.create, {"id": "25OFF", "percent_off": 1}).code == "resource_already_exists"
    assert refused(v1.coupons.create, {}).http_status == 400
    assert refused(v1.coupons.create, {"amount_off": 5}).param == "currency"
    assert refused(v1.coupons.create, {"percent_off": 101}).param == "percent_off"
    assert (
        refused(v1.coupons.create, {"percent_off": 5, "duration": "repeating"}).param == "duration_in_months"
    )
    assert v1.coupons.update("25OFF", {"name": "Quarter"}).name == "Quarter"
    assert v1.coupons.delete("25OFF").deleted is True
    assert refused(v1.coupons.retrieve, "25OFF").http_status == 404


def test_promotion_codes(lab: Sandboxes) -> None:
    b = Bench(lab)
    coupon = b.v1.coupons.create({"percent_off": 50, "duration": "once"})
    code = b.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF", "max_redemptions": 1}
    )
    assert (code.code, code.active, code.promotion.coupon) == ("HALF", True, coupon.id)
    again: Any = {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "half"}
    assert refused(b.v1.promotion_codes.create, again).http_status == 400
    assert [c.id for c in b.v1.promotion_codes.list({"code": "HALF"}).data] == [code.id]
    sub = b.subscribe(b.price(), discounts=[{"promotion_code": code.id}])
    assert b.invoice(sub).total == 1000
    spent = b.v1.promotion_codes.retrieve(code.id, {"expand": ["promotion.coupon"]})
    assert (spent.times_redeemed, spent.active, spent.promotion.coupon.percent_off) == (1, False, 50)  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError):
        b.subscribe(b.price(), discounts=[{"promotion_code": code.id}])


@pytest.mark.parametrize(
    ("duration", "paid"),
    [("once", [1500, 2000, 2000]), ("repeating", [1500, 1500, 2000]), ("forever", [1500, 1500, 1500])],
)
def test_how_long_a_coupon_lasts(lab: Sandboxes, duration: str, paid: list[int]) -> None:
    b = Bench(lab)
    wish: Any = {"percent_off": 25, "duration": duration}
    if duration == "repeating":
        wish["duration_in_months"] = 2
    coupon = b.v1.coupons.create(wish)
    sub = b.subscribe(b.price(), discounts=[{"coupon": coupon.id}], expand=["discounts"])
    assert sub.discounts[0].source.coupon == coupon.id
    b.advance(FEB + 7200)
    b.advance(FEB + 28 * DAY + 7200)
    invoices = b.v1.invoices.list({"subscription": sub.id}).data
    assert [i.total for i in reversed(invoices)] == paid


def test_a_redeemed_out_coupon_is_refused(lab: Sandboxes) -> None:
    b = Bench(lab)
    coupon = b.v1.coupons.create({"percent_off": 25, "duration": "once", "max_redemptions": 1})
    b.subscribe(b.price(), discounts=[{"coupon": coupon.id}])
    assert b.v1.coupons.retrieve(coupon.id).valid is False
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.subscribe(b.price(), discounts=[{"coupon": coupon.id}])
    assert no.value.code == "coupon_expired"


def test_a_subscriptions_discount_is_taken_away(lab: Sandboxes) -> None:
    b = Bench(lab)
    coupon = b.v1.coupons.create({"percent_off": 25, "duration": "forever"})
    sub = b.subscribe(b.price(), discounts=[{"coupon": coupon.id}])
    gone = b.v1.subscriptions.delete_discount(sub.id)
    assert gone.deleted is True
    assert b.sub(sub).discounts == []


def test_tax_rates_on_a_subscription(lab: Sandboxes) -> None:
    b = Bench(lab)
    rate = b.v1.tax_rates.create(
        {"display_name": "VAT", "inclusive": False, "percentage": 20, "jurisdiction": "DE"}
    )
    sub = b.subscribe(b.price(1000), default_tax_rates=[rate.id])
    assert sub.default_tax_rates[0].percentage == 20
    invoice = b.invoice(sub)
    assert (invoice.total, invoice.total_taxes[0].amount) == (1200, 200)
    assert [r.id for r in b.v1.tax_rates.list({"active": True}).data] == [rate.id]


def meter(b: Bench, formula: str = "sum", name: str = "calls") -> Any:
    wish: Any = {"display_name": "Calls", "event_name": name, "default_aggregation": {"formula": formula}}
    return b.v1.billing.meters.create(wish)


def report(b: Bench, value: str, at: int, identifier: str = "", name: str = "calls") -> Any:
    wish: Any = {
        "event_name": name,
        "payload": {"stripe_customer_id": b.customer.id, "value": value},
        "timestamp": at,
    }
    if identifier:
        wish["identifier"] = identifier
    return b.v1.billing.meter_events.create(wish)


def test_metered_use_is_billed_afterwards(lab: Sandboxes) -> None:
    b = Bench(lab)
    m = meter(b)
    price = b.price(3, name="Calls", recurring={"interval": "month", "usage_type": "metered", "meter": m.id})
    assert (price.recurring.usage_type, price.recurring.meter) == ("metered", m.id)
    sub = b.subscribe(price)
    assert b.invoice(sub).total == 0
    b.advance(START + 10 * DAY)
    report(b, "100", START + 5 * DAY, "a")
    report(b, "25", START + 9 * DAY, "b")
    assert refused(report, b, "25", START + 9 * DAY, "b").http_status == 400
    b.v1.billing.meter_event_adjustments.create(
        {"event_name": "calls", "type": "cancel", "cancel": {"identifier": "b"}}
    )
    sums = b.v1.billing.meters.event_summaries.list(
        m.id, {"customer": b.customer.id, "start_time": START, "end_time": START + 10 * DAY}
    )
    assert [s.aggregated_value for s in sums.data] == [100]
    b.advance(FEB + 7200)
    invoice = b.invoice(sub)
    line = invoice.lines.data[0]
    assert (invoice.total, line.quantity, line.period.start, line.period.end) == (300, 100, START, FEB)
    shown = b.v1.invoices.create_preview({"subscription": sub.id})
    assert shown.total == 0


def test_meters_and_what_they_refuse(lab: Sandboxes) -> None:
    b = Bench(lab)
    m = meter(b, "last")
    assert (m.status, m.default_aggregation.formula, m.customer_mapping.event_payload_key) == (
        "active",
        "last",
        "stripe_customer_id",
    )
    assert refused(meter, b).http_status == 400
    assert refused(report, b, "x", START).http_status == 400
    assert refused(report, b, "1", START, "", "other").http_status == 400
    assert refused(report, b, "1", START - 40 * DAY).param == "timestamp"
    assert b.v1.billing.meters.deactivate(m.id).status == "inactive"
    assert refused(report, b, "1", START).http_status == 400
    assert [x.id for x in b.v1.billing.meters.list({"status": "inactive"}).data] == [m.id]
    assert b.v1.billing.meters.reactivate(m.id).status == "active"
    bad: Any = {"currency": "usd", "product_data": {"name": "x"}, "unit_amount": 1}
    bad["recurring"] = {"interval": "month", "usage_type": "metered"}
    assert refused(b.v1.prices.create, bad).http_status == 400


def test_prices_in_other_currencies(lab: Sandboxes) -> None:
    b = Bench(lab)
    price = b.price(1000, currency_options={"eur": {"unit_amount": 900}})
    shown = b.v1.prices.retrieve(price.id, {"expand": ["currency_options"]})
    assert shown.currency_options["eur"].unit_amount == 900  # type: ignore[index]
    sub = b.subscribe(price, currency="eur")
    assert (sub.currency, b.invoice(sub).total, b.invoice(sub).currency) == ("eur", 900, "eur")


def test_wrong_items_are_refused(lab: Sandboxes) -> None:
    b = Bench(lab)
    once = b.v1.prices.create({"currency": "usd", "unit_amount": 5, "product_data": {"name": "Once"}})
    with pytest.raises(stripe.InvalidRequestError, match="type=one_time"):
        b.subscribe(once)
    old = b.price()
    b.v1.prices.update(old.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        b.subscribe(old)
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.subscribe(items=[])
    assert no.value.code == "parameter_missing"
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.subscribe(items=[{"price": "price_nope"}])
    assert (no.value.http_status, no.value.code, no.value.param) == (
        400,
        "resource_missing",
        "items[0][price]",
    )


def test_test_clocks(lab: Sandboxes) -> None:
    b = Bench(lab)
    assert (b.clock.status, b.clock.frozen_time, b.clock.name) == ("ready", START, "test")
    moving = b.v1.test_helpers.test_clocks.advance(b.clock.id, {"frozen_time": START + DAY})
    assert moving.status == "advancing"
    assert moving.status_details.advancing.target_frozen_time == START + DAY  # type: ignore[union-attr]
    assert b.v1.test_helpers.test_clocks.retrieve(b.clock.id).status == "ready"
    assert [c.id for c in b.v1.customers.list({"test_clock": b.clock.id}).data] == [b.customer.id]
    assert b.customer.created == START
    told = b.events(about="test_clock")
    assert told == [f"test_helpers.test_clock.{x}" for x in ("created", "advancing", "ready")]


def test_a_coupon_is_not_spent_on_what_never_began(lab: Sandboxes) -> None:
    b = Bench(lab, card="pm_card_chargeCustomerFail")
    coupon = b.v1.coupons.create({"percent_off": 10, "duration": "once", "max_redemptions": 1})
    with pytest.raises(stripe.CardError):
        b.subscribe(b.price(), discounts=[{"coupon": coupon.id}], payment_behavior="error_if_incomplete")
    assert b.v1.coupons.retrieve(coupon.id).times_redeemed == 0
    shown = b.v1.invoices.create_preview(
        {
            "customer": b.customer.id,
            "discounts": [{"coupon": coupon.id}],
            "subscription_details": {"items": [{"price": b.price().id}]},
        }
    )
    assert shown.total == 1800
    assert b.v1.coupons.retrieve(coupon.id).times_redeemed == 0


def test_mixed_intervals_are_billed_each_in_its_time(lab: Sandboxes) -> None:
    b = Bench(lab)
    monthly, yearly = b.price(1000, name="Seats"), b.price(12_000, "year", name="Base")
    sub = b.subscribe(monthly, yearly)
    assert b.invoice(sub).total == 13_000
    b.advance(FEB + 7200)
    assert b.invoice(sub).total == 1000
    ends = [i.current_period_end for i in b.sub(sub)["items"].data]
    assert ends == [FEB + 28 * DAY, START + 365 * DAY]
    with pytest.raises(stripe.InvalidRequestError, match="interval"):
        b.subscribe(b.price(), b.price(recurring={"interval": "week"}))


def test_a_coupon_for_some_products(lab: Sandboxes) -> None:
    b = Bench(lab)
    one, other = b.price(1000), b.price(500)
    coupon = b.v1.coupons.create(
        {
            "amount_off": 300,
            "currency": "usd",
            "duration": "forever",
            "applies_to": {"products": [one.product]},
        }
    )
    assert "applies_to" not in coupon.to_dict()
    invoice = b.invoice(b.subscribe(one, other, discounts=[{"coupon": coupon.id}]))
    assert (invoice.subtotal, invoice.total) == (1500, 1200)
    assert [[d.amount for d in line.discount_amounts] for line in invoice.lines.data] == [[300], []]


def test_a_customer_shows_its_subscriptions_when_asked(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    owner = b.v1.customers.retrieve(b.customer.id, {"expand": ["subscriptions"]})
    assert [s.id for s in owner.subscriptions.data] == [sub.id]  # type: ignore[union-attr]
    b.v1.customers.delete(b.customer.id)
    assert b.sub(sub).status == "canceled"


def test_plans_are_prices_in_their_older_form(lab: Sandboxes) -> None:
    b = Bench(lab)
    made = b.v1.plans.create(
        {"id": "gold", "currency": "usd", "interval": "month", "amount": 900, "product": {"name": "Gold"}}
    )
    assert (made.object, made.amount, made.interval, made.usage_type) == ("plan", 900, "month", "licensed")
    assert b.v1.prices.retrieve("gold").unit_amount == 900
    sub = b.subscribe(items=[{"plan": "gold", "quantity": 2}])
    assert (sub["items"].data[0].plan.id, b.invoice(sub).total) == ("gold", 1800)
    assert [p.id for p in b.v1.plans.list({"product": str(made.product)}).data] == ["gold"]
    assert b.v1.plans.update("gold", {"nickname": "G"}).nickname == "G"
    assert b.v1.plans.delete("gold").deleted is True
    assert refused(b.v1.plans.retrieve, "gold").http_status == 404
    assert b.v1.plans.list().data == []
