"""Queries answered in batches; what is left of one waits behind a locator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import DAY, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.keys import record_id
from simulators.salesforce.rules.plans import Plan, Selection, compiled
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.soql import shaped
from simulators.salesforce.rules.store import Record, Store

BATCH_MIN, BATCH_MAX = 200, 2000
OPEN_LIMIT = 10  # cursors one user may keep open; the oldest is given up for a new one
_LIFE = 2 * DAY
_PREFIX = "01g"


@dataclass(slots=True)
class Found:
    """One batch. selection: None for COUNT(); next: locator of the rest, "" if this is the last."""

    selection: Selection | None
    marks: Sequence[Any]
    total: int
    records: Sequence[Record]
    next: str


@dataclass(slots=True)
class _Cursor:
    plan: Plan
    marks: Sequence[Any]
    records: list[Record]
    batch: int
    opened_at: int


class Cursors:
    """One an org (which has one user)."""

    def __init__(self, clock: Clock, ids: Ids, store: Store) -> None:
        self._clock, self._ids, self._store = clock, ids, store
        self._open: dict[str, _Cursor] = {}

    def query(self, text: str, batch: int = BATCH_MAX, *, deleted: bool = False) -> Found:
        """The first batch of a query; `deleted`: queryAll."""
        shape, marks = shaped(text)
        plan = compiled(shape)
        records = plan.run(self._store, marks, deleted=deleted)
        if plan.selection is None:
            return Found(None, marks, len(records), (), "")
        batch = min(max(batch, BATCH_MIN), BATCH_MAX)  # unconfirmed: that sizes outside are brought in
        if len(records) <= batch:
            return Found(plan.selection, marks, len(records), records, "")
        if len(self._open) >= OPEN_LIMIT:
            del self._open[next(iter(self._open))]
        key = record_id(_PREFIX, self._ids.count("cursor"))
        self._open[key] = _Cursor(plan, marks, records, batch, self._clock.now())
        return Found(plan.selection, marks, len(records), records[:batch], f"{key}-{batch}")

    def more(self, locator: str) -> Found:
        """The batch that a locator `<id>-<row>` stands for."""
        key, _, row = locator.partition("-")
        cursor = self._open.get(key)
        fits = cursor is not None and row.isdigit() and 0 < int(row) < len(cursor.records)
        if cursor is None or not fits or self._clock.now() - cursor.opened_at >= _LIFE:
            raise Refused("INVALID_QUERY_LOCATOR", "invalid query locator")
        start = int(row)
        end = start + cursor.batch
        last = end >= len(cursor.records)
        return Found(
            cursor.plan.selection, cursor.marks, len(cursor.records), cursor.records[start:end],
            "" if last else f"{key}-{end}",
        )  # fmt: skip
