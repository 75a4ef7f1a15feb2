"""Test clocks: a time of their own for some customers and all that belongs to them."""

from __future__ import annotations

from simulators.kit.clock import DAY, SECOND
from simulators.stripe.rules.billing.calendar import length, moment
from simulators.stripe.rules.billing.contract_records import Subscription, TestClock
from simulators.stripe.rules.billing.cycles import Cycles
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash, taken
from simulators.stripe.rules.billing.subscription_life import ENDED
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf

_MOST = 100
_CUSTOMERS_MOST = 3
_DAY = 86_400
_KEPT = 30 * DAY // SECOND


class Clocks:
    """The test clocks of one mode."""

    def __init__(self, desk: Desk, cycles: Cycles) -> None:
        self._desk, self._cycles = desk, cycles
        self.shelf: Shelf[TestClock] = Shelf()

    def take(self, id: str, param: str = "test_clock", *, path: bool = False) -> TestClock:  # noqa: A002
        """The clock; Refused with resource_missing."""
        return taken(self.shelf, "test clock", id, param, path=path)

    def create(self, frozen: int, name: str | None = None) -> TestClock:
        """A new clock, standing at `frozen`."""
        ground = self._desk.ground
        if len(self.shelf.under(())) >= _MOST:
            raise clash(f"You can have at most {_MOST} test clocks.")
        moment(frozen)
        now = ground.clock.now()
        made = TestClock(
            ground.numbers.new("clock"),
            now,
            ground.live,
            frozen,
            name,
            deletes_after=now // SECOND + _KEPT,
        )
        self.shelf.add(made)
        self._desk.note(made, "created", "ready")
        self._desk.emit("test_helpers.test_clock.created", made)
        return made

    def room(self, id: str) -> TestClock:  # noqa: A002
        """The clock for one more customer."""
        clock = self.take(id)
        if len(clock.customers) >= _CUSTOMERS_MOST:
            raise clash(f"A test clock can have at most {_CUSTOMERS_MOST} customers.", "test_clock")
        return clock

    def advance(self, clock: TestClock, to: int) -> TestClock:
        """Begin to advance; `arrive` does the work."""
        if clock.status != "ready":
            text = f"The test clock is {clock.status}; wait until it is ready."
            raise Refused(text, code="test_clock_not_ready", status=429)
        if to <= clock.frozen:
            text = (
                "The frozen_time of a test clock can only be advanced to a time later than its current one."
            )
            raise clash(text, "frozen_time")
        most = self._furthest(clock)
        if to > most:
            text = (
                "You can advance a test clock by at most two intervals of the shortest subscription on it"
                f" (until {most})."
            )
            raise clash(text, "frozen_time")
        clock.status, clock.target = "advancing", to
        self._desk.emit("test_helpers.test_clock.advancing", clock)
        return clock

    def arrive(self, clock: TestClock) -> None:
        """Live through everything until the target, each thing at its own moment."""
        if clock.status != "advancing" or clock.target is None or clock.deleted:
            return
        clock.timeline.run(clock.target, self._desk.clock)
        clock.frozen, clock.target, clock.status = clock.target, None, "ready"
        with self._desk.clock.at(clock.frozen * SECOND):
            self._desk.note(clock, "advanced", "ready")
            self._desk.emit("test_helpers.test_clock.ready", clock)

    def _furthest(self, clock: TestClock) -> int:
        days = [
            length(item.price.recurring.interval, item.price.recurring.interval_count)
            for sub in self._subscriptions(clock)
            for item in sub.items
            if item.price.recurring is not None
        ]
        if not days:
            return clock.frozen + 2 * 366 * _DAY
        shortest = min(days)
        # Months and years are counted at their longest.
        longest = {30: 31, 365: 366}.get(shortest, shortest if shortest % 30 else shortest // 30 * 31)
        return clock.frozen + 2 * longest * _DAY

    def _subscriptions(self, clock: TestClock) -> list[Subscription]:
        shelf = self._cycles.shelf
        return [
            sub for c in clock.customers for sub in shelf.under(("customer", c)) if sub.status not in ENDED
        ]

    def delete(self, clock: TestClock) -> TestClock:
        """With its customers, and their subscriptions are cancelled (the caller deletes the customers)."""
        if clock.status == "advancing":
            raise clash("You cannot delete a test clock while it is advancing.")
        clock.timeline.clear()
        for sub in self._subscriptions(clock):
            cancel_timer(sub.timers, *list(sub.timers))
            with self._desk.clock.at(clock.frozen * SECOND):
                self._cycles.cancel(sub, reason=None)
        self.shelf.unfile(clock, ())
        self._desk.emit("test_helpers.test_clock.deleted", clock)
        clock.deleted = True
        self._desk.note(clock, "deleted", "deleted")
        return clock
