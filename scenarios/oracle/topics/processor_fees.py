"""What a processor keeps of each payment, and what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.cash.fees import FeePlan, fee_of
from core.finance.exact import Rounding, exactly
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, first, rows_of, unit_of
from scenarios.oracle.topics.pricing_reading import mode_of

_PERCENT = ("pct", "percent", "fee_pct", "rate_pct", "percentage", "fee_percent")


def reads(inputs: Mapping[str, Any]) -> bool:
    """Whether a percentage is named."""
    return any(key in inputs for key in _PERCENT) or isinstance(inputs.get("fee_plan"), Mapping)


def answer(case: Case) -> Any:
    """fees, nets and sums by name; fee_on_100 and the like for an amount that is named."""
    plan, unit = _plan(case), unit_of(case)
    if unread := sorted(key for key in case.inputs if re.search(r"refund|dispute|desired|target|want", key)):
        raise NotOffered(f"{', '.join(unread)}: of fees, what is kept of payments is read")
    rows = rows_of(first(case.inputs, "amounts", "charges", "payments", "amount", "charge", "gross"))
    if not rows:
        raise NotOffered(f"amounts: inputs {sorted(case.inputs)} name no payments")
    amounts = [unit.money(_amount(row), "amounts") for row in rows]
    flags = [_flags(row, case.inputs) for row in rows]
    if (plan.foreign or plan.conversion) and not _said(rows, case):
        raise NotOffered("fees: which of the amounts are foreign or converted is not said")
    fees = [
        fee_of(amount, plan, foreign=f, converted=c) for amount, (f, c) in zip(amounts, flags, strict=True)
    ]
    return {key: _figure(key, shape, (plan, unit, amounts, fees)) for key, shape in case.wanted.items()}


def _figure(key: str, shape: Any, terms: tuple[FeePlan, Unit, list[Money], list[Money]]) -> Any:
    plan, unit, amounts, fees = terms
    nets = [amount - fee for amount, fee in zip(amounts, fees, strict=True)]
    if isinstance(shape, list):
        if shape and isinstance(shape[0], Mapping):
            rows = zip(amounts, fees, nets, strict=True)
            return [{name: _of(name, *row).major for name in shape[0]} for row in rows]
        chosen = nets if "net" in key else amounts if re.search(r"gross|amount", key) else fees
        return [each.major for each in chosen]
    on = re.search(r"(fee|net)_(?:on|of|for)_(\d+(?:[._]\d+)?)", key)
    if on:
        amount = unit.money(on[2].replace("_", "."), key)
        flags = {"foreign": bool(re.search("foreign|international", key))}
        fee = fee_of(amount, plan, **flags)
        return (amount - fee if on[1] == "net" else fee).major
    if re.search(r"effective|share|rate|pct", key):
        share = Fraction(sum(fee.minor for fee in fees), sum(amount.minor for amount in amounts) or 1)
        return share * 100
    chosen = nets if "net" in key or "payout" in key else amounts if re.search(r"gross|amount", key) else fees
    return sum((each.major for each in chosen), start=0)


def _of(name: str, amount: Money, fee: Money, net: Money) -> Money:
    return fee if "fee" in name else net if "net" in name else amount


def _plan(case: Case) -> FeePlan:
    inputs = case.inputs
    own = inputs.get("fee_plan")
    row: Mapping[str, Any] = own if isinstance(own, Mapping) else inputs
    unit = unit_of(case)
    percent = first(row, *_PERCENT)
    if percent is None:
        raise NotOffered("fee: its percentage is read from pct")
    cap = first(row, "cap", "max_fee", "most")
    extra = first(row, "foreign_pct", "international_pct", "cross_border_pct", "surcharge_pct")
    return FeePlan(
        exactly(percent, "pct") / 100,
        unit.minor(first(row, "fixed", "fixed_fee", "per_transaction") or 0, "fixed"),
        exactly(extra or 0, "foreign_pct") / 100,
        exactly(first(row, "conversion_pct", "fx_pct") or 0, "conversion_pct") / 100,
        None if cap is None else unit.minor(cap, "cap"),
        unit.minor(first(row, "min_fee", "minimum", "at_least") or 0, "min_fee"),
        mode_of(case.rounding) or Rounding.HALF_UP,
    )


def _amount(row: Any) -> Any:
    return first(row, "amount", "gross", "charge") if isinstance(row, Mapping) else row


def _said(rows: list[Any], case: Case) -> bool:
    """Whether the inputs or the figures' names say what a surcharge is for."""
    given = [key for row in rows if isinstance(row, Mapping) for key in row]
    keys = [*given, *(key for key, value in case.inputs.items() if isinstance(value, bool)), *case.wanted]
    return any(re.search("foreign|international|cross_border|conver", key) for key in keys)


def _flags(row: Any, inputs: Mapping[str, Any]) -> tuple[bool, bool]:
    both = (row if isinstance(row, Mapping) else {}, inputs)
    foreign = any(r.get(key) is True for r in both for key in ("foreign", "international", "cross_border"))
    converted = any(r.get(key) is True for r in both for key in ("converted", "conversion"))
    return foreign, converted
