"""Changes inside a billed period: what is given back of the old, what the rest of the new costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.billing.book import Book, Document, Item, Kind, known_charge, settle, without
from core.finance.billing.convention import Align, Suspended, Unused, UnusedCount
from core.finance.billing.prorating import Plan, prorate
from core.finance.billing.share import enclosing, first_new_day, share
from core.finance.calendar import Period, add_months
from core.finance.exact import to_major


@dataclass(frozen=True, slots=True)
class Window:
    """Days that may be charged: before `end`, and in none of `gone` (trial, suspension)."""

    end: date | None = None
    gone: tuple[Period, ...] = ()

    def open(self, service: Period) -> list[Period]:
        """What of a stretch may be charged."""
        if self.end is not None:
            service = Period(min(service.start, self.end), min(service.end, self.end))
        return [part for part in without([service], self.gone) if part.days]


def bill(
    book: Book, plan: Plan, service: Period, of: Period | None = None, line: str = ""
) -> tuple[Book, Document]:
    """Charges a plan for `service`, part of the period `of` (itself if not given); credit is consumed."""
    return settle(book, [charge(book, plan, service, of or service, line)])


def charge(book: Book, plan: Plan, service: Period, of: Period, line: str = "", ahead: int = 0) -> Item:
    """The item alone, not yet in the book. ahead: items that will come before it."""
    exact = prorate(plan, service, of, book.convention, book.currency).exact
    return Item(
        len(book.items) + ahead, Kind.CHARGE, line, plan, service, of, exact, book.whole(exact), repaired=-1
    )


def change(
    book: Book,
    at: date,
    plan: Plan | None,
    *,
    line: str = "",
    subscribed: date | None = None,
    on: date | None = None,
    within: Window | None = None,
) -> tuple[Book, Document]:
    """Ends a line `at` a day and goes on with `plan`, or with nothing.

    Days already billed from then on are given back, the new plan is charged for them. With a plan of
    another length its period begins where the convention says; subscribed: the day anniversaries count
    from; on: the day the change is made, when it takes effect on another (periods begun by then are charged);
    within: days the new plan is not charged for.
    """
    begin = first_new_day(at, book.convention)
    hit = billed_from(book, begin, line)
    if not hit:
        raise Held(f"at: nothing is billed on {begin} or later; bill the period, then change it")
    back = [piece for item in hit for piece in _give_back(book, item, _cut(book, item, begin))]
    back = [replace(item, number=len(book.items) + n) for n, item in enumerate(back)]
    new: list[Item] = []
    if plan is not None:
        for service, of in services(book, hit, begin, plan, subscribed, on or at):
            for days in (within or Window()).open(service):
                new.append(charge(book, plan, days, of, line, len(back) + len(new)))
    return settle(book, [*back, *new], changing=True)


def billed_from(book: Book, begin: date, line: str = "") -> list[Item]:
    """Charges that have days left on or after a day."""
    return [i for i in book.charges(line) if i.service.end > begin and _cut(book, i, begin)]


def renew(book: Book, at: date, plan: Plan, *, early: bool = True, line: str = "") -> tuple[Book, Document]:
    """A new period of a plan: from the day `at`, what is left of the old one given back; or after it ends."""
    begin = first_new_day(at, book.convention)
    hit = billed_from(book, begin, line)
    back: list[Item] = []
    if early:
        back = [piece for item in hit for piece in _give_back(book, item, _cut(book, item, begin))]
    elif hit:
        begin = max(item.service.end for item in hit)
    back = [replace(item, number=len(book.items) + n) for n, item in enumerate(back)]
    of = Period(begin, add_months(begin, plan.months))
    return settle(book, [*back, charge(book, plan, of, of, line, len(back))], changing=True)


def block(book: Book, days: Period, line: str = "") -> tuple[Book, Document]:
    """Days without service: given back, or not, as the convention says; charges nothing."""
    back: list[Item] = []
    if book.convention.suspended is Suspended.CREDITED:
        for item in book.charges(line):
            parts = [both for kept in book.kept(item) if (both := kept.overlap(days))]
            back += _give_back(book, item, parts)
    back = [replace(item, number=len(book.items) + n) for n, item in enumerate(back)]
    return settle(book, back, changing=True)


def adjust(book: Book, number: int, minor: int) -> tuple[Book, Document]:
    """Takes an amount off a charge without giving back days; Held for more than is left of it."""
    item = known_charge(book, number)
    if not 0 < minor <= book.left(item):
        raise Held(f"adjustment: {minor} is not between 1 and the {book.left(item)} left of the charge")
    day = Period(item.service.start, item.service.start)
    exact = to_major(book.money(-minor))
    off = Item(len(book.items), Kind.ADJUSTMENT, item.line, item.plan, day, item.of, exact, -minor, number)
    return settle(book, [off], changing=True)


def realigned(
    begin: date, plan: Plan, old: Item, align: Align, subscribed: date | None = None
) -> tuple[Period, Period]:
    """The first service of a plan of another length, and the whole period it is part of."""
    if align is Align.RESTART:
        of = Period(begin, add_months(begin, plan.months))
        return of, of
    if align is Align.ANNIVERSARY:
        if subscribed is None:
            raise Held("subscribed: anniversaries need the day of subscription", owner="billing operations")
        of = enclosing(begin, subscribed, plan.months)
    else:
        cycle = enclosing(begin, old.of.start, 1, _anchor(old))
        of = Period(cycle.start, add_months(cycle.start, plan.months, _anchor(old)))
    return Period(begin, of.end), of


def services(
    book: Book, hit: Sequence[Item], begin: date, plan: Plan, subscribed: date | None, on: date
) -> list[tuple[Period, Period]]:
    """What a new plan is charged for in place of the charges it hits, each with its whole period."""
    if all(item.plan.months == plan.months for item in hit):
        return [(part, item.of) for item in hit for part in _cut(book, item, begin)]
    service, of = realigned(begin, plan, hit[0], book.convention.align, subscribed)
    found = [(service, of)]
    while of.end <= on:
        of = Period(of.end, add_months(of.end, plan.months, max(of.start.day, of.end.day)))
        found.append((of, of))
    return found


def _cut(book: Book, item: Item, begin: date) -> list[Period]:
    after = Period(begin, max(begin, item.service.end))
    return [both for kept in book.kept(item) if (both := kept.overlap(after))]


def _give_back(book: Book, item: Item, parts: Sequence[Period]) -> list[Item]:
    """One item a stretch; the last of them takes what is left when no day of the charge is kept."""
    convention, left, kept, found = book.convention, book.left(item), book.kept(item), []
    kind = Kind.FORGONE if convention.unused is Unused.NOTHING else Kind.REPAIR
    for part in parts:
        kept = without(kept, [part])
        worth = item.plan.amount * share(part, item.of, item.plan.months, convention)
        back = book.whole(worth)
        if not kept:
            back = left
        elif convention.unused_count is UnusedCount.REST:
            used = sum((share(k, item.of, item.plan.months, convention) for k in kept), Fraction(0))
            back = left - book.whole(item.plan.amount * used)
        if convention.cap_credit:
            back = max(min(back, left), 0)
        left -= back
        found.append(Item(0, kind, item.line, item.plan, part, item.of, -worth, -back, item.number))
    return found


def _anchor(item: Item) -> int:
    """The day of the month a period's ends are meant to be on: the 31st also ends on 30 and 28."""
    return max(item.of.start.day, item.of.end.day)
