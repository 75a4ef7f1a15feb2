"""Ids that look like the vendor's and depend only on a seed and a count."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Each byte's letter: its remainder by 62.
_LETTERS = bytes(_BASE62[byte % 62] for byte in range(256))
# More ids than anybody uses up of a kind.
_ROUND = 10**9


class Ids:
    """One issuer a mock; the n-th id of a kind is the same in every run of the same seed."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._counts: defaultdict[str, int] = defaultdict(int)

    def count(self, kind: str) -> int:
        """1, 2, 3, … for each kind."""
        self._counts[kind] += 1
        return self._counts[kind]

    def round_up(self, kind: str) -> None:
        """Leave out ids up to the next round number, so that it does not show how many there were."""
        self._counts[kind] = (self._counts[kind] // _ROUND + 1) * _ROUND

    def hex(self, kind: str, length: int) -> str:
        """A fresh lower-case hexadecimal id; at most 128 digits."""
        return self._digest(kind).hex()[:length]

    def base62(self, kind: str, length: int) -> str:
        """A fresh id of digits and letters; at most 64 characters."""
        # The most frequent thing that a mock does: in one go, as `_digest` does it.
        self._counts[kind] = n = self._counts[kind] + 1
        digest = blake2b(f"{self.seed}/{kind}/{n}".encode()).digest()
        return digest[:length].translate(_LETTERS).decode("ascii")

    def _digest(self, kind: str) -> bytes:
        return blake2b(f"{self.seed}/{kind}/{self.count(kind)}".encode()).digest()
