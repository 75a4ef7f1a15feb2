"""A server's memory: what a start has made stays, so the collector need not look at it again."""

from __future__ import annotations

import gc

# Allocations before the youngest are looked at, and how many of those looks before an older
# generation's: a request leaves no cycles behind, and what a mock remembers it keeps.
_THRESHOLDS = (50_000, 20, 20)


def settle() -> None:
    """To be called once by the process that serves, when everything has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
