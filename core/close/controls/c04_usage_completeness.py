"""C04: every usage event is rated once, or rejected and the rejection looked at."""

from __future__ import annotations

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.billing import RatedUsage, UsageEvent

_GOOD = (("dated", "past"), ("reviewed", "yes"))


def _sides(extract: Extract) -> Sides:
    # The source may send an event again; the same id is the same event.
    events = {event.id: event for event in extract.usage_events}
    lefts = [
        Entry((e.id, e.meter, e.at.date().isoformat()), e.quantity, "units", _GOOD, e)
        for e in events.values()
    ]
    rights = [
        Entry(
            (row.event, row.meter, row.on.isoformat()),
            row.quantity,
            "units",
            _facts(row, events.get(row.event)),
            row,
        )
        for row in extract.rated_usage
    ]
    return lefts, rights


def _facts(row: RatedUsage, event: UsageEvent | None) -> tuple[tuple[str, str], ...]:
    if row.status == "rejected" and row.reviewed:
        return _GOOD
    future = event is not None and event.at > event.received_at
    return (
        ("dated", "future" if future else "past"),
        ("reviewed", "no" if row.status == "rejected" else "yes"),
    )


def _cause(extract: Extract, pair: Pair) -> str:
    if len(pair.rights) > 1:
        return "duplicated"
    if not pair.lefts:
        return ""
    event = pair.lefts[0].row
    assert isinstance(event, UsageEvent)
    if not pair.rights:
        return "late (after invoice)" if _billed_before(extract, event) else "lost"
    row = pair.rights[0].row
    assert isinstance(row, RatedUsage)
    if "dated" in pair.apart:
        return "future dated"
    if "reviewed" in pair.apart:
        return "unknown customer/meter" if row.reason.startswith("unknown") else "rejected not reviewed"
    return ""


def _billed_before(extract: Extract, event: UsageEvent) -> bool:
    """Whether the use was invoiced for that day before the event came in."""
    return any(
        document.posted_at is not None
        and document.posted_at <= event.received_at
        and line.item == event.item
        and line.meter == event.meter
        and line.start is not None
        and line.end is not None
        and line.start <= event.at.date() < line.end
        for document in extract.documents
        if document.kind == "invoice" and document.status == "posted"
        for line in document.lines
        if line.kind == "usage"
    )


CONTROL = Control("C04", terms("C04"), ("usage_events", "rated_usage"), _sides, _cause)
