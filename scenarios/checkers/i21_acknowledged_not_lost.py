"""I-21: what the core takes for done is done."""

from __future__ import annotations

from scenarios.checkers.acts import acts
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Each act with an attempt claimed ok has left a change in that system (by any attempt of any act
    with its key), or the vendor itself answered 2xx to one of its attempts. The second way is needed
    because an idempotent repeat rightly changes nothing."""
    all_acts = acts(evidence)
    touched = {(act.system, act.key) for act in all_acts if act.effects}
    witnesses = []
    examined = 0
    for act in all_acts:
        if not any(attempt.claim == "ok" for attempt in act.attempts):
            continue
        examined += 1
        answered = any(200 <= attempt.status < 300 for attempt in act.attempts)
        if answered or (act.system, act.key) in touched:
            continue
        seen = ", ".join(str(attempt.status) for attempt in act.attempts)
        said = f"{act.title} is claimed done, the vendor answered {seen} and nothing changed there"
        witnesses.append(Witness("lost", (*act.names, act.attempts[-1].id), said))
    return judged("I-21", examined, witnesses)
