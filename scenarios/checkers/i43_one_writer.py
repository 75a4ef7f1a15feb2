"""I-43: a task is in one hand at a time, and whoever lost it changes nothing any more."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.evidence.durable import Claim, Effect, Epochs, TaskName
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_SECOND = 1_000_000


def check(evidence: Evidence) -> Verdict:
    """Each claim has an epoch above all before it and waits for the end of a lease; what took effect in the
    store was written under the epoch of its moment. Vendors know no epochs: a request that is under way when
    its claim ends is theirs to drop by its key (I-23), but who was refused once sends nothing more."""
    epochs = evidence.epochs
    witnesses = [*_claimed(epochs.claims), *_written(epochs.effects), *_sent(epochs)]
    return judged("I-43", len(epochs.claims) + len(epochs.effects), witnesses)


def _claimed(claims: Iterable[Claim]) -> Iterable[Witness]:
    highest: dict[TaskName, int] = {}
    for each in claims:
        before = max(each.former, highest.get(each.task, 0))
        highest[each.task] = max(before, each.epoch)
        if each.epoch <= before:
            yield _told(each.task, f"was claimed under epoch {each.epoch}, after {before}")
        if each.holder and each.in_hand_of and each.at < each.until:
            left = (each.until - each.at) // _SECOND
            said = f"was claimed by {each.holder} while {each.in_hand_of} had it for {left} s more"
            yield _told(each.task, said)


def _written(effects: Iterable[Effect]) -> Iterable[Witness]:
    for each in effects:
        if each.epoch != each.current:
            whose = f"under epoch {each.epoch}" if each.epoch else "without a claim"
            said = f"was written {whose} {each.times} times, while its epoch was {each.current}"
            yield _told(each.task, said)


def _sent(epochs: Epochs) -> Iterable[Witness]:
    refused: dict[tuple[TaskName, int], int] = {}
    for refusal in epochs.refusals:
        refused.setdefault((refusal.task, refusal.epoch), refusal.at)
    for each in epochs.sendings:
        if each.at > refused.get((each.task, each.epoch), each.at):
            said = f"had a request sent under epoch {each.epoch}, which had been refused before"
            yield _told(each.task, said, each.operation)


def _told(task: TaskName, what: str, *others: str) -> Witness:
    queue, key = task
    return Witness("other", (key, *others), f"{queue} of {key} {what}")
