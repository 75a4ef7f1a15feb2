"""When a failed payment is tried again, what an overdue account becomes, and when customers are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from core.canonical.errors import Held
from core.canonical.money import Money


class Overdue(StrEnum):
    """From which day an invoice counts as overdue."""

    AFTER_DUE = "after_due"  # the day after it was due
    ON_DUE = "on_due"


class Spacing(StrEnum):
    """When the days between two requests are over."""

    AFTER = "after"  # so many days must lie between: asked on the 7th with 2 days, again on the 10th
    EVERY = "every"  # so many days later: asked on the 7th with 2 days, again on the 9th


@dataclass(frozen=True, slots=True)
class Policy:
    """Of a segment, stored as data. thresholds: by currency; a currency without one is not dunned."""

    thresholds: Mapping[str, Money]
    max_attempts: int
    days_between: int
    overdue: Overdue = Overdue.AFTER_DUE
    spacing: Spacing = Spacing.AFTER
    retry_gaps: tuple[int, ...] = ()
    give_up_after_days: int | None = None

    def __post_init__(self) -> None:
        if self.max_attempts < 0 or self.days_between < 0 or any(gap < 1 for gap in self.retry_gaps):
            raise Held("dunning: attempts and days must not be negative, gaps of retries one day at least")


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice that is not paid. paid_on: from that day it is not open any more."""

    due: date
    amount: Money
    customer: str = ""
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A customer is asked for all that is overdue in a currency. attempt: from 1."""

    on: date
    customer: str
    amount: Money
    attempt: int


@dataclass(slots=True)
class _State:
    attempts: int = 0
    last: date | None = None


@dataclass(slots=True)
class Campaign:
    """Runs of dunning, one after the other; remembers attempts by customer and currency."""

    policy: Policy
    _states: dict[tuple[str, str], _State] = field(default_factory=dict)

    def run(self, on: date, invoices: Iterable[Open]) -> list[Request]:
        """Whoever is over the threshold, was not asked lately and not too often. What falls below the
        threshold begins anew."""
        asked = []
        for (customer, currency), total in sorted(overdue_by(invoices, on, self.policy.overdue).items()):
            state = self._states.setdefault((customer, currency), _State())
            threshold = self.policy.thresholds.get(currency)
            if threshold is None or total.minor < threshold.minor or not total.minor:
                continue
            if state.attempts >= self.policy.max_attempts or not self._rested(state, on):
                continue
            state.attempts, state.last = state.attempts + 1, on
            asked.append(Request(on, customer, total, state.attempts))
        return asked

    def attempts(self, customer: str, currency: str) -> int:
        """How often a customer has been asked."""
        return self._states.get((customer, currency), _State()).attempts

    def exhausted(self, customer: str, currency: str) -> bool:
        """Whether no further request will come."""
        return self.attempts(customer, currency) >= self.policy.max_attempts

    def settled(self, customer: str, currency: str) -> None:
        """Everything was paid: the next overdue invoice begins a campaign of its own."""
        self._states.pop((customer, currency), None)

    def _rested(self, state: _State, on: date) -> bool:
        if state.last is None:
            return True
        days = (on - state.last).days
        return (
            days > self.policy.days_between
            if self.policy.spacing is Spacing.AFTER
            else (days >= self.policy.days_between)
        )


def overdue_by(
    invoices: Iterable[Open], on: date, rule: Overdue = Overdue.AFTER_DUE
) -> dict[tuple[str, str], Money]:
    """What is overdue on a day, by customer and currency."""
    found: dict[tuple[str, str], Money] = {}
    for invoice in invoices:
        late = invoice.due < on if rule is Overdue.AFTER_DUE else invoice.due <= on
        if late and (invoice.paid_on is None or invoice.paid_on > on):
            key = (invoice.customer, invoice.amount.currency)
            before = found.get(key, Money(0, invoice.amount.currency))
            found[key] = before + invoice.amount
    return found


def retries(first_failure: date, gaps: Sequence[int], mended_on: date | None = None) -> list[date]:
    """Days of the further attempts: each gap counts from the attempt before. After `mended_on` one more
    is made, which succeeds."""
    if any(gap < 1 for gap in gaps):
        raise Held(f"retry gaps: {list(gaps)} must be one day at least")
    found, day = [], first_failure
    for gap in gaps:
        day += timedelta(days=gap)
        found.append(day)
        if mended_on is not None and day >= mended_on:
            break
    return found


def state_dates(
    unpaid_since: date, states: Sequence[tuple[int, str]], paid_on: date | None = None
) -> list[tuple[date, str]]:
    """When an overdue account enters each state, by days since its earliest unpaid invoice; none on or
    after the day on which it is paid."""
    days = [(unpaid_since + timedelta(days=day), name) for day, name in sorted(states)]
    return [(day, name) for day, name in days if paid_on is None or day < paid_on]


def aligned_gaps(state_days: Sequence[int], first: int, days_before: int = 1) -> list[int]:
    """Gaps that put a retry so many days before each state, after a first retry `first` days on."""
    days = [first, *(day - days_before for day in sorted(state_days))]
    return [after - before for before, after in zip([0, *days[:-1]], days, strict=True)]


@dataclass(frozen=True, slots=True)
class Collecting:
    """How overdue invoices are collected. retry_gaps: days from each try of a card to the next, the first
    from the day of the request; give_up_days: after it was due, by how the customer pays, else never."""

    retry_gaps: tuple[int, ...] = ()
    give_up_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BySegment:
    """Stored with the company: of each segment of its customers, and of those without one."""

    otherwise: Collecting = Collecting()
    segments: Mapping[str, Collecting] = field(default_factory=dict)

    def of(self, segment: str) -> Collecting:
        """Held for a segment that nobody has said anything of."""
        if not segment:
            return self.otherwise
        if segment not in self.segments:
            known = sorted(self.segments)
            raise Held(
                f"segment: {segment!r} has no calendar; known are {known}", owner="accounts receivable"
            )
        return self.segments[segment]

    @property
    def longest(self) -> int:
        """Days after which no card is tried any more, in any segment."""
        return max(sum(each.retry_gaps) for each in (self.otherwise, *self.segments.values()))

    @property
    def most_retries(self) -> int:
        """Of one invoice, in any segment."""
        return max(len(each.retry_gaps) for each in (self.otherwise, *self.segments.values()))

    @property
    def soonest(self) -> int | None:
        """Days after which an invoice is given up at the earliest; None: never."""
        every = (self.otherwise, *self.segments.values())
        return min((days for each in every for days in each.give_up_days.values()), default=None)
