"""One contract played through its changes: bills as they fall due, what changes give back and charge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.canonical.errors import Held
from core.finance.billing.book import Book, Document, Item, settle
from core.finance.billing.changes import Window, billed_from, block, change, charge, services
from core.finance.billing.convention import Align, BillingConvention, Suspended, Timing, Trial
from core.finance.billing.prorating import Plan
from core.finance.billing.share import enclosing, first_new_day
from core.finance.calendar import Period, add_months


@dataclass(frozen=True, slots=True)
class Contract:
    """end: first day without service, None for an evergreen one.

    bill_day: bill cycle day 1 to 31, 0 bills on anniversaries; trial_days: free first days.
    """

    plan: Plan
    start: date
    end: date | None
    bill_day: int = 0
    trial_days: int = 0
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Amendment:
    """From `at` on another plan, none (cancelled), or no service for the days `blocked`.

    on: the day it is made, when that is not the day it takes effect (backdated or planned).
    """

    at: date
    plan: Plan | None = None
    blocked: Period | None = None
    on: date | None = None

    @property
    def made(self) -> date:
        return self.on or self.at


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it. documents: with the day each is of; end: of the contract as it now stands."""

    book: Book
    documents: tuple[tuple[date, Document], ...]
    end: date | None


def periods_of(contract: Contract, plan: Plan | None = None) -> Iterator[Period]:
    """The whole billing periods a contract runs through, the first one perhaps begun before its start."""
    months = (plan or contract.plan).months
    day = contract.bill_day or contract.start.day
    cycle = enclosing(contract.start, add_months(contract.start, 0, day), 1, day)
    first = cycle if cycle.start == contract.start else Period(cycle.end, cycle.end)
    of = enclosing(contract.start, first.start, months, day)
    while contract.end is None or of.start < contract.end:
        yield of
        of = Period(of.end, add_months(of.end, months, day))


def play(
    contract: Contract, amendments: Sequence[Amendment], through: date, terms: BillingConvention
) -> Played:
    """Everything that falls due by a day, in order of days; amendments of one day in the order given.

    Held where an amendment is of a day before the contract.
    """
    run = _Run(contract, terms)
    waiting = sorted(amendments, key=lambda a: a.made)
    for amendment in waiting:
        if amendment.at < contract.start:
            raise Held(f"at: {amendment.at} is before the contract begins on {contract.start}")
        if amendment.made > through:
            break
        run.bill_until(amendment.made)
        run.amend(amendment)
    run.bill_until(through + timedelta(days=1))
    return Played(run.book, tuple(run.documents), None if run.end is None else run.end + run.more)


class _Run:
    """next: first day not yet billed, in the period `of`; planned: changes of days not yet billed."""

    def __init__(self, contract: Contract, terms: BillingConvention) -> None:
        self.contract, self.terms = contract, terms
        self.book = Book(terms, contract.currency)
        self.documents: list[tuple[date, Document]] = []
        self.plan: Plan | None = contract.plan
        self.end, self.more, self.planned = contract.end, timedelta(0), list[Amendment]()
        free = timedelta(days=contract.trial_days)
        self.gone = [Period(contract.start, contract.start + free)] if terms.trial is Trial.CUT_OUT else []
        if terms.trial is Trial.SHIFTS:
            contract = replace(contract, start=contract.start + free)
        self.next, self.day = contract.start, contract.bill_day or contract.start.day
        self.of = next(periods_of(contract), Period(self.next, self.next))

    def bill_until(self, day: date) -> None:
        """All bills of days before `day`."""
        while True:
            self._begin_planned()
            if self.plan is None or (self.end is not None and self.next >= self.end):
                return
            ends = [self.of.end, *(() if self.end is None else (self.end,)), *self._cuts()]
            stop = min(ends)
            due = self.next if self.terms.timing is Timing.ADVANCE else stop
            if due >= day:
                return
            self._bill(Period(self.next, stop), due)

    def amend(self, what: Amendment) -> None:
        """Gives back and charges what is billed already; the rest is kept in mind."""
        if what.blocked is not None:
            self._block(what.blocked, what.made)
            return
        begin = first_new_day(what.at, self.terms)
        # What is decided later stands: it takes the place of all that was planned from its day on.
        self.planned = [p for p in self.planned if p.at < what.at]
        if begin >= self.next:
            self.planned.append(what)
            return
        hit = billed_from(self.book, begin)
        if hit:
            since, within = self.contract.start, Window(self.end, tuple(self.gone))
            if what.plan is not None and any(i.plan.months != what.plan.months for i in hit):
                service, self.of = services(self.book, hit, begin, what.plan, since, what.made)[-1]
                self.next = service.end if self.end is None else min(service.end, self.end)
                self.day = begin.day if self.terms.align is Align.RESTART else self.day
            self.book, document = change(
                self.book, what.at, what.plan, subscribed=since, on=what.made, within=within
            )
            self.documents.append((what.made, document))
        elif what.plan is not None and self.plan is not None and self.plan.months != what.plan.months:
            self.of = self._first_of(what.plan)
        self._take(what.plan, begin)
        if self.next == self.of.end:
            self._next_period()

    def _take(self, plan: Plan | None, begin: date) -> None:
        self.plan = plan
        if plan is None:
            self.end = begin if self.end is None else min(self.end, begin)

    def _cuts(self) -> list[date]:
        """Days on which a plan of another length is to begin."""
        months = self.plan.months if self.plan else 0
        firsts = [(first_new_day(p.at, self.terms), p.plan) for p in self.planned]
        return [day for day, plan in firsts if plan is not None and plan.months != months and day > self.next]

    def _begin_planned(self) -> None:
        """Plans that are to begin by the next day to be billed are in force from it."""
        for what in sorted(self.planned, key=lambda p: (p.at, p.made)):
            first = first_new_day(what.at, self.terms)
            if first > self.next:
                continue
            self.planned.remove(what)
            months = self.plan.months if self.plan else 0
            self._take(what.plan, first)
            if what.plan is not None and what.plan.months != months:
                self.of = self._first_of(what.plan)

    def _first_of(self, plan: Plan) -> Period:
        if self.terms.align is Align.RESTART:
            self.day = self.next.day
            return Period(self.next, add_months(self.next, plan.months))
        if self.terms.align is Align.ANNIVERSARY:
            return enclosing(self.next, self.contract.start, plan.months, self.day)
        cycle = enclosing(self.next, add_months(self.next, 0, self.day), 1, self.day)
        return Period(cycle.start, add_months(cycle.start, plan.months, self.day))

    def _block(self, days: Period, made: date) -> None:
        if self.terms.suspended is Suspended.EXTENDS:
            self.more += timedelta(days=days.days)
        if self.terms.suspended is not Suspended.CREDITED:
            return
        self.gone.append(days)
        self.book, document = block(self.book, days)
        self.documents.append((made, document))

    def _bill(self, service: Period, due: date) -> None:
        items: list[Item] = []
        for part, plan in self._parts(service):
            for days in Window(self.end, tuple(self.gone)).open(part):
                items.append(charge(self.book, plan, days, self.of, ahead=len(items)))
        self.book, document = settle(self.book, items)
        self.documents.append((due, document))
        self.next = service.end if self.end is None else min(service.end, self.end)
        if self.next == self.of.end:
            self._next_period()

    def _parts(self, service: Period) -> list[tuple[Period, Plan]]:
        """A period cut where a plan of the same length, or the end, was planned inside it."""
        parts, begin = [], service.start
        for what in sorted(self.planned, key=lambda p: (p.at, p.made)):
            first = first_new_day(what.at, self.terms)
            if first >= service.end or self.plan is None:
                break
            if first > begin:
                parts.append((Period(begin, first), self.plan))
            begin = max(begin, first)
            self.planned.remove(what)
            self._take(what.plan, first)
        if self.plan is not None and begin < service.end:
            parts.append((Period(begin, service.end), self.plan))
        return parts

    def _next_period(self) -> None:
        months = self.plan.months if self.plan else 1
        self.of = Period(self.of.end, add_months(self.of.end, months, self.day))
