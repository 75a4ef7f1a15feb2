"""What is kept of a played story: each port operation with the state of the vendor that it met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.settings import Settings

SYSTEM_OF = {
    "crm": "salesforce",
    "billing": "zuora",
    "tax": "avatax",
    "payments": "stripe",
    "erp": "netsuite",
}
PORT_OF = {system: port for port, system in SYSTEM_OF.items()}


@dataclass(frozen=True, slots=True)
class Use:
    """Who calls an operation: a model's flow (or consumer, or job) and its step, "" where it has none."""

    model: str
    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One call of a port operation: its arguments, when it came (microseconds since 1970), what the vendor
    remembered then, and what came of it, written out."""

    port: str
    operation: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    at: int
    memory: bytes = field(repr=False)
    told: str

    @property
    def system(self) -> str:
        """The vendor behind the port."""
        return SYSTEM_OF[self.port]

    @property
    def name(self) -> str:
        """As in "erp.post_invoice"."""
        return f"{self.port}.{self.operation}"


@dataclass(slots=True)
class Pact:
    """All that was recorded. credentials: of the vendors, the same in every world; settings: of the core."""

    samples: list[Sample] = field(default_factory=list)
    uses: dict[str, set[Use]] = field(default_factory=dict)
    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def of(self, system: str) -> list[Sample]:
        """The samples of a vendor."""
        return [sample for sample in self.samples if sample.system == system]
