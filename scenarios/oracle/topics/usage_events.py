"""Cases of usage as events: percentages of values, aggregations, levels over time, moves of units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.usage.aggregation import Aggregation, Move, Reading, aggregate, weighted_sum
from core.finance.usage.capacity import Capacity, capacity
from core.finance.usage.percentages import Percentage, charge
from core.finance.usage.prices import Graduated, rate
from core.finance.usage.recurring import UnitMove, graduated_prorated, move_on
from core.finance.usage.thresholds import crossed
from scenarios.oracle.case import NotOffered
from scenarios.oracle.fitting import Figures, first_key, needed, number, numbers
from scenarios.oracle.topics.usage_prices import PCT, price_of

_VALUES = ("events", "event_amounts", "amounts", "transactions", "values", "event_values")
_LENGTHS = ("days", "period_days", "month_days", "days_in_month")
_FREE_EVENTS = ("free_events", "free_units_per_events", "free_units_per_event")
_FREE_VALUE = ("free_amount", "free_value", "free_units_per_total_aggregation", "free_units", "free_total")
_PRICED = ("precise_total_amount", "precise_total_amount_cents", "event_price", "total_amount")
_FEE = ("fixed_amount", "fixed_fee", "fee_per_event", "fixed_fee_per_event", "fixed")
_LEAST = (
    "per_transaction_min_amount",
    "min_per_transaction",
    "per_transaction_min",
    "transaction_min",
    "min_per_event",
    "minimum_per_event",
    "per_event_min",
    "min",
)
_MOST: tuple[str, ...] = ("per_transaction_max_amount", "max_per_transaction", "per_transaction_max")
_MOST += ("transaction_max", "max_per_event", "maximum_per_event", "per_event_max", "max")


def is_capacity(inputs: Mapping[str, Any]) -> bool:
    """Tiers by the most of several units."""
    tiers = inputs.get("tiers")
    return isinstance(tiers, list) and any(_limits(tier) for tier in tiers if isinstance(tier, Mapping))


def _limits(tier: Mapping[str, Any]) -> Mapping[str, Any]:
    """The most of each unit in a tier, by whatever the tier calls it."""
    found = (tier.get(key) for key in ("limits", "max", "up_to", "maximum", "most", "capacity"))
    return next((each for each in found if isinstance(each, Mapping)), {})


def capacities(inputs: Mapping[str, Any]) -> Figures:
    """The price of each use of several units together."""
    tiers = [
        Capacity(
            {unit: None if most is None else exactly(most, unit) for unit, most in _limits(tier).items()},
            needed(tier, "price", "amount", "fixed_price"),
        )
        for tier in inputs["tiers"]
    ]
    key = first_key(inputs, "usage", "usages", "used", "quantities", "quantity")
    given = inputs[key] if isinstance(inputs.get(key), list) else [inputs.get(key, {})]
    prices = [capacity(tiers, {u: exactly(q, u) for u, q in each.items()}) for each in given]
    if isinstance(inputs.get(key), list):
        return {"totals|amounts|prices": prices}
    return {"total|amount|price": prices[0]}


def has_moves(inputs: Mapping[str, Any]) -> bool:
    """Units that come and go, with what is left of the period for each."""
    rows = inputs.get("events")
    rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    told = any("prorated" in row for row in rows) or (
        bool(first_key(inputs, *_LENGTHS)) and any({"day", "delta"} <= row.keys() for row in rows)
    )
    return told or isinstance(inputs.get("moves"), list) or bool(_prorated_key(inputs))


def _prorated_key(inputs: Mapping[str, Any]) -> str:
    return next((k for k, value in inputs.items() if "prorated" in k and isinstance(value, list)), "")


def is_percentage(inputs: Mapping[str, Any]) -> bool:
    """A rate on value, not on tiers."""
    return bool(first_key(inputs, *PCT)) and not inputs.get("tiers") and not inputs.get("ranges")


def percentage(inputs: Mapping[str, Any]) -> Figures:
    """Figures of a percentage charge on events, or on a total and a number of events."""
    limits = [key for key in inputs if re.search(r"(^|_)(min|max|minimum|maximum|cap|floor)(_|$)", key)]
    if unread := set(limits) - {*_LEAST, *_MOST}:
        raise NotOffered(f"{', '.join(sorted(unread))}: of a percentage, limits of one event are read")
    free_events = number(inputs, *_FREE_EVENTS)
    terms = Percentage(
        needed(inputs, *PCT),
        number(inputs, *_FEE, default=Fraction(0)),
        None if free_events is None else int(free_events),
        number(inputs, *_FREE_VALUE),
        number(inputs, *_LEAST),
        number(inputs, *_MOST),
    )
    bill = charge(terms, _values(inputs))
    alone: Figures = {}
    if terms.free_events is None and terms.free_value is None:
        # Nothing is free: what an event costs does not depend on those before it.
        alone["amounts|per_event|per_transaction|event_amounts|charges|fees"] = [
            charge(terms, [each]).amount for each in _values(inputs)
        ]
    return alone | {
        "amount|total|charge|fee": bill.amount,
        "free_units|free_amount": bill.free_units,
        "paid_units|paid_amount": bill.paid_units,
        "free_events": bill.free_events,
        "paid_events": bill.paid_events,
        "per_unit_total_amount|percentage_amount|percentage_total|rate_amount": bill.by_rate,
        "fixed_fee_total_amount|fixed_amount|fixed_total": bill.by_fee,
        "min_max_adjustment_total_amount|adjustment": bill.adjustment,
        "unit_amount|effective_unit_amount": bill.amount * Fraction(1) / bill.units
        if bill.units
        else Fraction(0),
    }


def _values(inputs: Mapping[str, Any]) -> list[Fraction]:
    key = first_key(inputs, *_VALUES)
    if isinstance(inputs.get(key), list):
        return [_value(each) for each in inputs[key]]
    total = needed(inputs, "aggregation", "total", "units", "amount", "quantity", "volume", "value")
    count = int(number(inputs, "count", "events", "event_count", "number_of_events", default=Fraction(1)))
    told = inputs.get("running_total", inputs.get("running_totals", []))
    running = numbers(told, "running_total")
    known = [now - before for before, now in zip([Fraction(0), *running], running, strict=False)]
    rest = count - len(known)
    if rest <= 0:
        return known
    left = total - sum(known, Fraction(0))
    return [*known, left, *([Fraction(0)] * (rest - 1))]


def _value(event: Any) -> Fraction:
    if isinstance(event, Mapping):
        return needed(event, "amount", "value", "quantity", "units", "delta")
    return exactly(event, "event")


def levels(inputs: Mapping[str, Any], wanted: Any) -> Figures:
    """Months whose level is held over time, priced by the unit."""
    price = number(inputs, "unit_price", "price", default=Fraction(1))
    level, totals, units = number(inputs, "start_level", default=Fraction(0)), [], []
    for month in inputs["months"]:
        level = number(month, "start_level", default=level)
        length = needed(month, "days", "seconds", "hours", "length")
        moves = [_move(each) for each in month.get("moves", month.get("events", []))]
        units.append(weighted_sum(level, moves, length))
        totals.append(units[-1] * price)
        level += sum((each.delta for each in moves), Fraction(0))
    # The months of the answer have names that the inputs do not give: they stand in the same order.
    keys = [key for key in wanted if not isinstance(wanted[key], list | Mapping)] if wanted else []
    named = dict(zip(keys, totals, strict=True)) if len(keys) == len(totals) else {}
    return {**named, "totals|amounts": totals, "units|quantities|weighted": units, "end_level": level}


def _move(move: Mapping[str, Any]) -> Move:
    """A day is held from its start: day 1 begins at 0. Seconds are counted from the start of the period."""
    if "day" in move:
        return Move(exactly(move["day"], "day") - 1, needed(move, "delta", "value", "units"))
    return Move(needed(move, "at", "second", "seconds", "hour"), needed(move, "delta", "value", "units"))


def aggregated(inputs: Mapping[str, Any], text: str) -> Figures:
    """Quantity of a list of events by every way of counting, and by the one that is named its price."""
    if any(isinstance(each, Mapping) and first_key(each, *_PRICED) for each in inputs["events"]):
        return _priced(inputs["events"])
    rows = [_reading(each, at) for at, each in enumerate(inputs["events"])]
    found = {kind: aggregate(kind, rows) for kind in Aggregation}
    figures: Figures = {f"{kind.value}|{kind.value}_agg": value for kind, value in found.items()}
    said = str(inputs.get("aggregation") or text).lower()
    # "unique_count" holds the word "count" too: the longer name is looked for first.
    kinds = sorted(Aggregation, key=lambda kind: -len(kind.value))
    named = next((kind for kind in kinds if kind.value.split("_")[0] in said), Aggregation.SUM)
    figures["quantity|units|aggregation"] = found[named]
    if (price := price_of(inputs, text)) is not None:
        figures["amount|total"] = rate(price, found[named])
    return figures


def _priced(events: list[Any]) -> Figures:
    """Each event brings its own price: the sum is billed as it is (Lago dynamic charges)."""
    amount = aggregate(Aggregation.SUM, [Reading(at, needed(e, *_PRICED)) for at, e in enumerate(events)])
    units = aggregate(Aggregation.SUM, [_reading(each, at) for at, each in enumerate(events)])
    return {
        "amount|total": amount,
        "units|quantity": units,
        "unit_amount|average_price": amount / units if units else Fraction(0),
        "count|events": len(events),
    }


def _reading(event: Any, at: int) -> Reading:
    if not isinstance(event, Mapping):
        return Reading(at, exactly(event, "event") if _is_number(event) else Fraction(1), str(event))
    key = str(event.get("key", event.get("id", event.get("property", event.get("value", "")))))
    value = number(event, "value", "quantity", "amount", "units", default=Fraction(1))
    adds = str(event.get("operation", event.get("operation_type", "add"))) != "remove"
    return Reading(int(number(event, "at", "second", "day", default=Fraction(at))), value, key, adds)


def _is_number(value: Any) -> bool:
    try:
        return Fraction(str(value)) is not None
    except ValueError:
        return False


def moved(inputs: Mapping[str, Any], text: str) -> Figures:
    """Units that come and go within a period, prorated, by unit or in graduated tiers."""
    days = number(inputs, *_LENGTHS)
    key = _prorated_key(inputs)
    named = ("moves", "events", "event_units", "full_units", "units", "event_aggregation", "quantities")
    full = inputs.get(first_key(inputs, *named), [])
    if key:
        moves = [
            UnitMove(exactly(units, "units"), exactly(part, key))
            for units, part in zip(full, inputs[key], strict=True)
        ]
    elif days is not None:
        moves = [move_on(_value(each), int(needed(each, "day")), int(days)) for each in full]
    else:
        moves = [UnitMove(_value(each), needed(each, "prorated")) for each in full]
    units = sum((each.prorated for each in moves), Fraction(0))
    price = price_of(inputs, f"graduated {text}" if inputs.get("tiers") else text)
    if price is None:
        return {"units|prorated_units": units}
    amount = graduated_prorated(price, moves) if isinstance(price, Graduated) else rate(price, units)
    return {"amount|total|prorated_total": amount, "units|prorated_units": units}


def thresholds(inputs: Mapping[str, Any]) -> Figures:
    """Which thresholds fire as use grows step by step."""
    edges = numbers(inputs["thresholds"], "thresholds")
    recurring = number(inputs, "recurring", "recurring_threshold")
    key = first_key(inputs, "usages", "steps", "quantities", "usage")
    if not key:
        raise NotOffered("thresholds: no usage is given that could reach them")
    steps = numbers(inputs[key] if isinstance(inputs[key], list) else [inputs[key]], key)
    fired: list[Fraction] = []
    for reached in steps:
        fired += crossed(edges, reached, fired, recurring)
    return {
        "fired|crossed|events": fired,
        "count|number": len(fired),
        "last|highest": max(fired, default=None),
    }
