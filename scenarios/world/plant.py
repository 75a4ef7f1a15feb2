"""Where a planted bug may get into a world; without one everything passes through as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.assemble import Alter, Surroundings
from core.close.engine import run
from core.ports.world import Clock
from core.settings import Settings
from scenarios.closing.claims import Runner
from scenarios.world.network import Asgi
from simulators.kit.mock import Mock
from simulators.kit.schema import Change


def _as_it_is(sound: Surroundings) -> Surroundings:
    return sound


def _same_settings(sound: Settings) -> Settings:
    return sound


def _same_door(sound: Asgi, _secrets: Mapping[str, str], _clock: Clock) -> Asgi:
    return sound


def _sound_mocks(_mocks: Mapping[str, Mock]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Drift:
    """A vendor's schema changes on a day of the run, 0 for the first."""

    day: int
    system: str
    change: Change


@dataclass(frozen=True, slots=True)
class Plant:
    """A bug, by its place in the core: the desk's ports, what the core is given (transport, store,
    clock, draws), its settings, its front door. mocks: only for what no core can do wrong; bank_fee: minor
    units that the bank keeps of each credit, which nobody here expects; controls: how the month's controls
    are run; drifts: changes of vendors' schemas, which are undone when the run is healed, unless they
    are to stay."""

    desk: Alter | None = None
    around: Callable[[Surroundings], Surroundings] = _as_it_is
    settings: Callable[[Settings], Settings] = _same_settings
    door: Callable[[Asgi, Mapping[str, str], Clock], Asgi] = _same_door
    mocks: Callable[[Mapping[str, Mock]], None] = _sound_mocks
    bank_fee: int = 0
    drifts: tuple[Drift, ...] = ()
    stays: bool = False
    controls: Runner = run


NOTHING = Plant()
