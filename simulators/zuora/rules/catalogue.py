"""The product catalogue: products, their rate plans, the plans' charges with a price per currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.calendar import DAYS, MONTH, ONCE, TERM, WEEK, Cycle
from simulators.zuora.rules.prepaid import Prepaid
from simulators.zuora.rules.rating import Price

ONE_TIME, RECURRING, USAGE = "OneTime", "Recurring", "Usage"
# Billing periods by both spellings: the catalogue's and the orders' (SDK enumerations). A count of 0 is
# given beside it (SpecificBillingPeriod).
PERIODS: Mapping[str, Cycle] = {
    "Month": Cycle(1, MONTH),
    "Quarter": Cycle(3, MONTH),
    "Semi-Annual": Cycle(6, MONTH),
    "Semi_Annual": Cycle(6, MONTH),
    "Annual": Cycle(12, MONTH),
    "Eighteen_Months": Cycle(18, MONTH),
    "Two_Years": Cycle(24, MONTH),
    "Three_Years": Cycle(36, MONTH),
    "Five_Years": Cycle(60, MONTH),
    "Specific Months": Cycle(0, MONTH),
    "Specific_Months": Cycle(0, MONTH),
    "Subscription Term": Cycle(1, TERM),
    "Subscription_Term": Cycle(1, TERM),
    "Week": Cycle(1, WEEK),
    "Specific Weeks": Cycle(0, WEEK),
    "Specific_Weeks": Cycle(0, WEEK),
    "Specific Days": Cycle(0, DAYS),
    "Specific_Days": Cycle(0, DAYS),
}
ONLY_ONCE = Cycle(1, ONCE)
_NAMES: Mapping[Cycle, str] = {
    cycle: name for name, cycle in PERIODS.items() if " " not in name and "-" not in name and cycle.count
}
_SPECIFIC = {MONTH: "Specific_Months", WEEK: "Specific_Weeks", DAYS: "Specific_Days"}
TRIGGERS = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
IN_ADVANCE, IN_ARREARS = "In Advance", "In Arrears"
SUBSCRIPTION_END, FIXED_PERIOD, ONE_TIME_END = "SubscriptionEnd", "FixedPeriod", "OneTime"
SPECIFIC_END = "SpecificEndDate"


def period_name(cycle: Cycle) -> str | None:
    """The orders' spelling of a billing period; None where there is none (one-time charges)."""
    if cycle.unit == ONCE:
        return None
    return _NAMES.get(cycle) or _SPECIFIC[cycle.unit]


@dataclass(frozen=True, slots=True)
class Until:
    """When a charge ends. condition: as the catalogue spells it; count, unit: of a fixed period."""

    condition: str = SUBSCRIPTION_END
    count: int = 0
    unit: str = "Billing Periods"
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """What a discount charge takes off. percent: else a fixed amount; kinds: of the charges it is
    taken off; level: how far it reaches (rateplan, subscription, account)."""

    percent: bool
    kinds: frozenset[str]
    level: str


@dataclass(slots=True)
class PlanCharge:
    """A charge of a rate plan. prices: what it costs, by currency; base: how many periods' list price
    one billing period's is, as (times, parts)."""

    id: str
    seq: int
    number: str
    plan: Plan
    name: str
    kind: str
    model: str
    cycle: Cycle
    trigger: str
    bill_cycle_type: str
    alignment: str
    prices: dict[str, Price]
    default_quantity: Decimal
    unit: str | None
    description: str | None
    created_at: int
    arrears: bool = False
    bill_cycle_day: int = 0
    weekday: int = 0
    until: Until = Until()
    base: tuple[int, int] = (1, 1)
    base_name: str = "Per Billing Period"
    discount: Discount | None = None
    prepaid: Prepaid | None = None
    rating_group: str = "ByBillingPeriod"
    tax_code: str | None = None
    custom: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    updated_at: int = 0


@dataclass(slots=True)
class Plan:
    """A rate plan: what a subscription subscribes to."""

    id: str
    seq: int
    number: str
    product: Product
    name: str
    start: date
    end: date
    description: str | None
    created_at: int
    custom: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    charges: list[PlanCharge] = field(default_factory=list)
    updated_at: int = 0


@dataclass(slots=True)
class Product:
    """A product; start and end bound the time in which it may be sold."""

    id: str
    seq: int
    number: str
    name: str
    sku: str
    start: date
    end: date
    description: str | None
    category: str | None
    created_at: int
    custom: dict[str, object] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    updated_at: int = 0
