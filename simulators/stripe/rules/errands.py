"""What is still to be done later: one place that keeps the moments."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simulators.kit.clock import Clock


class Errands:
    """One a mode. Acts are bound methods, their arguments records: snapshots keep them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def after(self, us: int, act: Callable[..., None], *args: Any) -> None:
        """Do it so many microseconds from now."""
        self._count += 1
        heappush(self._heap, (self._clock.now() + us, self._count, act, args))

    def due(self) -> int | None:
        """When the next errand is due."""
        return self._heap[0][0] if self._heap else None

    def run(self) -> None:
        """Do the next one."""
        _, _, act, args = heappop(self._heap)
        act(*args)
