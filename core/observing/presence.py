"""What each process says of itself every few seconds in the store: that it lives, how its vendors are."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NoReturn

from core.canonical.errors import CoreError
from core.ports.memory import Memory, Said
from core.ports.world import Clock
from core.realtime import Attempted, LogWatch
from core.reliability.ratelimit import Limiter

EVERY_SECONDS = 5
# Silent for so long is dead, or as good as.
SILENT_US = 4 * EVERY_SECONDS * 1_000_000
_SECOND_US = 1_000_000
# Calls are looked at over the last minute, and so many alerts are told.
_WINDOW_US = 60 * _SECOND_US
_ALERTS = 20


class Presence:
    """Of one process. name: unique in the deployment; role: "api" or "worker"."""

    def __init__(self, name: str, role: str, store: Memory, clock: Clock, watch: LogWatch) -> None:
        self._name, self._role, self._store, self._clock, self._watch = name, role, store, clock, watch
        self._since = clock.now()
        self._limiters: list[Limiter] = []

    def limiter(self, made: Limiter) -> None:
        """One more to look at."""
        self._limiters.append(made)

    async def keep(self) -> NoReturn:
        """Endless: say it, wait. What cannot be said now is said the next time: work does not wait for it."""
        while True:
            try:
                await self.say()
            except CoreError:
                self._watch.count("presence.unsaid")
            await asyncio.sleep(EVERY_SECONDS)

    async def say(self) -> None:
        """Once; Unavailable if the store does not answer."""
        now = self._clock.now()
        await self._store.say(Said(f"process/{self._name}", now, json.dumps(self.body(now))))

    def body(self, now: int) -> dict[str, Any]:
        """role, since (microseconds), vendors by system, and the latest alerts, newest first."""
        calls: dict[str, list[Attempted]] = {}
        for each in self._watch.attempts:
            if each.ended_at > now - _WINDOW_US:
                calls.setdefault(each.system, []).append(each)
        return {
            "role": self._role,
            "since": self._since,
            "vendors": {
                each["system"]: {**each, **_calls(calls.get(each["system"], ()))}
                for each in map(_limit, self._limiters)
            },
            "alerts": [list(alert) for alert in list(self._watch.alerts)[: -_ALERTS - 1 : -1]],
        }


def _limit(limiter: Limiter) -> dict[str, Any]:
    standing = limiter.standing()
    return {
        "system": standing.system,
        "running": standing.running,
        "waiting": standing.waiting,
        "per_mille": standing.per_mille,
        "paused_us": standing.paused_us,
        "at_once": standing.pace.concurrency,
        "per_second": standing.pace.per_second,
        "per_day": standing.pace.per_day,
    }


def _calls(ended: Sequence[Attempted]) -> dict[str, int]:
    """Of the last minute: how many by claim, and how long all but the slowest twentieth took at most."""
    claims = Counter(each.claim for each in ended)
    took = sorted(each.ended_at - each.at for each in ended)
    slow = took[len(took) * 95 // 100 if len(took) > 1 else 0] if took else 0
    return {**{claim: claims[claim] for claim in ("ok", "fail", "info")}, "slow_us": slow}
