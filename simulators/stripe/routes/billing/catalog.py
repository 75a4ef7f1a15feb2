"""Products and prices over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, taken
from simulators.stripe.rules.billing.catalog_records import Charged, Price, Product, Recurring, Tier
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.billing import catalog_params as params
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Nothing, Search

_PRODUCTS = {
    "active": "text", "created": "number", "description": "text", "metadata": "metadata", "name": "text",
    "shippable": "text", "url": "text",
}  # fmt: skip
_PRICES = {
    "active": "text", "created": "number", "currency": "text", "lookup_key": "text", "metadata": "metadata",
    "product": "text", "type": "text",
}  # fmt: skip


def unit(amount: int | None, exact: Decimal | None, where: str = "unit_amount") -> Decimal | None:
    """unit_amount or unit_amount_decimal, not both."""
    if amount is not None and exact is not None:
        text = f"You may only specify one of these parameters: {where}, {where}_decimal."
        raise Invalid(text, param=where)
    return exact if amount is None else Decimal(amount)


def tiers_of(given: Any) -> tuple[Tier, ...]:
    """The tiers of a form."""
    return tuple(
        Tier(
            t.up_to,
            unit(t.flat_amount, t.flat_amount_decimal, "flat_amount"),
            unit(t.unit_amount, t.unit_amount_decimal),
        )
        for t in given
    )


def charged(terms: Any) -> Charged:
    """What a form says a price costs."""
    tiers = tiers_of(getattr(terms, "tiers", ()))
    return Charged(unit(terms.unit_amount, terms.unit_amount_decimal), tiers, terms.tax_behavior)


def recurring(mode: Mode, terms: Any) -> Recurring | None:
    """How a price recurs; its meter must exist."""
    if terms is None:
        return None
    fields = terms.model_dump(exclude_unset=True)
    if fields.get("meter"):
        meter = mode.billing.meters.take(fields["meter"], "recurring[meter]")
        if meter.status != "active":
            raise Refused(f"The meter {meter.id} is inactive.", param="recurring[meter]")
    return Recurring(**fields)


def _options(given: Mapping[str, Any] | None) -> dict[str, Charged]:
    return {currency.lower(): charged(terms) for currency, terms in (given or {}).items()}


def _custom(given: Any) -> dict[str, Any] | None:
    if given is None or not given.enabled:
        return None
    return {"maximum": given.maximum, "minimum": given.minimum, "preset": given.preset}


async def create_product(mode: Mode, call: Call) -> Reply:
    form = taken(params.ProductCreate, call, "product")
    catalog = mode.billing.catalog
    made = catalog.create_product(**_product(form))
    if form.default_price_data is not None:
        terms = form.default_price_data
        wish = {
            "charged": charged(terms),
            "recurring": recurring(mode, terms.recurring),
            "options": _options(terms.currency_options),
            "custom": _custom(terms.custom_unit_amount),
        }
        price = catalog.create_price(made, terms.currency, wish)
        made.default_price = price.id
    return one(mode, made, form.expand)


def _product(form: Any) -> dict[str, Any]:
    given: dict[str, Any] = form.given("default_price_data", "package_dimensions", "marketing_features")
    if "images" in given:
        given["images"] = given["images"] or ()
    if "marketing_features" in form.model_fields_set:
        given["marketing_features"] = tuple(f.name for f in form.marketing_features or ())
    if "package_dimensions" in form.model_fields_set:
        size = form.package_dimensions
        given["package_dimensions"] = size.model_dump() if size else None
    return given


async def retrieve_product(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "product")
    return one(mode, _the_product(mode, call), form.expand)


async def update_product(mode: Mode, call: Call) -> Reply:
    form = taken(params.ProductUpdate, call, "product")
    return one(
        mode, mode.billing.catalog.update_product(_the_product(mode, call), _product(form)), form.expand
    )


async def delete_product(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "product")
    return one(mode, mode.billing.catalog.delete_product(_the_product(mode, call)))


async def list_products(mode: Mode, call: Call) -> Reply:
    form = taken(params.ProductList, call, "product", many=True)
    key = () if form.active is None else ("active", str(form.active))

    def keep(p: Product) -> bool:
        return (
            (not form.ids or p.id in form.ids)
            and form.shippable in (None, p.shippable)
            and form.type in ("", p.type)
            and form.url in ("", p.url)
        )

    return page(mode, mode.billing.catalog.products, form, call, "product", key, keep)


async def find_products(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "product", many=True)
    return search(mode, mode.billing.catalog.products, form, call, _PRODUCTS, shown)


async def create_price(mode: Mode, call: Call) -> Reply:
    form = taken(params.PriceCreate, call, "price")
    catalog = mode.billing.catalog
    if bool(form.product) == (form.product_data is not None):
        if form.product:
            text = "You may only specify one of these parameters: product, product_data."
            raise Invalid(text, param="product")
        text = "You must provide one of `product` or `product_data`."
        raise Invalid(text, "parameter_missing", "product")
    wish = {
        **form.given(
            "currency", "currency_options", "custom_unit_amount", "product", "product_data", "recurring",
            "tax_behavior", "tiers", "transform_quantity", "unit_amount", "unit_amount_decimal",
        ),
        "charged": charged(form),
        "recurring": recurring(mode, form.recurring),
        "options": _options(form.currency_options),
        "custom": _custom(form.custom_unit_amount),
    }  # fmt: skip
    if form.transform_quantity is not None:
        wish |= {"divide_by": form.transform_quantity.divide_by, "round": form.transform_quantity.round}
    if form.product:
        product = catalog.product(form.product)
    else:
        assert form.product_data is not None
        product = catalog.create_product(**form.product_data.model_dump(exclude_unset=True))
    return one(mode, catalog.create_price(product, form.currency, wish), form.expand)


async def retrieve_price(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "price")
    return one(mode, _the_price(mode, call), form.expand)


async def update_price(mode: Mode, call: Call) -> Reply:
    form = taken(params.PriceUpdate, call, "price")
    changes = form.given("currency_options")
    price = _the_price(mode, call)
    if "currency_options" in form.model_fields_set:
        fresh = _options(form.currency_options)
        changes["options"] = {**price.options, **fresh} if fresh else {}
    return one(mode, mode.billing.catalog.update_price(price, changes), form.expand)


async def list_prices(mode: Mode, call: Call) -> Reply:
    form = taken(params.PriceList, call, "price", many=True)
    key: tuple[str, ...] = ()
    if form.product:
        key = ("product", form.product)
    elif len(form.lookup_keys) == 1:
        key = ("lookup", form.lookup_keys[0])
    elif form.active is not None:
        key = ("active", str(form.active))
    how = form.recurring

    def keep(p: Price) -> bool:
        r = p.recurring
        return (
            form.active in (None, p.active)
            and form.currency.lower() in ("", p.currency)
            and (not form.lookup_keys or p.lookup_key in form.lookup_keys)
            and form.type in (None, "recurring" if r else "one_time")
            and how.interval in ("", r.interval if r else None)
            and how.meter in ("", r.meter if r else None)
            and how.usage_type in ("", r.usage_type if r else None)
        )

    return page(mode, mode.billing.catalog.prices, form, call, "price", key, keep)


async def find_prices(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "price", many=True)
    return search(mode, mode.billing.catalog.prices, form, call, _PRICES, shown)


def shown(record: Any, name: str) -> str | int | None:
    """What a product or price shows to search."""
    if name in ("active", "shippable"):
        return str(bool(getattr(record, name))).lower()
    if name == "product":
        return str(record.product.id)
    if name == "type" and isinstance(record, Price):
        return "recurring" if record.recurring else "one_time"
    return look(record, name)


def _the_product(mode: Mode, call: Call) -> Product:
    return mode.billing.catalog.product(call.params["id"], "id", path=True)


def _the_price(mode: Mode, call: Call) -> Price:
    return mode.billing.catalog.price(call.params["price"], "price", path=True)
