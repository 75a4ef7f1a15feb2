"""Judges a finished run: every law's verdict, and each breach with the story behind it."""

from __future__ import annotations

from collections.abc import Sequence

from reports.record import Amount, LawResult, State, WitnessResult
from scenarios.checkers.laws import LAWS, judge
from scenarios.checkers.lookups import named_in
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN, UNDECIDED, Verdict, Witness
from scenarios.narration import Narrator

# Of one law's breaches so many are told; how many there were is in its note.
WITNESSES_KEPT = 25
_TITLES = {law.id: law.title for law in LAWS}


def story(evidence: Evidence, subjects: Sequence[str], most: int = 15) -> tuple[str, ...]:
    """What happened to the named documents across all systems, in time order. For more than one story
    index the evidence once, with `Narrator`."""
    return Narrator(evidence).story(subjects, most)


def verdicts_of(evidence: Evidence) -> tuple[Verdict, ...]:
    """Every law's verdict, in the order of the laws."""
    return judge(evidence)


def law_results(evidence: Evidence, verdicts: Sequence[Verdict], replay: str) -> tuple[LawResult, ...]:
    """The verdicts as a record has them. replay: the command that shows the run again."""
    narrator = Narrator(evidence) if any(verdict.witnesses for verdict in verdicts) else None
    return tuple(_law_result(verdict, narrator, replay) for verdict in verdicts)


def exit_code(laws: Sequence[LawResult]) -> int:
    """1 if a law is broken, 2 if one is left undecided, 0 otherwise.

    A law that found nothing to examine in this run is no reason for 2: see `state_of`.
    """
    states = {law.state for law in laws}
    return 1 if "broken" in states else 2 if "undecided" in states else 0


def state_of(verdict: Verdict) -> State:
    """The verdict for a record. Checkers leave a law undecided when nothing was there that could break
    it, and say no more; such a law holds on zero facts. One that says why it is undecided (its checker
    crashed, no second run was made, convergence waits for a human) stays so."""
    if verdict.state == BROKEN:
        return "broken"
    if verdict.state == UNDECIDED and (verdict.examined or verdict.note):
        return "undecided"
    return "holds"


def _law_result(verdict: Verdict, narrator: Narrator | None, replay: str) -> LawResult:
    kept = verdict.witnesses[:WITNESSES_KEPT]
    return LawResult(
        id=verdict.law,
        title=_TITLES.get(verdict.law, verdict.law),
        state=state_of(verdict),
        examined=verdict.examined,
        note=_note(verdict, len(kept)),
        witnesses=tuple(_witness_result(w, narrator, replay) for w in kept) if narrator else (),
    )


def _note(verdict: Verdict, kept: int) -> str:
    if not verdict.examined and not verdict.note and not verdict.witnesses:
        return "nothing to examine in this run"
    left = len(verdict.witnesses) - kept
    notes = [verdict.note, f"{len(verdict.witnesses)} breaches, {kept} of them told" if left else ""]
    return "; ".join(note for note in notes if note)


def _witness_result(witness: Witness, narrator: Narrator, replay: str) -> WitnessResult:
    # What the breach is said to be about comes first; the other names are its kin.
    named = [name for name in witness.subjects if named_in(name, witness.says)]
    return WitnessResult(
        kind=witness.kind,
        says=witness.says,
        subjects=witness.subjects,
        story=narrator.story((*named, *witness.subjects)),
        replay=replay,
        amount=Amount(minor=witness.amount, currency=witness.currency) if witness.currency else None,
    )
