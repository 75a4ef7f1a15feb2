"""I-23: an unclear attempt takes effect at most once, and nobody leaves it unclear."""

from __future__ import annotations

from scenarios.checkers.acts import Act, acts, money
from scenarios.checkers.findings import grouped, major
from scenarios.checkers.lookups import named_in
from scenarios.evidence.run import Change, Evidence, Operation
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Per act: at most one object of a kind created by all its attempts together. An act whose last
    claim is info must show its effect, or be answered by a later read of the same key, or wait in
    the exception queue under its business key."""
    answers = grouped((o for o in evidence.operations if o.claim != "info"), lambda o: o.key)
    parked = [item.key for item in evidence.parked]
    witnesses: list[Witness] = []
    all_acts = acts(evidence)
    unclear = 0
    for act in all_acts:
        witnesses += _once(act)
        last = act.attempts[-1]
        unclear += any(attempt.claim == "info" for attempt in act.attempts)
        if last.claim != "info" or act.effects or any(named_in(key, act.key) for key in parked):
            continue
        if any(_answers(read, last) for read in answers.get(act.key, ())):
            continue
        said = f"{act.title} is still unclear at the end, after {len(act.attempts)} attempts"
        witnesses.append(Witness("other", (*act.names, last.id), said))
    return judged("I-23", len(all_acts), witnesses, f"{unclear} acts were unclear once")


def _answers(read: Operation, last: Operation) -> bool:
    return read.system == last.system and read.at >= last.at and read.id != last.id


def _once(act: Act) -> list[Witness]:
    made = (c for c in act.effects if c.event == "created" and c.state != "failed")
    found = []
    for kind, changes in grouped(made, lambda c: c.kind).items():
        extra = _repeats(changes)
        if extra:
            amount, currency = money(extra)
            said = f"{act.title} created {kind} {len(extra) + 1} times in {len(act.attempts)} attempts"
            said += f", {major(amount, currency)} too much" if amount else ""
            names = (*act.names, *(attempt.id for attempt in act.attempts))
            found.append(Witness("duplicated", names, said, amount, currency))
    return found


def _repeats(changes: list[Change]) -> list[Change]:
    """Objects beyond the first. A bulk request makes many at one instant: then only an equal object
    made by another attempt, or later, is a repeat."""
    bulks = grouped(changes, lambda c: f"{c.cause}@{c.at}")
    if all(len(bulk) == 1 for bulk in bulks.values()):
        return changes[1:]
    seen: set[tuple[tuple[str, ...], int, str]] = set()
    extra = []
    for bulk in bulks.values():
        looks = [(c.refs, c.amount, c.currency) for c in bulk]
        extra += [c for c, look in zip(bulk, looks, strict=True) if look in seen]
        seen.update(looks)
    return extra
