"""How often and how long: pauses that grow, with jitter by key."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from core.canonical.errors import CoreError, Missing, Unavailable, Unclear
from core.ports.world import Clock, Draws, Watch

T = TypeVar("T")
_HOUR_US = 3_600_000_000

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


def what_happened(error: Exception) -> str:
    """What a loop that goes on whatever happened says of it."""
    return error.detail if isinstance(error, CoreError) else f"unexpected {type(error).__name__}: {error}"


def tell(watch: Watch, subject: str, what: str, error: Exception) -> None:
    """That a loop goes on in spite of it; what nobody foresaw is counted, as a fault of the core's own."""
    if not isinstance(error, CoreError):
        watch.count("unforeseen")
    watch.alert("high", subject, f"{what}: {what_happened(error)}")


class Budget:
    """How often one act may be repeated within an hour, whoever asks for it: where a sender comes again with
    what failed, its tries and ours would multiply. A first try is always let through."""

    def __init__(self, clock: Clock, repeats: int) -> None:
        self._clock, self._repeats = clock, repeats
        self._spent: OrderedDict[Hashable, deque[int]] = OrderedDict()

    def spend(self, act: Hashable) -> bool:
        """Whether it may be repeated once more now."""
        now = self._clock.now()
        moments = self._spent.pop(act, None) or deque()
        while moments and moments[0] <= now - _HOUR_US:
            moments.popleft()
        granted = len(moments) < self._repeats
        if granted:
            moments.append(now)
        self._spent[act] = moments
        # The latest is last: what was not asked for within an hour stands in front, and goes.
        while not (front := next(iter(self._spent.values()))) or front[-1] <= now - _HOUR_US:
            self._spent.popitem(last=False)
            if not self._spent:
                break
        return granted


async def listed(rows: AsyncIterator[T]) -> list[T]:
    """Read to the end: what is insisted on is a whole list, since half of one cannot be gone on with."""
    return [row async for row in rows]


async def insist(
    act: Callable[[], Awaitable[T]],
    policy: Policy,
    draws: Draws,
    *key: object,
    passing: tuple[type[CoreError], ...] = PASSING,
    budget: Budget | None = None,
) -> T:
    """Repeat what may pass, in memory, with a bound; what is refused goes through at once."""
    for attempt in range(1, policy.attempts):
        try:
            return await act()
        except passing as error:
            if budget is not None and not budget.spend(key):
                raise
            wait = policy.pause(attempt, draws, *key)
            told = error.retry_after if isinstance(error, Unavailable) else None
            await asyncio.sleep(max(wait, told or 0.0))
    return await act()
