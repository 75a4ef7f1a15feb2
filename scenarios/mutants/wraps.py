"""How a bug is put around a sound part: a port, the wire, or the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.assemble import Surroundings
from core.ports.desk import Desk
from scenarios.world.plant import Plant


@dataclass(frozen=True)
class Around:
    """Does as the real part does, but for what a subclass does otherwise."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def for_one_look(self) -> Around:
        """A look at everything meets the bug like any other call."""
        return replace(self, real=self.real.for_one_look())


Wrap = Callable[[Any], Any]


def in_port(port: str, wrap: Wrap) -> Plant:
    """A bug in one port of the desk."""

    def alter(desk: Desk) -> Desk:
        changed: dict[str, Any] = {port: wrap(getattr(desk, port))}
        return replace(desk, **changed)

    return Plant(desk=alter)


def around(part: str, wrap: Wrap) -> Plant:
    """A bug in what the core is given: "transport", "store", "draws", …"""

    def given(sound: Surroundings) -> Surroundings:
        changed: dict[str, Any] = {part: wrap(getattr(sound, part))}
        return replace(sound, **changed)

    return Plant(around=given)
