"""I-34: nobody is asked more than he bears, nor before the pause that he asked for is over."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from scenarios.checkers.findings import grouped
from scenarios.evidence.limits import Quota
from scenarios.evidence.run import Evidence, Operation
from scenarios.evidence.verdicts import Verdict, Witness, judged

_SECOND = 1_000_000


def check(evidence: Evidence) -> Verdict:
    """Per system and quota of its mock: requests that arrived within any window, or were under way at once
    as the core sees it, are at most the quota. After an answer with Retry-After nothing is sent to that
    system until the time is over; what was on its way before is. No mock refuses by its own meter: a 429
    that no fault brought about is a breach."""
    by_system = grouped(evidence.operations, lambda o: o.system)
    witnesses: list[Witness] = []
    for quota in evidence.limits.quotas:
        asked = by_system.get(quota.system, [])
        witnesses += _windows(quota, asked) if quota.window else _at_once(quota, asked)
    for system, asked in by_system.items():
        witnesses += _impatient(system, asked)
        witnesses += [
            Witness("other", (o.id,), f"{system} refused {o.name} of {o.key or 'nobody'} as too much")
            for o in asked
            if o.status == 429 and not o.fault
        ]
    return judged("I-34", len(evidence.operations), witnesses)


def _windows(quota: Quota, asked: Sequence[Operation]) -> list[Witness]:
    arrivals = sorted((o.arrived_at, o.id) for o in asked if o.arrived_at)
    first, worst, at = 0, 0, ""
    for number, (moment, name) in enumerate(arrivals):
        while arrivals[first][0] <= moment - quota.window:
            first += 1
        if number - first + 1 > worst:
            worst, at = number - first + 1, name
    if worst <= quota.most:
        return []
    said = f"{quota.system} was asked {worst} times within {quota.window // _SECOND} s, at most {quota.most}"
    said += " are borne"
    return [Witness("other", (at,), said)]


def _at_once(quota: Quota, asked: Sequence[Operation]) -> list[Witness]:
    """What a core that died had under way has no end, and is not counted."""
    ends: list[int] = []
    worst, at = 0, ""
    for each in sorted((o for o in asked if o.ended_at), key=lambda o: o.at):
        while ends and ends[0] <= each.at:
            heappop(ends)
        heappush(ends, each.ended_at)
        if len(ends) > worst:
            worst, at = len(ends), each.id
    if worst <= quota.most:
        return []
    said = f"{quota.system} had {worst} requests at once, {quota.most} are the most"
    return [Witness("other", (at,), said)]


def _impatient(system: str, asked: Sequence[Operation]) -> list[Witness]:
    found, until, since = [], 0, 0
    told = sorted((o.ended_at, o.retry_after) for o in asked if o.retry_after)
    heard = 0
    for each in sorted(asked, key=lambda o: o.at):
        while heard < len(told) and told[heard][0] < each.at:
            end = told[heard][0] + told[heard][1] * _SECOND
            if end > until:
                since, until = told[heard][0], end
            heard += 1
        if since < each.at < until:
            said = f"{system} was asked for {each.name} {until - each.at} us before its pause was over"
            found.append(Witness("other", (each.id,), said))
    return found
