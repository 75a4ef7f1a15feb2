"""The virtual world's own time, as everybody in it reads it."""

from __future__ import annotations

from scenarios.world.loop import SimLoop


class WorldClock:
    """Virtual time as microseconds since 1970."""

    def __init__(self, loop: SimLoop, start: int) -> None:
        self._loop, self._start = loop, start

    def now(self) -> int:
        return self._start + self._loop.now_us
