"""What the core of a world at rest sees, when it is asked to look."""

from __future__ import annotations

from core.governance.ownership import standard
from core.reconcile.conflicts import Conflict, Conflicts
from scenarios.world.build import World


async def conflicts_of(world: World) -> tuple[Conflict, ...]:
    """Where a system shows something else than the owner of the field; RuntimeError without a core."""
    if world.core is None:
        raise RuntimeError("there is no core to look for conflicts")
    return tuple(await Conflicts(world.core.desk, standard()).look())
