"""All that one process can show of itself and of the deployment, joined."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from core.observing.metrics import Metrics
from core.observing.watching import Objectives, objectives
from core.ports.durable import Store
from core.ports.world import Clock, Watch
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class View:
    """metrics: of this process; store: of the deployment; objectives: how the flows stand."""

    metrics: Metrics
    store: Store
    clock: Clock
    objectives: Objectives

    @classmethod
    def of(cls, metrics: Metrics, store: Store, clock: Clock, watch: Watch, settings: Settings) -> Self:
        """With the deployment's target for the objectives."""
        wanted = objectives(Fraction(settings.slo_percent) / 100)
        return cls(metrics, store, clock, Objectives(store, clock, watch, wanted))

    async def text(self) -> bytes:
        """Everything, in Prometheus' format; Unavailable if the store does not answer."""
        census = await self.store.census()
        return self.metrics.text(census, self.clock.now(), await self.objectives.look())
