"""Cases of the topic usage_rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.finance.usage.prices import Graduated, Price, Tier, Volume, rate, tier_lines, volume_of
from core.finance.usage.spend import Spend, late_delta, limited, split_line
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.fitting import Figures, first_key, fitted, needed, number, numbers, rounded
from scenarios.oracle.topics import usage_events
from scenarios.oracle.topics.usage_prices import converted, price_of, unit_tiers

_QUANTITY = ("quantity", "metered_cost", "cost", "units", "usage", "qty", "total_quantity", "amount")
_WAYS = ("graduated", "volume")
_QUANTITIES = (
    "quantities",
    "units",
    "usages",
    "quantity",
    "usage",
    "metered_costs",
    "costs",
    "amounts",
    "values",
)
# Keys that only hold cases together and name none themselves.
_HOLDERS = ("variants", "cases", "scenarios", "examples")
# Of a case itself, not of the cases inside it.
_OWN = {"split", "late_usage", "minimum", "maximum", "prorated"}
_MOST = ("max_spend", "maximum_spend", "maximum", "maximum_amount")
_LEAST = ("min_spend", "minimum_spend", "minimum", "minimum_amount", "min")
_BILLED = ("billed_before_split", "billed_before", "previous_billed", "previously_billed", "billed")
# Parts of a rating that are no case of their own.
_PARTS = {"split", "late_usage", "minimum", "prorated", "unit_config", "conversion", "maximum", "months"}
_BEFORE = ("before", "pre_line", "pre_line_quantity", "quantity_before", "before_quantity", "used_before")
_IN_LINE = ("in_line", "line_quantity", "added", "line", "quantity_in_line", "after", "in_line_quantity")


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    text = f"{case.subtopic} {case.convention}"
    ways = [key for key in case.wanted if key in _WAYS] if isinstance(case.wanted, Mapping) else []
    if len(ways) > 1 and "mode" not in case.inputs:
        return _both_ways(case, ways)
    figures = _solve(case.inputs, text, case.wanted)
    if not figures:
        known = ", ".join(case.inputs)
        raise NotOffered(f"inputs: {known} name no price model of usage that the product has")
    return rounded(fitted(case.wanted, _after_limits(figures, case.wanted)), case.rounding)


def _both_ways(case: Case, ways: list[str]) -> dict[str, Any]:
    """The same tiers read as graduated and as volume, where a case wants to see both."""
    if others := [key for key in case.wanted if key not in ways]:
        raise NotOffered(f"{', '.join(others)}: beside both ways of tiers, which way is meant is not said")
    found: dict[str, Any] = {}
    for way in ways:
        shape = case.wanted[way]
        name = "totals" if isinstance(shape, list) else "total"
        inputs = {**case.inputs, "mode": way}
        one = replace(case, inputs=inputs, wanted={name: shape}, subtopic="", convention="")
        if isinstance(shape, Mapping):
            one = replace(one, wanted=shape)
        answered = answer(one)
        found[way] = answered if isinstance(shape, Mapping) else answered[name]
    return found


def _after_limits(figures: Figures, wanted: Any) -> Figures:
    """Where an amount, a top-up and a total are all wanted, the total is the one with the top-up."""
    before = "total|amount|charge|gross|usage_amount"
    topped = any("top_up" in str(key) for key in wanted or ())
    if before not in figures or not (
        topped and "total" in wanted and {"amount", "charge", "gross", "usage_amount"} & set(wanted)
    ):
        return figures
    renamed = {
        "amount|charge|gross|usage_amount" if key == before else key: each for key, each in figures.items()
    }
    return {**renamed, "total": next(each for key, each in figures.items() if key.startswith("billed|net"))}


def _solve(inputs: Mapping[str, Any], text: str, wanted: Any) -> Figures:
    if usage_events.is_percentage(inputs):
        return {**usage_events.percentage(inputs), **_parts(inputs, text)}
    if "months" in inputs:
        return usage_events.levels(inputs, wanted)
    if "thresholds" in inputs:
        return usage_events.thresholds(inputs)
    if usage_events.is_capacity(inputs):
        return usage_events.capacities(inputs)
    if usage_events.has_moves(inputs):
        return usage_events.moved(inputs, text)
    if isinstance(inputs.get("events"), list):
        return usage_events.aggregated(inputs, text)
    found = _parts(inputs, text)
    price = price_of(inputs, text)
    if price is not None:
        return {**found, **_rated(inputs, price, text)}
    return {**found, **_together(found), **_units(inputs)}


def _together(found: Figures) -> Figures:
    """Several parts with a total each: what they come to."""
    totals = [
        figure
        for value in found.values()
        if isinstance(value, Mapping)
        for names, figure in value.items()
        if names.startswith("total|")
    ]
    return {"total|all|amount": sum(totals, Fraction(0))} if len(totals) > 1 else {}


def _parts(inputs: Mapping[str, Any], text: str) -> Figures:
    """Problems inside a problem, by key: each inherits what stands above it."""
    above = {k: value for k, value in inputs.items() if k not in _OWN and not _is_part(k, value)}
    found: Figures = {}
    for key, value in inputs.items():
        if not _is_part(key, value):
            continue
        rows = value if isinstance(value, list) else [value]
        solved = [_solve({**above, **row}, f"{key} {text}", None) for row in rows]
        if isinstance(value, list):
            if all(solved):
                names = solved[0].keys() & set.intersection(*(set(each) for each in solved))
                columns = {name: [each[name] for each in solved] for name in solved[0] if name in names}
                found |= {_named(key, name): column for name, column in columns.items()}
        elif key in _HOLDERS:
            found |= _parts({**above, **value}, text)
        elif solved[0]:
            found[key] = solved[0]
            found |= {_named(key, name): figure for name, figure in solved[0].items()}
    return found


def _is_part(key: str, value: Any) -> bool:
    if key in _PARTS or key.startswith(("tier", "range", "event", "move")):
        return False
    rows = value if isinstance(value, list) else [value]
    return bool(rows) and all(isinstance(row, Mapping) and not unit_tiers(row) for row in rows)


def _named(key: str, names: str) -> str:
    """Under the key of its part; the amount of a part also goes by the part's own name."""
    both = [f"{key}_{name}" for name in names.split("|")]
    return "|".join([*both, key] if names.startswith(("amount|", "total|", "totals|")) else both)


def _rated(inputs: Mapping[str, Any], price: Price, text: str) -> Figures:
    found: Figures = {}
    spend = Spend(number(inputs, *_LEAST), number(inputs, *_MOST))
    billed = number(inputs, *_BILLED)
    if (quantity := number(inputs, *_QUANTITY)) is not None:
        found |= _one(price, converted(inputs, quantity), spend, billed, inputs)
    key = next((key for key in _QUANTITIES if isinstance(inputs.get(key), list)), "")
    if key:
        used = [converted(inputs, each) for each in numbers(inputs[key], key)]
        found["totals|amounts"] = totals = [rate(price, each) for each in used]
        found["packages|blocks|billed_units"] = [_units_of(price, each) for each in used]
        capped = [limited(each, billed or Fraction(0), spend) for each in totals]
        found["totals_with_limits|billed|limited"] = [each.total for each in capped]
        found["discounts|max_spend_discounts"] = [each.discount for each in capped]
        if spend.minimum is not None:
            found["minimum_top_ups|top_ups"] = [each.top_up for each in capped]
    elif many := next((k for k in ("free_units", "multipliers") if isinstance(inputs.get(k), list)), ""):
        one = many if many == "free_units" else "multiplier"
        rows = [price_of({**inputs, one: each}, text) for each in inputs[many]]
        found["totals|amounts"] = [rate(row, needed(inputs, *_QUANTITY)) for row in rows if row]
    return found | _special(inputs, price, spend)


def _one(
    price: Price, quantity: Fraction, spend: Spend, billed: Fraction | None, inputs: Mapping[str, Any]
) -> Figures:
    total, lines = rate(price, quantity), tier_lines(price, quantity)
    tiers = len(inputs.get("tiers") or [1])
    each = [line.amount for line in lines]
    # What was billed before is part of the total: this line bills the rest.
    so_far, off = billed or Fraction(0), total * _discount(inputs) * Fraction(1, 100)
    line = limited(total - so_far, so_far, spend, off=off)
    found: Figures = {
        "total|amount|charge|gross|usage_amount": total,
        "per_tier|tiers|tier_amounts": each,
        "max_spend_discount|maximum_spend_discount|max_discount": line.capped,
        "percentage_discount": line.off,
        "discount": line.off if _discount(inputs) else line.discount,
        "discounts_total|discount_total|total_discount": line.discount,
        "minimum_top_up|top_up|true_up|minimum_spend_line": line.top_up,
        "billed|net|total_with_max_spend|total_with_minimum|payable": line.total,
        "unit_amount|effective_unit_price": total / quantity if quantity else Fraction(0),
        "units|billed_units|packages|blocks": _units_of(price, quantity),
    }
    if len(each) < tiers:
        found["each_tier|per_tier|tiers"] = each + [Fraction(0)] * (tiers - len(each))
    return found


def _units_of(price: Price, quantity: Fraction) -> Fraction:
    return sum((line.units for line in tier_lines(price, quantity)), Fraction(0))


def _special(inputs: Mapping[str, Any], price: Price, spend: Spend) -> Figures:
    found: Figures = {}
    split = inputs.get("split")
    if isinstance(split, Mapping):
        found |= _split(split, inputs, price, spend)
    elif first_key(inputs, *_IN_LINE) and first_key(inputs, *_BEFORE):
        found |= _split(inputs, inputs, price, spend)
    if late := inputs.get("late_usage"):
        rows = late if isinstance(late, list) else [late]
        deltas = [_late(row, price) for row in rows]
        found["late_usage_deltas|late_deltas|corrections|late"] = deltas
        if isinstance(late, Mapping):
            found["late_usage_delta|correction|delta"] = deltas[0]
    for name, floor in (("minimum", True), ("maximum", False)):
        if isinstance(part := inputs.get(name), Mapping):
            limit = needed(part, name, "amount", "spend")
            bound = Spend(limit, None) if floor else Spend(None, limit)
            used = [rate(price, each) for each in numbers(_list(part), "quantities")]
            lines = [limited(each, Fraction(0), bound) for each in used]
            found[f"{name}_top_ups|top_ups" if floor else f"{name}_discounts|discounts"] = [
                each.top_up if floor else each.discount for each in lines
            ]
            found[f"{name}_totals"] = [each.total for each in lines]
    if isinstance(prorated := inputs.get("prorated"), Mapping) and isinstance(price, Volume):
        full = needed(prorated, "full_units", "full", "units")
        part = needed(prorated, "prorated_units", "prorated")
        found["prorated_total|prorated_amount|prorated"] = volume_of(price, full, part)
    return found


def _split(split: Mapping[str, Any], inputs: Mapping[str, Any], price: Price, spend: Spend) -> Figures:
    before = number(split, *_BEFORE, default=Fraction(0))
    added = needed(split, *_IN_LINE)
    billed = number(split, *_BILLED, default=number(inputs, *_BILLED))
    last, off = bool(split.get("last")), _discount(inputs)
    total = converted(inputs, before + added)
    earlier = converted(inputs, before)
    first = not before and not billed
    start = None if first else earlier
    plain = split_line(price, start, total, off_pct=off)
    line = split_line(price, start, total, spend=spend, billed=billed, last=last, off_pct=off)
    return {
        "split_line_amount|split_amount|line_amount": plain.gross,
        "split_line_with_max_spend|split_line_total|split_line_net|line_total|net": line.total,
        "split_line_max_spend_discount|max_spend_discount|maximum_spend_discount": line.capped,
        "split_line_percentage_discount|percentage_discount": line.off,
        "split_line_discounts_total|discounts_total|line_discount": line.discount,
        "split_line_top_up|line_top_up|minimum_top_up|top_up": line.top_up,
    }


def _discount(inputs: Mapping[str, Any]) -> Fraction:
    found = number(inputs, "discount_pct", "percentage_discount", "discount_percent", default=Fraction(0))
    assert isinstance(found, Fraction)
    return found


def _late(row: Mapping[str, Any], price: Price) -> Fraction:
    billed = needed(row, "billed_at", "billed", "before")
    late = number(row, "late", "added", "late_units")
    return late_delta(price, billed, needed(row, "then", "after", "now") if late is None else billed + late)


def _list(part: Mapping[str, Any]) -> list[Any]:
    key = first_key(part, "quantities", "quantity", "usages")
    return part[key] if isinstance(part[key], list) else [part[key]]


def _units(inputs: Mapping[str, Any]) -> Figures:
    """Several metered units in one charge, each with its own tiers spelt out."""
    units = {key: unit_tiers(value) for key, value in inputs.items() if isinstance(value, Mapping)}
    units = {key: rows for key, rows in units.items() if rows}
    if not units:
        return {}
    each = {key: rate(Graduated(_tiers(rows)), _sum(rows)) for key, rows in units.items()}
    top = {key: rate(Volume(_tiers(rows)), _sum(rows)) for key, rows in units.items()}
    # Units told as "first" and "rest" are an example of their own, with a total of their own.
    own = {key for key in units if "first" in inputs[key]}
    shared = [key for key in units if key not in own] or list(units)
    found: Figures = {f"{key}_total|{key}_amount": total for key, total in each.items()}
    found |= {f"{key}_top_tier_total": total for key, total in top.items()}
    found["all_tier_total|all_tiers_total"] = sum((each[key] for key in shared), Fraction(0))
    found["top_tier_total"] = sum((top[key] for key in shared), Fraction(0))
    return found


def _tiers(rows: list[tuple[Fraction, Fraction]]) -> tuple[Tier, ...]:
    """The quantity used in a tier is its size, except of the last, which has no end."""
    ends = [_sum(rows[: at + 1]) for at in range(len(rows) - 1)]
    return tuple(Tier(end, row[1]) for end, row in zip([*ends, None], rows, strict=True))


def _sum(rows: list[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((quantity for quantity, _ in rows), Fraction(0))
