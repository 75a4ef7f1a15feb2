"""I-33: what fails is tried seldom, a storm is not made worse, and it is over when its cause is over."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.checkers.findings import grouped
from scenarios.evidence.run import Evidence, Operation
from scenarios.evidence.verdicts import Verdict, Witness, judged

HOUR = 3_600_000_000
# An act may be wanted by two at once: its flow, and who looks through the books by night.
WANTED_BY = 2
# Requests for one that was of use, while there is trouble.
AMPLIFIED = 4
# How long after the trouble all is as before; of a hundred requests so many may then still be in vain.
SETTLED, IN_VAIN = 6 * HOUR, 5


def check(evidence: Evidence) -> Verdict:
    """Per act (system, operation, business key): tries in vain within any hour are at most what the core's
    settings give, for each who may want it. From the first fault to the last, requests are at most AMPLIFIED
    times those that were of use or whose act was never done. SETTLED after the last fault at least 95 of 100
    requests are served. A sign-in is no act of its own: it belongs to all that wait for it."""
    operations = evidence.operations
    acts = [operation for operation in operations if operation.key]
    witnesses = _tried(acts, evidence.limits.tries_an_hour * WANTED_BY)
    met = [operation.at for operation in operations if operation.fault]
    if met:
        first, last = min(met), max(met)
        witnesses += _amplified([o for o in acts if first <= o.at <= last])
        witnesses += _metastable([o for o in operations if o.at > last + SETTLED])
    return judged("I-33", len(operations), witnesses)


def _tried(acts: Sequence[Operation], most: int) -> list[Witness]:
    if not most:
        return []
    found = []
    failed = (o for o in acts if o.claim != "ok")
    for act, tries in grouped(failed, lambda o: f"{o.system} {o.name} of {o.key}").items():
        worst, first = 0, 0
        for number, each in enumerate(tries):
            while tries[first].at <= each.at - HOUR:
                first += 1
            worst = max(worst, number - first + 1)
        if worst > most:
            said = f"{act} was tried in vain {worst} times within an hour, {most} are the most"
            found.append(Witness("other", (tries[0].key, tries[-1].id), said))
    return found


def _amplified(during: Sequence[Operation]) -> list[Witness]:
    done = {(o.system, o.name, o.key) for o in during if o.claim == "ok"}
    unfinished = {(o.system, o.name, o.key) for o in during} - done
    useful = sum(o.claim == "ok" for o in during) + len(unfinished)
    if len(during) <= AMPLIFIED * useful:
        return []
    said = f"{len(during)} requests during the trouble for {useful} of use, {AMPLIFIED} for each are the most"
    return [Witness("other", (during[0].id, during[-1].id), said)]


def _metastable(after: Sequence[Operation]) -> list[Witness]:
    vain = [o for o in after if o.status in (0, 429) or o.status >= 500]
    if 100 * len(vain) <= IN_VAIN * len(after):
        return []
    said = f"of {len(after)} requests long after the trouble {len(vain)} were in vain: it feeds itself"
    return [Witness("other", (vain[0].id, vain[-1].id), said)]
