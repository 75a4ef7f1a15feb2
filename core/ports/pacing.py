"""What all workers of a deployment together may ask of a vendor."""

from __future__ import annotations

from typing import Protocol


class Pacing(Protocol):
    """Budgets of spans of time, requests at once, and pauses. Moments in microseconds."""

    async def spend(self, span: str, wanted: int, most: int) -> int:
        """Take from the budget of a span of time that all workers share; how much of `wanted` was left."""
        ...

    async def allot(self, system: str, holder: str, running: int, most: int, now: int, until: int) -> int:
        """How many requests this worker may have at a vendor at once, until `until`: an equal part of `most`
        among those whose own has not run out, as far as the others have left it. What it has `running` beyond
        that counts as its own until it says less, so that all together never have more than `most`."""
        ...

    async def pause(self, system: str, until: int) -> None:
        """Nobody asks the vendor before this moment; never shortened."""
        ...

    async def paused(self, system: str) -> int:
        """Until when nobody is to ask; 0 if nobody ever said so."""
        ...
