"""The product catalogue: products, their rate plans, the plans' charges with a price per currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Months of a billing period by both spellings: the catalogue's and the orders' (SDK enumerations).
PERIODS = {"Month": 1, "Quarter": 3, "Semi-Annual": 6, "Semi_Annual": 6, "Annual": 12}
PERIOD_NAMES = {1: "Month", 3: "Quarter", 6: "Semi_Annual", 12: "Annual"}
PER_UNIT, FLAT_FEE = "Per Unit Pricing", "Flat Fee Pricing"
TRIGGERS = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")


@dataclass(slots=True)
class PlanCharge:
    """A charge of a rate plan. prices: list price per billing period and unit, by currency."""

    id: str
    seq: int
    number: str
    plan: Plan
    name: str
    model: str
    months: int
    trigger: str
    bill_cycle_type: str
    to_charge: bool
    prices: dict[str, Decimal]
    default_quantity: Decimal
    unit: str | None
    description: str | None
    created_at: int
    tax_code: str | None = None
    custom: dict[str, object] = field(default_factory=dict)
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
