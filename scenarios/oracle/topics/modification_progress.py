"""Modifications of one obligation that is measured by costs, hours or units: cumulative catch-up."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.exact import to_money, whole
from core.finance.revenue.progress import Measure, catch_up, constrained, revenue_to_date
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import amount, currency_of

# Digits of the percentage that the standard's example rounds to.
_DIGITS = 1
_IN_ALL = ("cost", "costs", "expected_cost", "total_cost", "hours", "total_hours")
_SO_FAR = ("costs_to_date", "cost_to_date", "costs_incurred", "hours_to_date", "hours_incurred")
_MORE = ("cost_added", "costs_added", "added_cost", "hours_added")
_BONUS = ("bonus", "variable", "incentive")


def by_progress(case: Case) -> dict[str, Any]:
    """Before and after the modification; the change is revenue now."""
    inputs, currency = case.inputs, currency_of(case)
    changed = inputs.get("modified", inputs.get("modification", {}))
    price, done, in_all = (_one(inputs, *keys) for keys in (("price", "contract_price"), _SO_FAR, _IN_ALL))
    before_bonus = _constrained(inputs)
    old_price = to_money(price + before_bonus, currency)
    old = Measure(done, in_all)
    now = Measure(_one(changed, *_SO_FAR, default=done), _new_total(changed, in_all))
    new_price = to_money(_new_price(changed, price) + before_bonus, currency)
    digits = int(case.inputs.get("progress_digits", _DIGITS))
    rounded = Measure(now.so_far, now.in_all, digits)
    recognised = revenue_to_date(old_price, old)
    figures: dict[str, Any] = dict.fromkeys(
        ("revenue_to_date", "revenue_before", "revenue_recognised"), recognised
    )
    figures |= {
        # After a modification its measure has changed: which of the two is meant is not said.
        **({} if changed else {"progress_pct": _percent(old.share, digits)}),
        "progress_before_pct": _percent(old.share, digits),
        "progress_rounded_pct": _percent(rounded.share, digits),
        "progress_after_pct": _percent(rounded.share, digits),
        "progress_exact_pct": now.share * 100,
        "catch_up_rounded_progress": catch_up(new_price, rounded, recognised),
        "catch_up_exact": catch_up(new_price, now, recognised),
        "transaction_price": new_price,
        "modified_price": new_price,
        "expected_profit_before": to_money(price + before_bonus - in_all, currency),
        "expected_profit_after": _less(new_price, now.in_all, currency),
        "revenue_after_rounded": revenue_to_date(new_price, rounded),
        "revenue_after_exact": revenue_to_date(new_price, now),
        "gross_profit_to_date": _less(recognised, done, currency),
    }
    exact = "rounded" not in case.convention
    measure = now if exact else rounded
    figures["catch_up"] = catch_up(new_price, measure, recognised)
    same = ("revenue_after", "cumulative_revenue", "revised_revenue_to_date")
    return figures | dict.fromkeys(same, revenue_to_date(new_price, measure))


def _new_price(changed: Mapping[str, Any], price: Fraction) -> Fraction:
    if "price" in changed:
        price = amount(changed["price"], "modified.price")
    for key, value in changed.items():
        if key in ("price_added", "added_price") or any(word in key for word in _BONUS):
            price += amount(value, key)
    return price


def _new_total(changed: Mapping[str, Any], in_all: Fraction) -> Fraction:
    fresh = _one(changed, *_IN_ALL, default=in_all)
    return fresh + _one(changed, *_MORE, default=Fraction(0))


def _constrained(inputs: Mapping[str, Any]) -> Fraction:
    """A bonus of the old contract counts only where the case says that it is highly probable."""
    for key in ("bonus", "variable", "incentive_bonus"):
        if key in inputs and not isinstance(inputs[key], Mapping):
            sure = bool(inputs.get("bonus_included", inputs.get("highly_probable", False)))
            return constrained(amount(inputs[key], key), highly_probable=sure)
    return Fraction(0)


def _one(inputs: Mapping[str, Any], *keys: str, default: Fraction | None = None) -> Fraction:
    for key in keys:
        if key in inputs:
            return amount(inputs[key], key)
    if default is None:
        raise NotOffered(f"{keys[0]}: it is not given")
    return default


def _percent(share: Fraction, digits: int) -> Fraction:
    return Fraction(whole(share * 100 * 10**digits), 10**digits)


def _less(price: Money, costs: Fraction, currency: str) -> Money:
    return price - to_money(costs, currency)
