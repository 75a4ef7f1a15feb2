"""Cases of the topic contract_modification: units, progress, services that run on, and cancellations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.exact import to_major, to_money
from core.finance.revenue.modification import Change, Treatment, Units, blended, treatment
from core.finance.revenue.progress import Measure, revenue_to_date
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.modification_progress import by_progress
from scenarios.oracle.topics.modification_services import (
    cancelled,
    changed_price,
    plan_change,
    renegotiated,
    service_changed,
)
from scenarios.oracle.topics.revenue_reading import amount, currency_of, only_wanted


def answer(case: Case) -> Any:
    """By the vocabulary: units, costs, a cancellation, a change of plan, of a service, of a price."""
    inputs = case.inputs
    original = inputs.get("original", inputs)
    if isinstance(original, Mapping) and "units" in original and "added" in inputs:
        return only_wanted(case, _units(case))
    if any(word in key for key in inputs for word in ("cost", "hours", "progress")):
        return only_wanted(case, by_progress(case))
    if any(key.startswith(("cancel", "terminat")) for key in inputs):
        return only_wanted(case, cancelled(case))
    if (
        "period" not in inputs
        and "service" not in inputs
        and isinstance(original, Mapping)
        and _by_years(original)
    ):
        return only_wanted(case, renegotiated(case))
    both = [key for key in ("upgrade", "downgrade") if isinstance(inputs.get(key), Mapping)]
    if both and set(case.wanted) <= set(both):
        return {key: answer(_inner(case, key)) for key in case.wanted}
    if any(key.startswith(("new_plan", "upgrade", "downgrade", "new_price")) for key in inputs) or (
        "to" in inputs or ("new" in inputs and "old" in inputs)
    ):
        return only_wanted(case, plan_change(case))
    change = inputs.get("modification", inputs.get("modified"))
    if any("variable" in key for key in inputs) and isinstance(change, Mapping) and "added" in change:
        rest = {key: value for key, value in inputs.items() if key not in ("modification", "modified")}
        return answer(replace(case, inputs={**rest, "added": _addition(change)}))
    if any("variable" in key for key in inputs) and "added" in inputs:
        return only_wanted(case, changed_price(case))
    if any(key in inputs for key in ("modified_at", "changed_at", "effective", "effective_at")):
        return only_wanted(case, service_changed(case))
    if isinstance(original, Mapping) and any("year" in key or "month" in key for key in original):
        return only_wanted(case, renegotiated(case))
    raise NotOffered(f"{', '.join(sorted(inputs))}: no modification is described by these")


def _by_years(original: Mapping[str, Any]) -> bool:
    """A service of so many alike years or months, at a price for each."""
    return any(key in original for key in ("years", "months")) and any(
        "annual" in k or "per_" in k or "ly_" in k for k in original
    )


def _addition(change: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is added, told as one object or by a name with its price beside it."""
    if isinstance(change["added"], Mapping):
        return change["added"]
    price = next((change[key] for key in ("price_added", "price", "added_price") if key in change), None)
    if price is None:
        raise NotOffered(f"modification: {', '.join(sorted(change))} name no price of what is added")
    return {"product": change["added"], "price": price, **{k: v for k, v in change.items() if k == "ssp"}}


def _inner(case: Case, key: str) -> Case:
    """One of several changes of the same plan, as a case of its own."""
    shared = {name: value for name, value in case.inputs.items() if name not in ("upgrade", "downgrade")}
    return replace(case, inputs={**shared, **case.inputs[key]}, wanted=case.wanted[key])


def _units(case: Case) -> dict[str, Any]:
    inputs, currency = case.inputs, currency_of(case)
    original, added = inputs.get("original", inputs), inputs["added"]
    price, more = amount(original["price"], "price"), amount(added["price"], "added.price")
    count, delivered = (amount(original.get(key, 0), key) for key in ("units", "delivered"))
    extra = amount(added["units"], "added.units")
    alone = bool(added.get("is_standalone_price", False))
    if "standalone_price" in added and "is_standalone_price" not in added:
        alone = amount(added["standalone_price"], "standalone_price") == more
    distinct = bool(inputs.get("distinct", added.get("distinct", True)))
    how = treatment(Change(distinct, distinct, alone))
    left = count - delivered
    figures: dict[str, Any] = {
        "treatment": how.value,
        "remaining_units": left,
        "revenue_to_date": to_money(delivered * price, currency),
        "original_unit_revenue": to_money(price, currency),
        "added_unit_revenue": to_money(more, currency),
    }
    figures |= _credits({**inputs, **added}, delivered, currency)
    if how is Treatment.SEPARATE:
        return figures | {"added_revenue": to_money(extra * more, currency)}
    rest = [Units(left, price), Units(extra, more)]
    total = sum((units.total for units in rest), Fraction(0))
    figures["remaining_consideration"] = figures["consideration_to_allocate"] = to_money(total, currency)
    if how is Treatment.CATCH_UP:
        new_price = to_money(count * price + extra * more, currency)
        to_date = revenue_to_date(new_price, Measure(delivered, count + extra))
        figures["catch_up"] = to_date - to_money(delivered * price, currency)
        return figures | {"revised_revenue_to_date": to_date, "revised_price": new_price}
    each = to_money(blended(rest), currency)
    same = (
        "blended_unit_price",
        "blended_price",
        "remaining_unit_revenue",
        "unit_revenue_after",
        "unit_revenue",
    )
    figures |= dict.fromkeys(same, each)
    figures |= dict.fromkeys(("remaining_units", "total_remaining_units", "units_after"), left + extra)
    figures["added_unit_revenue"] = figures["original_unit_revenue"] = each
    return figures | {"revenue_delivered": to_money(delivered * price, currency)}


def _credit(given: Mapping[str, Any], delivered: Fraction) -> Fraction:
    """A total, or so much a unit of those that it is for."""
    each = next((key for key in ("per_unit", "unit", "price", "each", "credit_per_unit") if key in given), "")
    if each:
        return amount(given[each], each) * amount(given.get("units", delivered), "units")
    key = next((key for key in ("amount", "total", "credit") if key in given), "")
    if not key:
        raise NotOffered(f"credit: {', '.join(sorted(given))} name no amount")
    return amount(given[key], key)


def _credits(inputs: Mapping[str, Any], delivered: Fraction, currency: str) -> dict[str, Money]:
    """A discount on what was delivered, as for defects: revenue of now, and no part of the change."""
    figures: dict[str, Money] = {}
    for key, value in inputs.items():
        if ("credit" in key or "defect" in key) and not isinstance(value, list):
            if isinstance(value, Mapping):
                worth = _credit(value, delivered)
            else:
                each = any(word in key for word in ("per_unit", "each", "unit"))
                worth = amount(value, key) * (delivered if each else 1)
            names = ("revenue_reduction", "credit_total", "reduction_of_revenue", "credit_reduces_revenue")
            more = ("reduction_of_revenue_for_delivered", "revenue_reduction_delivered", "defect_credit")
            figures |= dict.fromkeys((*names, *more), to_money(worth, currency))
    for reduced in list(figures.values())[:1]:
        figures["revenue_net_of_credit"] = to_money(-to_major(reduced), currency)
    return figures
