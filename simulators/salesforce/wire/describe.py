"""Descriptions of objects, as far as clients read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class Column(Protocol):
    """A field as far as it is described."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def length(self) -> int: ...
    @property
    def scale(self) -> int: ...
    @property
    def required(self) -> bool: ...
    @property
    def default(self) -> object: ...
    @property
    def values(self) -> Sequence[str]: ...
    @property
    def external(self) -> bool: ...
    @property
    def unique(self) -> bool: ...
    @property
    def createable(self) -> bool: ...
    @property
    def updateable(self) -> bool: ...
    @property
    def number(self) -> str: ...
    @property
    def refers(self) -> str: ...
    @property
    def relationship(self) -> str: ...


class Described(Protocol):
    """An object as far as it is described."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def custom(self) -> bool: ...
    @property
    def writable(self) -> bool: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...


def listed(entity: Described, version: str) -> dict[str, Any]:
    """One line of the list of objects."""
    path = f"/services/data/{version}/sobjects/{entity.name}"
    return {
        "name": entity.name, "label": entity.label, "labelPlural": f"{entity.label}s",
        "keyPrefix": entity.prefix, "custom": entity.custom, "createable": entity.writable,
        "updateable": entity.writable, "deletable": entity.writable, "queryable": True, "retrieveable": True,
        "urls": {
            "sobject": path, "describe": f"{path}/describe", "rowTemplate": f"{path}/{{ID}}",
        },
    }  # fmt: skip


def described(
    entity: Described, version: str, children: Iterable[tuple[str, str, str, bool]]
) -> dict[str, Any]:
    """An object with its fields. children: (name, object, field, whether they die with the parent)."""
    return {
        **listed(entity, version),
        "fields": [_field(field) for field in entity.fields.values()],
        "childRelationships": [
            {"relationshipName": name, "childSObject": kind, "field": field, "cascadeDelete": cascade}
            for name, kind, field, cascade in children
        ],
    }


def _field(field: Column) -> dict[str, Any]:
    return {
        "name": field.name, "label": field.label, "type": field.type, "length": field.length,
        "scale": field.scale, "nillable": not field.required and field.type not in ("boolean", "id"),
        "createable": field.createable, "updateable": field.updateable, "autoNumber": bool(field.number),
        "calculated": not field.createable and not field.number, "custom": field.name.endswith("__c"),
        "defaultedOnCreate": field.default is not None, "externalId": field.external,
        "unique": field.unique, "caseSensitive": False, "idLookup": field.external or field.type == "id",
        "referenceTo": [field.refers] if field.refers else [],
        "relationshipName": field.relationship or None,
        "restrictedPicklist": bool(field.values),
        "picklistValues": [
            {"value": value, "label": value, "active": True, "defaultValue": value == field.default}
            for value in field.values
        ],
    }  # fmt: skip
