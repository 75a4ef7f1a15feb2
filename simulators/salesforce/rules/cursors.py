"""Queries answered in batches; what is left of one waits behind a locator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import DAY, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.keys import record_id
from simulators.salesforce.rules.paths import Scope
from simulators.salesforce.rules.plans import Plan, compiled
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.selection import Selection
from simulators.salesforce.rules.soql import Misread, misread, placed, shaped
from simulators.salesforce.rules.store import Record, Store

BATCH_MIN, BATCH_MAX = 200, 2000
OPEN_LIMIT = 10  # cursors one user may keep open; the oldest is given up for a new one
_LIFE = 2 * DAY
_PREFIX = "01g"


@dataclass(slots=True)
class Found:
    """One batch. selection: None for COUNT() and aggregates; rows: of an aggregate query, ready;
    next: locator of the rest, "" if this is the last."""

    selection: Selection | None
    scope: Scope
    total: int
    records: Sequence[Record]
    next: str
    rows: Sequence[dict[str, Any]] = ()


@dataclass(slots=True)
class _Cursor:
    shape: str
    marks: Sequence[Any]
    records: list[Record]
    batch: int
    opened_at: int


class Cursors:
    """One an org (which has one user)."""

    def __init__(self, clock: Clock, ids: Ids, store: Store) -> None:
        self._clock, self._ids, self._store = clock, ids, store
        self._open: dict[str, _Cursor] = {}

    def now(self) -> int:
        """The present, in microseconds."""
        return self._clock.now()

    def plan(self, text: str, *, deleted: bool = False) -> tuple[Plan, Scope, str]:
        """A query made ready: (its plan, what one run of it sees, its shape)."""
        shape, marks = shaped(text)
        scope = Scope(self._store, marks, self._clock.now(), deleted)
        try:
            return compiled(self._store.catalogue, shape), scope, shape
        except Misread as error:
            raise misread(text, error) from None
        except Refused as refused:
            raise placed(text, refused) from None

    def query(self, text: str, batch: int = BATCH_MAX, *, deleted: bool = False) -> Found:
        """The first batch of a query; `deleted`: queryAll."""
        plan, scope, shape = self.plan(text, deleted=deleted)
        if plan.grouping is not None:
            rows = plan.rows(scope)
            if len(rows) > BATCH_MAX:
                said = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
                raise Refused("EXCEEDED_ID_LIMIT", said + "single batch")
            return Found(None, scope, len(rows), (), "", rows)
        records = plan.run(scope)
        if plan.selection is None:
            return Found(None, scope, len(records), (), "")
        batch = min(max(batch, BATCH_MIN), BATCH_MAX)  # unconfirmed: that sizes outside are brought in
        if len(records) <= batch:
            return Found(plan.selection, scope, len(records), records, "")
        if len(self._open) >= OPEN_LIMIT:
            del self._open[next(iter(self._open))]
        key = record_id(_PREFIX, self._ids.count("cursor"))
        self._open[key] = _Cursor(shape, scope.marks, records, batch, self._clock.now())
        return Found(plan.selection, scope, len(records), records[:batch], f"{key}-{batch}")

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
        scope = Scope(self._store, cursor.marks, cursor.opened_at)
        return Found(
            compiled(self._store.catalogue, cursor.shape).selection, scope, len(cursor.records),
            cursor.records[start:end], "" if last else f"{key}-{end}",
        )  # fmt: skip
