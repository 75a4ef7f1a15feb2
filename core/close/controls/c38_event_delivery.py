"""C38: every event was processed once by each of its consumers, or is parked where it is seen."""

from __future__ import annotations

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.revenue import SentEvent, TakenEvent

_Facts = tuple[tuple[str, str], ...]
_GOOD: _Facts = (("outcome", "processed"), ("order", "in order"), ("time", "before the close"))
# A delivery that was known and dropped, or refused at the door, changed nothing.
_COUNTED = frozenset({"processed", "dead"})


def _sides(extract: Extract) -> Sides:
    sent = {event.id: event for event in extract.sent_events}
    others = _other_content(extract, sent)
    overtaken = _overtaken(extract, sent)
    lefts = [
        Entry((event.id, consumer), 1, "events", (*_GOOD, ("content", "as sent")), event)
        for event in sent.values()
        for consumer in event.consumers
    ]
    rights = []
    for row in extract.taken_events:
        key = (row.id, row.consumer)
        if row.outcome in _COUNTED:
            event = sent.get(row.id)
            late = event is not None and event.at < extract.cut_off <= row.at
            facts = (
                ("outcome", row.outcome),
                ("order", "overtaken" if key in overtaken else "in order"),
                ("time", "after the close" if late else "before the close"),
                ("content", "other" if key in others else "as sent"),
            )
            rights.append(Entry(key, 1, "events", facts, row))
    return lefts, rights


def _other_content(extract: Extract, sent: dict[str, SentEvent]) -> set[tuple[str, str]]:
    """Where any delivery, counted or dropped, had other content than was sent."""
    return {
        (row.id, row.consumer)
        for row in extract.taken_events
        if row.id in sent and row.digest and sent[row.id].digest and row.digest != sent[row.id].digest
    }


def _overtaken(extract: Extract, sent: dict[str, SentEvent]) -> set[tuple[str, str]]:
    """Events processed after a later one of their stream."""
    by_stream: dict[tuple[str, str], list[tuple[int, TakenEvent]]] = {}
    for row in extract.taken_events:
        event = sent.get(row.id)
        if event is not None and event.stream and row.outcome == "processed":
            by_stream.setdefault((event.stream, row.consumer), []).append((event.sequence, row))
    found: set[tuple[str, str]] = set()
    for rows in by_stream.values():
        highest = -1
        for sequence, row in sorted(rows, key=lambda pair: pair[1].at):
            if sequence < highest:
                found.add((row.id, row.consumer))
            highest = max(highest, sequence)
    return found


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    if not pair.rights:
        return "lost"
    if len(pair.rights) > 1:
        return "duplicated"
    if "content" in pair.apart:
        return "replayed with other content"
    if "outcome" in pair.apart:
        return "poisoned"
    return "delivered after close" if "time" in pair.apart else "out of order"


CONTROL = Control("C38", terms("C38"), ("sent_events", "taken_events"), _sides, _cause)
