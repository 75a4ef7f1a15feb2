"""Cases that are lists of small ones: parts of periods, days out of days, plans before and after."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from core.finance.billing.prorating import Plan, of_days
from core.finance.billing.share import counted, first_new_day, share, share_of_time
from core.finance.calendar import DayCount, Period, add_months
from core.finance.exact import to_major
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_reading import (
    Terms,
    day,
    filled,
    first_of,
    is_date,
    number,
    period,
    plan_in,
    quantity_in,
    terms_of,
)

Reader = tuple[Callable[[Mapping[str, Any]], bool], Callable[[Case], dict[str, Any]]]


def rows_of(inputs: Mapping[str, Any]) -> list[Any]:
    """The small cases of a case."""
    rows = first_of(inputs, "cases", "items", "lines", "charges", "fragments", "parts")
    return rows if isinstance(rows, list) else []


def _has_pairs(inputs: Mapping[str, Any]) -> bool:
    rows = rows_of(inputs)
    return (
        bool(rows)
        and all(isinstance(r, list) and is_date(r[0]) for r in rows)
        and plan_in(inputs) is not None
    )


def _pairs(case: Case) -> dict[str, Any]:
    terms = terms_of(case)
    plan = plan_in(case.inputs)
    if plan is None:
        raise NotOffered("no price is given")
    parts = [period(row, terms.convention) for row in rows_of(case.inputs)]
    lists: dict[str, list[Any]] = {
        "amounts": [_part(plan, part, terms) for part in parts],
        "days": [counted(part, terms.convention) for part in parts],
    }
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            answer[key] = lists["days" if "day" in key else "amounts"]
            continue
        index = re.search(r"(\d+)(?!.*\d)", key)
        part = parts[int(index[1]) - 1 if index else 0]
        other = replace(terms, convention=replace(terms.convention, day_count=_count_in(key, terms)))
        answer[key] = counted(part, other.convention) if key.startswith("days") else _part(plan, part, other)
    return answer


def _part(plan: Plan, part: Period, terms: Terms) -> Any:
    """A part runs to the end of its period, so its period is what lies before that end."""
    end = add_months(part.end, -plan.months)
    of = Period(min(end, part.start), part.end)
    return terms.figure(plan.amount * share(part, of, plan.months, terms.convention))


def _count_in(key: str, terms: Terms) -> DayCount:
    if "actual_360" in key:
        return DayCount.ACTUAL_360
    if "365" in key:
        return DayCount.ACTUAL_365
    if "actual" in key:
        return DayCount.ACTUAL
    return DayCount.FIXED_30 if re.search(r"(^|_)30(_|$)|thirty", key) else terms.convention.day_count


DATE_PAIRS: Reader = (_has_pairs, _pairs)


def _is_ratio(row: Any) -> bool:
    return isinstance(row, Mapping) and "days" in row and ("of" in row or "days_total" in row)


def _has_ratios(inputs: Mapping[str, Any]) -> bool:
    return any(_is_ratio(row) for row in [*rows_of(inputs), *inputs.values(), inputs])


def _ratios(case: Case) -> dict[str, Any]:
    terms = terms_of(case)
    answer: dict[str, Any] = {}
    rows = [row for row in rows_of(case.inputs) if _is_ratio(row)]
    amounts = [_ratio(row, terms) for row in rows]
    for key, shape in case.wanted.items():
        group = case.inputs.get(key)
        if isinstance(shape, list):
            answer[key] = (
                amounts
                if all(not isinstance(s, dict) for s in shape)
                else [filled(s, _ratio_change(r, terms)) for s, r in zip(shape, rows, strict=False)]
            )
        elif isinstance(shape, dict) and isinstance(group, Mapping):
            answer[key] = filled(shape, _ratio_change(group, terms))
        elif _is_ratio(group):
            answer[key] = _ratio(dict(group or {}), terms)
    if _is_ratio(case.inputs):
        answer |= filled(case.wanted, _ratio_change(case.inputs, terms))
    total = sum((number(a) for a in amounts), Fraction(0))
    return {**filled({k: s for k, s in case.wanted.items() if "total" in k}, {"net": total}), **answer}


def _ratio(row: Mapping[str, Any], terms: Terms, *words: str) -> Any:
    plan = plan_in(row, *words)
    if plan is None:
        return Fraction(0)
    days, of = int(row["days"]), int(first_of(row, "of", "days_total"))
    if terms.exact:
        return plan.amount * Fraction(days, of)
    return to_major(of_days(plan.amount, days, of, terms.convention, terms.currency))


def _ratio_change(row: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """Old and new price over the same days; the credit is a note of its own, so a positive figure."""
    if not any(re.match(r"(old|new|from|to)(_|$)", key) for key in row):
        return {"charge": _ratio(row, terms), "amount": _ratio(row, terms)}
    new, old = _ratio(row, terms, "new", "to"), _ratio(row, terms, "old", "from")
    return {"charge": new, "unused": old, "credit": old, "net": new - old, "due": max(new - old, Fraction(0))}


RATIOS: Reader = (_has_ratios, _ratios)


_UNITS = ("days", "hours", "minutes", "seconds")


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def has_matrix(inputs: Mapping[str, Any]) -> bool:
    """Whether there are rows of plans and a day or days that are left."""
    rows = rows_of(inputs)
    at = first_of(inputs, "change_at", "at", "proration_date", "change_date")
    has_days = any({f"{unit}_remaining", f"{unit}_total"} <= set(inputs) for unit in _UNITS)
    return bool(rows) and all(isinstance(r, Mapping) for r in rows) and (is_date(at) or has_days)


def has_plans(inputs: Mapping[str, Any]) -> bool:
    """Whether plans before and after stand beside a day or days that are left."""
    return has_matrix(inputs) and "unused_days" not in inputs and "paid" not in inputs


def _matrix(case: Case) -> dict[str, Any]:
    terms, inputs = terms_of(case), case.inputs
    ratio = remaining(inputs, terms)
    results = [row_change(row, ratio, terms) for row in rows_of(inputs)]
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            answer[key] = [filled(s, r) for s, r in zip(shape, results, strict=False)]
        elif isinstance(shape, dict):
            at = list(case.wanted).index(key)
            answer[key] = filled(shape, results[min(at, len(results) - 1)])
        else:
            answer |= filled({key: None}, {"net": sum((r["net"] for r in results), Fraction(0))})
    return answer


def remaining(inputs: Mapping[str, Any], terms: Terms) -> Fraction:
    """The share of the period that is left after a change."""
    for unit in _UNITS:
        if f"{unit}_remaining" in inputs and f"{unit}_total" in inputs:
            return Fraction(int(inputs[f"{unit}_remaining"]), int(inputs[f"{unit}_total"]))
    told, when = inputs["period"], first_of(inputs, "change_at", "at", "proration_date", "change_date")
    if isinstance(told, list) and "T" in str(when):
        start, end, moment = (_moment(text) for text in (*told[:2], when))
        return share_of_time(moment, end, (start, end), DayCount.SECONDS)
    of = period(inputs["period"], terms.convention)
    at = first_of(inputs, "change_at", "at", "proration_date", "change_date")
    begin = first_new_day(day(at), terms.convention)
    return share(Period(begin, max(begin, of.end)), of, _length(of), terms.convention)


def _length(of: Period) -> int:
    return max(1, round(Fraction(of.days * 12, 365)))


def row_change(row: Mapping[str, Any], ratio: Fraction, terms: Terms) -> dict[str, Any]:
    """Old plan back, new plan charged; a price of neither side is of both; add and remove are halves."""
    add, remove = first_of(row, "add", "added", "new_item"), first_of(row, "remove", "removed", "cancel")
    if add is not None or remove is not None:
        new, old = number(add or 0) * quantity_in(row), number(remove or 0) * quantity_in(row)
    else:
        new, old = side(row, "new", "to"), side(row, "old", "from")
        if any(re.search(r"terminat|cancel", k) for k in row) and not any(_after(k) for k in row):
            new = Fraction(0)
    back = old * ratio
    paid, before = (
        first_of(row, "paid", "amount_paid", "original_amount_paid"),
        first_of(row, "previous_credits", "credited", "credits_already_issued", "credits_issued"),
    )
    if paid is not None:
        back = max(min(back, number(paid) - number(before or 0)), Fraction(0))
    credit, charge = terms.figure(-back), terms.figure(new * ratio)
    return {
        "unused": credit,
        "credit": credit,
        "charge": charge,
        "net": credit + charge,
        "due": credit + charge,
    }


def _after(key: str) -> bool:
    return re.match(r"(new|to)(_|$)", key) is not None


def side(row: Mapping[str, Any], *words: str) -> Fraction:
    """The price of one side of a change with its quantity; 0 where it is not told."""
    plan = plan_in(row, *words) or plan_in({k: v for k, v in row.items() if k.split("_")[0] not in _SIDES})
    if plan is None:
        return Fraction(0)
    return plan.price * quantity_in(row, *words)


_SIDES = ("old", "new", "from", "to")
PLAN_MATRIX: Reader = (has_plans, _matrix)


def _has_trial(inputs: Mapping[str, Any]) -> bool:
    return any("trial" in key for key in inputs) and plan_in(inputs) is not None


def _trial(case: Case) -> dict[str, Any]:
    """Free days are taken out of the period that is billed first, which may have begun late."""
    terms, inputs = terms_of(case), case.inputs
    plan = plan_in(inputs)
    free = int(next(v for k, v in inputs.items() if "trial" in k and "day" in k))
    if plan is None:
        raise NotOffered("no price is given")
    days, total = _billed_days(inputs, plan, terms)
    left = max(days - free, 0)
    figures: dict[str, Any] = {"charge": terms.figure(plan.amount * Fraction(left, total))}
    figures |= {"due": figures["charge"], "net": figures["charge"], "days_charged": left}
    return filled(case.wanted, figures)


def _billed_days(inputs: Mapping[str, Any], plan: Plan, terms: Terms) -> tuple[int, int]:
    told = next((int(v) for k, v in inputs.items() if k.endswith("days") and "trial" not in k), None)
    if "period" in inputs:
        of = period(inputs["period"], terms.convention)
        begun = day(first_of(inputs, "start", "subscription_at", "started_at") or of.start.isoformat())
        return (of.end - max(begun, of.start)).days, told or of.days
    start = first_of(inputs, "start", "subscription_at", "started_at")
    if is_date(start):
        begun = day(start)
        of = Period(begun, add_months(begun, plan.months))
        if "calendar" in str(inputs.get("billing_time", inputs.get("billing", ""))):
            of = Period(begun.replace(day=1), add_months(begun.replace(day=1), plan.months))
        return (of.end - begun).days, told or of.days
    if told is None:
        raise NotOffered("no days of the period are given")
    return told, told


TRIAL: Reader = (_has_trial, _trial)
