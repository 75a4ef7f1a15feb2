"""The jobs that several models have: dunning, write-offs, those of a month, and who owns what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.close.once import Patience, for_one_look
from core.connectivity.model import Parts
from core.connectivity.monthly import monthly_jobs
from core.connectivity.noting import all_traced
from core.connectivity.periodic import Dunning, WriteOffs, inline_policy
from core.governance.ownership import standard
from core.reconcile.owners import OwnershipLook
from core.reliability.ratelimit import BACKGROUND


def timed_jobs(parts: Parts, *, remember: bool) -> dict[str, Callable[[], Awaitable[None]]]:
    """By name, of every model. remember: as in `monthly_jobs`."""
    return all_traced(
        parts,
        {
            "dunning": Dunning(parts).run,
            "write_off": WriteOffs(parts).run,
            **monthly_jobs(parts, remember=remember),
        },
    )


def ownership_jobs(parts: Parts) -> dict[str, Callable[[], Awaitable[None]]]:
    """The night's look for conflicts of ownership, of a model whose night reads nothing else; none where it
    is switched off. A call that fails is repeated by itself."""
    if not parts.settings.controls.conflicts:
        return {}
    look = OwnershipLook(parts.desk, parts.store, standard())
    patience = Patience(inline_policy(parts), parts.draws)

    async def ownership() -> None:
        # It waits for what is done by day.
        token = BACKGROUND.set(True)
        try:
            await look.run(for_one_look(parts.desk, patience))
        finally:
            BACKGROUND.reset(token)

    return all_traced(parts, {"ownership": ownership})
