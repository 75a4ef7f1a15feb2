"""What billing has yet to do, by due time: of the mock's own time, or of a test clock's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from simulators.kit.clock import SECOND
from simulators.stripe.rules.bent import BentClock


@dataclass(order=True, slots=True)
class Due:
    """Something to do at a moment (unix seconds), unless cancelled before."""

    at: int
    count: int
    act: Callable[..., object] | None = field(compare=False)
    args: tuple[Any, ...] = field(compare=False)

    def cancel(self) -> None:
        """Do it no more."""
        self.act, self.args = None, ()


class Timeline:
    """What billing has yet to do, in order; one for the mock's own time and one a test clock."""

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._count = 0

    def put(self, at: int, act: Callable[..., object], *args: Any, early: bool = False) -> Due:
        """Do `act(*args)` at `at`, `early`: before what else is due then.

        act is a bound method or a function of a module.
        """
        self._count += 1
        due = Due(at, self._count - (1 << 60 if early else 0), act, args)
        heappush(self._heap, due)
        return due

    def next_at(self) -> int | None:
        """Unix second of the next thing to do."""
        while self._heap and self._heap[0].act is None:
            heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def run(self, until: int, clock: BentClock) -> None:
        """Do everything due up to and including `until`, each at its own moment."""
        while (at := self.next_at()) is not None and at <= until:
            due = heappop(self._heap)
            act = due.act
            assert act is not None
            with clock.at(due.at * SECOND):
                act(*due.args)

    def clear(self) -> None:
        """Forget all of it."""
        self._heap.clear()
