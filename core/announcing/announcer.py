"""What the end of a piece of work tells those outside, as the store takes it down with that end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.announcing.envelope import enveloped
from core.announcing.facts import ENDS, of_order_taken_back
from core.canonical.facts import Fact
from core.ports.announcing import Announcement

# The step that makes an order true, and its flow.
_ORDERS, _PLACED = "order_to_subscription", "place_order"


class Announcer:
    """source: a URI that names this core, "" where nobody can be told; wake: of who sends."""

    def __init__(self, source: str, wake: Callable[[], None]) -> None:
        self._source, self._wake = source, wake

    def ended(self, name: str, case: Any, now: int) -> Sequence[Announcement]:
        """Of a flow or consumer, by the table of ENDS; nothing for what is nobody's concern outside."""
        return self.facts(ENDS[name](case), now) if self._source and name in ENDS else ()

    def taken_back(self, name: str, case: Any, done: Sequence[str], now: int) -> Sequence[Announcement]:
        """Of a flow that was undone, with its steps that had been done: only of an order that had been
        placed; of another nobody was told."""
        return self.facts(of_order_taken_back(case), now) if name == _ORDERS and _PLACED in done else ()

    def facts(self, facts: Sequence[Fact], now: int) -> Sequence[Announcement]:
        """Each in its envelope."""
        return tuple(enveloped(fact, self._source, now) for fact in facts) if self._source else ()

    def wake(self) -> None:
        """Who sends looks."""
        self._wake()


SILENT = Announcer("", lambda: None)
