"""All that one process can show of itself and of the deployment, joined."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from core.observing.metrics import Metrics
from core.observing.recent import Recent
from core.observing.standing import Deployed
from core.observing.watching import Objectives, objectives
from core.ports.durable import Bus, Store
from core.ports.world import Clock, Watch
from core.reconcile.owners import NAME
from core.settings import Settings

# A process that was not heard of for so long is no part of the deployment any more.
_FORGOTTEN_US = 900_000_000


@dataclass(frozen=True, slots=True)
class View:
    """metrics: of this process; store and bus: of the deployment, bus None where it is in this process;
    objectives: how the flows stand; recent: the last hour; workers: whether other processes do the work."""

    metrics: Metrics
    store: Store
    clock: Clock
    objectives: Objectives
    recent: Recent
    bus: Bus | None = None
    workers: bool = False

    @classmethod
    def of(
        cls,
        metrics: Metrics,
        store: Store,
        clock: Clock,
        watch: Watch,
        settings: Settings,
        bus: Bus | None = None,
        *,
        workers: bool = False,
    ) -> Self:
        """With the deployment's target for the objectives."""
        wanted = objectives(Fraction(settings.slo_percent) / 100)
        looking = Objectives(store, clock, watch, wanted)
        return cls(metrics, store, clock, looking, Recent(store, clock, wanted), bus, workers)

    def queues(self, flow: str) -> tuple[str, ...]:
        """Where the tasks of a flow are."""
        return self.objectives.queues(flow)

    async def text(self) -> bytes:
        """Everything, in Prometheus' format; Unavailable if the store does not answer."""
        census, burns = await self.store.census(), await self.objectives.look()
        now = self.clock.now()
        said = await self.store.said(now - _FORGOTTEN_US)
        jobs = [
            each for each in await self.store.said(0) if each.name.startswith("job/") or each.name == NAME
        ]
        lately = [each for each in said if each.name.startswith("process/")]
        return self.metrics.text(Deployed(census, now, burns, (*lately, *jobs)))
