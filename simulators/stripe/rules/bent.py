"""A clock that can be bent to the moment that is being lived through."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import TracebackType

from simulators.kit.clock import Clock


class BentClock:
    """The clock beneath, except while something is done at another moment.

    A mode has two, one on the other: catching up bends the lower one, a test clock the upper one, so
    that money moves in the mock's own time while billing lives in the test clock's. Beneath them is the
    account's, which stands still while a call is served.
    """

    def __init__(self, base: Clock) -> None:
        self.base = base
        self._bent: int | None = None

    def now(self) -> int:
        return self.base.now() if self._bent is None else self._bent

    def at(self, moment: int | None) -> AbstractContextManager[None]:
        """Live in `moment` (microseconds) for a while; None: in the present as it is."""
        return _AS_IT_IS if moment is None else _Bend(self, moment)

    def bend(self, moment: int | None) -> int | None:
        """Live in `moment` from now on, None: in the present; what it was bent to before."""
        before, self._bent = self._bent, moment
        return before


_AS_IT_IS = nullcontext()


class _Bend:
    def __init__(self, clock: BentClock, moment: int) -> None:
        self._clock, self._moment = clock, moment
        self._before: int | None = None

    def __enter__(self) -> None:
        self._before = self._clock.bend(self._moment)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock.bend(self._before)
