"""Custom fields and objects, as the Tooling API's metadata describes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field, auto_number, entity, text
from simulators.salesforce.rules.store import Shelf

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|_(?!_))*__c")
# Metadata type -> (type of the column, its length where none is given).
_TYPES = {
    "Text": ("string", 255), "TextArea": ("textarea", 255), "LongTextArea": ("textarea", 32768),
    "Html": ("textarea", 32768), "Email": ("email", 80), "Phone": ("phone", 40), "Url": ("url", 255),
    "Number": ("double", 0), "Currency": ("currency", 0), "Percent": ("percent", 0),
    "Checkbox": ("boolean", 0), "Date": ("date", 0), "DateTime": ("datetime", 0),
    "Picklist": ("picklist", 255), "MultiselectPicklist": ("multipicklist", 4099),
    "Lookup": ("reference", 18), "MasterDetail": ("reference", 18), "AutoNumber": ("string", 30),
}  # fmt: skip
_ON_DELETE = {"Cascade": "cascade", "Restrict": "restrict"}
_COUNTER = re.compile(r"\{(0+)\}")


def define_field(records: Records, full_name: str, metadata: Mapping[str, Any]) -> Field:
    """A column more on `Object.Name__c`."""
    kind, _, name = full_name.partition(".")
    found = records.catalogue.known(kind)
    if found is None:
        raise Refused("INVALID_TYPE", f"Entity of type '{kind}' is not available")  # unconfirmed
    if not _NAME.fullmatch(name):
        raise _invalid(f"Custom field name must end in __c and hold letters, digits and single _: {name}")
    if name.lower() in found.named:
        said = f"There is already a field named {name} on {found.label}."
        raise Refused("DUPLICATE_DEVELOPER_NAME", said)
    field = _field(records, found, name, metadata)
    records.catalogue.add_field(found, field, records.clock.now())
    records.store.shelves[found.name].widen(field)
    return field


def _field(records: Records, own: Entity, name: str, metadata: Mapping[str, Any]) -> Field:
    kind = str(metadata.get("type", ""))
    if kind not in _TYPES:
        raise _invalid(f"type: {kind!r} is not one of {', '.join(_TYPES)}")
    column, usual = _TYPES[kind]
    external, unique = bool(metadata.get("externalId")), bool(metadata.get("unique"))
    if (external or unique) and column not in ("string", "double", "email"):
        raise _invalid(f"a field of type {kind} can be neither unique nor an external ID")
    values, loose = _values(metadata)
    common: dict[str, Any] = {
        "length": int(metadata.get("length") or usual), "scale": int(metadata.get("scale") or 0),
        "precision": int(metadata.get("precision") or 18), "caption": str(metadata.get("label") or ""),
        "required": bool(metadata.get("required")) and column != "boolean", "external": external,
        "unique": unique, "case_sensitive": bool(metadata.get("caseSensitive")), "values": values,
        "loose": loose, "default": _default(column, metadata),
        "help": str(metadata.get("inlineHelpText") or ""),
    }  # fmt: skip
    if kind == "AutoNumber":
        form = _COUNTER.sub(lambda digits: f"{{:0{len(digits[1])}d}}", str(metadata["displayFormat"]))
        return Field(name, number=form, createable=False, updateable=False, indexed=True, length=30)
    if column == "reference":
        return _reference(records, own, name, metadata, common)
    return Field(name, column, **common)


def _reference(
    records: Records, own: Entity, name: str, metadata: Mapping[str, Any], common: dict[str, Any]
) -> Field:
    target = records.catalogue.known(str(metadata.get("referenceTo", "")))
    if target is None:
        raise _invalid(f"referenceTo: there is no object {metadata.get('referenceTo')!r}")
    child = str(metadata.get("relationshipName") or f"{own.name.removesuffix('__c')}s")
    child = child if child.endswith("__r") else f"{child}__r"
    if child.lower() in records.catalogue.children[target.name]:
        raise _invalid(f"relationshipName: {child} is already in use on {target.name}")
    master = metadata["type"] == "MasterDetail"
    given = str(metadata.get("deleteConstraint") or "SetNull")
    return Field(
        name, "reference", 18, required=master or common["required"], refers=target.name, child=child,
        relationship=f"{name.removesuffix('__c')}__r", caption=common["caption"],
        on_delete="cascade" if master else _ON_DELETE.get(given, "clear"),
        updateable=not master or bool(metadata.get("reparentableMasterDetail")),
    )  # fmt: skip


def _values(metadata: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """(values of a picklist, whether it takes others too)."""
    chosen = metadata.get("valueSet") or {}
    listed = (chosen.get("valueSetDefinition") or {}).get("value") or ()
    names = tuple(str(each.get("fullName") or each.get("valueName")) for each in listed)
    return names, not chosen.get("restricted", False)


def _default(column: str, metadata: Mapping[str, Any]) -> object:
    if column == "boolean":
        return str(metadata.get("defaultValue", "false")).lower() == "true"
    listed = ((metadata.get("valueSet") or {}).get("valueSetDefinition") or {}).get("value") or ()
    chosen = [str(each.get("fullName")) for each in listed if each.get("default")]
    return chosen[0] if chosen else None


def define_object(records: Records, full_name: str, metadata: Mapping[str, Any]) -> Entity:
    """A custom object `Name__c` with its name field."""
    if not _NAME.fullmatch(full_name):
        raise _invalid(f"Custom object name must end in __c: {full_name}")
    if records.catalogue.known(full_name) is not None:
        said = f"That object name is already in use: {full_name}"
        raise Refused("DUPLICATE_DEVELOPER_NAME", said)
    named = metadata.get("nameField") or {}
    label = str(metadata.get("label") or full_name.removesuffix("__c").replace("_", " "))
    name = text("Name", 80, indexed=True)
    if named.get("type") == "AutoNumber":
        form = _COUNTER.sub(lambda digits: f"{{:0{len(digits[1])}d}}", str(named["displayFormat"]))
        name = auto_number("Name", form)
    made = entity(
        full_name, records.catalogue.free_prefix(), name, label=label,
        plural=str(metadata.get("pluralLabel") or f"{label}s"), story=("Name",),
    )  # fmt: skip
    records.catalogue.add_entity(made, records.clock.now())
    records.store.shelves[made.name] = Shelf(made)
    return made


def _invalid(said: str) -> Refused:
    return Refused("FIELD_INTEGRITY_EXCEPTION", said)
