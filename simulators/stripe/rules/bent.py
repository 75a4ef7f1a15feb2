"""A clock that can be bent to the moment that is being lived through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulators.kit.clock import Clock


class BentClock:
    """The clock beneath, except while something is done at another moment.

    A mode has two, one on the other: catching up bends the lower one, a test clock the upper one, so
    that money moves in the mock's own time while billing lives in the test clock's.
    """

    def __init__(self, base: Clock) -> None:
        self.base = base
        self._bent: int | None = None

    def now(self) -> int:
        return self.base.now() if self._bent is None else self._bent

    @contextmanager
    def at(self, moment: int | None) -> Iterator[None]:
        """Live in `moment` (microseconds) for a while; None: in the present as it is."""
        before, self._bent = self._bent, self._bent if moment is None else moment
        try:
            yield
        finally:
            self._bent = before
