"""Cases of the topic co_termination."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.billing.coterm import Fragment, Multiplier, by_anniversaries, by_days, months_and_days
from core.finance.billing.prorating import Plan, prorate
from core.finance.billing.share import first_new_day, rounded_share
from core.finance.calendar import DayCount, Period
from core.finance.exact import Rounding, whole
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import proration
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

_START = ("start", "added_at", "effective", "start_date", "amendment_at", "line_start", "add_on_start")
_TOGETHER = (
    "coterminate_at",
    "co_terminate_at",
    "coterm_at",
    "coterminates_on",
    "subscription_end",
    "align_at",
)
_END = ("end", "term_end", "co_term_end", "end_date", "contract_end", "align_to", *_TOGETHER)
_LENGTH = re.compile(r"(year|quarter|period|term|cycle)_days|days_in_(year|quarter|period|term)")
_DAYS = {"365": DayCount.ACTUAL_365, "360": DayCount.ACTUAL_360}


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention or the case's words are not known."""
    inputs = case.inputs
    if (terms := _two_terms(inputs)) is not None:
        return _of_terms(case, *terms)
    if (rows := _lines(inputs)) and _end(inputs) is not None:
        return _each_to_the_end(case, rows)
    case = _beside(case)
    inputs = case.inputs
    if isinstance(inputs.get("term"), list) and "period" not in inputs:
        case, inputs = _within_term(case)
    if "period" in inputs and (is_date(inputs.get("added_at")) or _changes(inputs)):
        return _in_cycle(case)
    if plan_in(inputs) is not None and is_date(first_of(inputs, *_START)) and _end(inputs) is not None:
        return _to_the_end(case)
    return proration.answer(case)


def _two_terms(inputs: Mapping[str, Any]) -> tuple[Fraction, Fraction] | None:
    """Months that are sold, and months that the price is for, where a case tells both as numbers."""
    sold = first_of(inputs, "effective_term", "proposal_months", "effective_term_months", "quote_months")
    priced = first_of(
        inputs, "product_subscription_term", "subscription_term_months", "subscription_term", "product_term"
    )
    if any(isinstance(each, Mapping | list | bool) or each is None for each in (sold, priced)):
        return None
    return number(sold, "effective_term"), number(priced, "subscription_term")


def _of_terms(case: Case, sold: Fraction, priced: Fraction) -> dict[str, Any]:
    """The prorate multiplier of Salesforce: the effective term by the term of the product's price."""
    terms = terms_of(case)
    plan = plan_in({k: v for k, v in case.inputs.items() if "term" not in k and "months" not in k})
    if plan is None:
        raise NotOffered("no price for the term of the product is given")
    amount = terms.figure(plan.price * quantity_in(case.inputs) * sold / priced)
    told: dict[str, Any] = {}
    for key in case.wanted:
        digits = re.search(r"(\d+)dp", key)
        if re.search(r"multiplier|factor|ratio", key):
            told[key] = _decimals(sold / priced, int(digits[1]) if digits else 6)
        else:
            told |= filled({key: None}, {"charge": amount, "net": amount, "due": amount})
    return told


def _lines(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Lines that begin on days of their own."""
    rows = first_of(inputs, "lines", "subscriptions", "add_ons", "items", "charges")
    rows = rows if isinstance(rows, list) else []
    told = [r for r in rows if isinstance(r, Mapping) and is_date(first_of(r, *_START))]
    return told if len(told) == len(rows) else []


def _each_to_the_end(case: Case, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Lines that all end together: lists are one figure a line, single figures are of all lines."""
    beside = {k: v for k, v in case.inputs.items() if not isinstance(v, list | Mapping)}
    answer_: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        wanted = shape[0] if isinstance(shape, list) and shape else shape
        one = wanted if isinstance(wanted, Mapping) else {key: None}
        each = [_to_the_end(replace(case, inputs={**beside, **row}, wanted=one)) for row in rows]
        if any(key not in found for found in each) and not isinstance(wanted, Mapping):
            raise NotOffered(f"{key}: of lines that end together, amounts, months and days are read")
        if isinstance(shape, list):
            answer_[key] = each if isinstance(wanted, Mapping) else [found[key] for found in each]
        elif not isinstance(shape, Mapping) and "total" in key:
            answer_[key] = sum((found[key] for found in each), Fraction(0))
    return answer_


def _beside(case: Case) -> Case:
    """A contract as a pair of dates with a line that joins it: the line's own words, and the term."""
    inputs = dict(case.inputs)
    for start, end in (("base_term_start", "base_term_end"), ("contract_start", "contract_end")):
        if is_date(inputs.get(start)) and is_date(inputs.get(end)) and is_date(first_of(inputs, *_START)):
            inputs["term"] = [inputs.pop(start), inputs.pop(end)]
            inputs["added_at"] = first_of(inputs, *_START)
    contract = next(
        (k for k in ("subscription", "contract", "base", "base_term") if _dates(inputs.get(k))), ""
    )
    lines = [k for k, v in inputs.items() if isinstance(v, Mapping) and is_date(first_of(v, *_START))]
    if contract and not lines and is_date(first_of(inputs, *_START)):
        inputs["term"] = inputs.pop(contract)
    if contract and len(lines) == 1:
        inputs |= {"term": inputs.pop(contract), **inputs.pop(lines[0])}
    return replace(case, inputs=inputs)


def _dates(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (2, 3) and is_date(value[0])


def _within_term(case: Case) -> tuple[Case, Mapping[str, Any]]:
    """A term as the cycle of prices for all of it; for a price of a shorter period as its end."""
    inputs, plan = dict(case.inputs), plan_in(case.inputs)
    term = period(inputs["term"], terms_of(case).convention)
    months = months_and_days(term, Fragment.FULL).months
    if plan is not None and plan.months == months:
        inputs["period"] = inputs.pop("term")
    elif is_date(first_of(inputs, *_START)):
        del inputs["term"]
        inputs["term_end"] = term.end.isoformat()
    return replace(case, inputs=inputs), inputs


def _changes(inputs: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Lines of which the quantity or price changes, by name."""
    return {
        key: value
        for key, value in inputs.items()
        if isinstance(value, Mapping) and is_date(first_of(value, "at", "on", "added_at"))
    }


def _in_cycle(case: Case) -> dict[str, Any]:
    """Lines added or changed inside a cycle: charged for its rest, so that all end with it."""
    terms, inputs = terms_of(case), case.inputs
    of = period(inputs["period"], terms.convention)
    lines: dict[str, dict[str, Any]] = {}
    added = inputs.get("added_at")
    plan = plan_in({k: v for k, v in inputs.items() if not isinstance(v, Mapping | list)})
    if is_date(added) and plan is not None:
        lines["add"] = _halves(Plan(Fraction(0), plan.months), plan, _rest(of, added, terms), of, terms)
    for key, row in _changes(inputs).items():
        at = first_of(row, "at", "on", "added_at")
        unit = plan_in(row, "unit", "price") or plan_in(
            {k: v for k, v in row.items() if k not in ("from", "to")}
        )
        old = plan_in(row, "old") if "old_unit" in row or "old_price" in row else unit
        new = plan_in(row, "new") if "new_unit" in row or "new_price" in row else unit
        if old is None or new is None:
            raise NotOffered(f"{key}: no unit price is given")
        old = Plan(old.price, old.months, quantity_in(row, "from", "old"))
        new = Plan(new.price, new.months, quantity_in(row, "to", "new"))
        lines[key.split("_")[0].removesuffix("s")] = _halves(old, new, _rest(of, at, terms), of, terms)
    everything = {
        n: sum((line[n] for line in lines.values()), Fraction(0)) for n in ("unused", "charge", "net")
    }
    if len(lines) == 1:
        everything = next(iter(lines.values()))
    told: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        line = next((found for name, found in lines.items() if key.startswith(name)), everything)
        told |= {key: filled(shape, line)} if isinstance(shape, dict) else filled({key: None}, line)
    return told


def _rest(of: Period, at: Any, terms: Terms) -> Period:
    begin = first_new_day(day(at), terms.convention)
    return Period(begin, max(begin, of.end))


def _halves(old: Plan, new: Plan, rest: Period, of: Period, terms: Terms) -> dict[str, Any]:
    unused = -terms.figure(prorate(old, rest, of, terms.convention, terms.currency).exact)
    charge = terms.figure(prorate(new, rest, of, terms.convention, terms.currency).exact)
    net = unused + charge
    return {"unused": unused, "charge": charge, "net": net, "due": net, "days_charged": rest.days}


def _end(inputs: Mapping[str, Any]) -> date | None:
    """The first day after the term that all lines share."""
    for key, value in inputs.items():
        if is_date(value) and re.fullmatch(r"(\w+_)?end(_date)?_inclusive|last_day", key):
            return day(value) + timedelta(days=1)
    end = first_of(inputs, *_END)
    inclusive = timedelta(days=1 if inputs.get("end_inclusive") is True else 0)
    return day(end) + inclusive if is_date(end) else None


def _to_the_end(case: Case) -> dict[str, Any]:
    """A line that ends with the others: whole months, fragments by the convention, or days of a year."""
    terms, inputs = terms_of(case), case.inputs
    start, end = day(first_of(inputs, *_START)), _end(inputs)
    plan = plan_in({k: v for k, v in inputs.items() if "month_days" not in k})
    if end is None or plan is None:
        raise NotOffered("no price or no end is given")
    if "inclusive" in case.convention and not any("inclusive" in key for key in inputs):
        end += timedelta(days=1)
    term = Period(start, end)
    anchor = int(first_of(inputs, "billing_day", "bill_cycle_day", "bill_day") or 0)
    if not anchor and "calendar" in f"{case.convention} {inputs.get('alignment', '')}".lower():
        anchor = 1
    if not anchor and re.search(
        r"(first|partial|fragment).*then (whole|full) months", case.convention.lower()
    ):
        # Whole months are counted back from the end that the lines share.
        anchor = end.day
    quantity = quantity_in(inputs)
    told: dict[str, Any] = {}
    for key in case.wanted:
        periods, months = _periods(case, key, term, plan, anchor)
        ratio = rounded_share(periods, terms.convention)
        amount = terms.figure(plan.price * quantity * ratio)
        digits = re.search(r"(\d+)dp", key)
        if "multiplier" in key or "factor" in key or "ratio" in key:
            told[key] = _decimals(periods, int(digits[1]) if digits else None)
        elif "days" in key:
            told[key] = months.first_days.days + months.last_days.days if "fragment" in key else term.days
        elif "full_months" in key or key == "months":
            # A begun month that counts as one makes all of them whole.
            whole_months = key == "months" and months.total.denominator == 1
            told[key] = months.total if whole_months else months.months
        elif re.search(r"fragment|partial", key) and "full" not in key:
            told[key] = terms.figure(plan.price * quantity * (months.first + months.last) / plan.months)
        else:
            told |= filled({key: None}, {"charge": amount, "net": amount, "due": amount})
    return told


def _periods(case: Case, key: str, term: Period, plan: Plan, anchor: int) -> tuple[Fraction, Multiplier]:
    """How many periods of price, by the rule that the name of the figure or else the convention says."""
    text = f"{key} {case.convention} {case.subtopic}".lower().replace("_", " ")
    fragment = Fragment.START_MONTH
    if anchor and "fragment_month_days" not in case.inputs and "month it starts in" not in text:
        fragment = Fragment.PERIOD
    named = key.replace("_", " ")
    if re.search(r"as full|round(ed)? up|whole months|begun month", named):
        fragment = Fragment.FULL
    elif re.search(r"fragments? (are )?(free|dropped|ignored)|round(ed)? down", named):
        fragment = Fragment.FREE
    elif re.search(r"12 ?/ ?365|monthly (plus|\+|and) daily", text) and not anchor:
        fragment = Fragment.YEAR
    elif re.search(r"30[- ]day|30 ?/ ?360|/ ?30\b", text):
        fragment = Fragment.THIRTY
    elif re.search(r"(?<!not )rounded up to (a )?(whole|full)|month precision|begun month|rounds up", text):
        fragment = Fragment.FULL
    found = months_and_days(term, fragment, anchor)
    told = next((int(v) for k, v in case.inputs.items() if _LENGTH.fullmatch(k)), None)
    if told is not None and fragment not in (Fragment.FULL, Fragment.FREE):
        return Fraction(term.days, told), found
    whole_end = first_of(case.inputs, "full_end", "full_interval_end", "period_end")
    if is_date(whole_end):
        return Fraction(term.days, (day(whole_end) - term.start).days), found
    if re.search(r"second|actual days|by days?\b|day[- ]based", text) and not anchor:
        return by_anniversaries(term, plan.months), found
    year = re.search(r"(?:days?|annual|daily|actual)\D{0,12}(365|360)", text)
    if year and fragment is not Fragment.YEAR:
        return by_days(term, _DAYS[year[1]]) * 12 / plan.months, found
    return found.total / plan.months, found


def _decimals(value: Fraction, digits: int | None) -> Fraction:
    if digits is None:
        return value
    return Fraction(whole(value * 10**digits, Rounding.HALF_UP), 10**digits)
