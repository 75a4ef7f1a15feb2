"""A tenant's time: one clock, and the agendas of all the systems that live by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from simulators.kit.agenda import Agenda
from simulators.kit.clock import DAY, MOST_PACE, ShiftedClock

# Acts that one move may set off: a mock that does more in one go is running wild.
_MOST_ACTS = 5_000_000
_BREATH, _FARTHEST = 64, 50 * 366 * DAY


class Timeline:
    """Moves the clock; on the way, every system does what is due, in order and each at its own time."""

    def __init__(self, clock: ShiftedClock, agendas: Callable[[], Iterable[Agenda]]) -> None:
        self.clock, self._agendas = clock, agendas
        self._moving = asyncio.Lock()

    async def advance(self, by: int) -> int:
        """Move forward by microseconds; how many acts that set off. ValueError if it is negative."""
        if by < 0:
            raise ValueError(f"advance: {by} must not be negative; set the clock, or restore a snapshot")
        return await self.go_to(self.clock.now() + by)

    async def go_to(self, target: int) -> int:
        """Be at `target`; backwards nothing happens on the way. How many acts that set off. ValueError for a
        time too far ahead to be lived through."""
        if target - self.clock.now() > _FARTHEST:
            raise ValueError(
                f"clock: {target} is more than 50 years from now, and every day on the way would be lived"
                ' through; reset with {"all": true, "at": …} begins at any time at once'
            )
        async with self._moving:
            for agenda in self._agendas():
                agenda.held = True
            reached = target
            try:
                # A task of its own: what is done on the way may want to know its task.
                return await asyncio.get_running_loop().create_task(self._walk(target))
            except BaseException:
                reached = self.clock.now()
                raise
            finally:
                self.clock.set(reached)
                for agenda in self._agendas():
                    agenda.held = False
                    agenda.wake()

    async def _walk(self, target: int) -> int:
        acts = 0
        self.clock.pin(self.clock.now())
        while True:
            await self._settle()
            due, agenda = min(
                ((found, a) for a in self._agendas() if (found := a.next_due()) is not None),
                key=lambda pair: pair[0],
                default=(target + 1, None),
            )
            if agenda is None or due > target:
                return acts
            acts += 1
            if not acts % _BREATH:
                await asyncio.sleep(0)  # other tenants are answered meanwhile
            if acts > _MOST_ACTS:
                raise ValueError(f"advance: more than {_MOST_ACTS} acts were due on the way")
            self.clock.pin(max(due, self.clock.now()))
            await agenda.run_next()

    async def _settle(self) -> None:
        """What began before the move ends before it goes on."""
        while any(agenda.busy for agenda in self._agendas()):
            await asyncio.sleep(0.001)

    def run(self, pace: float) -> None:
        """From now on, `pace` seconds pass in one; ValueError if that cannot be."""
        if not 0 <= pace <= MOST_PACE:
            raise ValueError(f"run: {pace} must be from 0 (stand still) to {MOST_PACE} times real time")
        self.clock.run(pace)
        for agenda in self._agendas():
            agenda.wake()
