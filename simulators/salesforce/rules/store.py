"""Records and their indexes; every write is logged so that it can be undone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as column
from decimal import Decimal
from operator import itemgetter
from typing import Any

from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.schema import Entity, Field


class Record:
    """One row. values: by API name, in the wire's own form; created_at, closed_at: microseconds."""

    __slots__ = ("closed_at", "created_at", "deleted", "entity", "id", "sequence", "stamp", "values")

    def __init__(
        self, entity: Entity, record_id: str, values: dict[str, Any], now: int, sequence: int
    ) -> None:
        self.entity, self.id, self.values = entity, record_id, values
        self.created_at, self.sequence = now, sequence
        self.closed_at = self.stamp = 0
        self.deleted = False

    @property
    def key(self) -> str:
        """The name by which other systems know it: its external key, else its id."""
        return str((self.entity.key and self.values[self.entity.key]) or self.id)

    @property
    def currency(self) -> str:
        """ISO code."""
        return str(self.values["CurrencyIsoCode"])


class Shelf:
    """The records of one object. Deleted ones stay (queryAll) but leave the equality indexes."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.records: dict[str, Record] = {}
        self.deleted: dict[str, Record] = {}
        # (id, when) of those that are gone for good: the resource `deleted` still names them.
        self.purged: list[tuple[str, str]] = []
        # Ids of all records, in order: they are given in order.
        self.ids: list[str] = []
        self.equal: dict[str, dict[str | None, dict[str, Record]]] = {f.name: {} for f in entity.indexed}
        # References are compared exactly, everything else without regard to case.
        self._folded = frozenset(f.name for f in entity.indexed if _folds(f))
        # (SystemModstamp, stamp, record) in order of time; a line is stale once its record moved on.
        self._stamped: list[tuple[str, int, Record]] = []

    def widen(self, field: Field) -> None:
        """A column more, empty in every record (a box unticked); with its index if it has one."""
        empty = False if field.type == "boolean" else None
        for record in self.records.values():
            record.values.setdefault(field.name, empty)
        if field in self.entity.indexed and field.name not in self.equal:
            self._folded = frozenset(f.name for f in self.entity.indexed if _folds(f))
            lines: dict[str | None, dict[str, Record]] = {}
            for record in self.records.values():
                if not record.deleted:
                    lines.setdefault(self._key(field.name, record.values[field.name]), {})[record.id] = record
            self.equal[field.name] = lines

    def between(self, low: str, high: str) -> Iterator[Record]:
        """Records whose id lies in [low, high], in order; deleted ones too."""
        start, end = bisect_left(self.ids, low), bisect_right(self.ids, high)
        for place in range(start, end):
            yield self.records[self.ids[place]]

    def narrow(self, name: str) -> None:
        """A column less."""
        self.equal.pop(name, None)
        for record in self.records.values():
            record.values.pop(name, None)

    def with_value(self, field: str, value: object) -> Collection[Record]:
        """Live records whose indexed field has this value."""
        return self.equal[field].get(self._key(field, value), _NONE).values()

    def count_with(self, field: str, value: object) -> int:
        """How many they are."""
        return len(self.with_value(field, value))

    def has_value(self, field: str, value: object) -> Record | None:
        """The first live record with this value of an indexed field."""
        return next(iter(self.with_value(field, value)), None)

    def stamped(self, low: str, high: str) -> Iterator[Record]:
        """Records whose SystemModstamp lies in [low, high]; deleted ones too."""
        start, end = self._span(low, high)
        for _, stamp, record in self._stamped[start:end]:
            if record.stamp == stamp:
                yield record

    def count_stamped(self, low: str, high: str) -> int:
        """At most how many they are."""
        start, end = self._span(low, high)
        return max(0, end - start)

    def _span(self, low: str, high: str) -> tuple[int, int]:
        lines = self._stamped
        return bisect_left(lines, low, key=itemgetter(0)), bisect_right(lines, high, key=itemgetter(0))

    def restamp(self, record: Record, stamp: int) -> None:
        """Note that `record` was changed."""
        record.stamp = stamp
        lines = self._stamped
        line = (record.values["SystemModstamp"], stamp, record)
        if lines and lines[-1][0] > line[0]:  # only where a test has set the clock back
            insort(lines, line, key=itemgetter(0))
        else:
            lines.append(line)
        if len(lines) > 64 + 4 * len(self.records):
            self._stamped = [each for each in lines if each[2].stamp == each[1]]

    def enter(self, record: Record) -> None:
        """Make it found by its values."""
        for field, lines in self.equal.items():
            lines.setdefault(self._key(field, record.values[field]), {})[record.id] = record

    def leave(self, record: Record) -> None:
        """Make it no longer found by its values."""
        for field in self.equal:
            self._drop(field, record)

    def set(self, record: Record, field: str, value: object) -> None:
        """Change one value and its index."""
        if field in self.equal and not record.deleted:
            self._drop(field, record)
            self.equal[field].setdefault(self._key(field, value), {})[record.id] = record
        record.values[field] = value

    def _drop(self, field: str, record: Record) -> None:
        key = self._key(field, record.values[field])
        lines = self.equal[field][key]
        del lines[record.id]
        if not lines:
            del self.equal[field][key]

    def _key(self, field: str, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        return str(value).lower() if field in self._folded else str(value)


_NONE: dict[str, Record] = {}


def _folds(field: Field) -> bool:
    return field.type != "reference" and not field.case_sensitive


@dataclass(slots=True)
class Bin:
    """What went with a deleted record: taken, records deleted along; cleared, (record, field) emptied."""

    taken: list[Record] = column(default_factory=list)
    cleared: list[tuple[Record, str]] = column(default_factory=list)


class Store:
    """All shelves, and the log of what was written since the last commit."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.shelves = {e.name: Shelf(e) for e in catalogue.entities.values()}
        self.by_id: dict[str, Record] = {}
        self.bins: dict[str, Bin] = {}
        # ("insert" | "assign" | "erase" | "restore" | "purge", record, field, old value)
        self.log: list[tuple[str, Record, str, Any]] = []

    def find(self, text: str) -> Record | None:
        """The record of a 15- or 18-character id, deleted or not."""
        found = self.by_id.get(text)
        if found is None:
            whole = full_id(text)
            found = self.by_id.get(whole) if whole else None
        return found

    def insert(self, record: Record) -> None:
        """Add a record."""
        shelf = self.shelves[record.entity.name]
        self.by_id[record.id] = shelf.records[record.id] = record
        shelf.ids.append(record.id)
        shelf.enter(record)
        self.log.append(("insert", record, "", None))

    def assign(self, record: Record, field: str, value: object) -> None:
        """Change one value."""
        self.log.append(("assign", record, field, record.values[field]))
        self.shelves[record.entity.name].set(record, field, value)

    def erase(self, record: Record) -> None:
        """Put a record into the recycle bin."""
        self._into_bin(record)
        self.log.append(("erase", record, "", None))

    def restore(self, record: Record) -> None:
        """Take a record out of the recycle bin."""
        self._out_of_bin(record)
        self.log.append(("restore", record, "", None))

    def purge(self, record: Record) -> None:
        """Forget a deleted record."""
        shelf = self.shelves[record.entity.name]
        del shelf.deleted[record.id], shelf.records[record.id], self.by_id[record.id]
        del shelf.ids[bisect_left(shelf.ids, record.id)]
        shelf.purged.append((record.id, record.values["SystemModstamp"]))
        self.log.append(("purge", record, "", None))

    def _into_bin(self, record: Record) -> None:
        shelf = self.shelves[record.entity.name]
        shelf.leave(record)
        record.deleted = True
        record.values["IsDeleted"] = True
        shelf.deleted[record.id] = record

    def _out_of_bin(self, record: Record) -> None:
        shelf = self.shelves[record.entity.name]
        del shelf.deleted[record.id]
        record.deleted = False
        record.values["IsDeleted"] = False
        shelf.enter(record)

    def undo(self, mark: int) -> None:
        """Take back everything logged after the first `mark` lines."""
        while len(self.log) > mark:
            what, record, field, old = self.log.pop()
            shelf = self.shelves[record.entity.name]
            if what == "assign":
                shelf.set(record, field, old)
            elif what == "insert":
                shelf.leave(record)
                del shelf.records[record.id], self.by_id[record.id]
                del shelf.ids[bisect_left(shelf.ids, record.id)]
            elif what == "erase":
                self._out_of_bin(record)
            elif what == "restore":
                self._into_bin(record)
            else:
                shelf.purged.pop()
                insort(shelf.ids, record.id)
                self.by_id[record.id] = shelf.records[record.id] = shelf.deleted[record.id] = record
