"""Cases of what was paid for a period and what follows its days that are left, or is owed when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.billing.prorating import Plan, prorate
from core.finance.billing.share import first_new_day
from core.finance.calendar import Period, add_months
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_cases import Reader, has_matrix, remaining, rows_of, side
from scenarios.oracle.topics.proration_reading import (
    Terms,
    day,
    filled,
    first_of,
    is_date,
    number,
    period,
    terms_of,
)


def _has_paid(inputs: Mapping[str, Any]) -> bool:
    either = "paid" in inputs or "unused_days" in inputs
    return (either and has_matrix(inputs)) or ("paid" in inputs and "unused_days" in inputs)


def _paid(case: Case) -> dict[str, Any]:
    """What was paid for a period, the days of it left, and each plan that could follow."""
    terms, inputs = terms_of(case), case.inputs
    total = next((int(v) for k, v in inputs.items() if k.endswith("days") and k != "unused_days"), 0)
    at = first_of(inputs, "change_at", "at")
    if not total and "period" in inputs:
        total = period(inputs["period"]).days
    if not total and is_date(at):
        total = (add_months(day(at).replace(day=1), 1) - day(at).replace(day=1)).days
    ratio, paid = _unused(inputs, total, terms), number(inputs["paid"])
    rows = rows_of(inputs) or [inputs]
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        row = _meant(key, list(case.wanted), rows, paid)
        follows = any(name.split("_")[0] in ("to", "new") for name in row)
        new = side(row, "to", "new") if follows else Fraction(0)
        back, rest = terms.figure(-paid * ratio), terms.figure(new * ratio)
        figures = {"unused": back, "charge": rest, "net": back + rest, "due": max(back + rest, Fraction(0))}
        group = shape if isinstance(shape, dict) else {key: None}
        ours = filled(group, figures) | {k: paid + back + rest for k in group if "revenue" in k}
        answer |= {key: ours} if isinstance(shape, dict) else ours
    return answer


def _unused(inputs: Mapping[str, Any], total: int, terms: Terms) -> Fraction:
    if "unused_days" in inputs:
        return Fraction(int(inputs["unused_days"]), total)
    if "period" not in inputs:
        raise NotOffered("unused_days: neither they nor the period that was paid is given")
    return remaining(inputs, terms)


def _meant(key: str, keys: list[str], rows: list[Any], paid: Fraction) -> Mapping[str, Any]:
    """The row a group of figures is of: by its direction where that tells the rows apart, else by place."""
    directions = [_direction(row, paid) for row in rows]
    if len(set(directions)) == len(rows):
        for row, direction in zip(rows, directions, strict=True):
            if direction in key:
                found: Mapping[str, Any] = row
                return found
    by_place: Mapping[str, Any] = rows[min(keys.index(key), len(rows) - 1)]
    return by_place


def _direction(row: Mapping[str, Any], paid: Fraction) -> str:
    return "upgrade" if side(row, "to", "new") > paid else "downgrade"


PAID_AND_UNUSED: Reader = (_has_paid, _paid)


def in_arrears(
    case: Case, terms: Terms, plan: Plan, of: Period, since: date | None, at: date
) -> dict[str, Any]:
    """Nothing is billed yet when the plan ends: the days until then are, and nothing comes back."""
    begun = max(since or of.start, of.start)
    days = Period(begun, max(begun, first_new_day(at, terms.convention)))
    amount = terms.figure(prorate(plan, days, of, terms.convention, terms.currency).exact)
    names = dict.fromkeys(("charge", "net", "due", "kept"), amount)
    return filled(case.wanted, names | {"days_charged": days.days, "days_used": days.days})
