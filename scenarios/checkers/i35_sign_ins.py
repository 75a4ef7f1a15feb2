"""I-35: one sign-in for a token's life, for all who wait for it, and no request with a token that is over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from scenarios.checkers.findings import grouped
from scenarios.evidence.run import Evidence, Operation
from scenarios.evidence.verdicts import Verdict, Witness, judged

# A token may be given up a little before its end: by this part of its life.
EARLY = 10
_SECOND = 1_000_000


def check(evidence: Evidence) -> Verdict:
    """Per system whose mock gives tokens of a known life: never two sign-ins under way; between two that
    gave a token lies (nearly) its life, a restart of the core, or a request that the vendor refused as
    signed out. Nothing is sent when the newest token is over by the vendor's clock. Families of refresh
    tokens are none of the core's: it signs in with credentials of its own."""
    by_system = grouped(evidence.operations, lambda o: o.system)
    witnesses: list[Witness] = []
    for system, life in evidence.limits.token_lives:
        asked = by_system.get(system, [])
        sign_ins = sorted((o for o in asked if o.name == "sign_in"), key=lambda o: o.at)
        given = [o for o in sign_ins if _gave_a_token(o)]
        others = [o for o in asked if o.name != "sign_in"]
        witnesses += _together(system, sign_ins)
        witnesses += _too_soon(given, others, life, evidence.booted)
        witnesses += _too_late(given, others, life)
    return judged("I-35", len(evidence.operations), witnesses)


def _gave_a_token(sign_in: Operation) -> bool:
    """Which the core has heard of: a 200 may hold an error (F06), which the core then calls no success."""
    return sign_in.status == 200 and sign_in.claim == "ok"


def _together(system: str, sign_ins: Sequence[Operation]) -> list[Witness]:
    """What a core that died had under way has no end, and is not counted."""
    found, end = [], 0
    for each in sign_ins:
        if each.ended_at and each.at < end:
            said = f"{system} was asked for a token while another request for one was under way"
            found.append(Witness("other", (each.id,), said))
        end = max(end, each.ended_at)
    return found


def _too_soon(
    given: Sequence[Operation], others: Sequence[Operation], life: int, booted: Sequence[int]
) -> list[Witness]:
    refused = [o for o in others if o.status == 401 and o.claim == "fail"]
    found = []
    for first, second in pairwise(given):
        lived = second.arrived_at - first.arrived_at
        if (
            lived >= life - life // EARLY
            or any(first.at < moment <= second.at for moment in booted)
            or any(first.ended_at <= o.at and o.ended_at <= second.at for o in refused)
        ):
            continue
        said = f"{second.system} gave a new token {lived // _SECOND} s after the last, which lives"
        said += f" {life // _SECOND} s and was not refused"
        found.append(Witness("other", (first.id, second.id), said))
    return found


def _too_late(given: Sequence[Operation], others: Sequence[Operation], life: int) -> list[Witness]:
    heard = [o.ended_at for o in given]
    found = []
    for each in others:
        number = bisect_right(heard, each.at)
        if number and each.at >= (over := given[number - 1].arrived_at + life):
            said = f"{each.system} was asked for {each.name} with a token that was over for"
            said += f" {(each.at - over) // _SECOND} s"
            found.append(Witness("other", (given[number - 1].id, each.id), said))
    return found
