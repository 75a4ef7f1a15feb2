"""Cases that bill a period and then change, suspend, adjust or cancel in it, one act after another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.billing.book import Book, Document, Kind, settle
from core.finance.billing.changes import adjust, bill, block, change, charge, realigned
from core.finance.billing.convention import Align
from core.finance.billing.prorating import Plan
from core.finance.billing.share import enclosing
from core.finance.calendar import Period, add_months
from core.finance.exact import to_money
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_reading import (
    Terms,
    day,
    figures_of,
    filled,
    first_of,
    is_date,
    months_in,
    number,
    period,
    plan_in,
    quantity_in,
    terms_of,
)

_ENDS = re.compile(r"cancel|terminat|remove")
_STOPS = re.compile(r"block|pause[d_]|suspen")
_NEXT = re.compile(r"next_(invoice_)?period|next_invoice|following_period")


@dataclass(frozen=True, slots=True)
class Act:
    """name: as the case calls it; what: change, end, stop, resume, adjust, bill; days: of stop or bill."""

    name: str
    what: str
    at: date
    plan: Plan | None = None
    days: Period | None = None
    amount: Fraction = Fraction(0)


def fits(inputs: Mapping[str, Any]) -> bool:
    """Whether there is a billed plan and something that happens to it on a day."""
    return plan_of(inputs) is not None and any(True for _ in acts(inputs, Plan(Fraction(0))))


def answer(case: Case) -> dict[str, Any]:
    """Every act's document, under the names that are wanted."""
    inputs = case.inputs
    subscribed = first_of(inputs, "subscription_at", "subscribed_at", "started_at")
    given = {"align": Align.ANNIVERSARY} if subscribed else {}
    terms = terms_of(case, **given)
    plan = plan_of(inputs)
    if plan is None:
        raise NotOffered("no price of the plan that is changed is given")
    found = sorted(acts(inputs, plan), key=lambda act: act.at)
    told = first_of(inputs, "period", "old_period", "billing_period", "service_period")
    if told is not None:
        service = period(told, terms.convention)
    elif subscribed or "start" in inputs or "period_start" in inputs:
        since = day(subscribed or first_of(inputs, "start", "period_start"))
        service = enclosing(max(since, found[0].at), since, plan.months)
    else:
        raise NotOffered("no period is given that the change lies in")
    if "months" not in inputs and not _named_length(inputs):
        plan = replace(plan, months=_months_of(service))
        found = sorted(acts(inputs, plan), key=lambda act: act.at)
    return _told(case, terms, _documents(inputs, terms, plan, service, found, subscribed))


def plan_of(inputs: Mapping[str, Any]) -> Plan | None:
    """The plan that is billed first."""
    before = {k: v for k, v in inputs.items() if not re.match(r"(new|to|next|upgrade|downgrade|add)_", k)}
    plan = plan_in(before)
    return plan and replace(plan, quantity=quantity_in(before, "old", "from"))


def acts(inputs: Mapping[str, Any], old: Plan) -> Iterator[Act]:
    """Everything that happens, in the order it is written."""
    yield from _written(inputs, old)
    for key, value in inputs.items():
        if is_date(value) and re.search(r"(change|upgrade|downgrade|switch)\w*_(at|on|date)$", key):
            new = _new_plan({k: v for k, v in inputs.items() if re.match(r"(new|to)_", k)}, old)
            if new is not None:
                yield Act(key.rsplit("_", 1)[0], "change", day(value), new)
        elif is_date(value) and _ENDS.search(key):
            yield Act("cancel", "end", day(value))
    if is_date(inputs.get("pause_at")):
        yield Act("pause", "end", day(inputs["pause_at"]))
    if is_date(inputs.get("resume_at")):
        yield Act("resume", "resume", day(inputs["resume_at"]), old)


def _written(inputs: Mapping[str, Any], old: Plan) -> Iterator[Act]:
    for key, value in inputs.items():
        many = value if isinstance(value, list) and value and isinstance(value[0], Mapping) else None
        if isinstance(value, Mapping):
            many = [value]
        if _STOPS.search(key) and isinstance(value, list) and is_date(value[0]):
            days = period(value)
            yield Act("blocked", "stop", days.end, days=days)
        elif _NEXT.search(key) and isinstance(value, list):
            pairs = value if isinstance(value[0], list) else [value]
            for index, pair in enumerate(pairs, 1):
                days = period(pair)
                yield Act(
                    f"next_period_{index}" if len(pairs) > 1 else "next_period", "bill", days.start, days=days
                )
        elif "adjust" in key and not isinstance(value, Mapping | list):
            yield Act("adjustment", "adjust", date.min, amount=number(value, key))
        elif many is not None:
            for index, row in enumerate(many, 1):
                act = _row(key, row, old)
                if act is not None:
                    single = f"{key.removesuffix('s')}_{index}"
                    yield replace(act, name=single if isinstance(value, list) else key)


def _row(key: str, row: Mapping[str, Any], old: Plan) -> Act | None:
    at = first_of(row, "at", "on", "date", "effective", "effective_date")
    if not is_date(at):
        return None
    if "adjust" in key:
        return Act(key, "adjust", day(at), amount=number(first_of(row, "amount", "by"), key))
    new = _new_plan({k: v for k, v in row.items() if k not in ("at", "on", "date")}, old)
    if new is None:
        ends = _ENDS.search(key) or any(_ENDS.search(k) for k in row)
        return Act(key, "end", day(at)) if ends else None
    return Act(key, "resume" if "resume" in key else "change", day(at), new)


def _new_plan(row: Mapping[str, Any], old: Plan) -> Plan | None:
    new = plan_in(row, months=old.months)
    quantity = quantity_in(row, "new", "to")
    counts = any(re.search(r"qty|quantity|seats", key) for key in row)
    if new is None:
        return replace(old, quantity=quantity) if counts else None
    return replace(new, quantity=quantity if counts else Fraction(1))


def _documents(
    inputs: Mapping[str, Any], terms: Terms, plan: Plan, service: Period, found: list[Act], subscribed: Any
) -> list[tuple[Act, Document]]:
    book, made, since = Book(terms.convention, terms.currency), [], day(subscribed) if subscribed else None
    if not found or service.start < max(act.at for act in found):
        whole = Period(service.start, add_months(service.start, plan.months, _anchor(service)))
        whole = service if _months_of(service) == plan.months else whole
        book, _ = bill(book, plan, service, whole)
    for act in found:
        if act.what == "stop" and act.days is not None:
            book, document = block(book, act.days)
        elif act.what == "adjust":
            charged = next(iter(book.charges()))
            minor = to_money(act.amount, terms.currency, terms.convention.rounding).minor
            book, document = adjust(book, charged.number, minor)
        elif act.what == "bill" and act.days is not None:
            book, document = bill(book, plan, act.days)
        elif act.plan is not None and not _billed_from(book, act.at):
            book, document = _begin(book, act, plan, service, since)
        else:
            book, document = change(book, act.at, act.plan, subscribed=since)
        plan = act.plan or plan
        made.append((act, _as_told(document, inputs, terms)))
    return made


def _billed_from(book: Book, at: date) -> bool:
    return any(days.end > at for item in book.charges() for days in book.kept(item))


def _begin(book: Book, act: Act, old: Plan, service: Period, since: date | None) -> tuple[Book, Document]:
    """A plan that begins where nothing is billed: after a pause, or with a period of its own."""
    plan = act.plan
    if plan is None:
        raise NotOffered(f"{act.name}: no plan begins")
    like = charge(Book(book.convention, book.currency), old, service, service)
    first, of = realigned(act.at, plan, like, book.convention.align, since)
    return settle(book, [charge(book, plan, first, of)], changing=True)


def _as_told(document: Document, inputs: Mapping[str, Any], terms: Terms) -> Document:
    """Where a case gives the days of the contract year itself, they are the ones that count."""
    days = inputs.get("contract_year_days")
    new = next((i for i in document.items if i.kind is Kind.CHARGE), None)
    if days is None or new is None or new.plan.months != 12 or new.of.days == int(days):
        return document
    exact = new.plan.amount * Fraction(new.service.days, int(days))
    minor = to_money(exact, terms.currency, terms.convention.rounding).minor
    return replace(document, charged=document.charged - new.minor + minor)


def _told(case: Case, terms: Terms, made: list[tuple[Act, Document]]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    main = [(a, d) for a, d in made if a.what in ("change", "end", "resume")] or made
    for key, shape in (case.wanted or {}).items():
        of_key = [(a, d) for a, d in made if _same(a.name, key)]
        if isinstance(shape, dict):
            _, document = (of_key or main)[0]
            answer[key] = filled(shape, _figures(document, terms, shape))
        elif not isinstance(shape, list):
            _, document = (of_key or main)[0]
            answer.update(filled({key: None}, _figures(document, terms, case.wanted)))
    return answer


def _figures(document: Document, terms: Terms, wanted: Mapping[str, Any]) -> dict[str, Any]:
    lines = any(re.search(r"(^|_)due$", key) for key in wanted)
    figures: dict[str, Any] = dict(figures_of(document, terms, lines=lines))
    charged = [i.service.days for i in document.items if i.kind is Kind.CHARGE]
    back = [i.service.days for i in document.items if i.kind in (Kind.REPAIR, Kind.FORGONE)]
    figures |= {"days_charged": sum(charged), "days_credited": sum(back), "days_unused": sum(back)}
    return figures


def _same(name: str, key: str) -> bool:
    if name == key:
        return True
    number_of = re.search(r"\d+$", name)
    if number_of and not re.search(rf"(?<!\d){number_of[0]}(?!\d)", key):
        return False
    word = re.sub(r"_?\d+$", "", name).removesuffix("d")
    return re.search(rf"(^|_){word}", key) is not None


def _named_length(inputs: Mapping[str, Any]) -> bool:
    before = [
        k for k in inputs if re.search(r"price|amount|paid|fee|plan", k) and not re.match(r"(new|to)_", k)
    ]
    return any(months_in(key) for key in before) or "interval" in inputs


def _months_of(service: Period) -> int:
    """How many months a period has, a part of a month counting as one."""
    months = 1
    while add_months(service.start, months, _anchor(service)) < service.end:
        months += 1
    return months


def _anchor(service: Period) -> int:
    return (
        max(service.start.day, service.end.day)
        if (service.end + timedelta(days=1)).day == 1
        else service.start.day
    )
