"""I-36: what was accepted is remembered for longer than its sender may repeat it."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.evidence.durable import Remembered
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_HOUR = 3_600_000_000


def check(evidence: Evidence) -> Verdict:
    """Both as it is set and as it is done: what was in fact forgotten was older than that. The core refuses
    to start under settings that break it. How long vendors remember keys of ours is not judged here: that a
    repeated act has one effect is I-23."""
    return judged("I-36", len(evidence.inbox), [each for one in evidence.inbox for each in _of(one)])


def _of(one: Remembered) -> Iterator[Witness]:
    needed = f"events of {one.channel} may come again for {one.repeated // _HOUR} hours"
    if one.kept <= one.repeated:
        yield Witness("other", (one.channel,), f"{needed}, and are to be kept for {one.kept // _HOUR}")
    if one.forgotten and one.youngest <= one.repeated:
        said = f"{needed}, and one of {one.forgotten} was forgotten after {one.youngest // _HOUR}"
        yield Witness("other", (one.channel,), said)
