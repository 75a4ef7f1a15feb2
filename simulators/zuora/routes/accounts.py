"""Paths of accounts and of the catalogue."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, products
from simulators.zuora.rules.catalogue import Product
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import party, product
from simulators.zuora.wire.shape import read


async def create_account(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/accounts."""
    shape = read(party.NewAccount, call)
    made = accounts.open_account(rules.state, shape.wish(shape.accountNumber, shape.currency))
    return json_reply(200, party.created(made))


async def get_account(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}."""
    return json_reply(200, party.detail(accounts.find(rules.state, call.params["key"])))


async def update_account(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/accounts/{key}."""
    account = accounts.find(rules.state, call.params["key"])
    accounts.change(rules.state, account, read(party.AccountChange, call).wish())
    return json_reply(200, {"success": True})


async def create_product(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product."""
    shape = read(product.NewProduct, call)
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
    return json_reply(200, {"Success": True, "Id": made.id})


async def create_plan(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product-rate-plan."""
    shape = read(product.NewPlan, call)
    made = products.add_plan(
        rules.state,
        shape.ProductId,
        shape.Name,
        shape.EffectiveStartDate,
        shape.EffectiveEndDate,
        number=shape.ProductRatePlanNumber,
        description=shape.Description,
        custom=shape.custom_fields(),
    )
    return json_reply(200, {"Success": True, "Id": made.id})


async def create_charge(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/product-rate-plan-charge."""
    made = products.add_charge(rules.state, read(product.NewCharge, call).offer())
    return json_reply(200, {"Success": True, "Id": made.id})


async def list_products(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/catalog/products: with plans and charges, but from API version 230.0 on with their URL."""
    inline = _plans_inline(call)

    def render(item: Product) -> object:
        shown = product.product(item)
        if not inline:
            shown["productRatePlans"] = f"/v1/rateplan/{item.id}/productRatePlan"
        return shown

    return page(call, list(rules.state.products), "products", render)


async def list_plans(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/rateplan/{key}/productRatePlan."""
    found = rules.state.products.get(call.params["key"])
    if found is None:
        raise not_found("product", call.params["key"])
    return page(call, found.plans, "productRatePlans", product.plan)


def _plans_inline(call: Call) -> bool:
    """Versions are numbers up to 3xx.0 and dates since; no header means the plain, inline answer."""
    version = call.headers.get("zuora-version", "")
    if not version:
        return True
    number = version.split(".")[0]
    return number.isdigit() and int(number) < 230


TABLE = (
    Route("POST", "/v1/accounts", "create_account", create_account, "open an account", party.NewAccount),
    Route("GET", "/v1/accounts/{key}", "get_account", get_account, "an account by id or number"),
    Route("PUT", "/v1/accounts/{key}", "update_account", update_account, "change one", party.AccountChange),
    Route("POST", "/v1/object/product", "create_product", create_product, "a product", product.NewProduct),
    Route(
        "POST",
        "/v1/object/product-rate-plan",
        "create_product_rate_plan",
        create_plan,
        "a rate plan of a product",
        product.NewPlan,
    ),
    Route(
        "POST",
        "/v1/object/product-rate-plan-charge",
        "create_product_rate_plan_charge",
        create_charge,
        "a recurring charge of a rate plan",
        product.NewCharge,
    ),
    Route("GET", "/v1/catalog/products", "list_products", list_products, "the catalogue, paged"),
    Route(
        "GET",
        "/v1/rateplan/{key}/productRatePlan",
        "list_product_rate_plans",
        list_plans,
        "rate plans of a product, paged",
    ),
)
