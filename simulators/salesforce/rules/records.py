"""Writing records: defaults, required fields, uniqueness, rules, automation; all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.store import Record, Store
from simulators.salesforce.rules.values import moment_text, whole_units

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hooks:
    """An object's automation.

    before(records, record or None, new values): may add to or refuse them, before they are written.
    after(records, record, old values or None at creation): what follows from a write.
    leaving(records, record): may refuse a deletion. left(records, record): what follows from it.
    """

    before: Callable[[Records, Record | None, Values], None] | None = None
    after: Callable[[Records, Record, Mapping[str, Any] | None], None] | None = None
    leaving: Callable[[Records, Record], None] | None = None
    left: Callable[[Records, Record], None] | None = None


@dataclass(slots=True)
class Committed:
    """One record after a unit of work. kind: CREATE, UPDATE, DELETE, UNDELETE; old: values before it."""

    record: Record
    kind: str
    old: Values


# The org's own rules about a record that is about to be written: (records, record or None, new values).
Check = Callable[["Records", Record | None, Entity, Values], None]
_NO_HOOKS = Hooks()


class Records:
    """One an org. `committed` is told of every unit of work once, when it has become final."""

    def __init__(
        self,
        clock: Clock,
        ids: Ids,
        catalogue: Catalogue,
        hooks: Mapping[str, Hooks],
        committed: Callable[[list[Committed]], None],
    ) -> None:
        self.clock, self._ids, self._hooks, self._committed = clock, ids, hooks, committed
        self.catalogue = catalogue
        self.store = Store(catalogue)
        self.checks: list[Check] = []
        # Rows that somebody else holds: id -> how many writes are still refused because of it.
        self.locked: dict[str, int] = {}
        self.user_id = ""
        # Whether what is written now is a copy of what was written elsewhere: see `syncing`.
        self.mirroring = False
        self._depth = 0
        self._numbers: defaultdict[str, int] = defaultdict(int)
        self._stamps = self._made = 0

    # --- units of work

    def unit(self) -> Unit:
        """`with records.unit():` what is written inside is committed together, or not at all."""
        return Unit(self)

    def commit(self) -> None:
        """Make final what was written since the last commit."""
        found: dict[str, Committed] = {}
        for what, record, field, old in self.store.log:
            line = found.get(record.id)
            if line is None:
                line = found[record.id] = Committed(record, "UPDATE", {})
            if what == "insert":
                line.kind = "CREATE"
            elif what == "erase":
                line.kind = "" if line.kind == "CREATE" else "DELETE"
            elif what == "restore":
                line.kind = "UNDELETE"
            elif what == "purge":
                line.kind = line.kind if line.kind == "DELETE" else ""
                record.stamp = -1
            else:
                line.old.setdefault(field, old)
        self.store.log.clear()
        changes = [line for line in found.values() if line.kind]
        for line in changes:
            if line.record.id in self.store.by_id:
                self._stamps += 1
                self.store.shelves[line.record.entity.name].restamp(line.record, self._stamps)
        if changes:
            self._committed(changes)

    # --- reading

    def wanted(self, entity: Entity, text: str) -> Record:
        """The live record of that id; Refused if there is none, or no longer."""
        found = self.store.find(text)
        if found is None or found.entity is not entity:
            whole = full_id(text)
            if whole is None or self.catalogue.prefixes.get(whole[:3]) is not entity:
                raise Refused("MALFORMED_ID", f"malformed id {text}")
            raise Refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if found.deleted:
            raise Refused("ENTITY_IS_DELETED", "entity is deleted")
        return found

    def referred(self, field: Field, text: str) -> Record:
        """The live record that a reference field's new value points at."""
        whole = full_id(text)
        found = self.store.find(text)
        if whole is None:
            said = f"{field.label}: id value of incorrect type: {text}"
            raise Refused("MALFORMED_ID", said, (field.name,))
        if whole[:3] not in [self.catalogue.entities[name].prefix for name in field.targets]:
            said = f"{field.label}: id value of incorrect type: {text}"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, (field.name,))
        if found is None:
            raise Refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", (field.name,))
        if found.deleted:
            raise Refused("ENTITY_IS_DELETED", "entity is deleted", (field.name,))
        return found

    def parent(self, values: Mapping[str, Any], field: str) -> Record | None:
        """The record that a reference field points at."""
        return self.store.by_id.get(values[field]) if values.get(field) else None

    def children(self, entity: str, field: str, parent: Record) -> list[Record]:
        """Live records of `entity` whose reference `field` points at `parent`, oldest first."""
        found = self.store.shelves[entity].with_value(field, parent.id)
        return sorted(found, key=lambda record: record.sequence)

    # --- writing

    def create(self, name: str, given: Mapping[str, Any]) -> Record:
        """A new record of values already in kept form."""
        entity = self.catalogue.entities[name]
        with self.unit():
            return self._create(entity, dict(given))

    def hooks(self, entity: Entity) -> Hooks:
        """The object's automation."""
        return self._hooks.get(entity.name, _NO_HOOKS)

    def _create(self, entity: Entity, new: Values) -> Record:
        hooks = self.hooks(entity)
        for field, default in entity.defaults:
            if field != "CurrencyIsoCode" and new.get(field) is None:
                new[field] = default
        _require([f for f in entity.required if new.get(f) is None])
        for numbered in entity.numbered:
            new[numbered.name] = numbered.number.format(self._next_number(entity))
        if hooks.before:
            hooks.before(self, None, new)
        new["CurrencyIsoCode"] = new.get("CurrencyIsoCode") or "USD"
        _round(entity, new, new["CurrencyIsoCode"])
        for check in self.checks:
            check(self, None, entity, new)
        self._keep_unique(entity, new, None)
        if self.locked:
            self.touch([new[f.name] for f in entity.fields.values() if f.refers and new.get(f.name)])
        now = self.clock.now()
        moment = moment_text(now)
        key = record_id(entity.prefix, self._ids.count(f"record/{entity.name}"))
        new.update(
            Id=key, OwnerId=new.get("OwnerId") or self.user_id, CreatedDate=moment, CreatedById=self.user_id,
            LastModifiedDate=moment, LastModifiedById=self.user_id, SystemModstamp=moment,
        )  # fmt: skip
        self._made += 1
        record = Record(entity, key, {**entity.blank, **new}, now, self._made)
        self.store.insert(record)
        if hooks.after:
            hooks.after(self, record, None)
        return record

    def update(self, record: Record, given: Mapping[str, Any]) -> None:
        """Change a record; like the vendor, an update that changes nothing still moves its stamp."""
        with self.unit():
            self._update(record, dict(given), self.hooks(record.entity))

    def settle(self, record: Record, calculated: Mapping[str, Any]) -> None:
        """Write sums over a record's children; its own automation does not run."""
        if any(record.values[field] != value for field, value in calculated.items()):
            with self.unit():
                self._update(record, dict(calculated), _NO_HOOKS, calculated=True)

    def _update(self, record: Record, new: Values, hooks: Hooks, *, calculated: bool = False) -> None:
        entity, values = record.entity, record.values
        _require([f for f in new if new[f] is None and entity.fields[f].required])
        if hooks.before:
            hooks.before(self, record, new)
        currency = new.get("CurrencyIsoCode") or record.currency
        if currency != record.currency:
            new = {**{f: values[f] for f in entity.money}, **new}
        _round(entity, new, currency)
        changed = {f: v for f, v in new.items() if values[f] != v}
        if not calculated:
            for check in self.checks:
                check(self, record, entity, changed)
        self._keep_unique(entity, changed, record)
        if self.locked:
            self.touch([record.id])
        old = {f: values[f] for f in changed}
        moment = moment_text(self.clock.now())
        for field, value in changed.items():
            self.store.assign(record, field, value)
        for field in ("LastModifiedDate", "SystemModstamp"):
            self.store.assign(record, field, moment)
        if hooks.after:
            hooks.after(self, record, old)

    def touch(self, ids: Iterable[str]) -> None:
        """UNABLE_TO_LOCK_ROW if somebody else holds one of these rows."""
        for key in ids:
            left = self.locked.get(key, 0)
            if left:
                self.locked[key] = left - 1
                if left == 1:
                    del self.locked[key]
                said = f"unable to obtain exclusive access to this record or 1 records: {key}"
                raise Refused("UNABLE_TO_LOCK_ROW", said)

    def _keep_unique(self, entity: Entity, values: Mapping[str, Any], own: Record | None) -> None:
        for field in entity.unique:
            value = values.get(field.name)
            if value is None:
                continue
            other = self.store.shelves[entity.name].has_value(field.name, value)
            if other is not None and other is not own:
                holder = other.id[:15]
                said = f"duplicate value found: {field.name} duplicates value on record with id: {holder}"
                raise Refused("DUPLICATE_VALUE", said)

    def _next_number(self, entity: Entity) -> int:
        self._numbers[entity.name] += 1
        return self._numbers[entity.name]


class Unit:
    """See Records.unit; units nest, and an inner one that fails takes back only its own part."""

    __slots__ = ("_mark", "_records")

    def __init__(self, records: Records) -> None:
        self._records, self._mark = records, len(records.store.log)

    def __enter__(self) -> None:
        self._records._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._records._depth -= 1
        if error is not None:
            self._records.store.undo(self._mark)
        elif not self._records._depth:
            self._records.commit()


def _require(missing: Iterable[str]) -> None:
    names = tuple(missing)
    if names:
        said = f"Required fields are missing: [{', '.join(names)}]"
        raise Refused("REQUIRED_FIELD_MISSING", said, names)


def _round(entity: Entity, values: Values, currency: str) -> None:
    for field in entity.money:
        amount = values.get(field)
        if amount is not None:
            values[field] = whole_units(amount, currency)
