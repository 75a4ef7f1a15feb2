"""Keeps a bounded sample of deliveries, drawn by key, for the replay phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappush, heappushpop


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery that the core accepted, as it can be sent again."""

    system: str
    event: str
    path: str
    headers: dict[str, str]
    body: bytes


class Sample:
    """The `most` events with the smallest lots: the same ones whatever else was delivered."""

    def __init__(self, seed: int, most: int) -> None:
        self._seed, self._most = seed, most
        self._lots: list[tuple[int, tuple[str, str]]] = []
        self._kept: dict[tuple[str, str], Kept] = {}
        self.seen = 0

    def add(self, delivery: Kept) -> None:
        """Keep it if its lot is small enough; each event once."""
        key = (delivery.system, delivery.event)
        if key in self._kept:
            return
        self.seen += 1
        digest = blake2b(f"{self._seed}/{delivery.system}/{delivery.event}".encode(), digest_size=8).digest()
        entry = (-int.from_bytes(digest, "little"), key)
        self._kept[key] = delivery
        if len(self._lots) < self._most:
            heappush(self._lots, entry)
            return
        _, dropped = heappushpop(self._lots, entry)
        del self._kept[dropped]

    def __iter__(self) -> Iterator[Kept]:
        """In the order of their arrival."""
        return iter(list(self._kept.values()))
