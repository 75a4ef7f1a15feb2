"""C37: nothing was entered into a period after it was locked, but what the controller let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.ledger import BookPeriod, DatedEntry

_BACK_DATED = frozenset({"invoice", "credit", "refund", "schedule"})


def _sides(extract: Extract) -> Sides:
    """Every dated entry is looked at: late or not, against let in or not."""
    approved = {late.id for late in extract.late_entries if late.approved_by}
    lefts, rights = [], []
    for entry in extract.dated_entries:
        period = period_of(extract, entry)
        if period is None:
            continue
        late = _locked_before(period, entry.created_at)
        key = (period.name, period.entity, entry.id)
        lefts.append(Entry(key, int(late), "entries", (), entry))
        rights.append(Entry(key, int(late and entry.id in approved), "entries", (), period))
    return lefts, rights


def period_of(extract: Extract, entry: DatedEntry) -> BookPeriod | None:
    """The period that its accounting date lies in."""
    mine = [p for p in extract.periods if p.entity in ("", entry.entity)]
    return next((p for p in mine if p.start <= entry.on < p.end), None)


def _locked_before(period: BookPeriod, at: datetime) -> bool:
    return period.locked_at is not None and at > period.locked_at


def _cause(_extract: Extract, pair: Pair) -> str:
    entry, period = pair.lefts[0].row, pair.rights[0].row
    assert isinstance(entry, DatedEntry)
    assert isinstance(period, BookPeriod)
    local = entry.created_at + timedelta(hours=period.zone)
    if period.zone and local.date() < period.end <= entry.created_at.date():
        return "time-zone boundary"
    if entry.kind == "deferral":
        return "deferral posted into frozen period"
    return "back-dated invoice, refund or schedule" if entry.kind in _BACK_DATED else ""


CONTROL = Control("C37", terms("C37"), ("dated_entries", "periods"), _sides, _cause)
