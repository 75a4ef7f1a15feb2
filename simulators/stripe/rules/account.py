"""The account: its keys, its two modes, its own periodic doings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.kit.history import CAUSE, History
from simulators.kit.mock import Surroundings
from simulators.stripe.rules.bent import BentClock
from simulators.stripe.rules.books import books
from simulators.stripe.rules.events import Shape
from simulators.stripe.rules.keys import fresh_keys
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.numbers import Numbers
from simulators.stripe.rules.options import Options


@dataclass(slots=True)
class Breakdown:
    """The next `count` calls of `operation` answer 500, after committing if `applied`."""

    operation: str
    count: int
    applied: bool


class Account:
    """One Stripe account; what `open` gives the mock."""

    def __init__(self, surroundings: Surroundings, shape: Shape, dumps: Callable[[object], bytes]) -> None:
        ids = surroundings.ids
        self.clock, self._agenda = BentClock(surroundings.clock), surroundings.agenda
        self.options = Options.of(surroundings.options)
        self.history = History(self.clock)
        self.id = f"acct_1{ids.base62('acct', 15)}"
        self.numbers = Numbers(ids, ids.base62("tail", 10))
        test, live = (
            Mode(
                surroundings,
                self.clock,
                self.options,
                self.history,
                self.numbers,
                is_live,
                shape,
                dumps,
                self.id,
            )
            for is_live in (False, True)
        )
        self.test, self.live = test, live
        self.keys = fresh_keys()
        self.breakdowns: list[Breakdown] = []

    def mode(self, live: bool) -> Mode:
        return self.live if live else self.test

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """Both modes together; a lab uses one of them."""
        test, live = books(self.test), books(self.live)
        return {name: rows + live[name] for name, rows in test.items()}

    def pending(self) -> int:
        """Webhooks not yet delivered or given up. Payouts are periodic and do not count."""
        return self.test.events.pending() + self.live.events.pending()

    def catch_up(self) -> None:
        """Payouts and settlements that are due, as nobody's request."""
        now = self.clock.now()
        if now < self.test.next_due() and now < self.live.next_due():
            return
        token = CAUSE.set("")
        try:
            self.test.catch_up()
            self.live.catch_up()
        finally:
            CAUSE.reset(token)

    def wake(self) -> None:
        """Catch up now, and at every noon and midnight, for ever."""
        self.catch_up()
        self._agenda.at(self.test.next_tick, self.wake, periodic=True)

    def break_down(self, operation: str, applied: bool) -> None:
        """The next call of `operation` answers 500, after committing if `applied`."""
        self.breakdowns.append(Breakdown(operation, 1, applied))

    def take_breakdown(self, operation: str) -> Breakdown | None:
        """The breakdown that awaits this operation, spent once."""
        for waiting in self.breakdowns:
            if waiting.operation in ("*", operation):
                waiting.count -= 1
                if not waiting.count:
                    self.breakdowns.remove(waiting)
                return waiting
        return None
