"""A planted bug as a value: what it is, where it sits, the smallest run in which its laws must break."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.assemble import Alter
from core.ports.desk import Desk
from scenarios.faults import Fault, Plan
from scenarios.spec import Spec, pack
from scenarios.world.plant import Plant


@dataclass(frozen=True, slots=True)
class Mutant:
    """says: the bug in one line, with the public incident or the fault id that it stands for;
    laws: what it must break, and what holds in the same run without it; mappings: a bug that is a version
    of a mapping, packed."""

    name: str
    says: str
    laws: tuple[str, ...]
    plant: Plant
    model: str = "orchestrated"
    profile: str = "mid_market"
    customers: int = 10
    months: int = 1
    seed: int = 1
    faults: str = "none"
    story: str = "quick"
    mappings: str = ""

    @property
    def spec(self) -> Spec:
        """The run that finds it."""
        size = (self.customers, self.months, self.seed)
        return Spec(self.story, self.model, self.profile, *size, self.faults, self.name, self.mappings)

    @property
    def control(self) -> Spec:
        """The same run without the bug."""
        return replace(self.spec, mutant="", mappings="")

    @property
    def alter(self) -> Alter:
        """The part of the bug that sits in the ports, for whoever assembles a core alone."""
        return self.plant.desk or _as_it_is


def _as_it_is(desk: Desk) -> Desk:
    return desk


def met_by(*faults: Fault) -> str:
    """A plan of these faults, as a word for a token."""
    return pack(Plan("mutant", faults))
