"""I-28: what is taken back is taken back whole, each step once, or a person has what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenarios.checkers.taken_back import COMPENSATIONS, DOORS, Effects, transactions
from scenarios.evidence.run import Change, Evidence, Operation, Saga
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Of every transaction that an operator had taken back: if it has ended, each step that was done has its
    compensation, and those that a vendor can show took effect there exactly once; if it has not, it is in the
    exception queue, and no step that is still to be taken back has been, but the one it stands at,
    and the one that lets money in, which comes first."""
    effects = Effects(evidence)
    queued = {(each.key, each.flow) for each in evidence.parked}
    witnesses = []
    known = transactions(evidence)
    undone = [replace(saga, key=known.get(saga.key, saga.key)) for saga in evidence.sagas if saga.undoing]
    for saga in undone:
        names = (saga.key, *saga.key.replace("#", ":").split(":"))
        for kind, says in _breaches(saga, effects, queued, evidence.booted):
            witnesses.append(Witness(kind, tuple(n for n in names if n), f"{saga.flow} {saga.key}: {says}"))
    return judged("I-28", len(undone), witnesses)


def _times(told: Sequence[tuple[Operation, Sequence[Change]]], booted: Sequence[int]) -> int:
    """How often it took effect. Told again after a power cut, a record that says what it said already is no
    further effect: nobody remembered that it had been told."""
    last: dict[tuple[tuple[str, str], ...], int] = {}
    times = 0
    for operation, changes in told:
        says = tuple((change.id, change.state) for change in changes)
        cut = says in last and any(last[says] < moment <= operation.at for moment in booted)
        times += not cut
        last[says] = operation.at
    return times


def _breaches(
    saga: Saga, effects: Effects, queued: set[tuple[str, str]], booted: Sequence[int]
) -> list[tuple[str, str]]:
    forward = [step for step in saga.done if not step.startswith("~")]
    left = [step for step in forward if f"~{step}" not in saga.done]
    found = []
    if saga.state == "undone" and left:
        found.append(("lost", f"counts as taken back, but {', '.join(left)} never was"))
    if saga.state != "undone" and (saga.key, saga.flow) not in queued:
        found.append(("lost", f"{', '.join(left)} is not taken back, and nobody was told"))
    for step in forward:
        act, system = COMPENSATIONS.get((saga.flow, step), ("", ""))
        if not act:
            continue
        done = _times(effects.of(f"{saga.key}/{act}", system), booted)
        due = 1 if effects.of(f"{saga.key}/{step}") else 0
        if step in left:
            # The one it stands at may have happened; behind that nothing may have begun.
            if done > (1 if step in (left[-1], DOORS.get(saga.flow)) else 0):
                found.append(("duplicated", f"{step} was taken back {done} times before its turn"))
        elif done > due:
            found.append(("duplicated", f"{step} was taken back {done} times instead of {due}"))
        elif done < due:
            found.append(("lost", f"{step} counts as taken back, and {system} shows nothing of it"))
    return found
