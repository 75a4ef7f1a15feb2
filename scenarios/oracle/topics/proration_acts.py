"""What happens to a billed plan in a case: changes, ends, stops, resumptions, adjustments and later bills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.billing.prorating import Plan
from core.finance.calendar import Period
from scenarios.oracle.topics.proration_reading import (
    day,
    first_of,
    is_date,
    number,
    period,
    plan_in,
    quantity_in,
)

_AT = ("at", "on", "date", "effective", "effective_date", "change_at")
_CHANGES = re.compile(
    r"(^|_)(changed?|upgraded?|downgraded?|switch(?:ed)?)(_(at|on|date|effective_at|requested_at))?$"
)
_EFFECTIVE = ("effective_at", "effective_date", "effective_on", "takes_effect_at", "effective")
_ENDS = re.compile(r"cancel|(?<!co)(?<!co_)terminat|remove|ending_at|ended_at")
_STOPS = re.compile(r"block|suspen|overdue")
_PAUSES = re.compile(r"paus")
_NEXT = re.compile(r"next_(\w+_)?period|next_invoice|following_period|later_period")
_BEFORE = re.compile(r"(new|to|next|upgrade|downgrade|add|added|tax|trial)(_|$)")


@dataclass(frozen=True, slots=True)
class Act:
    """name: as the case calls it; what: change, end, stop, resume, adjust, bill; days: of stop or bill.

    A change without `plan` leaves the price and takes `quantity`.
    """

    name: str
    what: str
    at: date
    plan: Plan | None = None
    quantity: Fraction | None = None
    days: Period | None = None
    amount: Fraction = Fraction(0)

    def after(self, last: Plan) -> Plan | None:
        """The plan in force from then on, None for none."""
        if self.plan is not None:
            return self.plan
        if self.quantity is not None:
            return replace(last, quantity=self.quantity)
        return last if self.what == "resume" else None


def plan_of(inputs: Mapping[str, Any]) -> Plan | None:
    """The plan that is billed first."""
    before = {k: v for k, v in inputs.items() if not _BEFORE.match(k)}
    plan = plan_in(before)
    return plan and replace(plan, quantity=quantity_in(before, "old", "from"))


def acts(inputs: Mapping[str, Any], old: Plan) -> Iterator[Act]:
    """Everything that happens, in the order it is written."""
    effective = first_of(inputs, *_EFFECTIVE)
    if is_date(effective):
        yield from _dated("change_at", day(effective), inputs, old)
    for key, value in inputs.items():
        if is_date(effective) and is_date(value) and _CHANGES.search(key):
            continue
        if isinstance(value, Mapping):
            yield from _rows(key, [value], old)
        elif isinstance(value, list) and value:
            if isinstance(value[0], Mapping):
                yield from _rows(key, value, old)
            else:
                yield from _pairs(key, value)
        elif "adjust" in key and not is_date(value):
            yield Act("adjustment", "adjust", date.min, amount=abs(number(value, key)))
        elif is_date(value):
            yield from _dated(key, day(value), inputs, old)


def _dated(key: str, at: date, inputs: Mapping[str, Any], old: Plan) -> Iterator[Act]:
    """A date of its own: what changes stands beside it."""
    if _CHANGES.search(key):
        beside = {k: v for k, v in inputs.items() if re.match(r"(new|to)(_|$)", k)}
        act = _change(re.sub(r"_(at|on|date)$", "", key), at, beside, old)
        if act is not None:
            yield act
    elif _ENDS.search(key):
        yield Act("cancel", "end", at)
    elif _PAUSES.match(key):
        yield Act("pause", "end", at)
    elif key.startswith("resum"):
        yield Act("resume", "resume", at)


def _pairs(key: str, value: list[Any]) -> Iterator[Act]:
    pairs = value if isinstance(value[0], list) else [value]
    if not all(is_date(pair[0]) for pair in pairs):
        return
    for index, pair in enumerate(pairs, 1):
        number_of = f"_{index}" if isinstance(value[0], list) and len(pairs) > 1 else ""
        days = period(pair)
        if _STOPS.search(key):
            yield Act(f"blocked{number_of}", "stop", days.end, days=days)
        elif _PAUSES.search(key):
            yield Act(f"pause{number_of}", "end", days.start)
            yield Act(f"resume{number_of}", "resume", days.end)
        elif _NEXT.search(key):
            yield Act(f"next_period{number_of}", "bill", days.start, days=days)


def _rows(key: str, rows: list[Any], old: Plan) -> Iterator[Act]:
    for index, row in enumerate(rows, 1):
        act = _row(key, row, old)
        if act is not None:
            yield (
                act
                if rows is not row and len(rows) == 1 and not key.endswith("s")
                else replace(act, name=f"{key.removesuffix('s')}_{index}")
            )


def _row(key: str, row: Mapping[str, Any], old: Plan) -> Act | None:
    at = first_of(row, *_AT)
    if "adjust" in key:
        when = day(at) if is_date(at) else date.min
        return Act(key, "adjust", when, amount=abs(number(first_of(row, "amount", "by"), key)))
    if not is_date(at):
        return None
    rest = {k: v for k, v in row.items() if k not in _AT}
    act = _change(key, day(at), rest, old)
    if act is None and (_ENDS.search(key) or any(_ENDS.search(k) or v == "cancel" for k, v in rest.items())):
        return Act(key, "end", day(at))
    if act is None and "resum" in key:
        return Act(key, "resume", day(at))
    return replace(act, what="resume") if act is not None and "resum" in key else act


def _change(name: str, at: date, row: Mapping[str, Any], old: Plan) -> Act | None:
    new = plan_in(row, months=old.months)
    counts = any(re.search(r"qty|quantity|seats|units$", key) for key in row)
    quantity = quantity_in(row, "new", "to") if counts else None
    if new is None:
        return None if quantity is None else Act(name, "change", at, quantity=quantity)
    if quantity is None:
        # A price per unit leaves the number of units as it is; a price of a plan is of one plan.
        quantity = old.quantity if any("unit" in key or "seat" in key for key in row) else Fraction(1)
    return Act(name, "change", at, replace(new, quantity=quantity))
