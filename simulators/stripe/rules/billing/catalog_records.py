"""What is sold and for how much: products, prices, coupons, codes, tax rates, meters.

Moments are unix seconds, but for created_at (microseconds); money is in minor units, and what may be
finer than one is a Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

Metadata = Mapping[str, str]


@dataclass(slots=True)
class Product:
    """default_price: id or ""."""

    kind: ClassVar[str] = "product"
    id: str
    created_at: int
    livemode: bool
    name: str
    active: bool = True
    description: str | None = None
    default_price: str = ""
    images: tuple[str, ...] = ()
    marketing_features: tuple[str, ...] = ()
    package_dimensions: Mapping[str, Decimal] | None = None
    shippable: bool | None = None
    statement_descriptor: str | None = None
    tax_code: str | None = None
    unit_label: str | None = None
    url: str | None = None
    type: str = "service"
    metadata: Metadata = field(default_factory=dict)
    updated: int = 0
    deleted: bool = False
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """up_to: the last unit of the tier; None: without end."""

    up_to: int | None
    flat: Decimal | None
    unit: Decimal | None


@dataclass(frozen=True, slots=True)
class Recurring:
    """meter: id, for usage_type "metered"."""

    interval: str
    interval_count: int = 1
    usage_type: str = "licensed"
    meter: str = ""
    trial_period_days: int | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """What a price costs in one currency: an amount a unit, or tiers."""

    unit: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    tax_behavior: str = "unspecified"


@dataclass(slots=True)
class Price:
    """divide_by: 0, or the size of a package, `round` says which way; options: in other currencies."""

    kind: ClassVar[str] = "price"
    id: str
    created_at: int
    livemode: bool
    product: Product
    currency: str
    charged: Charged
    recurring: Recurring | None = None
    active: bool = True
    billing_scheme: str = "per_unit"
    tiers_mode: str | None = None
    divide_by: int = 0
    round: str = "up"
    custom: Mapping[str, Any] | None = None
    options: Mapping[str, Charged] = field(default_factory=dict)
    lookup_key: str | None = None
    nickname: str | None = None
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0

    def charged_in(self, currency: str) -> Charged | None:
        """What it costs in that currency, if it is sold in it."""
        return self.charged if currency == self.currency else self.options.get(currency)


@dataclass(slots=True)
class Coupon:
    """percent or amount (with currency); duration: once, repeating or forever."""

    kind: ClassVar[str] = "coupon"
    id: str
    created_at: int
    livemode: bool
    duration: str
    percent: Decimal | None = None
    amount: int | None = None
    currency: str | None = None
    options: Mapping[str, int] = field(default_factory=dict)
    months: int | None = None
    max_redemptions: int | None = None
    redeem_by: int | None = None
    name: str | None = None
    products: tuple[str, ...] = ()
    times_redeemed: int = 0
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0

    def off_in(self, currency: str) -> int | None:
        """The amount it takes off in that currency."""
        return self.amount if currency == self.currency else self.options.get(currency)


@dataclass(slots=True)
class PromotionCode:
    """What customers type in to get a coupon. customer: the only one who may, or ""."""

    kind: ClassVar[str] = "promotion_code"
    id: str
    created_at: int
    livemode: bool
    coupon: Coupon
    code: str
    active: bool = True
    customer: str = ""
    expires_at: int | None = None
    max_redemptions: int | None = None
    first_time: bool = False
    minimum_amount: int | None = None
    minimum_currency: str | None = None
    times_redeemed: int = 0
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class Discount:
    """A coupon given to a customer, a subscription, an invoice or a line; end: None while it lasts."""

    kind: ClassVar[str] = "discount"
    id: str
    created_at: int
    coupon: Coupon
    start: int
    end: int | None = None
    promotion_code: str = ""
    customer: str = ""
    subscription: str = ""
    subscription_item: str = ""
    invoice: str = ""
    invoice_item: str = ""
    used: bool = False
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class TaxRate:
    """percentage: of the net amount, within it when inclusive."""

    kind: ClassVar[str] = "tax_rate"
    id: str
    created_at: int
    livemode: bool
    display_name: str
    inclusive: bool
    percentage: Decimal
    active: bool = True
    country: str | None = None
    state: str | None = None
    jurisdiction: str | None = None
    description: str | None = None
    tax_type: str | None = None
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class Meter:
    """formula: sum, count or last."""

    kind: ClassVar[str] = "billing.meter"
    id: str
    created_at: int
    livemode: bool
    display_name: str
    event_name: str
    formula: str
    customer_key: str = "stripe_customer_id"
    value_key: str = "value"
    time_window: str | None = None
    status: str = "active"
    updated: int = 0
    deactivated_at: int = 0
    seq: int = 0


@dataclass(slots=True)
class MeterEvent:
    """One use; value: as reported; cancelled by an adjustment."""

    kind: ClassVar[str] = "billing.meter_event"
    id: str
    created_at: int
    livemode: bool
    event_name: str
    payload: Mapping[str, str]
    timestamp: int
    customer: str
    value: Decimal
    cancelled: bool = False
    seq: int = 0
