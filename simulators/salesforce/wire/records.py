"""Records, rows of queries and write receipts as JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, RootModel


class Shown(Protocol):
    """A record as far as it is shown."""

    @property
    def id(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def entity(self) -> Any: ...


class Cells(Protocol):
    """What of a record is shown: (field, None, None), (way, reference field, Cells), (way, None,
    subquery) or (name, "", how it is read)."""

    @property
    def type(self) -> str: ...
    @property
    def cells(self) -> Sequence[tuple[str, str | None, Any]]: ...
    def of(self, kind: str) -> Any:
        """What is shown of a record of that object."""
        ...


# Given a subquery and a parent record: (what to show of each child, the children).
Below = Callable[[Any, Any], tuple[Any, Sequence[Any]]]


class SObject(RootModel[dict[str, Any]]):
    """Field values by API name; a parent may be named by {"Account": {"External_Id__c": …}}."""


class Saved(BaseModel):
    """Receipt of a write. created: only of an upsert."""

    id: str
    success: bool
    errors: list[dict[str, Any]]
    created: bool | None = None


def url_of(version: str, kind: str, record_id: str) -> str:
    """Path of a record."""
    return f"/services/data/{version}/sobjects/{kind}/{record_id}"


# What an address shows besides its columns: nobody tells an org where it lies.
_PLACE = ("geocodeAccuracy", "latitude", "longitude")


def address(values: Mapping[str, Any], parts: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
    """The columns of an address together; None if all are empty."""
    found = {called: values.get(column) for called, column in parts}
    if not any(found.values()):
        return None
    return dict(sorted({**found, **dict.fromkeys(_PLACE)}.items()))


def _together(shown: Shown, values: Mapping[str, Any]) -> dict[str, Any]:
    compounds = shown.entity.compounds
    return {n: address(values, parts) for n, parts in compounds.items()} if compounds else {}


def record(shown: Shown, kind: str, version: str, fields: Sequence[str] | None = None) -> dict[str, Any]:
    """A record; with `fields` only these (and its Id)."""
    out: dict[str, Any] = {"attributes": {"type": kind, "url": url_of(version, kind, shown.id)}}
    if fields is None:
        return {**out, **shown.values, **_together(shown, shown.values)}
    all_values = {**shown.values, **_together(shown, shown.values)}
    return {**out, **{f: all_values[f] for f in fields}, "Id": shown.id}


def row(cells: Cells, shown: Shown, version: str, by_id: Mapping[str, Any], below: Below) -> dict[str, Any]:
    """One row of a query, parents and children nested."""
    kind, values, compounds = shown.entity.name, shown.values, shown.entity.compounds
    chosen = cells.of(kind)
    out: dict[str, Any] = {"attributes": {"type": kind, "url": url_of(version, kind, shown.id)}}
    for name, reference, inner in chosen.cells:
        if inner is None:
            if name in compounds:
                out[name] = address(values, compounds[name])
            else:
                out[name] = kind if name == "Type" and not cells.type else values.get(name)
        elif reference is None:
            child, found = below(inner, shown)
            rows = [row(child, each, version, by_id, below) for each in found]
            out[name] = {"totalSize": len(rows), "done": True, "records": rows} if rows else None
        elif reference == "":
            out[name] = inner(shown, by_id)
        else:
            parent = by_id.get(values[reference] or "")
            out[name] = None if parent is None else row(inner, parent, version, by_id, below)
    return out


def batch(total: int, rows: list[dict[str, Any]], more: str) -> dict[str, Any]:
    """A batch of query results. more: path of the next, "" at the end."""
    reply: dict[str, Any] = {"totalSize": total, "done": not more}
    if more:
        reply["nextRecordsUrl"] = more
    reply["records"] = rows
    return reply


def saved(record_id: str, created: bool | None = None) -> dict[str, Any]:
    """Receipt of a write."""
    receipt: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    if created is not None:
        receipt["created"] = created
    return receipt
