"""The core's operations, gathered into acts: all attempts of one business act at one vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.checkers.findings import distinct, grouped
from scenarios.evidence.run import Change, Evidence, Operation


@dataclass(frozen=True, slots=True)
class Act:
    """Attempts in time order, and every change that any of them caused."""

    system: str
    name: str
    key: str
    attempts: tuple[Operation, ...]
    effects: tuple[Change, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which its story can be collected."""
        objects = (name for effect in self.effects for name in (effect.id, *effect.refs))
        return distinct(self.key, *self.key.replace("/", ":").split(":"), *objects)

    @property
    def title(self) -> str:
        """For sentences."""
        return f"{self.system} {self.name} {self.key}".rstrip()


def acts(evidence: Evidence) -> list[Act]:
    """Writes by (system, name, key); an operation without a key is an act of its own."""
    caused = caused_by(evidence)
    together: dict[tuple[str, str, str], list[Operation]] = {}
    for operation in evidence.operations:
        if operation.write:
            key = operation.key or f"({operation.id})"
            together.setdefault((operation.system, operation.name, key), []).append(operation)
    found = []
    for (system, name, key), attempts in together.items():
        ordered = tuple(sorted(attempts, key=lambda o: (o.at, o.attempt)))
        effects = tuple(change for o in ordered for change in caused.get(o.id, ()))
        found.append(Act(system, name, key, ordered, effects))
    return found


def caused_by(evidence: Evidence) -> Mapping[str, Sequence[Change]]:
    """Changes by the operation that caused them."""
    return grouped((change for change in evidence.changes if change.cause), lambda change: change.cause)


def money(effects: Sequence[Change]) -> tuple[int, str]:
    """The largest amount that the effects moved, with its currency."""
    largest = max(effects, key=lambda change: abs(change.amount), default=None)
    return (largest.amount, largest.currency) if largest is not None else (0, "")
