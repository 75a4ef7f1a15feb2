"""Cases of whole terms: segments after a price change, a switch on the first day, parts before a bill day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.billing.convention import Align
from core.finance.billing.coterm import Fragment, months_and_days
from core.finance.billing.prorating import Plan
from core.finance.billing.segments import Segment, changed, deltas, tcv, uplifted
from core.finance.billing.share import enclosing, share
from core.finance.calendar import DayCount, Period, add_months
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_cases import Reader
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


def _has_segments(inputs: Mapping[str, Any]) -> bool:
    return any(key in inputs for key in ("term", "segments", "ramp")) or (
        is_date(inputs.get("term_start")) and is_date(inputs.get("term_end"))
    )


def _segments(case: Case) -> dict[str, Any]:
    terms, inputs = terms_of(case), case.inputs
    before = _first_version(inputs, terms)
    after = before
    for change in _changes(inputs):
        at = day(first_of(change, "at", "on", "from", "date"))
        last = after[-1].plan
        after = changed(after, at, _plan_after(change, last))
    delta = deltas(before, after)
    figures: dict[str, Any] = {
        "original_tcv": tcv(before),
        "new_tcv": tcv(after),
        "tcv": tcv(after),
        "delta_tcv": tcv(after) - tcv(before),
        "delta_mrr": delta[-1].mrr if delta else Fraction(0),
        "mrr": after[-1].mrr,
        "original_mrr": before[0].mrr,
        "new_mrr": after[-1].mrr,
        "delta_arr": 12 * delta[-1].mrr if delta else Fraction(0),
        "new_price": after[-1].plan.price,
    }
    figures |= {f"segment_{n}": s.value() for n, s in enumerate(after, 1)}
    answer: dict[str, Any] = {}
    for key, shape in (case.wanted or {}).items():
        if isinstance(shape, list):
            answer[key] = [terms.figure(s.value()) for s in after]
            continue
        name = next((n for n in sorted(figures, key=len, reverse=True) if n in key or n == key), None)
        if name is not None:
            answer[key] = terms.figure(figures[name])
    return answer


def _first_version(inputs: Mapping[str, Any], terms: Terms) -> tuple[Segment, ...]:
    listed = first_of(inputs, "segments", "ramp")
    if isinstance(listed, list):
        return tuple(_segment(row, terms) for row in listed)
    term = (
        period(inputs["term"], terms.convention)
        if "term" in inputs and not isinstance(inputs["term"], int | str)
        else Period(day(inputs["term_start"]), day(inputs["term_end"]))
    )
    before = {k: v for k, v in inputs.items() if not re.match(r"(new|to)_", k)}
    plan = plan_in(before)
    if plan is None:
        raise NotOffered("no price is given")
    return (Segment(term, replace(plan, quantity=quantity_in(before, "old", "from"))),)


def _segment(row: Mapping[str, Any], terms: Terms) -> Segment:
    plan = plan_in(row)
    if plan is None:
        raise NotOffered("a segment has no price")
    told = first_of(row, "period", "term", "days")
    return Segment(period(told if told is not None else row, terms.convention), plan)


_CANCELS = r"(cancel\w*|terminat\w*|ended)_(at|on|date)$"


def _changes(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for key, value in inputs.items():
        if not re.search(r"change|upgrade|downgrade|amend|cancel|uplift|quantity", key):
            continue
        rows = value if isinstance(value, list) else [value]
        if re.search(r"qty|quantity|seats", key):
            rows = [_of_quantity(row) if isinstance(row, Mapping) else row for row in rows]
        found += [r for r in rows if isinstance(r, Mapping) and first_of(r, "at", "on", "from", "date")]
    found += [{"at": v} for k, v in inputs.items() if re.match(_CANCELS, k) and is_date(v)]
    if is_date(inputs.get("change_at")):
        found.append(
            {"at": inputs["change_at"], **{k: v for k, v in inputs.items() if re.match(r"(new|to)_", k)}}
        )
    return sorted(found, key=lambda row: str(first_of(row, "at", "on", "from", "date")))


def _of_quantity(row: Mapping[str, Any]) -> dict[str, Any]:
    """A change of quantity says only how many there are after it."""
    said = any(re.search(r"qty|quantity|seats", key) for key in row)
    return {k if said or k != "to" else "to_quantity": v for k, v in row.items()}


def _plan_after(change: Mapping[str, Any], last: Plan) -> Plan | None:
    percent = first_of(change, "percent", "uplift_percent", "uplift")
    if percent is not None:
        return uplifted(last, number(percent))
    row = {k: v for k, v in change.items() if k not in ("at", "on", "from", "date")}
    counts = any(re.search(r"qty|quantity|seats", key) for key in row)
    quantity = quantity_in(row, "to", "new") if counts else last.quantity
    plan = plan_in(row, months=last.months)
    if plan is None:
        return replace(last, quantity=quantity) if counts else None
    return replace(plan, quantity=quantity)


SEGMENTS: Reader = (_has_segments, _segments)


def _on_first_day(inputs: Mapping[str, Any]) -> bool:
    at = str(first_of(inputs, "at", "change_at", "switch_at") or "")
    return re.match(r"day \d+$", at) is not None


def _first_day(case: Case) -> dict[str, Any]:
    """A change some whole days into a period whose length is known: day 0 gives everything back."""
    terms, inputs = terms_of(case, align=Align.RESTART), case.inputs
    gone = int(str(first_of(inputs, "at", "change_at", "switch_at")).split()[1])
    old, new = plan_in(inputs, "old"), plan_in(inputs, "new")
    if old is None or new is None:
        raise NotOffered("the price before or after the switch is not given")
    length = int(
        first_of(inputs, "period_days", "days_total") or (365 if old.months == 12 else 30 * old.months)
    )
    left = Fraction(length - gone, length)
    many = quantity_in(inputs, "old") if "seats" in inputs else Fraction(1)
    if any(re.match(r"new\w*_per_(seat|unit|user)", key) for key in inputs):
        # Only the plan that is bought by the seat has seats.
        old_by_seat = any(re.match(r"old\w*_per_(seat|unit|user)", key) for key in inputs)
        new, many = replace(new, price=new.price * many), many if old_by_seat else Fraction(1)
    back = terms.figure(-old.price * many * left)
    charge = terms.figure(new.price * (1 if new.months != old.months else left))
    return filled(case.wanted, {"unused": back, "charge": charge, "net": back + charge, "due": back + charge})


FIRST_DAY: Reader = (_on_first_day, _first_day)


_STARTS = (
    *("start", "subscription_at", "subscription_start", "term_start", "charge_start", "service_start"),
    *("started_at", "effective", "from"),
)
_LASTS = (
    *("end", "until", "to", "billed_through", "bill_through", "invoice_through", "target_date"),
    *("end_inclusive", "period_end", "period_end_inclusive", "first_bill_date", "next_billing_date"),
)


_LATER = re.compile(r"(^|_)(second|next|following|subsequent)(_|$)")


def _has_stub(inputs: Mapping[str, Any]) -> bool:
    return plan_in(inputs) is not None and is_date(first_of(inputs, *_STARTS))


def _stub(case: Case) -> dict[str, Any]:
    """From a start to an end, whole months from the bill day on, the days before it a part of a month."""
    terms, inputs = terms_of(case), case.inputs
    plan = plan_in(inputs)
    start = day(first_of(inputs, *_STARTS))
    if plan is not None and (of := _around(case, start, plan, terms)) is not None:
        part = plan.amount * share(Period(start, of.end), of, plan.months, terms.convention)
        figures_ = {"charge": terms.figure(part), "net": terms.figure(part), "stub": terms.figure(part)}
        return filled(case.wanted, figures_ | {"days_charged": (of.end - start).days})
    bill_day = int(first_of(inputs, "bill_cycle_day", "billing_day", "bill_day", "bcd") or 0)
    if plan is None:
        raise NotOffered("no price is given")
    end = first_of(inputs, *_LASTS)
    if is_date(end):
        last = day(end)
        if any(key in inputs for key in ("target_date", "end_inclusive", "period_end_inclusive")):
            last = last.fromordinal(last.toordinal() + 1)
    else:
        anchored = add_months(start, 0, bill_day or start.day)
        last = anchored if anchored > start else add_months(anchored, plan.months, bill_day or start.day)
    answer: dict[str, Any] = {}
    told = _told_length(inputs, plan)
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            # The only list of a single plan is the pair of dates of what is billed first.
            dates = (last, add_months(last, plan.months)) if _LATER.search(key) else (start, last)
            answer |= {key: [each.isoformat() for each in dates]} if key.endswith("period") else {}
            continue
        fragment = _fragment_in(key, terms)
        found = months_and_days(Period(start, last), fragment, bill_day)
        monthly = plan.amount / plan.months
        if re.search(r"by_day|daily", key):
            of = Period(min(add_months(last, -plan.months), start), last)
            answer[key] = terms.figure(plan.amount * Fraction((last - start).days, of.days))
            continue
        figures = {
            "charge": terms.figure(monthly * found.total),
            "net": terms.figure(monthly * found.total),
            "stub": terms.figure(monthly * found.first),
            "full_months": found.months,
        }
        if bill_day or not found.months:
            figures["days_charged"] = found.first_days.days
        if told:
            part = terms.figure(plan.amount * Fraction((last - start).days, told))
            figures = {"charge": part, "net": part, "stub": part, "days_charged": (last - start).days}
        if re.search(r"actual_(30|360)(_|$)", key):
            days = Fraction(found.first_days.days + found.last_days.days, 30)
            figures |= {"charge": terms.figure(monthly * (found.months + days))}
        figures |= _of_later_periods(key, terms.figure(plan.amount))
        figures["stub_amount"] = figures["first_fragment"] = figures["stub"]
        answer |= filled({key: None}, figures)
        if re.search(r"actual|30|thirty", key) and key not in answer:
            answer[key] = figures["charge"]
    return answer


def _told_length(inputs: Mapping[str, Any], plan: Plan) -> int:
    """Days of the price's period where the case counts them itself; 0 where it does not."""
    names = r"(contract_)?(year|period)_days|days_total"
    names += "|month_days|days_in_month" if plan.months == 1 else ""
    return next((int(v) for k, v in inputs.items() if re.fullmatch(names, k)), 0)


def _of_later_periods(key: str, amount: Any) -> dict[str, Any]:
    """Bills after the first are of whole periods."""
    return dict.fromkeys(("charge", "net", "due", "stub"), amount) if _LATER.search(key) else {}


def _around(case: Case, start: date, plan: Plan, terms: Terms) -> Period | None:
    """The period that a start lies in, where it is given or is the calendar's."""
    inputs = case.inputs
    told = inputs.get("period")
    if isinstance(told, list) and is_date(told[0]):
        of = period(told, terms.convention)
        return of if of.start <= start < of.end else None
    said = f"{case.convention} {first_of(inputs, 'billing', 'billing_time', 'alignment') or ''}".lower()
    given = first_of(inputs, *_LASTS, "bill_cycle_day", "billing_day", "bill_day", "bcd")
    if given is not None or not re.search(r"calendar (billing|cycle|period)|^ ?calendar", said):
        return None
    return enclosing(start, start.replace(month=1, day=1), plan.months)


def _fragment_in(key: str, terms: Terms) -> Fragment:
    count = terms.convention.day_count
    if re.search(r"(^|_)30(_|$)|thirty", key) or (count is DayCount.FIXED_30 and "actual" not in key):
        return Fragment.THIRTY
    if "365" in key or count is DayCount.ACTUAL_365:
        return Fragment.YEAR
    return Fragment.PERIOD


STUB: Reader = (_has_stub, _stub)
