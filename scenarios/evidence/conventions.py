"""The conventions that the core was set to in a run, as the checkers need them to work it out again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DimensionPolicy:
    """carries: department, product, customer, contract; departments: (product, who earns it); otherwise: for
    the other products; overhead: for what no product earns."""

    carries: tuple[str, ...] = ()
    departments: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    overhead: str = ""


@dataclass(frozen=True, slots=True)
class EntityPolicy:
    """cashiers: (currency, key of the entity that takes it in); collection_fee_percent: of what it takes in
    for another, as a decimal string; eliminations: key of the entity that holds what the group takes out."""

    cashiers: tuple[tuple[str, str], ...] = ()
    collection_fee_percent: str = "0"
    eliminations: str = ""
    collection_fee_rounding: str = "half_up"
    set_off: str = "opposing"


@dataclass(frozen=True, slots=True)
class BookPolicy:
    """Each as the settings name it; material in minor units, 0 for none."""

    dispute_loss: str = "expense"
    dispute_tax: str = "lost"
    fees: str = "fees_are_expense"
    revaluation: str = "revaluation_reverses_on_day_1"
    closing_rate: str = "entered_for_last_day"
    closed_period: str = "next_open"
    late_day: str = "first_open_day"
    material: int = 0


@dataclass(frozen=True, slots=True)
class CollectionPolicy:
    """attempts: how often a card is tried for one invoice, the first time with the request."""

    attempts: int = 5


@dataclass(frozen=True, slots=True)
class Conventions:
    """Each a switch of the core's settings; the defaults are theirs."""

    dimensions: DimensionPolicy = DimensionPolicy()
    entities: EntityPolicy = EntityPolicy()
    books: BookPolicy = BookPolicy()
    collection: CollectionPolicy = CollectionPolicy()
