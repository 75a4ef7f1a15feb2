"""Cases of plans that follow one another by a list of prices, and of stretches of days without a price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.billing.book import Book, Document, Kind
from core.finance.billing.changes import bill, change
from core.finance.billing.prorating import Plan
from core.finance.billing.share import counted, enclosing
from core.finance.calendar import DayCount, Period, add_months
from core.finance.exact import whole
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_cases import Reader
from scenarios.oracle.topics.proration_reading import (
    Terms,
    day,
    first_of,
    is_date,
    months_in,
    number,
    period,
    terms_of,
)

_ORDER = ("first", "second", "third", "fourth", "fifth")
_PRICES = ("plans", "prices", "monthly_prices", "plan_prices", "monthly_plans", "yearly_prices")
_STARTS = ("subscription_at", "subscribed_at", "started_at", "start")


def _prices(inputs: Mapping[str, Any]) -> list[Plan]:
    key = next((k for k in _PRICES if isinstance(inputs.get(k), list)), "")
    rows = inputs.get(key, [])
    if not rows or any(isinstance(row, Mapping | list) for row in rows):
        return []
    return [Plan(number(row), months_in(key) or 1) for row in rows]


def _has_series(inputs: Mapping[str, Any]) -> bool:
    return len(_prices(inputs)) > 1 and bool(_days(inputs)) and is_date(first_of(inputs, *_STARTS))


def _days(inputs: Mapping[str, Any]) -> list[date]:
    """The days of the changes; one day stands for all of them."""
    told = first_of(inputs, "changes_at", "upgrades_at", "change_at", "upgrade_at", "changes", "upgrades")
    found = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    dates = [day(each) for each in found if is_date(each)]
    missing = len(_prices(inputs)) - 1 - len(dates)
    return dates + dates[-1:] * max(missing, 0)


def _series(case: Case) -> dict[str, Any]:
    """Each way of billing that is wanted: by calendar periods, or by those of the subscription."""
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, dict):
            answer[key] = _told(case, shape, calendar="calendar" in key)
    flat = {k: s for k, s in case.wanted.items() if not isinstance(s, dict)}
    text = f"{case.convention} {case.subtopic} {case.inputs.get('billing_time', '')}"
    return answer | _told(case, flat, calendar="anniversary" not in text)


def _told(case: Case, wanted: Mapping[str, Any], *, calendar: bool) -> dict[str, Any]:
    terms, inputs = terms_of(case), case.inputs
    start, plans = day(first_of(inputs, *_STARTS)), _prices(inputs)
    months = plans[0].months
    anchor = start.replace(day=1) if calendar else start
    of = enclosing(start, anchor, months)
    book, first = bill(Book(terms.convention, terms.currency), plans[0], Period(start, of.end), of)
    documents = [first]
    for at, plan in zip(_days(inputs), plans[1:], strict=False):
        book, document = change(book, at, plan, subscribed=start)
        documents.append(document)
    tax = number(first_of(inputs, "tax_rate", "tax_percent", "vat_rate") or 0) * Fraction(1, 100)
    found: dict[str, Any] = {}
    for key, shape in wanted.items():
        back = re.search(r"credit|unused|repair", key) is not None
        rows = [_amount(d, terms, tax, back=back) for d in (documents[1:] if back else documents)]
        if isinstance(shape, list):
            found[key] = rows
        elif (place := _place(key)) is not None and place < len(rows):
            found[key] = rows[place]
    return found


def _amount(document: Document, terms: Terms, tax: Fraction, *, back: bool) -> Any:
    """Charged net of tax; given back with it, as a credit note states it."""
    kinds = (Kind.REPAIR, Kind.FORGONE) if back else (Kind.CHARGE,)
    exact = abs(sum((i.exact for i in document.items if i.kind in kinds), Fraction(0)))
    return terms.figure(exact * (1 + tax) if back else exact)


def _place(key: str) -> int | None:
    told = re.search(r"\d+", key)
    if told:
        return int(told[0]) - 1
    return next((place for place, word in enumerate(_ORDER) if word in key), None)


SERIES: Reader = (_has_series, _series)


def _stretches(inputs: Mapping[str, Any]) -> list[Any]:
    rows = first_of(inputs, "periods", "cases", "rows", "service_periods", "stretches")
    return (
        rows if isinstance(rows, list) and rows and all(isinstance(r, list | Mapping) for r in rows) else []
    )


def _has_stretches(inputs: Mapping[str, Any]) -> bool:
    rows = _stretches(inputs)
    return bool(rows) and all(isinstance(r, list) and is_date(r[0]) for r in rows)


def _counts(case: Case) -> dict[str, Any]:
    """Days of stretches and of their months, by the day count that a figure's name speaks of."""
    terms = terms_of(case)
    parts = [period(row, terms.convention) for row in _stretches(case.inputs)]
    answer: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if not isinstance(shape, list):
            raise NotOffered(f"{key}: one figure of several stretches of days")
        if shape and isinstance(shape[0], dict):
            answer[key] = [
                {k: _count(k, part, terms) for k in s} for s, part in zip(shape, parts, strict=False)
            ]
        else:
            answer[key] = [_count(key, part, terms) for part in parts]
    return answer


def _count(key: str, part: Period, terms: Terms) -> Any:
    rule = DayCount.FIXED_30 if re.search(r"strict|fixed|30_360|thirty", key) else DayCount.ACTUAL
    days = counted(part, replace(terms.convention, day_count=rule))
    month = 30 if re.search(r"30|thirty|strict", key) else _month(part)
    if re.search(r"ratio|share|fraction|multiplier|factor", key):
        digits = re.search(r"(\d+)dp", key)
        return _decimals(Fraction(days, month), int(digits[1])) if digits else Fraction(days, month)
    return month if re.search(r"^of|month_days|days_in_month", key) else days


def _decimals(value: Fraction, digits: int) -> Fraction:
    """Half up, to so many decimals."""
    return Fraction(whole(value * 10**digits), 10**digits)


def _month(part: Period) -> int:
    first = part.start.replace(day=1)
    return (add_months(first, 1) - first).days


STRETCHES: Reader = (_has_stretches, _counts)
