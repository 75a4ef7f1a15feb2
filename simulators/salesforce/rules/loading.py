"""One row of a bulk job: written through the same rules as everything else, answered on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from simulators.salesforce.rules.bin import purge
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.cursors import Cursors
from simulators.salesforce.rules.paths import ById, value_of
from simulators.salesforce.rules.plans import Plan
from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.selection import Selection
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.tabular import cell

_TICKED = {"1": True, "0": False, "yes": True, "no": False, "y": True, "n": False}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. created: whether it made a record."""

    success: bool
    id: str = ""
    created: bool = False
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()

    @property
    def error(self) -> str:
        """The error as results files tell it."""
        return f"{self.code}:{self.message}:{','.join(self.fields)} --"


class Writer(Protocol):
    """The org as far as rows are written."""

    def create(self, entity: Entity, body: Mapping[str, Any]) -> Record: ...
    def update(self, entity: Entity, text: str, body: Mapping[str, Any]) -> Record: ...
    def delete(self, entity: Entity, text: str) -> Record: ...
    def upsert(
        self, entity: Entity, key: str, value: str, body: Mapping[str, Any], *, update_only: bool = False
    ) -> tuple[Record, bool]: ...


class Loader:
    """One an org."""

    def __init__(self, org: Writer, records: Records, cursors: Cursors) -> None:
        self._org, self._records, self.cursors = org, records, cursors

    @property
    def catalogue(self) -> Catalogue:
        """The org's objects."""
        return self._records.catalogue

    def check_header(self, kind: str, header: Sequence[str], operation: str, external: str) -> None:
        """INVALIDBATCH names the first column that does not exist, or the one that must."""
        entity = self.catalogue.entity(kind)
        if not header:
            raise Refused("INVALIDBATCH", "InvalidBatch : The CSV has no header")  # unconfirmed: the text
        for name in header:
            way, dot, key = name.rpartition(".")
            step = entity.relationships.get(way.rpartition(":")[2].lower()) if dot else None
            owner = self.catalogue.entities[step.refers] if step else entity
            if (dot and step is None) or key.lower() not in owner.named:
                raise Refused("INVALIDBATCH", f"InvalidBatch : Field name not found : {name}")
        lower = [name.lower() for name in header]
        if operation in ("delete", "hardDelete") and lower != ["id"]:
            said = "InvalidBatch : The 'delete' batch must contain only ids"
            raise Refused("INVALIDBATCH", said)
        key = external if operation == "upsert" else "Id" if operation == "update" else ""
        if key and key.lower() not in lower:
            raise Refused("INVALIDBATCH", f"InvalidBatch : Field name not found : {key}")

    def load(
        self, kind: str, operation: str, external: str, body: Mapping[str, Any], seen: set[str]
    ) -> Outcome:
        """Write one row. seen: keys met before in the same batch, which an upsert must not repeat."""
        entity = self.catalogue.entity(kind)
        try:
            with self._records.unit():
                return self._load(entity, operation, external, _typed(entity, body), seen)
        except Refused as refused:
            code = refused.code
            if code == "NOT_FOUND":
                code = "INVALID_CROSS_REFERENCE_KEY"
            if code == "MULTIPLE_CHOICES":
                code = "DUPLICATE_EXTERNAL_ID"
            return Outcome(False, code=code, message=refused.message, fields=refused.fields)

    def _load(
        self, entity: Entity, operation: str, external: str, body: dict[str, Any], seen: set[str]
    ) -> Outcome:
        if operation == "insert":
            return Outcome(True, self._org.create(entity, body).id, True)
        names = [name for name in body if name.lower() == (external or "Id").lower()]
        key = body.pop(names[0]) if names else None
        if operation == "upsert":
            if key is None:
                if (external or "Id").lower() == "id":
                    return Outcome(True, self._org.create(entity, body).id, True)
                raise Refused("MISSING_ARGUMENT", f"{external} not specified")
            if str(key).lower() in seen:
                said = f"Duplicate external id specified: {key}"
                raise Refused("DUPLICATE_VALUE", said, (external,))
            seen.add(str(key).lower())
            found, created = self._org.upsert(entity, external, str(key), body)
            return Outcome(True, found.id, created)
        if key is None:
            raise Refused("MISSING_ARGUMENT", f"Id not specified in an {operation} call")
        if operation == "update":
            return Outcome(True, self._org.update(entity, str(key), body).id)
        if operation == "hardDelete":
            found = self._records.wanted(entity, str(key))
            return Outcome(True, purge(self._records, found.id).id)
        return Outcome(True, self._org.delete(entity, str(key)).id)

    # --- queries

    def check_bulk_query(self, plan: Plan) -> None:
        """What the bulk interfaces do not answer."""
        nested = plan.selection is not None and any(
            ref is None and inner is not None for _, ref, inner in plan.selection.cells
        )
        if plan.selection is None or nested:
            said = "Aggregate Relationships not supported in Bulk Query"
            raise Refused("FUNCTIONALITY_NOT_ENABLED", said)
        if any(cell[0] in plan.entity.compounds and cell[1] is None for cell in plan.selection.cells):
            raise Refused("FUNCTIONALITY_NOT_ENABLED", "Selecting compound data not supported in Bulk Query")

    def records_of(self, query: str, *, deleted: bool) -> list[Record]:
        """What a query finds."""
        plan, scope, _ = self.cursors.plan(query, deleted=deleted)
        self.check_bulk_query(plan)
        return plan.run(scope)

    def table(self, query: str, *, deleted: bool) -> tuple[list[str], list[list[str]]]:
        """What a query finds, as text."""
        plan, scope, _ = self.cursors.plan(query, deleted=deleted)
        self.check_bulk_query(plan)
        assert plan.selection is not None
        columns = _columns(plan.selection, "")
        by_id = self._records.store.by_id
        rows = [[cell(read(record, by_id)) for _, read in columns] for record in plan.run(scope)]
        return [name for name, _ in columns], rows


Read = Callable[[Record, ById], Any]


def _columns(selection: Selection, before: str) -> list[tuple[str, Read]]:
    """The columns of a flat table, parents' fields under their path."""
    out: list[tuple[str, Read]] = []
    for name, reference, inner in selection.cells:
        if reference is None:
            out.append((before + name, _plain(name)))
        elif reference == "":
            out.append((before + name, inner))
        else:
            for column, read in _columns(inner, f"{before}{name}."):
                out.append((column, _above(reference, read)))
    return out


def _plain(name: str) -> Read:
    return lambda record, _: value_of(record, name)


def _above(reference: str, read: Read) -> Read:
    def value(record: Record, by_id: ById) -> Any:
        parent = by_id.get(record.values.get(reference) or "")
        return None if parent is None else read(parent, by_id)

    return value


def _typed(entity: Entity, body: Mapping[str, Any]) -> dict[str, Any]:
    """Text of boxes as true and false; everything else is read from text anyway."""
    out = dict(body)
    for name, value in body.items():
        field = entity.named.get(name.lower())
        if field is not None and field.type == "boolean" and isinstance(value, str):
            out[name] = _TICKED.get(value.lower(), value)
    return out
