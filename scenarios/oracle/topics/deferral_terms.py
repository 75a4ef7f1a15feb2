"""What a case of deferral is about: amounts with their service, the rule, the dates it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.canonical.money import Money
from core.finance.calendar import Period, last_day
from core.finance.revenue.schedule import Cents, Rule, Slice, deferred, schedule, schedule_between
from core.finance.revenue.spread import Spread
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import (
    currency_of,
    day,
    instant,
    money,
    rounding_of,
    service_of,
    words_of,
)

_POSTED = ("finalized_at", "finalised_at", "posted_at", "invoiced_at", "invoice_finalized_at")
_AMOUNTS = ("amount", "price", "invoice", "total", "fee", "amount_with_period", "contract_value", "net")


@dataclass(frozen=True, slots=True)
class Part:
    """An amount and its service; without one it is earned at once."""

    amount: Money
    service: Period
    instants: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """cutoffs: the days whose end is asked for; posted: what was earned in months before is booked then."""

    parts: tuple[Part, ...]
    rule: Rule
    currency: str
    cutoffs: tuple[date, ...] = ()
    months: int = 0
    posted: date | None = None

    def slices(self) -> list[Slice]:
        """By month, all parts together."""
        sums: defaultdict[date, int] = defaultdict(int)
        days: dict[date, Period] = {}
        for part in self.parts:
            for piece in _schedule(part, self.rule):
                month = max(piece.month, self.posted.replace(day=1)) if self.posted else piece.month
                sums[month] += piece.amount.minor
                days.setdefault(month, piece.days)
        found = [Slice(days[month], Money(sums[month], self.currency)) for month in sorted(sums)]
        late = self.posted and found and found[0].days.start < self.posted.replace(day=1)
        if late and self.posted:
            whole = Period(self.posted.replace(day=1), max(found[0].days.end, last_day(self.posted)))
            found[0] = replace(found[0], days=whole)
        return found

    def deferred_after(self, last: date) -> Money:
        """Still deferred at the end of a day."""
        total = Money(0, self.currency)
        for part in self.parts:
            total += deferred(part.amount, part.service, last + timedelta(days=1), self.rule)
        return total

    @property
    def total(self) -> Money:
        return Money(sum(part.amount.minor for part in self.parts), self.currency)


def terms_of(case: Case, inputs: Mapping[str, Any]) -> Terms:
    """NotOffered where there is no amount."""
    for key in inputs:
        if any(word in key for word in ("discount", "coupon", "refund", "credit_note")):
            raise NotOffered(
                f"{key}: what it changes of the amount is not read here; give the amount that is left"
            )
    currency = currency_of(case)
    text = f"{inputs.get('basis', '')} {inputs.get('method', '')} {case.convention}"
    inclusive = "inclusive" in case.convention
    parts = tuple(_parts(inputs, currency, inclusive=inclusive))
    if not parts:
        raise NotOffered(f"amount: none is given by {', '.join(sorted(inputs))}")
    year = parts[0].service.start.year
    cutoffs = inputs.get("cutoffs", inputs.get("cutoff", inputs.get("cutoff_date", [])))
    cutoffs = cutoffs if isinstance(cutoffs, list) else [cutoffs]
    rule = Rule(
        spread_named(text, fallback=_by_subtopic(case.subtopic)),
        cents_named(f"{text} {case.rounding}"),
        rounding_of(f"{case.convention} {case.rounding}"),
    )
    shown = int(inputs.get("show_months", 0))
    on = tuple(day(cut, year) for cut in cutoffs)
    return Terms(parts, rule, currency, on, shown, _posted(case, inputs, parts))


def _posted(case: Case, inputs: Mapping[str, Any], parts: tuple[Part, ...]) -> date | None:
    """When the invoice became final, if only after months of its service; the case must say what then."""
    key = next((key for key in _POSTED if inputs.get(key) is not None), "")
    if not key:
        return None
    posted = day(inputs[key])
    if all(part.service.start >= posted.replace(day=1) for part in parts):
        return None
    said = f"{case.convention} {case.subtopic}".lower()
    if not any(word in said for word in ("finalis", "finaliz", "catch", "backdat", "late")):
        raise NotOffered(f"{key}: whether months before it are booked in its month is not said")
    return posted


def spread_named(text: str, fallback: Spread = Spread.DAILY) -> Spread:
    """The granularity that a text names."""
    said = text.lower().replace("_", " ").replace("-", " ")
    for spread, names in (
        (Spread.MILLISECOND, ("millisecond", "per second", "ms")),
        (Spread.EVEN_BETWEEN, ("first and last", "prorated ends", "prorate first", "ends by days")),
        (Spread.MONTHS_PRORATED, ("partial month by days", "partial first month", "days of that month")),
        (Spread.FULL_MONTHS, ("full month", "month evenly", "months evenly", "evenly", "equal months")),
        (Spread.HALF_MONTHS, ("half", "mid month convention", "half months")),
        (Spread.MONTHS_30, ("30 day", "30/360", "months of 30")),
        (Spread.MONTHS_PRORATED, ("prorated", "days of the month", "prorate")),
        (Spread.DAILY, ("daily", "days", "per day", "by day")),
        (Spread.MONTHS_TENTHS, ("month", "months", "monthly")),
    ):
        if any(name in said for name in names):
            return spread
    return fallback


def cents_named(text: str) -> Cents:
    """Where the cents go; the last period takes them unless something else is said."""
    said = text.lower()
    if "cumulative" in said or "to date" in said:
        return Cents.CUMULATIVE
    if "largest remainder" in said or "largest_remainder" in said:
        return Cents.LARGEST_REMAINDER
    return Cents.FIRST if "first period" in said and "remainder" in said else Cents.LAST


def under(terms: Terms, spread: Spread) -> Terms:
    """The same under another granularity."""
    return replace(terms, rule=replace(terms.rule, spread=spread))


def _parts(inputs: Mapping[str, Any], currency: str, *, inclusive: bool) -> Iterator[Part]:
    value = inputs.get("service", inputs.get("period", inputs.get("term")))
    if value is None and "start" in inputs and "end" in inputs:
        value = [inputs["start"], inputs["end"]]
    given = service_of(value, inclusive=inclusive) if value is not None else None
    for field in _AMOUNTS:
        if field in inputs and given is not None and not isinstance(inputs[field], Mapping | list):
            yield Part(money(inputs[field], field, currency), given, _instants(value))
            break
    if "amount_without_period" in inputs:
        on = given.start if given else day(inputs.get("invoice_at", inputs.get("finalised_at")))
        yield Part(money(inputs["amount_without_period"], "amount", currency), Period(on, on))
    for line in inputs.get("lines", inputs.get("items", [])):
        inner = {"service": value} if value is not None else {}
        yield from _parts({**inner, **line}, currency, inclusive=inclusive)


def _instants(value: object) -> tuple[datetime, datetime] | None:
    if not isinstance(value, list | tuple):
        return None
    start, end = (instant(str(each)) for each in value)
    return (start, end) if start and end else None


def _schedule(part: Part, rule: Rule) -> tuple[Slice, ...]:
    if part.instants:
        return schedule_between(part.amount, *part.instants, rule)
    return schedule(part.amount, part.service, rule)


def _by_subtopic(subtopic: str) -> Spread:
    words = words_of(subtopic)
    if "half" in words:
        return Spread.HALF_MONTHS
    if words & {"daily", "days", "day", "cutoff"} or not words & {"month", "monthly", "months"}:
        return Spread.DAILY
    return Spread.MONTHS_TENTHS
