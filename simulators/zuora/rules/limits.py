"""The tenant's limits: requests by minute, hour and day, and requests at once by kind of operation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from simulators.kit.clock import DAY, HOUR, MINUTE, SECOND, Clock

DEFAULT, HIGH_VOLUME, OBJECT_QUERY = "Default", "High-volume transactions", "Object Query"


class Quota:
    """At most `limit` requests in a window that opens with its first request; limit 0 means no limit."""

    def __init__(self, clock: Clock, limit: int, per: int) -> None:
        self._clock, self.limit, self.per = clock, limit, per
        self._opened, self._used = -per, 0

    def fits(self) -> bool:
        """Whether one more request is allowed."""
        return not self.limit or self.used < self.limit

    def count(self) -> None:
        """One more request; the first opens the window."""
        if not self.used:
            self._opened = self._clock.now()
        self._used += 1

    def admit(self) -> bool:
        """Count a request if it fits."""
        fits = self.fits()
        if fits:
            self.count()
        return fits

    @property
    def used(self) -> int:
        """Requests in the present window."""
        if self._clock.now() - self._opened >= self.per:
            self._used = 0
        return self._used

    @property
    def left(self) -> int:
        """Requests that still fit."""
        return max(self.limit - self.used, 0)

    @property
    def reset(self) -> int:
        """Seconds until the window ends, rounded up."""
        since = self._clock.now() - self._opened if self.used else 0
        return -((since - self.per) // SECOND)


class Rates:
    """Requests by minute, hour and day; what is refused by one of them is counted by none."""

    def __init__(self, clock: Clock, options: Mapping[str, int]) -> None:
        self.all = (
            Quota(clock, options.get("rate_per_minute", 50_000), MINUTE),
            Quota(clock, options.get("rate_per_hour", 2_250_000), HOUR),
            Quota(clock, options.get("rate_per_day", 27_000_000), DAY),
        )

    def admit(self) -> bool:
        """Count a request if it fits everywhere."""
        fits = all(quota.fits() for quota in self.all)
        if fits:
            for quota in self.all:
                quota.count()
        return fits

    def headers(self, *, spent: bool = False) -> tuple[tuple[str, str], ...]:
        """What every answer says: the window closest to exhaustion first, then all; none without limits.
        spent: that window is taken to be used up, whatever was counted."""
        limited = [quota for quota in self.all if quota.limit]
        if not limited:
            return ()
        tightest = min(limited, key=lambda quota: Fraction(quota.left, quota.limit))
        windows = (f"{quota.limit};w={quota.per // SECOND}" for quota in limited)
        return (
            ("ratelimit-limit", ", ".join((str(tightest.limit), *windows))),
            ("ratelimit-remaining", "0" if spent else str(tightest.left)),
            ("ratelimit-reset", str(tightest.reset)),
        )


class Lanes:
    """Requests at once, each kind of operation for itself; limit 0 means no limit.

    The option `concurrency` sets all kinds, unless one has an option of its own.
    """

    def __init__(self, options: Mapping[str, int]) -> None:
        def wish(name: str, usual: int) -> int:
            return options.get(name, options.get("concurrency", usual))

        self._limits = {
            DEFAULT: wish("concurrency", 40),
            HIGH_VOLUME: wish("concurrency_high_volume", 200),
            OBJECT_QUERY: wish("concurrency_object_query", 80),
        }
        self._busy = dict.fromkeys(self._limits, 0)

    @property
    def usual(self) -> int:
        """How many of the usual kind at once; 0: no limit."""
        return self._limits[DEFAULT]

    def full(self, kind: str) -> bool:
        """Whether no further request fits."""
        return self._busy[kind] >= self._limits[kind] > 0

    def enter(self, kind: str) -> None:
        """A request begins."""
        self._busy[kind] += 1

    def leave(self, kind: str) -> None:
        """A request is over."""
        self._busy[kind] -= 1

    def headers(self, kind: str, asking: int = 1) -> tuple[tuple[str, str], ...]:
        """What an answer says; `asking`: 1 for a request that is not among those under way any more."""
        limit = self._limits[kind]
        if not limit:
            return ()
        return (
            ("concurrency-limit-type", kind),
            ("concurrency-limit-limit", str(limit)),
            ("concurrency-limit-remaining", str(max(limit - self._busy[kind] - asking, 0))),
        )
