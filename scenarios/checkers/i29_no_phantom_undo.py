"""I-29: nothing is taken back that was not done before, by the same transaction."""

from __future__ import annotations

from scenarios.checkers.findings import distinct
from scenarios.checkers.taken_back import COMPENSATIONS, ONLY_TOLD, Effects
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Each compensation that took effect comes after an effect of the step that it takes back; where both are
    in one system, it changes something that this step made or changed."""
    effects = Effects(evidence)
    steps = {act: step for (_, step), (act, _) in COMPENSATIONS.items() if act not in ONLY_TOLD}
    witnesses = []
    examined = 0
    for key in effects.of_all():
        transaction, _, act = key.rpartition("/")
        if act not in steps:
            continue
        before = effects.of(f"{transaction}/{steps[act]}")
        for operation, changes in effects.of(key):
            examined += 1
            earlier = [(o, done) for o, done in before if o.at < operation.at]
            names = distinct(transaction, *(change.id for change in changes))
            if not earlier:
                said = f"{transaction}: {act} took effect, and {steps[act]} never had"
                witnesses.append(Witness("orphaned", names, said))
                continue
            same = [done for o, done in earlier if o.system == operation.system]
            touched = {name for done in same for change in done for name in (change.id, *change.refs)}
            if same and not any(change.id in touched for change in changes):
                what = ", ".join(distinct(*(f"{change.kind} {change.id}" for change in changes)))
                said = f"{transaction}: {act} changed {what}, which {steps[act]} has nothing to do with"
                witnesses.append(Witness("other", names, said))
    return judged("I-29", examined, witnesses)
