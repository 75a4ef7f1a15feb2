"""Cases of progressive billing: thresholds, usage as a sum or by event, end of period or termination."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.finance.exact import whole
from core.finance.pricing.progressive import PeriodBill, Progress, Thresholds, billed_over, close_period
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, units

_PLAN = ("plan_price", "subscription_fee", "plan", "plan_amount", "subscription")
_USAGE = ("usage", "events", "usage_events", "usages", "usage_steps", "steps")
_BILLED = ("billed_at_threshold", "already_billed", "progressively_billed")


@dataclass(frozen=True, slots=True)
class _Done:
    bills: tuple[int, ...]
    end: PeriodBill
    lifetime: int = 0


def answer(case: Case) -> Any:
    """Figures of the period's end; those of a variant begin with its name."""
    unit, inputs = units(case), case.inputs
    if not isinstance(case.wanted, Mapping):
        raise NotOffered("expected: an object of named figures is read")
    if isinstance(inputs.get("periods"), list):
        return _periods(case.wanted, inputs, unit)
    variants = {
        key.removesuffix("_variant"): value
        for key, value in inputs.items()
        if key.endswith("_variant") and isinstance(value, Mapping)
    }
    found: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        name = next((each for each in variants if str(key).startswith(each)), None)
        given = {k: v for k, v in inputs.items() if name is None or k not in (*_USAGE, *_BILLED)}
        done = _worked({**given, **(variants[name] if name else {})}, unit)
        if isinstance(shape, Mapping):
            found[key] = {each: _figure(str(each), done, unit) for each in shape}
        elif isinstance(shape, list):
            found[key] = [unit.major(each) for each in done.bills if each]
        else:
            found[key] = _figure(str(key), done, unit)
    return found


def _periods(wanted: Mapping[str, Any], inputs: Mapping[str, Any], unit: Units) -> Any:
    """Billing periods one after the other: what was passed in one is not passed again."""
    lifetime, done = 0, []
    for row in inputs["periods"]:
        given = row if isinstance(row, Mapping) else {"usage": row}
        usage = first(given, *_USAGE)
        given = {**inputs, **given, "usage": usage if isinstance(usage, list) else [usage]}
        done.append(_worked(given, unit, lifetime))
        lifetime = done[-1].lifetime
    found: dict[str, Any] = {}
    for key, shape in wanted.items():
        if isinstance(shape, list):
            found[key] = [_row(one, str(key), each, unit) for one, each in zip(shape, done, strict=False)]
        else:
            found[key] = sum((_figure(str(key), each, unit) for each in done), Fraction(0))
    return found


def _row(shape: Any, key: str, done: _Done, unit: Units) -> Any:
    if isinstance(shape, list):
        return [unit.major(bill) for bill in done.bills if bill]
    if isinstance(shape, Mapping):
        return {name: _figure(str(name), done, unit) for name in shape}
    return _figure(key, done, unit)


def _worked(inputs: Mapping[str, Any], unit: Units, before: int = 0) -> _Done:
    limits = _thresholds(inputs, unit)
    price = first(inputs, "unit_price", "price_per_unit", "charge_amount")
    each_costs = Fraction(1) if price is None else unit.minor(price, "unit_price") / unit.minor("1", "unit")
    usage = first(inputs, *_USAGE)
    plan = first(inputs, *_PLAN)
    part = Fraction(1)
    if first(inputs, "day", "days", "used_days") is not None:
        days = first(inputs, "days", "used_days")
        pair = (
            days if isinstance(days, list) else [first(inputs, "day", "days", "used_days"), inputs.get("of")]
        )
        part = Fraction(int(pair[0]), int(pair[1]))
    fee = int(unit.rounded(unit.minor(plan or "0", "plan_price") * part) * 10**unit.digits)
    if isinstance(usage, list):
        amounts = [
            whole(unit.minor(each["amount"] if isinstance(each, Mapping) else each, "usage") * each_costs)
            for each in usage
        ]
        progress, bills = billed_over(amounts, limits, Progress(before))
        return _Done(bills, close_period(progress, fee)[1], progress.lifetime)
    if usage is None:
        raise NotOffered(f"usage: none is given that could reach a threshold; one of {_USAGE} is read")
    used = whole(unit.minor(usage, "usage") * each_costs)
    billed = first(inputs, *_BILLED)
    # A sum alone: usage is taken to have come up to each threshold and been billed there.
    so_far = unit.whole(billed, "billed_at_threshold") if billed is not None else _reached(limits, used)
    return _Done((so_far,), close_period(Progress(used, used, so_far), fee)[1])


def _reached(limits: Thresholds, used: int) -> int:
    steps = [step for step in limits.once if step <= used]
    top = max(limits.once, default=0)
    if limits.recurring and used >= top:
        steps.append(top + (used - top) // limits.recurring * limits.recurring)
    return max(steps, default=0)


def _thresholds(inputs: Mapping[str, Any], unit: Units) -> Thresholds:
    rows = first(inputs, "thresholds", "usage_thresholds", "threshold")
    once, recurring = [], inputs.get("recurring_threshold")
    for row in rows if isinstance(rows, list) else [] if rows is None else [rows]:
        if isinstance(row, Mapping) and row.get("recurring") in (True, "true"):
            recurring = row["amount"]
        else:
            once.append(unit.whole(row["amount"] if isinstance(row, Mapping) else row, "threshold"))
    if inputs.get("recurring") in (True, "true") and len(once) == 1:
        return Thresholds((), once[0])
    return Thresholds(
        tuple(once), None if recurring is None else unit.whole(recurring, "recurring_threshold")
    )


def _figure(name: str, done: _Done, unit: Units) -> Fraction:
    if re.search(r"fees", name):
        return unit.major(done.end.fees)
    if re.search(r"credit_note|give_back|refund", name):
        return unit.major(done.end.credit)
    if re.search(r"credit", name):
        return unit.major(done.end.credited)
    if re.search(r"at_threshold|threshold_inv|progressive", name):
        return unit.major(sum(done.bills))
    if re.search(r"invoice|total|due|bill|final|end|termin|period", name):
        return unit.major(done.end.total)
    raise NotOffered(f"{name}: invoice, fees, credit and what was billed at thresholds are read")
