"""Cases of single parts: hours of a period, months and days, capped credits, renewals, many subscriptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from core.finance.billing.book import Book
from core.finance.billing.changes import bill, renew
from core.finance.billing.coterm import Fragment, worth
from core.finance.billing.prorating import capped, prorate
from core.finance.billing.segments import uplifted
from core.finance.billing.share import enclosing, share_of_time
from core.finance.calendar import DayCount, Period, add_months
from core.finance.exact import to_money
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_cases import Reader, row_change
from scenarios.oracle.topics.proration_reading import (
    Terms,
    day,
    figures_of,
    filled,
    first_of,
    is_date,
    number,
    period,
    plan_in,
    quantity_in,
    terms_of,
)

_UNIT = re.compile(r"seconds|minutes|hours|days|months")
_LEFT = re.compile(r"remaining|unused|left")
_GONE = re.compile(r"used|elapsed|gone")
_ALL = re.compile(r"total|period|whole|month_|_in_|of_")


def _counts(inputs: Mapping[str, Any]) -> tuple[Fraction, Fraction] | None:
    """Units left and units in all, where a case tells them as numbers."""
    told = {
        k: v
        for k, v in inputs.items()
        if _UNIT.search(k) and not isinstance(v, Mapping | list) and not is_date(v)
    }
    left = next((number(v) for k, v in told.items() if _LEFT.search(k)), None)
    gone = next((number(v) for k, v in told.items() if _GONE.search(k) and not _LEFT.search(k)), None)
    whole = next(
        (number(v) for k, v in told.items() if _ALL.search(k) and not (_LEFT.search(k) or _GONE.search(k))),
        None,
    )
    if whole is None or (left is None and gone is None):
        return None
    return (left if left is not None else whole - (gone or 0)), whole


def _moments(inputs: Mapping[str, Any]) -> tuple[datetime, datetime, datetime] | None:
    told = first_of(inputs, "period", "billing_period")
    at = first_of(inputs, "change_at", "at", "proration_date", "cancel_at")
    if not isinstance(told, list) or not isinstance(at, str) or "T" not in at:
        return None
    start, end, when = (_moment(text) for text in (*told[:2], at))
    return start, end, when


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _has_units(inputs: Mapping[str, Any]) -> bool:
    return _moments(inputs) is not None or (_counts(inputs) is not None and plan_in(inputs) is not None)


def _units(case: Case) -> dict[str, Any]:
    """Old and new plan over what is left of a period, by whatever unit it is counted in."""
    terms = terms_of(case)
    moments, counts = _moments(case.inputs), _counts(case.inputs)
    if moments is not None:
        start, end, when = moments
        count = terms.convention.day_count
        count = count if count in (DayCount.MINUTES, DayCount.SECONDS) else DayCount.SECONDS
        ratio = share_of_time(when, end, (start, end), count)
    elif counts is not None:
        ratio = counts[0] / counts[1]
    else:
        raise NotOffered("no part of a period is given")
    figures = row_change(case.inputs, ratio, terms) | {"ratio": ratio}
    sides = any(re.match(r"(new|to|old|from)(_|$)", key) for key in case.inputs)
    if moments is None and not sides and not any(_LEFT.search(k) for k in case.inputs):
        # One price and the days it was used: the charge is for those.
        charged = row_change(case.inputs, 1 - ratio, terms)["charge"]
        figures |= {"charge": charged, "net": charged, "due": charged}
    figures |= _ending(case.inputs, figures, terms)
    return filled(case.wanted, figures)


def _ending(inputs: Mapping[str, Any], figures: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """With tax and no plan that follows: a credit note, which states what it gives back and its tax."""
    rate = next(
        (number(v, k) for k, v in inputs.items() if re.fullmatch(r"(tax|vat)_(pct|percent|rate)", k)), 0
    )
    if not rate:
        return {}
    if figures["charge"]:
        raise NotOffered("tax: on a change of plan within counted days it is not read")
    net = -figures["unused"]
    tax = terms.figure(net * (Fraction(rate) if rate < 1 else Fraction(rate) / 100))
    told = {"unused": net, "credit": net, "net": net, "tax": tax, "total": net + tax, "gross": net + tax}
    return told | {"unused_tax": tax, "unused_gross": net + tax}


UNITS: Reader = (_has_units, _units)


def _has_months_and_days(inputs: Mapping[str, Any]) -> bool:
    days = first_of(inputs, "prorated_days", "partial_days", "stub_days", "extra_days", "remaining_days")
    return days is not None and plan_in(inputs) is not None


def _months_and_days(case: Case) -> dict[str, Any]:
    """Whole months and some days, by the actual month and by months of 30 days."""
    terms, inputs = terms_of(case), case.inputs
    plan = plan_in(inputs)
    if plan is None:
        raise NotOffered("no price is given")
    days = number(
        first_of(inputs, "prorated_days", "partial_days", "stub_days", "extra_days", "remaining_days")
    )
    full = number(first_of(inputs, "full_months", "whole_months", "months") or 0)
    month = number(
        first_of(inputs, "month_days", "days_in_month", "prorated_month_days", "actual_days") or 30
    )
    found: dict[str, Any] = {}
    for key in case.wanted:
        thirty = re.search(r"30|thirty", key) or (
            terms.convention.day_count is DayCount.FIXED_30 and "actual" not in key
        )
        year = "365" in key or "365" in case.convention
        part = days * 12 / 365 if year else days / (30 if thirty else month)
        price = plan.amount / plan.months
        figures = {"charge": terms.figure(price * (full + part)), "stub": terms.figure(price * part)}
        figures["net"] = figures["due"] = figures["charge"]
        found[key] = filled({key: None}, figures).get(key, figures["charge"])
    return found


MONTHS_AND_DAYS: Reader = (_has_months_and_days, _months_and_days)


def _has_cap(inputs: Mapping[str, Any]) -> bool:
    return any("potential" in key for key in inputs) and any(
        "original" in key or "paid" in key for key in inputs
    )


def _cap(case: Case) -> dict[str, Any]:
    terms, inputs = terms_of(case), case.inputs

    def told(pattern: str) -> Any:
        amount = next((number(v, k) for k, v in inputs.items() if re.search(pattern, k)), Fraction(0))
        return to_money(amount, terms.currency, terms.convention.rounding)

    back = capped(told("potential"), told("original|paid"), told("previous|issued|credited"))
    return dict.fromkeys(case.wanted, back)


CAP: Reader = (_has_cap, _cap)


def _has_renewal(inputs: Mapping[str, Any]) -> bool:
    return any(re.search(r"renew", k) and is_date(v) for k, v in inputs.items()) or (
        any("uplift" in k for k in inputs) and plan_in(inputs) is not None
    )


def _renewal(case: Case) -> dict[str, Any]:
    """A new term at an uplifted price, early with the rest of the old one given back, or after it."""
    terms, inputs = terms_of(case), case.inputs
    plan = plan_in({k: v for k, v in inputs.items() if not re.match(r"(new|renew|uplift)", k)})
    if plan is None:
        raise NotOffered("no price is given")
    plan = replace(plan, quantity=quantity_in(inputs))
    percent = next((number(v, k) for k, v in inputs.items() if "uplift" in k), Fraction(0))
    new = plan_in(inputs, "new", "renewal") or uplifted(plan, percent)
    figures: dict[str, Any] = {"new_price": terms.figure(new.price), "charge": terms.figure(new.amount)}
    figures |= {
        "net": figures["charge"],
        "due": figures["charge"],
        "uplift": terms.figure(new.amount - plan.amount),
    }
    at = next((day(v) for k, v in inputs.items() if "renew" in k and is_date(v)), None)
    told = first_of(inputs, "term", "period")
    if at is not None and isinstance(told, list):
        old = period(told, terms.convention)
        length = next((m for m in (1, 3, 6, 12, 24, 36) if add_months(old.start, m) == old.end), plan.months)
        book, _ = bill(Book(terms.convention, terms.currency), replace(plan, months=length), old)
        _, document = renew(book, at, replace(new, months=length), early=at < old.end)
        figures |= figures_of(document, terms, lines=True)
    return {k: figures[k] if k in figures else filled({k: None}, figures).get(k) for k in case.wanted}


RENEWAL: Reader = (_has_renewal, _renewal)


def _subscriptions(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = first_of(inputs, "subscriptions", "lines", "add_ons", "addons")
    if not isinstance(rows, list):
        return []
    return [
        r for r in rows if isinstance(r, Mapping) and is_date(first_of(r, "start", "from", "added_at", "at"))
    ]


def _aligned(case: Case) -> dict[str, Any]:
    """Many subscriptions on one bill day: the first bill of each is for the days up to it."""
    terms, inputs = terms_of(case), case.inputs
    bill_day = int(first_of(inputs, "bill_cycle_day", "billing_day", "bill_day", "bcd") or 1)
    firsts = [_first_bill(row, bill_day, inputs, terms) for row in _subscriptions(inputs)]
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, list):
            if re.search(r"days|months", key):
                raise NotOffered(f"{key}: of subscriptions on one bill day, the first bills are given")
            answer[key] = [
                filled(s, {"charge": a, "net": a}) if isinstance(s, dict) else a
                for s, a in zip(shape, firsts, strict=False)
            ]
        else:
            answer[key] = sum(firsts, Fraction(0))
    return answer


def _first_bill(row: Mapping[str, Any], bill_day: int, inputs: Mapping[str, Any], terms: Terms) -> Any:
    plan = plan_in(row) or plan_in(inputs)
    if plan is None:
        raise NotOffered("a subscription has no price")
    plan = replace(plan, quantity=quantity_in(row))
    start = day(first_of(row, "start", "from", "added_at", "at"))
    of = enclosing(start, add_months(start, 0, bill_day), plan.months, bill_day)
    if "period" in inputs:
        of = period(inputs["period"], terms.convention)
    if terms.convention.day_count is DayCount.FIXED_30 and plan.months == 1 and of.start != start:
        return terms.figure(plan.amount * worth(Period(start, of.end), Fragment.THIRTY, bill_day))
    return terms.figure(prorate(plan, Period(start, of.end), of, terms.convention, terms.currency).exact)


ALIGNED: Reader = (lambda inputs: bool(_subscriptions(inputs)), _aligned)
