"""Zuora's own Python SDK against the Zuora mock: signing in, versions, and the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_a_token_says_what_it_is_for(raw: z.Raw, zlab: Sandboxes) -> None:
    own = zlab.credentials("zuora")
    form = f"client_id={own['client_id']}&client_secret={own['client_secret']}&grant_type=client_credentials"
    status, headers, body = raw.send("POST", "/oauth/token", form.encode(), FORM)
    assert (status, body["token_type"]) == (200, "bearer")
    assert body["expires_in"] > 0
    assert body["scope"]
    assert body["jti"] != raw.send("POST", "/oauth/token", form.encode(), FORM)[2]["jti"]
    assert "x-ratelimit-limit-minute" in headers


def test_a_wrong_client_gets_no_token(raw: z.Raw, zlab: Sandboxes) -> None:
    own = zlab.credentials("zuora")
    wrong = f"client_id={own['client_id']}&client_secret=wrong&grant_type=client_credentials"
    assert raw.send("POST", "/oauth/token", wrong.encode(), FORM)[0] == 401
    other = f"client_id={own['client_id']}&client_secret={own['client_secret']}&grant_type=password"
    assert raw.send("POST", "/oauth/token", other.encode(), FORM)[0] == 400
    json_type = {"content-type": "application/json"}
    assert raw.send("POST", "/oauth/token", b"{}", json_type)[0] == 415


def test_the_sdk_sees_an_unauthorized_call(zuora: Any) -> None:
    zuora.api_client.default_headers["Authorization"] = "Bearer nobody"
    body = z.raises(401, zuora.products_api().get_products)
    assert body["reasons"][0]["code"] == 90000011


def test_the_version_decides_the_status(raw: z.Raw) -> None:
    path = "/v1/orders/O-none"
    for version, status in (("2025-08-12", 404), ("2024-05-20", 404), ("2024-05-19", 200), ("211.0", 200)):
        got, _, body = raw("GET", path, zuora_version=version)
        assert (got, body["success"]) == (status, False)
        assert body["reasons"] == [{"code": 50000040, "message": "Cannot find entity by key: 'O-none'."}]


def test_the_track_id_comes_back(raw: z.Raw) -> None:
    _, headers, _ = raw("GET", "/v1/catalog/products", zuora_track_id="mine-1")
    assert headers["zuora-track-id"] == "mine-1"
    assert headers["zuora-request-id"]
    assert "w=60" in headers["ratelimit-limit"]
    assert headers["concurrency-limit-type"] == "Default"


def test_what_is_not_there(raw: z.Raw) -> None:
    status, _, body = raw("GET", "/v1/nowhere")
    assert (status, body["reasons"][0]["code"]) == (404, 50000040)
    assert raw("DELETE", "/v1/catalog/products")[0] == 405
    status, _, _ = raw.send(
        "POST", "/v1/orders", b"{}", {"authorization": f"Bearer {raw.token}", "content-type": "text/plain"}
    )
    assert status == 415


def test_products_live(zuora: Any) -> None:
    key = z.product(zuora, "P-1", Description="first", IntegrationId__NS="ns-1", Colour__c="red")
    api = zuora.products_api()
    found = api.get_product(key)
    assert (found.id, found.sku, found.name) == (key, "P-1", "P-1")
    assert found.to_dict()["Colour__c"] == "red"
    assert api.update_product(key, {"Name": "Renamed", "EffectiveEndDate": "2031-01-01"}).success
    found = api.get_product(key)
    assert (found.name, str(found.effective_end_date)) == ("Renamed", "2031-01-01")
    assert api.delete_product(key).success
    body = z.raises(404, api.get_product, key)
    assert z.category(body) == 40


def test_a_product_is_refused_in_crud_words(zuora: Any) -> None:
    z.product(zuora, "P-1")
    api = zuora.products_api()
    span = {"EffectiveStartDate": "2026-01-01", "EffectiveEndDate": "2027-01-01"}
    for code, wish in (
        ("DUPLICATE_VALUE", {"Name": "x", "SKU": "P-1", **span}),
        (
            "INVALID_VALUE",
            {"Name": "x", "EffectiveStartDate": "2027-01-01", "EffectiveEndDate": "2026-01-01"},
        ),
        ("MISSING_REQUIRED_VALUE", {"Name": "x"}),
    ):
        body = z.raises(400, api.create_product, wish)
        assert (body["Success"], body["Errors"][0]["Code"]) == (False, code)
    odd = {"Name": "x", "Nonsense": 1, **span}
    body = z.raises(400, api.create_product, odd, reject_unknown_fields=True)
    assert body == {"message": "Error - unrecognised fields"}
    assert api.create_product(odd).success
    body = z.raises(400, api.update_product, "0" * 32, {"Name": "y"})
    assert body["Errors"][0]["Code"] == "INVALID_ID"


def test_the_catalogue_is_paged(zuora: Any, raw: z.Raw) -> None:
    for n in range(12):
        z.product(zuora, f"P-{n}")
    api = zuora.products_api()
    first = api.get_products(page_size=5)
    assert (len(first.products), bool(first.next_page)) == (5, True)
    last = api.get_products(page=3, page_size=5)
    assert ([p.sku for p in last.products], last.next_page) == (["P-10", "P-11"], None)
    _, _, body = raw("GET", first.next_page)
    assert body["products"][0]["sku"] == "P-5"
    assert raw("GET", "/v1/catalog/products?page=0")[0] == 400


def test_rate_plans_live(zuora: Any) -> None:
    product = z.product(zuora)
    api = zuora.product_rate_plans_api()
    key = z.plan(zuora, product, "Gold", ProductRatePlanNumber="PRP-GOLD", Grade=2)
    assert api.get_product_rate_plan(key).name == "Gold"
    assert api.get_product_rate_plan("PRP-GOLD").id == key
    assert api.update_product_rate_plan(key, {"Name": "Platinum"}).success
    plans = api.get_rate_plans_by_product(product).product_rate_plans
    assert [p.name for p in plans] == ["Platinum"]
    assert api.delete_product_rate_plan(key).success
    assert api.get_rate_plans_by_product(product).product_rate_plans == []


TIERS = [
    {"Currency": "USD", "StartingUnit": 0, "EndingUnit": 10, "Price": 5, "PriceFormat": "Per Unit"},
    {"Currency": "USD", "StartingUnit": 11, "Price": 40, "PriceFormat": "Flat Fee"},
]
MODELS: list[tuple[str, str, dict[str, Any]]] = [
    ("Recurring", "Flat Fee Pricing", {}),
    ("Recurring", "Per Unit Pricing", {}),
    ("Recurring", "Tiered Pricing", {"rows": TIERS}),
    ("Recurring", "Volume Pricing", {"rows": TIERS}),
    ("OneTime", "Flat Fee Pricing", {}),
    ("OneTime", "Per Unit Pricing", {}),
    ("Usage", "Per Unit Pricing", {}),
    ("Usage", "Tiered Pricing", {"rows": TIERS}),
    ("Usage", "Volume Pricing", {"rows": TIERS}),
    ("Usage", "Overage Pricing", {"IncludedUnits": 100}),
    ("Usage", "Tiered with Overage Pricing", {"rows": TIERS}),
    ("Recurring", "Discount-Percentage", {"rows": [{"Currency": "USD", "DiscountPercentage": 10}]}),
    ("Recurring", "Discount-Fixed Amount", {"rows": [{"Currency": "USD", "DiscountAmount": 10}]}),
]


@pytest.mark.parametrize(("kind", "model", "more"), MODELS)
def test_charges_of_every_model(zuora: Any, kind: str, model: str, more: dict[str, Any]) -> None:
    product = z.product(zuora)
    plan = z.plan(zuora, product)
    wish = dict(more)
    rows = wish.pop("rows", None)
    if rows:
        wish["ProductRatePlanChargeTierData"] = {"ProductRatePlanChargeTier": rows}
    key = z.charge(zuora, plan, 7, ChargeType=kind, ChargeModel=model, **wish)
    api = zuora.product_rate_plan_charges_api()
    found = api.get_product_rate_plan_charge(key)
    assert (found.id, found.charge_type, found.charge_model) == (key, kind, model)
    shown = zuora.product_rate_plans_api().get_rate_plans_by_product(product).product_rate_plans[0]
    charge = shown.product_rate_plan_charges[0]
    assert charge.type == kind
    pricing = charge.pricing[0]
    if rows and "StartingUnit" in rows[0]:
        assert [t.price for t in pricing.tiers] == [5, 40]
        assert pricing.tiers[1].price_format == "FlatFee"
    elif model.startswith("Discount"):
        assert (pricing.discount_percentage or pricing.discount_amount) == 10
    elif model == "Overage Pricing":
        assert (pricing.overage_price, pricing.included_units) == (7, 100)
    else:
        assert pricing.price == 7


def test_a_charge_is_changed_and_deleted(zuora: Any) -> None:
    plan = z.plan(zuora, z.product(zuora))
    key = z.charge(zuora, plan, 7)
    api = zuora.product_rate_plan_charges_api()
    body = {
        "Name": "Chairs",
        "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": [{"Currency": "USD", "Price": 9}]},
    }
    assert api.update_product_rate_plan_charge(key, body).id == key
    found = api.get_product_rate_plan_charge(key)
    assert (found.name, found.charge_model) == ("Chairs", "Per Unit Pricing")
    assert api.delete_product_rate_plan_charge(key).success
    z.raises(404, api.get_product_rate_plan_charge, key)


def test_refused_charges(zuora: Any) -> None:
    plan = z.plan(zuora, z.product(zuora))
    api = zuora.product_rate_plan_charges_api()
    base = {
        "ProductRatePlanId": plan,
        "Name": "x",
        "ChargeModel": "Per Unit Pricing",
        "ChargeType": "Recurring",
        "BillingPeriod": "Month",
        "BillCycleType": "DefaultFromCustomer",
        "TriggerEvent": "ContractEffective",
        "UOM": "Each",
        "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": [{"Currency": "USD", "Price": 1}]},
    }
    overlap = [{**TIERS[0], "EndingUnit": 50}, TIERS[1]]
    for change in (
        {"ProductRatePlanId": "0" * 32},
        {"ChargeModel": "Overage Pricing"},
        {"ChargeType": "Never"},
        {"BillingPeriod": "Specific Months"},
        {"BillCycleType": "SpecificDayofMonth"},
        {"EndDateCondition": "FixedPeriod"},
        {"ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": []}},
        {"ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": [{"Currency": "USD", "Price": -1}]}},
        {
            "ChargeModel": "Tiered Pricing",
            "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": overlap},
        },
    ):
        assert z.raises(400, api.create_product_rate_plan_charge, {**base, **change})["Success"] is False


def test_what_is_sold_is_not_deleted(zuora: Any) -> None:
    made = z.account(zuora)
    product = z.product(zuora)
    plan = z.plan(zuora, product)
    charge = z.charge(zuora, plan)
    zuora.orders_api().create_order(z.order(made.account_number, "2026-01-01", z.create(plan, "2026-01-01")))
    body = z.raises(400, zuora.products_api().delete_product, product)
    assert body["Errors"][0]["Code"] == "CANNOT_DELETE"
    z.raises(400, zuora.product_rate_plan_charges_api().delete_product_rate_plan_charge, charge)
