"""Cases of minimum commitments by period, overage beyond them, and a most that is billed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.calendar import Period
from core.finance.exact import exactly
from core.finance.pricing.commitments import (
    Commitment,
    Counts,
    FeeKind,
    PeriodFee,
    TrueUp,
    against,
    beyond,
    capped,
    true_up,
    true_up_of_term,
)
from core.finance.usage.spend import Spend, SplitLine, limited
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, units

_COMMITMENTS = ("commitment", "minimum_commitment", "min_commitment", "minimum", "commitment_amount")
_SUBSCRIPTION = ("subscription_fee", "subscription", "plan_price", "plan_amount")
_USAGE = ("fees_by_month", "monthly_fees", "usage", "usage_fees", "charges", "fees", "usage_amount", "charge")
_DAYS = ("period_days", "days", "served_days", "active_days", "first_period_days")
_LISTS = ("periods", "months", "quarters", "usages", "usage_amounts", "monthly_usage", "monthly_usages")
_ORDINALS = ("first", "second", "third", "fourth", "next", "last", "terminated", "termination")
# A period that cases call by either name.
_SAME = {"next": "second", "second": "next", "termination": "terminated", "terminated": "termination"}


@dataclass(frozen=True, slots=True)
class _Period:
    subscription: int
    usage: int
    share: Fraction
    done: TrueUp


def answer(case: Case) -> Any:
    """By period as named; a case without periods is one."""
    unit = units(case)
    if first(case.inputs, "overage_factor", "overage_multiplier", "overage_rate_factor") is not None:
        return _overage(case, unit)
    wanted = case.wanted
    if not isinstance(wanted, Mapping):
        raise NotOffered("expected: an object of named figures is read")
    rows = first(case.inputs, *_LISTS)
    if rows is None and any(isinstance(shape, list) for shape in wanted.values()):
        # Figures of several periods are wanted: a list of usage is one of each.
        rows = next((case.inputs[key] for key in _USAGE if isinstance(case.inputs.get(key), list)), None)
    if isinstance(rows, list):
        return _listed(case, rows, unit)
    found: dict[str, Any] = {}
    for key, shape in wanted.items():
        if isinstance(shape, Mapping):
            period = _period(_inputs_of(str(key), case.inputs), case, unit)
            found[key] = {name: _figure(str(name), period, unit) for name in shape}
        else:
            prefix = str(key).split("_")[0]
            named = prefix in _ORDINALS and any(each.startswith(f"{prefix}_") for each in case.inputs)
            given = _inputs_of(prefix, case.inputs) if named else case.inputs
            found[key] = _figure(str(key), _period(given, case, unit), unit)
    return found


def capped_spend(case: Case) -> Any:
    """What is billed of usage under a maximum."""
    unit, inputs = units(case), case.inputs
    most = unit.whole(
        first(inputs, "maximum_spend", "max_spend", "spend_cap", "cap", "maximum"), "maximum_spend"
    )
    usage = first(inputs, "usage", "charges", "fees", "charge")
    billed, bills = 0, []
    for each in usage if isinstance(usage, list) else [usage]:
        bills.append(capped(unit.whole(each, "usage"), most, billed))
        billed += bills[-1]
    total = sum(unit.whole(each, "usage") for each in (usage if isinstance(usage, list) else [usage]))
    found: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            found[key] = [unit.major(each) for each in bills]
        else:
            found[key] = unit.major(
                total - billed if re.search(r"forgone|not_billed|waived|over", key) else billed
            )
    return found


def limited_spend(case: Case) -> Any:
    """What is billed of usage between a minimum and a maximum, period by period."""
    unit, inputs = units(case), case.inputs
    least = unit.minor(first(inputs, "minimum", "minimum_spend", "min_spend"), "minimum")
    most = unit.minor(first(inputs, "maximum", "maximum_spend", "max_spend"), "maximum")
    usage = first(inputs, *_LISTS, *_USAGE)
    if usage is None:
        raise NotOffered(f"usage: none is found in {sorted(inputs)}")
    lines = [
        limited(unit.minor(each, "usage"), Fraction(0), Spend(least, most))
        for each in (usage if isinstance(usage, list) else [usage])
    ]

    def of(line: SplitLine, name: str) -> Fraction:
        if re.search(r"top_?up|true_?up|shortfall", name):
            return unit.major(line.top_up)
        if re.search(r"capped|reduc|discount|over|not_billed|waived", name):
            return unit.major(line.capped)
        if re.search(r"amount|total|billed|charge|due|payable", name):
            return unit.major(line.total)
        raise NotOffered(f"{name}: amount, top_up and capped of a spend between limits are read")

    return {
        key: [of(line, str(key)) for line in lines] if isinstance(shape, list) else of(lines[0], str(key))
        for key, shape in case.wanted.items()
    }


def included_units(case: Case) -> Any:
    """Overage beyond an included quantity."""
    unit, inputs = units(case), case.inputs
    included = exactly(first(inputs, "included", "included_units", "included_quantity"), "included")
    used = exactly(first(inputs, "used", "usage", "quantity", "units"), "usage")
    price = unit.minor(first(inputs, "overage_price", "unit_price", "price", "overage_rate"), "overage_price")
    base = first(inputs, "base_fee", "commitment_fee", "subscription_fee", "fee")
    over = beyond(used, included, price, unit.mode)
    fee = 0 if base is None else unit.whole(base, "base_fee")
    figures = {
        "overage_units": max(used - included, Fraction(0)),
        "overage_quantity": max(used - included, Fraction(0)),
    }
    return {
        key: figures[key] if key in figures else unit.major(over if re.search("overage", key) else over + fee)
        for key in case.wanted
    }


def _overage(case: Case, unit: Units) -> Any:
    inputs = case.inputs
    factor = exactly(
        first(inputs, "overage_factor", "overage_multiplier", "overage_rate_factor"), "overage_factor"
    )
    committed = unit.whole(first(inputs, *_COMMITMENTS), "commitment")
    settle = first(inputs, "true_up", "true_up_enabled", "enable_true_up") not in (False, "false")

    def of(usage: object, name: str) -> Any:
        done = against(unit.whole(usage, "usage"), committed, factor, settle=settle)
        if re.search(r"true_?up|shortfall", name):
            return unit.major(done.shortfall)
        if re.search(r"over", name):
            return unit.major(done.beyond)
        return unit.major(done.within if re.search(r"base|within|commit", name) else done.total)

    usage = first(inputs, *_USAGE)
    return {
        key: [of(each, str(key)) for each in usage] if isinstance(shape, list) else of(usage, str(key))
        for key, shape in case.wanted.items()
    }


def _listed(case: Case, rows: list[Any], unit: Units) -> Any:
    common = {
        key: value
        for key, value in case.inputs.items()
        if key not in _LISTS and not (key in _USAGE and isinstance(value, list))
    }
    given = [{**common, **(row if isinstance(row, Mapping) else {"usage": row})} for row in rows]
    done = [_period(each, case, unit) for each in given]
    found: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            found[key] = [
                {name: _figure(str(name), period, unit) for name in each}
                if isinstance(each, Mapping)
                else _figure(str(key), period, unit)
                for each, period in zip(shape, done, strict=False)
            ]
        elif re.search(r"true_?up|shortfall", str(key)):
            fees = [_fees(period) for period in done]
            term = true_up_of_term(_commitment(common, case, unit), fees)
            found[key] = unit.major(term.due)
        else:
            found[key] = unit.major(
                sum(period.subscription + period.usage + period.done.due for period in done)
            )
    return found


def _inputs_of(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a period has of its own: an object of its name, or keys that begin with it."""
    names = [name, *([_SAME[name]] if name in _SAME else [])]
    common = {key: value for key, value in inputs.items() if not isinstance(value, Mapping)}
    for each in names:
        for key in (each, f"{each}_period", f"{each}_variant"):
            if isinstance(inputs.get(key), Mapping):
                return {**_without(common, ()), **inputs[key]}
    own = {
        key.removeprefix(f"{each}_"): value
        for each in names
        for key, value in inputs.items()
        if key.startswith(f"{each}_")
    }
    return {**_without(common, names), **own}


def _without(common: Mapping[str, Any], names: list[str] | tuple[()]) -> dict[str, Any]:
    return {k: v for k, v in common.items() if k.split("_")[0] not in {*_ORDINALS, *names}}


def _commitment(given: Mapping[str, Any], case: Case, unit: Units) -> Commitment:
    counts = Counts.ALL
    said = f"{case.convention} {given.get('counts', '')}".lower()
    if re.search(
        r"usage only|without subscription|subscription (fee )?(is )?not counted|excludes? subscription", said
    ):
        counts = Counts.USAGE
    return Commitment(unit.whole(first(given, *_COMMITMENTS), "commitment"), counts)


def _period(given: Mapping[str, Any], case: Case, unit: Units) -> _Period:
    days = first(given, *_DAYS)
    share = Fraction(int(days[0]), int(days[1])) if isinstance(days, list) else _served(given)
    fee = first(given, *_SUBSCRIPTION)
    whole_fee = given.get("subscription_fee_prorated") is False or given.get("in_advance") is True
    subscription = 0 if fee is None else unit.minor(fee, "subscription_fee") * (1 if whole_fee else share)
    usage = 0
    for key in _USAGE:
        if key in given:
            rows = given[key] if isinstance(given[key], list) else [given[key]]
            usage += sum(unit.whole(row["amount"] if isinstance(row, Mapping) else row, key) for row in rows)
    if fee is None and not any(key in given for key in _USAGE):
        raise NotOffered(f"fees: neither a subscription fee nor usage is found in {sorted(given)}")
    billed = int(unit.rounded(Fraction(subscription)) * 10**unit.digits)
    period = _Period(billed, usage, share, TrueUp(0, 0))
    done = true_up(_commitment(given, case, unit), _fees(period), share, unit.mode)
    return _Period(billed, usage, share, done)


def _served(given: Mapping[str, Any]) -> Fraction:
    """The share of a period, half-open, that lies between start and end of the subscription."""
    named = first(given, "period", "billing_period")
    if not isinstance(named, list) or len(named) != 2:
        return Fraction(1)
    period = Period(*(date.fromisoformat(str(each)[:10]) for each in named))
    start = first(given, "subscription_start", "started_at", "start", "subscription_at", "subscribed_on")
    end = first(given, "terminated_at", "ended_at", "end", "terminated_on")
    begin = date.fromisoformat(str(start)[:10]) if start else period.start
    # The day of termination is used and counts.
    stop = date.fromisoformat(str(end)[:10]) + timedelta(days=1) if end else period.end
    served = period.overlap(Period(begin, max(begin, stop)))
    return Fraction(served.days if served else 0, period.days or 1)


def _fees(period: _Period) -> list[PeriodFee]:
    return [PeriodFee(FeeKind.SUBSCRIPTION, period.subscription), PeriodFee(FeeKind.USAGE, period.usage)]


def _figure(name: str, period: _Period, unit: Units) -> Fraction:
    if re.search(r"true_?up|top_?up|shortfall", name):
        return unit.major(period.done.due)
    if re.search(r"commitment", name):
        return unit.major(period.done.committed)
    if re.search(r"over", name):
        return unit.major(period.done.overage)
    if re.search(r"subscription", name):
        return unit.major(period.subscription)
    if re.search(r"usage", name):
        return unit.major(period.usage)
    if re.search(r"fees|reached|counted", name):
        return unit.major(period.done.reached)
    if re.search(r"total|invoice|billed|due|payable", name):
        return unit.major(period.subscription + period.usage + period.done.due)
    raise NotOffered(f"{name}: true_up, commitment, subscription, usage, fees, overage and total are read")
