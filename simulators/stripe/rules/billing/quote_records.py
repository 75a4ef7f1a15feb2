"""What Stripe Billing keeps of quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.stripe.rules.billing.catalog_records import Discount, Price, TaxRate
from simulators.stripe.rules.billing.paper_records import Line
from simulators.stripe.rules.records import Metadata


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of a quote; discounts: as wished."""

    id: str
    price: Price
    quantity: int
    tax_rates: tuple[TaxRate, ...] = ()
    discounts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Sums in minor units: before and after discounts and taxes; lines: in the order of the quote's."""

    subtotal: int
    discount: int
    tax: int
    total: int
    lines: tuple[Line, ...] = ()


@dataclass(slots=True)
class Quote:
    """An offer. status: see quotes.MAY; moments in unix seconds, None until they come.

    upfront, recurring: what is due at acceptance, and each period after (None where nothing recurs);
    terms: of the subscription; effective: when that begins, None at acceptance; invoice, subscription,
    schedule: ids of what acceptance made.
    """

    kind: ClassVar[str] = "quote"
    id: str
    created_at: int
    livemode: bool
    customer: str
    currency: str
    expires_at: int
    status: str = "draft"
    lines: tuple[Offered, ...] = ()
    upfront: Reckoned = Reckoned(0, 0, 0, 0)
    recurring: Reckoned | None = None
    interval: tuple[str, int] = ("month", 1)
    wished_discounts: tuple[Mapping[str, Any], ...] = ()
    discounts: tuple[Discount, ...] = ()
    default_tax_rates: tuple[TaxRate, ...] = ()
    collection_method: str = "charge_automatically"
    invoice_settings: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)
    effective: int | str | None = None
    description: str | None = None
    header: str | None = None
    footer: str | None = None
    number: str = ""
    from_quote: str = ""
    accepted_at: int | None = None
    canceled_at: int | None = None
    finalized_at: int | None = None
    invoice: str = ""
    subscription: str = ""
    schedule: str = ""
    test_clock: str = ""
    metadata: Metadata = field(default_factory=dict)
    timers: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
