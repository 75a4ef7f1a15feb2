"""Where figures about the core's work go in real time; nothing is counted where there is no meter."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Told by core.realtime.LogWatch; each call is cheap and never fails."""

    def called(self, system: str, operation: str, claim: str, *, again: bool, took_us: int) -> None:
        """A vendor was called. claim: ok, fail or info; again: not the first attempt."""
        ...

    def received(self, channel: str, outcome: str) -> None:
        """What became of an event."""
        ...

    def alerted(self, severity: str) -> None:
        """A person should see something."""
        ...

    def counted(self, name: str, by: int) -> None:
        """A counter of core.ports.world.Watch."""
        ...


class Unmetered:
    """Implements Meter: nobody looks."""

    def called(self, system: str, operation: str, claim: str, *, again: bool, took_us: int) -> None:
        """Nothing."""

    def received(self, channel: str, outcome: str) -> None:
        """Nothing."""

    def alerted(self, severity: str) -> None:
        """Nothing."""

    def counted(self, name: str, by: int) -> None:
        """Nothing."""
