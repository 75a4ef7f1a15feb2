"""Plays a run with a planted bug, or without, and says which laws are broken."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from scenarios.checkers.laws import judge
from scenarios.evidence.run import Determinism
from scenarios.evidence.verdicts import BROKEN, Verdict
from scenarios.mutants.catalogue import MUTANTS
from scenarios.mutants.second import hash_elsewhere
from scenarios.spec import Spec
from scenarios.world.play import play


@dataclass(frozen=True, slots=True)
class MutantResult:
    """laws: what must catch it; broken: what was broken; also: broken beyond what must; seconds: of
    processor time, without a second process; token: replays it."""

    name: str
    laws: tuple[str, ...]
    broken: tuple[str, ...]
    seconds: float
    token: str

    @property
    def caught(self) -> bool:
        """By every law that must."""
        return set(self.laws) <= set(self.broken)

    @property
    def also(self) -> tuple[str, ...]:
        """Broken beyond what must be."""
        return tuple(law for law in self.broken if law not in self.laws)

    def __str__(self) -> str:
        found = "caught  " if self.caught else "SURVIVED"
        missed = [law for law in self.laws if law not in self.broken]
        by = f"by {', '.join(self.laws)}" if self.caught else f"missed by {', '.join(missed)}"
        also = f", also {', '.join(self.also)}" if self.also else ""
        how = "" if self.caught else f"; tieout replay {self.token}"
        return f"{found} {self.name:32} {by}{also} ({self.seconds:.1f} s){how}"


def try_mutant(name: str) -> MutantResult:
    """Play the mutant's own run; KeyError if there is no such mutant."""
    mutant = MUTANTS[name]
    began = time.process_time()
    verdicts = verdicts_of(mutant.spec, twice="I-48" in mutant.laws)
    broken = tuple(verdict.law for verdict in verdicts if verdict.state == BROKEN)
    seconds = time.process_time() - began
    return MutantResult(name, mutant.laws, broken, seconds, mutant.spec.token)


def verdicts_of(spec: Spec, *, twice: bool) -> tuple[Verdict, ...]:
    """Every law's verdict of a run. `twice`: once more in another process, for the law that needs it."""
    evidence = play(spec).evidence
    if twice:
        first = evidence.determinism.log_hash
        evidence = replace(evidence, determinism=Determinism(first, hash_elsewhere(spec)))
    return judge(evidence)
