"""Every planted bug by its name, written out by family."""

from __future__ import annotations

from core.assemble import Alter
from scenarios.mutants.banking import BANKING
from scenarios.mutants.bundles import BUNDLES
from scenarios.mutants.claims import CLAIMS
from scenarios.mutants.controls import CONTROLS
from scenarios.mutants.determinism import DETERMINISM
from scenarios.mutants.dimensions import DIMENSIONS
from scenarios.mutants.disputes import DISPUTES
from scenarios.mutants.entities import ENTITIES
from scenarios.mutants.events import EVENTS
from scenarios.mutants.fencing import FENCING
from scenarios.mutants.mappings import MAPPINGS
from scenarios.mutants.mirrors import MIRRORS
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.orders import ORDERS
from scenarios.mutants.outbox import OUTBOX
from scenarios.mutants.ownership import OWNERSHIP
from scenarios.mutants.pace import PACE
from scenarios.mutants.payments import PAYMENTS
from scenarios.mutants.posting import POSTING
from scenarios.mutants.revenue import REVENUE
from scenarios.mutants.security import SECURITY
from scenarios.mutants.undoing import UNDOING
from scenarios.mutants.usage import USAGE
from scenarios.world.plant import Plant

MUTANTS: dict[str, Mutant] = {
    mutant.name: mutant
    for mutant in (
        *ORDERS,
        *UNDOING,
        *PAYMENTS,
        *DISPUTES,
        *BANKING,
        *POSTING,
        *REVENUE,
        *BUNDLES,
        *USAGE,
        *CLAIMS,
        *MIRRORS,
        *MAPPINGS,
        *OWNERSHIP,
        *EVENTS,
        *OUTBOX,
        *FENCING,
        *PACE,
        *SECURITY,
        *ENTITIES,
        *DIMENSIONS,
        *CONTROLS,
        *DETERMINISM,
    )
}
# The one that every run of the pipeline looks for: if it is not found, nothing that was found counts.
CANARY = "charged_under_a_new_key"


def plant_of(name: str) -> Plant:
    """Where the bug of that name sits; KeyError if there is none such."""
    return MUTANTS[name].plant


def alter_of(name: str) -> Alter:
    """What it does to a desk alone; KeyError if there is none such."""
    return MUTANTS[name].alter
