"""What a bundle promises in its present term: prices, stand-alone prices and moved amounts left on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.erp import Schedule
from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.orders import OrderLine
from core.finance.calendar import Period, add_months, periods
from core.finance.exact import to_major, whole
from core.finance.revenue.allocation import OWNER
from core.finance.revenue.earned import earned
from core.finance.revenue.schedule import Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Move:
    """Minor units that an obligation is given, and the days over which they are earned: None for the day
    on which it is delivered. suffix: tells two moves of one order apart."""

    product: str
    amount: int
    days: Period | None
    suffix: str = ""


@dataclass(slots=True)
class Promise:
    """An obligation. moves: what it was given so far; given_up: the day the contract ended before it was
    delivered."""

    line: OrderLine
    moves: list[Move] = field(default_factory=list)
    given_up: date | None = None

    @property
    def once(self) -> bool:
        """Whether it is delivered at a point in time."""
        return not self.line.months

    @property
    def done(self) -> Period | None:
        """The day on which it was delivered or given up."""
        on = self.line.delivered or self.given_up
        return Period(on, on + _DAY) if on else None


@dataclass(slots=True)
class Terms:
    """start: of the present term, from which billing periods count; promises: by product."""

    currency: str
    start: date
    end: date
    rule: Rule
    promises: dict[str, Promise]

    def open_on(self, promise: Promise, on: date) -> bool:
        """Whether anything is still to be delivered from a day on."""
        return promise.line.quantity > 0 and self.periods_left(promise, on) > 0

    def periods_left(self, promise: Promise, on: date) -> Fraction:
        """Billing periods from a day to the end of the term, a cut one by its days; of what is delivered
        once 1 until it was. When the term begins everything is still to come."""
        if promise.once:
            over = promise.done is not None and promise.done.start < on and on > self.start
            return Fraction(0 if over else 1)
        total = Fraction(0)
        for period in periods(self.start, self.end, promise.line.months):
            if part := period.overlap(Period(min(on, self.end), self.end)):
                # A period that the end of the term cuts is billed by its days too.
                full = add_months(period.start, promise.line.months, self.start.day) - period.start
                total += Fraction(part.days, full.days)
        return total

    def price_left(self, promise: Promise, on: date) -> int:
        """What the contract's own prices give from a day on, in minor units."""
        return whole(promise.line.price.minor * promise.line.quantity * self.periods_left(promise, on))

    def alone_left(self, promise: Promise, on: date) -> Fraction:
        """The same at stand-alone prices, exact, in major units; Held where there is none."""
        line = promise.line
        if line.alone is None:
            raise Held(f"ssp: {line.product} has none; enter its list price in the quote", owner=OWNER)
        return to_major(line.alone) * line.quantity * self.periods_left(promise, on)

    def moved_left(self, promise: Promise, on: date) -> int:
        """What of the moved amounts is not earned before a day, in minor units."""
        left = 0
        for move in promise.moves:
            if move.days is not None:
                plan = Schedule("", "", Money(move.amount, self.currency), move.days.start, move.days.end)
                left += move.amount - earned(plan, on - _DAY, self.rule).minor
            elif promise.done is None or promise.done.start >= on:
                left += move.amount
        return left

    def move(self, product: str, amount: int, on: date) -> Move:
        """Give an obligation an amount, over what is left of its service from a day on."""
        promise = self.promises[product]
        days = None if promise.once else Period(on, max(on, self.end))
        promise.moves.append(Move(product, amount, days))
        return promise.moves[-1]
