"""What a law is and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HOLDS, BROKEN, UNDECIDED = "holds", "broken", "undecided"


@dataclass(frozen=True, slots=True)
class Witness:
    """One breach. subjects: ids and keys by which its story is found; kind: lost, duplicated,
    orphaned, wrong_amount or other; amount: the money effect."""

    kind: str
    subjects: tuple[str, ...]
    says: str
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A law's judgement. examined: how many objects it looked at (0 makes it undecided)."""

    law: str
    state: str
    examined: int
    witnesses: tuple[Witness, ...] = ()
    note: str = ""


def judged(law: str, examined: int, witnesses: list[Witness], note: str = "") -> Verdict:
    """broken if there is a witness, undecided if nothing was examined, holds otherwise."""
    state = BROKEN if witnesses else HOLDS if examined else UNDECIDED
    return Verdict(law, state, examined, tuple(witnesses), note)


@dataclass(frozen=True, slots=True)
class Law:
    """A law of invariants.md as a pure function. when: "Q" at rest, "∀t" at every event, or both."""

    id: str
    title: str
    when: str
    check: Any = field(repr=False)  # Callable[[Evidence], Verdict]
