"""Looks at the objectives again and again, and tells the owner when one begins to burn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from fractions import Fraction
from typing import NoReturn

from core.canonical.errors import CoreError
from core.connectivity.flows import FLOWS
from core.connectivity.queues import flow_queues
from core.observing.slo import ALARMS, NONE, WINDOWS, Burn, Counts, Objective, burn
from core.ports.durable import Store
from core.ports.world import Clock, Watch

_EVERY_SECONDS = 60
_MINUTE_US = 60_000_000


def objectives(target: Fraction) -> tuple[Objective, ...]:
    """One a flow."""
    queues = flow_queues()
    return tuple(
        Objective(flow.name, flow.owner, flow.slo_minutes, queues[flow.name], target)
        for flow in FLOWS.values()
    )


class Objectives:
    """How the flows stand. An alarm is told once when it begins and once when it has ended."""

    def __init__(self, store: Store, clock: Clock, watch: Watch, wanted: Iterable[Objective]) -> None:
        self._store, self._clock, self._watch, self._wanted = store, clock, watch, tuple(wanted)
        self._within = {queue: each.within_us for each in self._wanted for queue in each.queues}
        self._rung: set[tuple[str, str]] = set()
        self.latest: tuple[Burn, ...] = ()

    def queues(self, flow: str) -> tuple[str, ...]:
        """Where the tasks of a flow are; KeyError if there is no such flow."""
        return {each.flow: each.queues for each in self._wanted}[flow]

    async def look(self) -> tuple[Burn, ...]:
        """Every flow at this moment; Unavailable if the store does not answer."""
        windows = {minutes: await self._counts(minutes) for minutes in WINDOWS}
        self.latest = tuple(
            burn(each, {minutes: counts.get(each.flow, NONE) for minutes, counts in windows.items()})
            for each in self._wanted
        )
        return self.latest

    async def keep(self) -> NoReturn:
        """Endless: look, tell, wait."""
        while True:
            try:
                self.tell(await self.look())
            except CoreError as error:
                self._watch.alert("medium", "objectives", f"could not be looked at: {error.detail}")
            await asyncio.sleep(_EVERY_SECONDS)

    def tell(self, burns: Iterable[Burn]) -> None:
        """Only what has changed since it was told last."""
        for each in burns:
            for alarm in ALARMS:
                key = each.flow, alarm.name
                if (alarm.name in each.ringing) == (key in self._rung):
                    continue
                if key in self._rung:
                    self._rung.remove(key)
                    self._watch.alert("low", each.flow, f"the {alarm.name} burn of its objective has ended")
                    continue
                self._rung.add(key)
                missed = each.counts[alarm.long_minutes]
                self._watch.alert(
                    alarm.severity,
                    each.flow,
                    f"{missed.bad} of {missed.good + missed.bad} in {alarm.long_minutes} minutes not done"
                    f" within {each.minutes} minutes ({alarm.name} burn); ask {each.owner}",
                )

    async def _counts(self, minutes: int) -> dict[str, Counts]:
        now = self._clock.now()
        tallies = await self._store.tally(now - minutes * _MINUTE_US, now, self._within)
        found = {each.queue: each for each in tallies}
        return {
            each.flow: Counts(
                sum(found[queue].good for queue in each.queues if queue in found),
                sum(found[queue].bad for queue in each.queues if queue in found),
            )
            for each in self._wanted
        }
