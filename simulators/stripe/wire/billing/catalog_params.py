"""What the paths of products and prices take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simulators.stripe.wire.billing.fields import (
    Behavior,
    Count,
    Ids,
    Interval,
    Number,
    Part,
    _none_or_list,
)
from simulators.stripe.wire.forms import (
    Amount,
    Flag,
    Form,
    Many,
    Metadata,
    Text,
    Word,
    _in_order,
    _unset,
)
from simulators.stripe.wire.params import Dated


def _up_to(value: Any) -> Any:
    return None if value == "inf" else value


class Feature(Part):
    """A selling point."""

    name: Word


Features = Annotated[tuple[Feature, ...] | None, BeforeValidator(_none_or_list)]


class Dimensions(Part):
    """Inches and ounces."""

    height: Number
    length: Number
    weight: Number
    width: Number


class RecurringTerms(Part):
    """How often, and by use or by quantity."""

    interval: Interval
    interval_count: Amount = 1
    usage_type: Literal["licensed", "metered"] = "licensed"
    meter: Word = ""
    trial_period_days: Count | None = None


class TierTerms(Part):
    """up_to: "inf" for the last."""

    up_to: Annotated[Amount | None, BeforeValidator(_up_to)]
    flat_amount: Count | None = None
    flat_amount_decimal: Number | None = None
    unit_amount: Count | None = None
    unit_amount_decimal: Number | None = None


Tiers = Annotated[tuple[TierTerms, ...], BeforeValidator(_in_order)]


class CustomAmount(Part):
    """The payer chooses."""

    enabled: Flag
    maximum: Count | None = None
    minimum: Count | None = None
    preset: Count | None = None


class CurrencyTerms(Part):
    """What a price costs in one more currency."""

    custom_unit_amount: CustomAmount | None = None
    tax_behavior: Behavior = "unspecified"
    tiers: Tiers = ()
    unit_amount: Count | None = None
    unit_amount_decimal: Number | None = None


class Transform(Part):
    """Packages."""

    divide_by: Amount
    round: Literal["down", "up"]


class DefaultPrice(Part):
    """A price made with its product."""

    currency: Word
    currency_options: dict[str, CurrencyTerms] = Field(default_factory=dict)
    custom_unit_amount: CustomAmount | None = None
    metadata: dict[str, str] | None = None
    recurring: RecurringTerms | None = None
    tax_behavior: Behavior = "unspecified"
    unit_amount: Count | None = None
    unit_amount_decimal: Number | None = None


class ProductFields(Form):
    """What products have."""

    active: Flag = True
    description: Text = None
    images: Ids = None
    marketing_features: Features = None
    metadata: Metadata = None
    package_dimensions: Annotated[Dimensions | None, BeforeValidator(_unset)] = None
    shippable: Flag | None = None
    statement_descriptor: Text = None
    tax_code: Text = None
    unit_label: Text = None
    url: Text = None


class ProductCreate(ProductFields):
    """id: of one's own, if wanted."""

    name: Word
    id: Word = ""
    default_price_data: DefaultPrice | None = None
    type: Literal["good", "service"] = "service"


class ProductUpdate(ProductFields):
    """default_price: one of the product's own prices."""

    name: Word = ""
    default_price: Word = ""


class ProductList(Dated):
    """Lists of products."""

    active: Flag | None = None
    ids: Many = ()
    shippable: Flag | None = None
    type: Word = ""
    url: Word = ""


class ProductData(Part):
    """A product made with its price."""

    name: Word
    id: Word = ""
    active: Flag = True
    metadata: dict[str, str] | None = None
    statement_descriptor: Word | None = None
    tax_code: Word | None = None
    unit_label: Word | None = None


class PriceCreate(Form):
    """product or product_data; unit_amount, unit_amount_decimal, tiers or custom_unit_amount."""

    currency: Word
    active: Flag = True
    billing_scheme: Literal["per_unit", "tiered"] = "per_unit"
    currency_options: dict[str, CurrencyTerms] = Field(default_factory=dict)
    custom_unit_amount: CustomAmount | None = None
    lookup_key: Word | None = None
    metadata: Metadata = None
    nickname: Text = None
    product: Word = ""
    product_data: ProductData | None = None
    recurring: RecurringTerms | None = None
    tax_behavior: Behavior = "unspecified"
    tiers: Tiers = ()
    tiers_mode: Literal["graduated", "volume"] | None = None
    transfer_lookup_key: Flag = False
    transform_quantity: Transform | None = None
    unit_amount: Count | None = None
    unit_amount_decimal: Number | None = None


class PriceUpdate(Form):
    """What a price costs is not here."""

    active: Flag = True
    currency_options: Annotated[dict[str, CurrencyTerms] | None, BeforeValidator(_unset)] = None
    lookup_key: Text = None
    metadata: Metadata = None
    nickname: Text = None
    tax_behavior: Behavior = "unspecified"
    transfer_lookup_key: Flag = False


class RecurringFilter(Part):
    """How it recurs."""

    interval: Word = ""
    meter: Word = ""
    usage_type: Word = ""


class PriceList(Dated):
    """Lists of prices."""

    active: Flag | None = None
    currency: Word = ""
    lookup_keys: Annotated[Many, Field(max_length=10)] = ()
    product: Word = ""
    recurring: RecurringFilter = RecurringFilter()
    type: Literal["one_time", "recurring"] | None = None
