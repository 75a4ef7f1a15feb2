"""Descriptions of objects in the vendor's form."""

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
    def precision(self) -> int: ...
    @property
    def scale(self) -> int: ...
    @property
    def required(self) -> bool: ...
    @property
    def default(self) -> object: ...
    @property
    def values(self) -> Sequence[str]: ...
    @property
    def loose(self) -> bool: ...
    @property
    def external(self) -> bool: ...
    @property
    def unique(self) -> bool: ...
    @property
    def case_sensitive(self) -> bool: ...
    @property
    def createable(self) -> bool: ...
    @property
    def updateable(self) -> bool: ...
    @property
    def number(self) -> str: ...
    @property
    def targets(self) -> Sequence[str]: ...
    @property
    def also(self) -> Sequence[str]: ...
    @property
    def on_delete(self) -> str: ...
    @property
    def relationship(self) -> str: ...
    @property
    def custom(self) -> bool: ...
    @property
    def help(self) -> str: ...


class Described(Protocol):
    """An object as far as it is described."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def plural(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def custom(self) -> bool: ...
    @property
    def writable(self) -> bool: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...
    @property
    def compounds(self) -> Mapping[str, Sequence[tuple[str, str]]]: ...


_MERGEABLE = ("Account", "Contact", "Lead")
_SOAP = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "date": "xsd:date", "int": "xsd:int",
    "datetime": "xsd:dateTime", "double": "xsd:double", "currency": "xsd:double", "percent": "xsd:double",
    "address": "urn:address",
}  # fmt: skip
_NUMBERS = ("double", "currency", "percent")
_TEXTS = ("string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "id", "reference")


def listed(entity: Described, version: str) -> dict[str, Any]:
    """One line of the list of objects."""
    path = f"/services/data/{version}/sobjects/{entity.name}"
    free = entity.writable
    urls = {"compactLayouts": f"{path}/describe/compactLayouts", "rowTemplate": f"{path}/{{ID}}",
            "approvalLayouts": f"{path}/describe/approvalLayouts", "describe": f"{path}/describe",
            "layouts": f"{path}/describe/layouts", "sobject": path}  # fmt: skip
    return {
        "activateable": False, "associateEntityType": None, "associateParentEntity": None,
        "createable": free, "custom": entity.custom, "customSetting": False, "deepCloneable": False,
        "deletable": free, "deprecatedAndHidden": False, "feedEnabled": False, "hasSubtypes": False,
        "isInterface": False, "isSubtype": False, "keyPrefix": entity.prefix, "label": entity.label,
        "labelPlural": entity.plural, "layoutable": free, "mergeable": entity.name in _MERGEABLE,
        "mruEnabled": free, "name": entity.name, "queryable": True, "replicateable": True,
        "retrieveable": True, "searchable": free, "triggerable": free, "undeletable": free,
        "updateable": free, "urls": urls,
    }  # fmt: skip


def described(
    entity: Described,
    version: str,
    children: Iterable[tuple[str, str, str, str]],
    record_types: Iterable[tuple[str, str, str]],
) -> dict[str, Any]:
    """An object with its fields. children: (name, object, field, what becomes of them when the parent is
    deleted); record_types: (id, name, developer name)."""
    top = listed(entity, version)
    urls = {**top.pop("urls"), "uiEditTemplate": "/{ID}/e", "uiNewRecord": f"/{entity.prefix}/e",
            "uiDetailTemplate": "/{ID}"}  # fmt: skip
    return {
        "actionOverrides": [],
        **top,
        "childRelationships": [
            {"cascadeDelete": fate == "cascade", "childSObject": kind, "deprecatedAndHidden": False,
             "field": field, "junctionIdListNames": [], "junctionReferenceTo": [], "relationshipName": name,
             "restrictedDelete": fate == "restrict"}
            for name, kind, field, fate in children
        ],
        "compactLayoutable": True, "defaultImplementation": None, "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [_field(field, entity) for field in entity.fields.values()],
        "implementedBy": None, "implementsInterfaces": None, "listviewable": None, "lookupLayoutable": None,
        "namedLayoutInfos": [], "networkScopeFieldName": None,
        "recordTypeInfos": [
            _record_type(entity, version, *each)
            for each in (*record_types, ("012000000000000AAA", "Master", "Master"))
        ],
        "searchLayoutable": True, "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {entity.plural.lower()}", "name": "everything"},
                            {"label": f"My {entity.plural.lower()}", "name": "mine"}],
        "urls": urls,
    }  # fmt: skip


def _record_type(entity: Described, version: str, key: str, name: str, developer: str) -> dict[str, Any]:
    master = developer == "Master"
    path = f"/services/data/{version}/sobjects/{entity.name}/describe/layouts/{key}"
    return {
        "active": True, "available": True, "defaultRecordTypeMapping": master, "developerName": developer,
        "master": master, "name": name, "recordTypeId": key, "urls": {"layout": path},
    }  # fmt: skip


def _compound_of(name: str, entity: Described) -> str | None:
    compounds = entity.compounds.items()
    return next((whole for whole, parts in compounds if name in (column for _, column in parts)), None)


def _field(field: Column, entity: Described) -> dict[str, Any]:
    kind = field.type
    text, fraction = kind in _TEXTS, kind in _NUMBERS
    length = (18 if kind in ("id", "reference") else field.length) if text else 0
    label = {"Name": f"{entity.label} Name", "Id": f"{entity.label} ID"}.get(field.name, field.label)
    nillable = not field.required and kind not in ("boolean", "id") and field.name not in _ALWAYS
    return {
        "aggregatable": kind not in ("textarea", "multipicklist", "boolean", "address"),
        "aiPredictionField": False,
        "autoNumber": bool(field.number), "byteLength": length * 3, "calculated": False,
        "calculatedFormula": None, "cascadeDelete": field.on_delete == "cascade",
        "caseSensitive": field.case_sensitive, "compoundFieldName": _compound_of(field.name, entity),
        "controllerName": None,
        "createable": field.createable, "custom": field.custom, "defaultValue": field.default,
        "defaultValueFormula": None, "defaultedOnCreate": field.default is not None or field.name in _ALWAYS,
        "dependentPicklist": False, "deprecatedAndHidden": False, "digits": 9 if kind == "int" else 0,
        "displayLocationInDecimal": False, "encrypted": False, "externalId": field.external,
        "extraTypeInfo": "plaintextarea" if kind == "textarea" else None,
        "filterable": kind != "address" and not (kind == "textarea" and field.length > 255),
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "groupable": kind not in (*_NUMBERS, "textarea", "datetime", "address"),
        "highScaleNumber": False, "htmlFormatted": False, "idLookup": field.external or kind == "id",
        "inlineHelpText": field.help or None, "label": label, "length": length, "mask": None,
        "maskType": None, "name": field.name,
        "nameField": field.name in ("Name", "CaseNumber", "OrderNumber"),
        "namePointing": bool(field.also), "nillable": nillable, "permissionable": field.createable,
        "picklistValues": [
            {"active": True, "defaultValue": value == field.default, "label": value, "validFor": None,
             "value": value}
            for value in field.values
        ],
        "polymorphicForeignKey": bool(field.also), "precision": field.precision if fraction else 0,
        "queryByDistance": False, "referenceTargetField": None, "referenceTo": list(field.targets),
        "relationshipName": field.relationship or None, "relationshipOrder": None,
        "restrictedDelete": field.on_delete == "restrict",
        "restrictedPicklist": bool(field.values) and not field.loose, "scale": field.scale if fraction else 0,
        "searchPrefilterable": kind == "reference", "soapType": _SOAP.get(kind, "xsd:string"),
        "sortable": kind not in ("multipicklist", "address")
        and not (kind == "textarea" and field.length > 255),
        "type": kind, "unique": field.unique, "updateable": field.updateable,
        "writeRequiresMasterRead": False,
    }  # fmt: skip


# Columns that the org fills whatever is written.
_ALWAYS = frozenset(
    {"OwnerId", "IsDeleted", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById",
     "SystemModstamp"}
)  # fmt: skip
