"""What is still to be done later: one place that puts it on the agenda."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock


class Errands:
    """One a mode. Acts are bound methods, their arguments records: snapshots keep them."""

    def __init__(self, clock: Clock, agenda: Agenda) -> None:
        self._clock, self._agenda = clock, agenda

    def after(self, us: int, act: Callable[..., None], *args: Any, quiet: bool = False) -> None:
        """Do it so many microseconds from now. quiet: nobody need wait for it (a deadline)."""
        self._agenda.at(self._clock.now() + us, act, *args, periodic=quiet)
