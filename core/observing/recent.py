"""The last hour of a deployment in samples: what was done, what waits, what is held."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import NoReturn

from core.canonical.errors import CoreError
from core.observing.slo import Objective
from core.ports.census import Census
from core.ports.durable import Store
from core.ports.world import Clock

EVERY_SECONDS = 10
_KEPT = 3600 // EVERY_SECONDS


@dataclass(frozen=True, slots=True)
class Sample:
    """At one moment. done, missed: of each flow, since the sample before; waiting, in_hand, held, again:
    tasks; overdue_us: how long the oldest due one has waited; unpublished: messages in the outbox."""

    at: int
    done: dict[str, int]
    missed: dict[str, int]
    waiting: int
    in_hand: int
    held: int
    again: int
    overdue_us: int
    unpublished: int


class Recent:
    """Kept by the process that shows it; after a restart it begins anew."""

    def __init__(self, store: Store, clock: Clock, wanted: tuple[Objective, ...]) -> None:
        self._store, self._clock, self._wanted = store, clock, wanted
        self._within = {queue: each.within_us for each in wanted for queue in each.queues}
        self._looked = clock.now()
        self.samples: deque[Sample] = deque(maxlen=_KEPT)

    async def keep(self) -> NoReturn:
        """Endless: look, wait. A store that is away leaves a gap."""
        while True:
            try:
                await self.look()
            except CoreError:
                self._looked = self._clock.now()
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> Sample:
        """One more sample; Unavailable if the store does not answer."""
        now = self._clock.now()
        found = {each.queue: each for each in await self._store.tally(self._looked, now, self._within)}
        census = await self._store.census()
        self._looked = now
        sample = Sample(
            now,
            {f.flow: sum(found[q].good for q in f.queues if q in found) for f in self._wanted},
            {f.flow: sum(found[q].bad for q in f.queues if q in found) for f in self._wanted},
            _count(census, "waiting"),
            _count(census, "in_hand"),
            _count(census, "held"),
            sum(each.again for each in census.standings if each.state != "held"),
            census.overdue_us(now),
            census.unpublished,
        )
        self.samples.append(sample)
        return sample


def _count(census: Census, state: str) -> int:
    return sum(each.count for each in census.standings if each.state == state)
