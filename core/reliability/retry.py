"""How often and how long: pauses that grow, with jitter by key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from core.canonical.errors import CoreError, Missing, Unavailable, Unclear
from core.ports.world import Draws

T = TypeVar("T")

# What may end differently next time: it never began, nobody knows, or what it needs may still come.
PASSING = (Unavailable, Unclear, Missing)


@dataclass(frozen=True, slots=True)
class Policy:
    """attempts in all; first pause, growth and longest pause in seconds."""

    attempts: int
    first_seconds: float
    factor: float = 3.0
    longest_seconds: float = 60.0

    def pause(self, attempts: int, draws: Draws, *key: object) -> float:
        """Seconds to wait after `attempts` failed ones; jitter of a quarter, the same for the same key."""
        full: float = min(self.first_seconds * self.factor ** (attempts - 1), self.longest_seconds)
        return full * (0.75 + 0.25 * draws.uniform("pause", *key, attempts))


async def insist(
    act: Callable[[], Awaitable[T]],
    policy: Policy,
    draws: Draws,
    *key: object,
    passing: tuple[type[CoreError], ...] = PASSING,
) -> T:
    """Repeat what may pass, in memory, with a bound; what is refused goes through at once."""
    for attempt in range(1, policy.attempts):
        try:
            return await act()
        except passing as error:
            wait = policy.pause(attempt, draws, *key)
            told = error.retry_after if isinstance(error, Unavailable) else None
            await asyncio.sleep(max(wait, told or 0.0))
    return await act()
