"""What a store says about the work in it, counted: for dashboards and objectives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Tasks of one queue in one state. state: "waiting", "in_hand" (claimed) or "held"; oldest_due_at:
    microseconds, the earliest moment for which one of them is due; again: how many were tried before."""

    queue: str
    state: str
    count: int
    oldest_due_at: int
    again: int = 0


@dataclass(frozen=True, slots=True)
class Census:
    """All that has not ended. unpublished: messages in the outbox that have not gone out."""

    standings: tuple[Standing, ...]
    unpublished: int

    def overdue_us(self, now: int) -> int:
        """For how long the oldest task that nobody has in hand could have been worked on; 0 if none could."""
        waiting = [each.oldest_due_at for each in self.standings if each.state == "waiting"]
        return max((now - due for due in waiting if due < now), default=0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one queue in a window. good: ended in time; bad: missed their moment, whether they ended or not."""

    queue: str
    good: int
    bad: int
