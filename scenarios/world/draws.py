"""Chance by key: every draw depends on the seed and on what it is for, never on earlier draws."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_quantile = NormalDist().inv_cdf


class LogNormal:
    """A log-normal distribution by its median and 95th percentile."""

    def __init__(self, median: float, p95: float) -> None:
        self._mu = log(median)
        self._sigma = (log(p95) - self._mu) / 1.6448536269514722

    def value(self, uniform: float) -> float:
        """The value at a share of [0, 1), in the unit of the median."""
        return exp(self._mu + self._sigma * _quantile(min(max(uniform, 1e-12), 1 - 1e-12)))


class KeyedDraws:
    """blake2b(seed, key). Removing one fault from a plan leaves every other draw as it was."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._keyed = blake2b(str(seed).encode(), digest_size=8)

    def uniform(self, *key: object) -> float:
        """In [0, 1)."""
        mixed = self._keyed.copy()
        mixed.update(repr(key).encode())
        return int.from_bytes(mixed.digest(), "little") / 2**64

    def integer(self, low: int, high: int, *key: object) -> int:
        """A whole number in [low, high]."""
        return low + int(self.uniform(*key) * (high - low + 1))

    def choice(self, options: Sequence[T], *key: object) -> T:
        """One of the options."""
        return options[int(self.uniform(*key) * len(options))]

    def weighted(self, weights: dict[str, float], *key: object) -> str:
        """One name, in proportion to its weight."""
        left = self.uniform(*key) * sum(weights.values())
        for name, weight in weights.items():
            left -= weight
            if left < 0:
                return name
        return next(reversed(weights))

    def lognormal(self, median: float, p95: float, *key: object) -> float:
        """Log-normal with the given median and 95th percentile."""
        return LogNormal(median, p95).value(self.uniform(*key))

    def exponential(self, mean: float, *key: object) -> float:
        """Exponential waiting time."""
        return -mean * log(1 - self.uniform(*key))
