"""Forms of billing read into what the rules take; ids become prices, empty parts become nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.routes.billing.catalog import charged, unit
from simulators.stripe.rules.billing.catalog_records import Price, Recurring
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.forms import Form, Invalid

_NO_TAX = (
    "You must have a valid head office address to enable automatic tax calculation in test mode. Visit"
    " https://dashboard.stripe.com/test/settings/tax to update it."
)


def untaxed(form: Any) -> None:
    """Automatic tax is refused, as in an account without an address."""
    if form.automatic_tax is not None and form.automatic_tax.enabled:
        raise Refused(_NO_TAX, param="automatic_tax[enabled]")


def reductions(given: Any) -> list[dict[str, str]]:
    """Discounts as wishes."""
    return [r.model_dump(exclude_unset=True) for r in given or ()]


def price_of(mode: Mode, data: Any, *, recurring: bool = False) -> Price:
    """The price that price_data describes; it is inactive, as nobody else can use it."""
    catalog = mode.billing.catalog
    if data.product_data:
        product = catalog.create_product(str(data.product_data.get("name", "")))
    else:
        product = catalog.product(data.product, "price_data[product]")
    terms = Recurring(**data.recurring.model_dump()) if recurring else None
    wish = {"charged": charged(data), "recurring": terms, "active": False}
    return catalog.create_price(product, data.currency, wish)


def item_wish(mode: Mode, form: Any) -> dict[str, Any]:
    """An invoice item, a line to add or change, or an item of a preview."""
    names = form.model_fields_set - {"expand"}
    wish: dict[str, Any] = {
        name: getattr(form, name)
        for name in ("amount", "description", "discountable", "metadata", "quantity", "subscription")
        if name in names
    }
    if "quantity_decimal" in names and form.quantity_decimal is not None:
        if form.quantity_decimal != form.quantity_decimal.to_integral_value():
            raise Refused("Fractional quantities are not supported here.", param="quantity_decimal")
        wish["quantity"] = int(form.quantity_decimal)
    if "tax_rates" in names:
        wish["tax_rates"] = form.tax_rates or ()
    if "discounts" in names:
        wish["discounts"] = None if form.discounts is None else reductions(form.discounts)
    if getattr(form, "period", None) is not None:
        wish["period"] = (form.period.start, form.period.end)
    pricing = getattr(form, "pricing", None)
    named = pricing.price if pricing is not None else getattr(form, "price", "")
    if named and form.price_data is not None:
        raise Invalid("You may only specify one of these parameters: price, price_data.")
    if named:
        wish["price"] = mode.billing.catalog.single_price(named, "pricing[price]" if pricing else "price")
    elif form.price_data is not None:
        wish["price"] = price_of(mode, form.price_data)
    each = unit(getattr(form, "unit_amount", None), getattr(form, "unit_amount_decimal", None))
    if each is not None:
        wish["unit"] = each
    if wish.get("metadata", ...) is None and "metadata" in wish and not isinstance(form, Form):
        wish["metadata"] = {}
    return wish


def extra_wishes(mode: Mode, given: Any) -> list[dict[str, Any]]:
    """add_invoice_items."""
    return [item_wish(mode, one) for one in given]


def subscription_items(mode: Mode, given: Any) -> list[dict[str, Any]]:
    """Items of a subscription: new ones, changes, removals."""
    return [subscription_item(mode, one) for one in given]


def subscription_item(mode: Mode, one: Any) -> dict[str, Any]:
    """One of them."""
    names = one.model_fields_set
    wish: dict[str, Any] = {
        name: getattr(one, name) for name in ("id", "deleted", "quantity", "metadata") if name in names
    }
    if "tax_rates" in names:
        wish["tax_rates"] = one.tax_rates or ()
    if "discounts" in names:
        wish["discounts"] = reductions(one.discounts)
    if one.price or one.plan:
        wish["price"] = one.price or one.plan
    elif one.price_data is not None:
        wish["price"] = price_of(mode, one.price_data, recurring=True)
    if wish.get("metadata", ...) is None:
        wish["metadata"] = None
    return wish


def moment(given: Any) -> Any:
    """A second, a word, or None for nothing."""
    if given is None or given == "":
        return None
    return given if isinstance(given, str) else given.at


def subscription_wish(mode: Mode, form: Any) -> dict[str, Any]:
    """A form of a subscription, for the rules."""
    untaxed(form)
    names = form.model_fields_set
    wish: dict[str, Any] = {name: getattr(form, name) for name in _PLAIN if name in names}
    if "items" in names:
        wish["items"] = subscription_items(mode, form.items)
    if "add_invoice_items" in names:
        wish["add_invoice_items"] = extra_wishes(mode, form.add_invoice_items)
    if "discounts" in names:
        wish["discounts"] = reductions(form.discounts)
    for name in ("cancel_at", "trial_end"):
        if name in names:
            wish[name] = moment(getattr(form, name))
    for name in ("invoice_settings", "payment_settings"):
        if name in names:
            wish[name] = lists(getattr(form, name) or {})
    if "default_tax_rates" in names:
        wish["default_tax_rates"] = form.default_tax_rates or ()
    if "trial_settings" in names and form.trial_settings is not None:
        wish["missing_method"] = form.trial_settings.end_behavior.missing_payment_method
    if "pending_invoice_item_interval" in names:
        spell = form.pending_invoice_item_interval
        wish["pending_interval"] = (spell.interval, spell.interval_count) if spell else None
    return wish


_PLAIN = (
    "backdate_start_date",
    "cancel_at_period_end",
    "collection_method",
    "currency",
    "days_until_due",
    "default_payment_method",
    "description",
    "metadata",
    "off_session",
    "payment_behavior",
    "proration_behavior",
    "proration_date",
    "trial_from_plan",
    "trial_period_days",
)


def lists(given: Mapping[str, Any]) -> dict[str, Any]:
    """{"types": {"0": "card"}} as {"types": ["card"]}."""
    shown = {}
    for name, value in given.items():
        if isinstance(value, dict) and value and all(key.isdigit() for key in value):
            shown[name] = [value[key] for key in sorted(value, key=int)]
        else:
            shown[name] = value
    return shown
