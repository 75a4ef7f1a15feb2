"""Paths of the catalogue: CRUD in capitals under /v1/object, v1 lists under /v1/catalog."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import offers, products
from simulators.zuora.rules.catalogue import PlanCharge, Product
from simulators.zuora.rules.fields_catalogue import tier_id
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import catalog, product
from simulators.zuora.wire.shape import check, parse, read_crud


def _made(key: str) -> Reply:
    return json_reply(200, {"Success": True, "Id": key})


def _gone(key: str) -> Reply:
    return json_reply(200, {"success": True, "id": key})


async def create_product(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product."""
    shape = read_crud(product.NewProduct, call)
    made = products.add_product(
        rules.state,
        shape.Name,
        shape.SKU,
        shape.EffectiveStartDate,
        shape.EffectiveEndDate,
        number=shape.ProductNumber,
        description=shape.Description,
        category=shape.Category,
        custom=shape.custom_fields(),
    )
    return _made(made.id)


async def update_product(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/object/product/{id}."""
    found = products.find_product(rules.state, call.params["id"])
    products.change_product(rules.state, found, read_crud(product.ProductChange, call).given())
    return _made(found.id)


async def delete_product(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/object/product/{id}."""
    found = products.find_product(rules.state, call.params["id"])
    products.remove_product(rules.state, found)
    return _gone(found.id)


async def crud_product(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/product/{id}."""
    p = products.find_product(rules.state, call.params["id"])
    shown = {
        "Id": p.id,
        "Name": p.name,
        "SKU": p.sku,
        "ProductNumber": p.number,
        "Description": p.description,
        "Category": p.category,
        "EffectiveStartDate": p.start.isoformat(),
        "EffectiveEndDate": p.end.isoformat(),
        "CreatedDate": catalog.moment(p.created_at),
        "UpdatedDate": catalog.moment(p.updated_at),
        **p.custom,
    }
    return _shown(call, shown)


async def create_plan(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product-rate-plan."""
    shape = read_crud(product.NewPlan, call)
    made = products.add_plan(
        rules.state,
        shape.ProductId,
        shape.Name,
        shape.EffectiveStartDate,
        shape.EffectiveEndDate,
        number=shape.ProductRatePlanNumber,
        description=shape.Description,
        custom=shape.custom_fields(),
        extra=shape.extra(),
    )
    return _made(made.id)


async def update_plan(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/object/product-rate-plan/{id}."""
    found = products.find_plan(rules.state, call.params["id"])
    products.change_plan(rules.state, found, read_crud(product.PlanChange, call).given())
    return _made(found.id)


async def delete_plan(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/object/product-rate-plan/{id}."""
    found = products.find_plan(rules.state, call.params["id"])
    products.remove_plan(rules.state, found)
    return _gone(found.id)


async def crud_plan(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/product-rate-plan/{id}."""
    p = products.find_plan(rules.state, call.params["id"])
    shown = {
        "Id": p.id,
        "ProductId": p.product.id,
        "Name": p.name,
        "ProductRatePlanNumber": p.number,
        "Description": p.description,
        "EffectiveStartDate": p.start.isoformat(),
        "EffectiveEndDate": p.end.isoformat(),
        "CreatedDate": catalog.moment(p.created_at),
        "UpdatedDate": catalog.moment(p.updated_at),
        **p.extra,
        **p.custom,
    }
    return _shown(call, shown)


async def create_charge(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product-rate-plan-charge."""
    made = offers.add_charge(rules.state, read_crud(product.NewCharge, call).offer())
    return _made(made.id)


async def update_charge(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/object/product-rate-plan-charge/{id}: what is given is laid over what is there."""
    found = offers.find_charge(rules.state, call.params["id"])
    whole = {**catalog.as_request(found), **parse(call)}
    if whole.get("ProductRatePlanChargeNumber") == found.number:
        del whole["ProductRatePlanChargeNumber"]
    lenient = call.args().get("rejectUnknownFields", "").lower() != "true"
    shape = check(product.NewCharge, whole, lenient=lenient)
    offers.change_charge(rules.state, found, shape.offer())
    return _made(found.id)


async def delete_charge(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/object/product-rate-plan-charge/{id}."""
    found = offers.find_charge(rules.state, call.params["id"])
    offers.remove_charge(rules.state, found)
    return _gone(found.id)


async def crud_charge(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/product-rate-plan-charge/{id}."""
    return _shown(call, catalog.crud_charge(offers.find_charge(rules.state, call.params["id"])))


def _shown(call: Call, whole: dict[str, Any]) -> Reply:
    """`fields`: only these."""
    wanted = {name for name in call.args().get("fields", "").split(",") if name}
    return json_reply(
        200, {k: v for k, v in whole.items() if v is not None and (not wanted or k in wanted or k == "Id")}
    )


def _tier(rules: Sandbox, key: str) -> tuple[PlanCharge, str, int]:
    for charge in rules.state.plan_charges:
        if charge.id[:-4] != key[:-4]:
            continue
        for currency, price in charge.prices.items():
            for place in range(1, len(price.tiers) + 1 if price.tiers else 2):
                if tier_id(charge, currency, place) == key:
                    return charge, currency, place
    raise not_found("product rate plan charge tier", key)


async def crud_tier(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/product-rate-plan-charge-tier/{id}."""
    return _shown(call, catalog.crud_tier(*_tier(rules, call.params["id"])))


async def update_tier(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/object/product-rate-plan-charge-tier/{id}."""
    charge, currency, place = _tier(rules, call.params["id"])
    offers.reprice(rules.state, charge, currency, place, read_crud(product.TierChange, call).Price)
    return _made(call.params["id"])


async def list_products(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/catalog/products: with plans and charges, but from API version 230.0 on with their URL."""
    return page(call, list(rules.state.products), "products", lambda item: _product(call, item))


async def get_product(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/catalog/product/{key}: by id, number or SKU."""
    found = products.find_product(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **_product(call, found)})


def _product(call: Call, item: Product) -> dict[str, Any]:
    shown = catalog.product(item)
    if not _plans_inline(call):
        shown["productRatePlans"] = f"{call.base_url}/v1/rateplan/{item.id}/productRatePlan"
    return shown


async def list_plans(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/rateplan/{key}/productRatePlan."""
    found = products.find_product(rules.state, call.params["key"])
    return page(call, found.plans, "productRatePlans", catalog.plan)


async def get_plan(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/product-rate-plans/{id}."""
    shown = catalog.plan(products.find_plan(rules.state, call.params["id"]))
    del shown["productRatePlanCharges"]
    return json_reply(200, {"success": True, **shown})


async def list_plans_by_external_id(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/product-rate-plans/external-id/{id}."""
    key = call.params["id"]
    found = []
    for plan in rules.state.plans:
        ids = plan.extra.get("ExternalRatePlanIds")
        if isinstance(ids, list) and key in ids:
            found.append(catalog.plan(plan))
    return json_reply(200, {"success": True, "productRatePlans": found})


def _plans_inline(call: Call) -> bool:
    """Versions are numbers up to 3xx.0 and dates since; no header means the plain, inline answer."""
    version = call.headers.get("zuora-version", "")
    if not version:
        return True
    number = version.split(".")[0]
    return number.isdigit() and int(number) < 230


_PRODUCT = "/v1/object/product"
_PLAN = "/v1/object/product-rate-plan"
_CHARGE = "/v1/object/product-rate-plan-charge"
_TIER = "/v1/object/product-rate-plan-charge-tier"

TABLE = (
    Route("POST", _PRODUCT, "create_product", create_product, "add a product", product.NewProduct),
    Route("GET", f"{_PRODUCT}/{{id}}", "crud_product", crud_product, "a product, CRUD"),
    Route("PUT", f"{_PRODUCT}/{{id}}", "update_product", update_product, "change it", product.ProductChange),
    Route("DELETE", f"{_PRODUCT}/{{id}}", "delete_product", delete_product, "delete an unsold product"),
    Route("POST", _PLAN, "create_product_rate_plan", create_plan, "add a rate plan", product.NewPlan),
    Route("GET", f"{_PLAN}/{{id}}", "crud_product_rate_plan", crud_plan, "a rate plan, CRUD"),
    Route("PUT", f"{_PLAN}/{{id}}", "update_product_rate_plan", update_plan, "change it", product.PlanChange),
    Route("DELETE", f"{_PLAN}/{{id}}", "delete_product_rate_plan", delete_plan, "delete an unsold rate plan"),
    Route(
        "POST", _CHARGE, "create_product_rate_plan_charge", create_charge, "add a charge", product.NewCharge
    ),
    Route("GET", f"{_CHARGE}/{{id}}", "crud_product_rate_plan_charge", crud_charge, "a charge, CRUD"),
    Route("PUT", f"{_CHARGE}/{{id}}", "update_product_rate_plan_charge", update_charge, "change a charge"),
    Route(
        "DELETE",
        f"{_CHARGE}/{{id}}",
        "delete_product_rate_plan_charge",
        delete_charge,
        "delete an unsold charge",
    ),
    Route("GET", f"{_TIER}/{{id}}", "crud_product_rate_plan_charge_tier", crud_tier, "a row of a tier table"),
    Route(
        "PUT",
        f"{_TIER}/{{id}}",
        "update_product_rate_plan_charge_tier",
        update_tier,
        "change its price",
        product.TierChange,
    ),
    Route("GET", "/v1/catalog/products", "list_products", list_products, "the catalogue, paged"),
    Route("GET", "/v1/catalog/product/{key}", "get_product", get_product, "a product with its plans"),
    Route(
        "GET",
        "/v1/rateplan/{key}/productRatePlan",
        "list_product_rate_plans",
        list_plans,
        "rate plans of a product, paged",
    ),
    Route("GET", "/v1/product-rate-plans/{id}", "get_product_rate_plan", get_plan, "a rate plan"),
    Route(
        "GET",
        "/v1/product-rate-plans/external-id/{id}",
        "list_product_rate_plans_by_external_id",
        list_plans_by_external_id,
        "rate plans by an outside id",
    ),
)
