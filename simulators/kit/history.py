"""The commit log of a mock: every state change, when, of what, and which request caused it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from simulators.kit.clock import Clock

# The id that the lab gave the request being served; empty for the vendor's own doings.
CAUSE: ContextVar[str] = ContextVar("cause", default="")


# Not frozen: that would make them three times as slow.
@dataclass(slots=True)
class Change:
    """One committed change of one object. Not to be changed.

    at: microseconds; kind, id: the object; event: what happened ("created", "posted", …);
    state: its state afterwards; version: 1, 2, … per object; refs: ids of related objects;
    amount: minor units (0 where money has no part); cause: the lab's request id or ""; says: what of the
    object others keep copies of, as it is afterwards: (name, value), money in minor units.
    """

    at: int
    kind: str
    id: str
    event: str
    state: str
    version: int
    refs: tuple[str, ...]
    amount: int
    currency: str
    cause: str
    says: tuple[tuple[str, str], ...] = ()


class History:
    """Append-only; rules note each change in the same breath in which they make it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.changes: list[Change] = []
        self._versions: dict[tuple[str, str], int] = {}

    def note(
        self,
        kind: str,
        id: str,  # noqa: A002 - the vendors' own word
        event: str,
        state: str = "",
        *,
        refs: tuple[str, ...] = (),
        amount: int = 0,
        currency: str = "",
        says: tuple[tuple[str, str], ...] = (),
    ) -> Change:
        """Write one change down and return it."""
        version = self._versions.get((kind, id), 0) + 1
        self._versions[kind, id] = version
        change = Change(
            self._clock.now(), kind, id, event, state, version, refs, amount, currency, CAUSE.get(), says
        )
        self.changes.append(change)
        return change
