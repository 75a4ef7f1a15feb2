"""Remembers answers by key, as the vendors do: same key, same answer, for a while."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.kit.clock import Clock
from simulators.kit.table import Reply


@dataclass(slots=True)
class Kept:
    """What is known of a key. reply is None while the first request is still being served."""

    fingerprint: bytes
    at: int
    reply: Reply | None = None


class Keys:
    """Keys are pruned `ttl` microseconds after first use; a pruned key is a new key."""

    def __init__(self, clock: Clock, ttl: int) -> None:
        self._clock, self._ttl = clock, ttl
        self._kept: dict[str, Kept] = {}

    def find(self, key: str) -> Kept | None:
        """What is remembered of `key`, if it is not too old."""
        kept = self._kept.get(key)
        if kept is not None and kept.reply is not None and self._clock.now() - kept.at >= self._ttl:
            del self._kept[key]
            return None
        return kept

    def begin(self, key: str, fingerprint: bytes) -> Kept:
        """Mark `key` as being served."""
        now = self._clock.now()
        kept = Kept(fingerprint, now)
        self._kept[key] = kept
        self._prune(now - self._ttl)
        return kept

    def forget(self, key: str) -> None:
        """Drop a key whose request never began to execute."""
        self._kept.pop(key, None)

    def _prune(self, oldest: int) -> None:
        # Keys are kept in order of first use, so only the oldest need a look: amortised O(1).
        for _ in range(2):
            key = next(iter(self._kept))
            kept = self._kept[key]
            if kept.at > oldest or kept.reply is None:
                return
            del self._kept[key]
