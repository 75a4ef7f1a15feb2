"""Cases that bill a period and then change, suspend, adjust or cancel in it, one act after another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.billing.book import Book, Document, Kind, settle
from core.finance.billing.changes import adjust, bill, billed_from, block, change, charge, realigned
from core.finance.billing.convention import Align, ChangeDay, Unused
from core.finance.billing.prorating import Plan
from core.finance.billing.share import enclosing
from core.finance.calendar import Period, add_months
from core.finance.exact import to_money
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.proration_acts import Act, acts, plan_of
from scenarios.oracle.topics.proration_paid import in_arrears
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
    terms_of,
)

_NEW_PERIODS = ("new_period", "new_service_period", "new_item_period", "annual_period", "yearly_period")
_WAITS = (
    r"\bend of (term|period|cycle)\b"
    r"|(takes?|with) effect (only )?(at|on|from|after) (the )?(end|next|renewal)"
)
_SINCE = ("subscription_at", "subscribed_at", "started_at", "subscription_date", "start")


@dataclass(frozen=True, slots=True)
class Told:
    """One act and its document. kept: major units of older charges that stay after it."""

    act: Act
    document: Document
    kept: Fraction


def fits(inputs: Mapping[str, Any]) -> bool:
    """Whether there is a billed plan and something that happens to it on a day."""
    plan = plan_of(inputs)
    return plan is not None and any(True for _ in acts(inputs, plan))


def answer(case: Case) -> dict[str, Any]:
    """Every act's document, under the names that are wanted."""
    inputs = case.inputs
    since = next((day(inputs[k]) for k in _SINCE if is_date(inputs.get(k))), None)
    given: dict[str, Any] = {"align": Align.ANNIVERSARY} if since else {}
    if any("terminat" in key for key in inputs):
        given["change_day"] = ChangeDay.OLD_PLAN
    if any("refund" in str(value) for value in (*inputs.values(), *(case.wanted or ()))):
        given["unused"] = Unused.REFUND
    told = " ".join(str(v) for v in inputs.values() if isinstance(v, str)).replace("_", " ").replace("-", " ")
    if re.search(_WAITS, f"{case.convention.lower().replace('-', ' ')} {told.lower()}"):
        raise NotOffered("convention: a change that waits for the end of its period is not a proration")
    terms = terms_of(case, **given)
    plan = plan_of(inputs)
    if plan is None:
        raise NotOffered("no price of the plan that is changed is given")
    found = _in_order(inputs, plan)
    late = re.search(r"arrear", f"{case.convention} {case.subtopic} {told}".lower())
    if late and any(act.what != "end" for act in found):
        raise NotOffered("in arrears: of a plan that is billed after its period, only an end is read")
    of = _period_of(inputs, terms, plan, since, found)
    if "months" not in inputs and not _named_length(inputs):
        plan = replace(plan, months=_months_of(of))
        found = _in_order(inputs, plan)
    if late:
        return in_arrears(case, terms, plan, of, since, found[0].at)
    service = Period(since, of.end) if since and of.start < since < of.end else of
    return _answered(case, terms, _documents(inputs, terms, plan, (service, of), found, since))


def _in_order(inputs: Mapping[str, Any], plan: Plan) -> list[Act]:
    """By days; what was taken off a charge by then comes before its change."""
    return sorted(acts(inputs, plan), key=lambda act: (act.at, act.what != "adjust"))


def _period_of(
    inputs: Mapping[str, Any], terms: Terms, plan: Plan, since: date | None, found: list[Act]
) -> Period:
    told = first_of(inputs, "period", "old_period", "billing_period", "service_period", "current_period")
    if told is not None:
        return period(told, terms.convention)
    if is_date(inputs.get("period_start")) and is_date(inputs.get("period_end")):
        return period([inputs["period_start"], inputs["period_end"]], terms.convention)
    since = since or (day(inputs["period_start"]) if is_date(inputs.get("period_start")) else None)
    if since is None:
        raise NotOffered("no period is given that the change lies in")
    if "month_days" in inputs or "calendar" in str(first_of(inputs, "billing_time", "billing", "alignment")):
        return enclosing(max(since, found[0].at), since.replace(day=1), plan.months)
    return enclosing(max(since, found[0].at), since, plan.months)


def _documents(
    inputs: Mapping[str, Any],
    terms: Terms,
    plan: Plan,
    first: tuple[Period, Period],
    found: list[Act],
    since: date | None,
) -> list[Told]:
    book, made = Book(terms.convention, terms.currency), []
    service, of = first
    told = next((inputs[k] for k in _NEW_PERIODS if isinstance(inputs.get(k), list)), None)
    new_period = None if told is None else period(told, terms.convention)
    begins = bool(found) and found[0].what == "resume"
    if not begins and (service.start < max((act.at for act in found), default=service.end) or since is None):
        whole = Period(of.start, add_months(of.start, plan.months, _anchor(of)))
        book, document = bill(book, plan, service, of if _months_of(of) == plan.months else whole)
        book = replace(book, unpaid=_unpaid(inputs, book, document))
        made.append(Told(Act("first", "first", service.start, plan), document, Fraction(0)))
    for act in found:
        new = act.after(plan)
        if act.what == "stop" and act.days is not None:
            book, document = block(book, act.days)
        elif act.what == "adjust":
            charged = next(iter(book.charges()))
            minor = to_money(act.amount, terms.currency, terms.convention.rounding).minor
            book, document = adjust(book, charged.number, minor)
        elif act.what == "bill" and act.days is not None:
            book, document = bill(book, plan, act.days)
        elif new is not None and not billed_from(book, act.at):
            book, document = _begin(book, act.at, plan, new, of, since)
        elif new is not None and new_period is not None and new.months != plan.months:
            book, document = _onto(book, act.at, new, new_period)
        else:
            book, document = change(book, act.at, new, subscribed=since)
        if act.what in ("change", "resume"):
            plan = new or plan
        made.append(Told(act, _as_told(document, inputs, terms), _kept(book, document)))
    return made


def _unpaid(inputs: Mapping[str, Any], book: Book, document: Document) -> int:
    """What a case says was not paid of the first bill; a price that was paid in advance is paid."""
    told = first_of(inputs, "amount_paid", "paid_amount", "paid")
    if (
        told is None
        or isinstance(told, bool)
        or first_of(inputs, *(k for k in inputs if "price" in k)) is None
    ):
        return 0
    return max(document.due - to_money(number(told), book.currency).minor, 0)


def _kept(book: Book, document: Document) -> Fraction:
    """What is left of the charges that a document gave back days of."""
    touched = {item.repaired for item in document.items if item.repaired >= 0}
    minor = sum(book.left(book.items[number_of]) for number_of in touched)
    return number(str(book.money(minor).major)) if touched else Fraction(0)


def _onto(book: Book, at: date, plan: Plan, service: Period) -> tuple[Book, Document]:
    """A change to a period that the case gives: the old plan ends, the new one is charged for it."""
    ended = change(book, at, None)[1].items
    start = add_months(service.end, -plan.months, _anchor(service))
    of = Period(min(start, service.start), service.end)
    return settle(book, [*ended, charge(book, plan, service, of, ahead=len(ended))], changing=True)


def _begin(
    book: Book, at: date, old: Plan, plan: Plan, service: Period, since: date | None
) -> tuple[Book, Document]:
    """A plan that begins where nothing is billed: after a pause, or with a period of its own."""
    like = charge(Book(book.convention, book.currency), old, service, service)
    first, of = realigned(at, plan, like, book.convention.align, since)
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


def _answered(case: Case, terms: Terms, made: list[Told]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    done = [t for t in made if t.act.what != "first"]
    main = [t for t in done if t.act.what in ("change", "end", "resume")] or done or made
    tax = first_of(case.inputs, "tax_rate", "tax_percent", "vat_rate", "tax_pct")
    for wanted, shape in (case.wanted or {}).items():
        # Where there is tax, a total is with it.
        key = re.sub(r"(?<!sub)(?<!sub_)total", "gross", wanted) if tax is not None else wanted
        found = [t for t in made if _same(t.act.name, key)] or main
        if isinstance(shape, list):
            rows = [t for t in done if t.act.what != "bill"] or done
            each = shape if len(shape) == len(rows) else shape[: len(rows)]
            answer[wanted] = [
                filled(s, _figures(t, terms, s, tax)) if isinstance(s, dict) else _one(key, t, terms, tax)
                for s, t in zip(each, rows, strict=False)
            ]
        elif isinstance(shape, dict) and re.search(r"end_of_(term|period)|(^|_)eot(_|$)", key):
            raise NotOffered(f"{key}: a change that waits for the end of its period is not a proration")
        elif isinstance(shape, dict) and tax is not None and re.search(r"credit_note|refund_note", key):
            back = _figures(found[0], terms, shape, tax)
            note = {"net": back["unused"], "tax": back["unused_tax"], "total": back["unused_gross"]}
            answer[wanted] = {name: note.get(name.replace("amount", "total")) for name in shape}
        elif re.search(r"next_(invoice|bill)|upcoming", key) and found is main:
            continue
        elif isinstance(shape, dict):
            answer[wanted] = filled(shape, _figures(found[0], terms, shape, tax))
        elif re.search(r"total", key) and re.search(r"credit|repair|unused", key) and len(done) > 1:
            answer[wanted] = sum((_figures(t, terms, {}, tax)["unused"] for t in done), Fraction(0))
        elif re.search(r"total", key) and re.search(r"billed|period|month|charged", key):
            answer[wanted] = sum((_figures(t, terms, {}, tax)["net"] for t in made), Fraction(0))
        else:
            figures = filled({key: None}, _figures(found[0], terms, case.wanted, tax))
            if key in figures:
                answer[wanted] = figures[key]
    return answer


def _one(key: str, told: Told, terms: Terms, tax: Any) -> Any:
    name = key.removesuffix("s")
    return filled({name: None}, _figures(told, terms, {}, tax)).get(name)


def _figures(told: Told, terms: Terms, wanted: Mapping[str, Any], tax: Any = None) -> dict[str, Any]:
    document = told.document
    lines = any(re.search(r"(^|_)due$", key) for key in wanted)
    figures: dict[str, Any] = dict(figures_of(document, terms, lines=lines))
    new = [i for i in document.items if i.kind is Kind.CHARGE]
    back = [i for i in document.items if i.kind in (Kind.REPAIR, Kind.FORGONE)]
    figures["days_charged"] = sum(i.service.days for i in new)
    figures["days_unused"] = figures["days_credited"] = sum(i.service.days for i in back)
    if len(back) == 1:
        figures["days_used"] = back[0].of.days - figures["days_unused"]
    figures["days_total"] = figures["days_in_period"] = next((i.of.days for i in (*back, *new)), None)
    figures["used_part"] = figures["kept"] = told.kept
    figures["uncapped"] = terms.figure(sum((i.exact for i in back), Fraction(0)))
    if tax is not None:
        rate = number(tax) if number(tax) < 1 else number(tax) * Fraction(1, 100)
        # What is given back with its tax is a credit note, which states positive amounts.
        figures["unused"] = -figures["unused"]
        exact = {
            "charge": sum((i.exact for i in new), Fraction(0)),
            "unused": -sum((i.exact for i in back), Fraction(0)),
        }
        for name, amount in exact.items():
            figures[f"{name}_tax"] = terms.figure(amount * rate)
            figures[f"{name}_gross"] = terms.figure(amount * (1 + rate))
    return figures


def _same(name: str, key: str) -> bool:
    if name == "first":
        kind = r"(_(charge|invoice|fee|period|amount|item|bill))?(_(net|gross|tax|amount|with_tax))?"
        return re.fullmatch(r"(first|initial|opening)" + kind, key) is not None
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
