"""The jobs that every model has: dunning, write-offs, and those of a month."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.connectivity.model import Parts
from core.connectivity.monthly import monthly_jobs
from core.connectivity.noting import all_traced
from core.connectivity.periodic import Dunning, WriteOffs


def timed_jobs(parts: Parts, *, remember: bool) -> dict[str, Callable[[], Awaitable[None]]]:
    """By name. remember: as in `monthly_jobs`."""
    return all_traced(
        parts,
        {
            "dunning": Dunning(parts).run,
            "write_off": WriteOffs(parts).run,
            **monthly_jobs(parts, remember=remember),
        },
    )
