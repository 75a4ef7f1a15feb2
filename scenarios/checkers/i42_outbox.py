"""I-42: what was committed to the outbox goes out, nothing else does, and each aggregate's in its order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from scenarios.checkers.findings import grouped
from scenarios.evidence.durable import Entry, Publication
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """At rest. What goes out again, as after a crash between the sending and the note of it, is dropped by
    its number, so of each entry the first time counts. Aggregates may overtake each other."""
    committed, published = evidence.outbox.committed, evidence.outbox.published
    place = {entry: n for n, entry in enumerate(committed)}
    first = dict.fromkeys(each.entry for each in published)
    witnesses = [
        _told("lost", entry, "was committed and never went out") for entry in committed if entry not in first
    ]
    witnesses += [
        _told("orphaned", entry, "went out and was never committed") for entry in first if entry not in place
    ]
    witnesses += _early(published)
    witnesses += _overtaken([entry for entry in first if entry in place], place)
    return judged("I-42", len(committed) + sum(entry not in place for entry in first), witnesses)


def _early(published: Iterable[Publication]) -> list[Witness]:
    early = dict.fromkeys(each.entry for each in published if each.early)
    return [_told("other", entry, "went out before its transaction had ended") for entry in early]


def _overtaken(gone: Iterable[Entry], place: dict[Entry, int]) -> list[Witness]:
    found = []
    for entries in grouped(gone, lambda entry: entry.aggregate).values():
        for before, after in pairwise(entries):
            if place[after] < place[before]:
                said = f"went out after {before.topic} ({before.sequence}), which was committed later"
                found.append(_told("other", after, said))
    return found


def _told(kind: str, entry: Entry, what: str) -> Witness:
    return Witness(kind, (entry.aggregate,), f"{entry.topic} ({entry.sequence}) of {entry.aggregate} {what}")
