"""Requests per window and requests at once, metered as the vendors meter them."""

from __future__ import annotations

from collections import deque

from simulators.kit.clock import Clock


class Window:
    """At most `limit` requests in any `per` microseconds; limit 0 means no limit."""

    def __init__(self, clock: Clock, limit: int, per: int) -> None:
        self._clock, self.limit, self.per = clock, limit, per
        self._times: deque[int] = deque()

    def admit(self, cost: int = 1) -> bool:
        """Count this request if it fits; False if it does not (then it is not counted)."""
        if not self.limit:
            return True
        now = self._clock.now()
        times = self._times
        while times and times[0] <= now - self.per:
            times.popleft()
        if len(times) + cost > self.limit:
            return False
        times.extend([now] * cost)
        return True

    @property
    def used(self) -> int:
        """Requests in the present window."""
        oldest = self._clock.now() - self.per
        while self._times and self._times[0] <= oldest:
            self._times.popleft()
        return len(self._times)
