"""The Tooling API as far as it defines things: custom fields and objects, validation rules, queries."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.rules.checks import ValidationRule
from simulators.salesforce.rules.definitions import define_field, define_object
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.records import saved

_ROOT = "/services/data/{version}/tooling/sobjects"


def _wish(call: Call) -> tuple[str, dict[str, Any]]:
    body = body_of(call)
    name, metadata = body.get("FullName"), body.get("Metadata")
    if not isinstance(name, str) or not isinstance(metadata, dict):
        missing = "FullName" if not isinstance(name, str) else "Metadata"
        raise Refused("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{missing}]", (missing,))
    return name, metadata


def _made(call: Call, kind: str, key: str) -> Reply:
    where = f"/services/data/{call.params['version']}/tooling/sobjects/{kind}/{key}"
    return json_reply(201, {**saved(key), "warnings": [], "infos": []}, (("Location", where),))


async def create_field(org: Org, call: Call) -> Reply:
    """201: a custom field."""
    name, metadata = _wish(call)
    define_field(org.records, name, metadata)
    key = org.next_id("00N")
    org.definitions[key] = name
    return _made(call, "CustomField", key)


async def delete_field(org: Org, call: Call) -> Reply:
    """204: the field and its values are gone."""
    name = org.definitions.pop(call.params["id"], None)
    if name is None:
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    entity, field = org.catalogue.field_of(name)
    org.catalogue.drop_field(entity, field.name, org.clock.now())
    org.store.shelves[entity.name].narrow(field.name)
    return Reply(204)


async def create_object(org: Org, call: Call) -> Reply:
    """201: a custom object (the vendor makes these through its metadata interface only)."""
    made = define_object(org.records, *_wish(call))
    return _made(call, "CustomObject", org.next_id("01I") if made else "")


async def create_rule(org: Org, call: Call) -> Reply:
    """201: a validation rule; FullName is Object.Rule."""
    name, metadata = _wish(call)
    kind, _, rule = name.partition(".")
    entity = org.catalogue.known(kind)
    if entity is None or not rule:
        raise Refused("INVALID_TYPE", f"Entity of type '{kind}' is not available")
    made = ValidationRule(
        org.next_id("03d"), entity.name, rule, str(metadata.get("errorConditionFormula") or ""),
        str(metadata.get("errorMessage") or ""), str(metadata.get("errorDisplayField") or ""),
        bool(metadata.get("active", True)), str(metadata.get("description") or ""),
    )  # fmt: skip
    org.checks.add(org.records, made)
    return _made(call, "ValidationRule", made.id)


def _rule(org: Org, call: Call) -> ValidationRule:
    found = org.checks.rules.get(call.params["id"])
    if found is None:
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    return found


async def read_rule(org: Org, call: Call) -> Reply:
    """A validation rule."""
    rule = _rule(org, call)
    metadata = {
        "active": rule.active, "description": rule.description or None, "errorConditionFormula": rule.formula,
        "errorDisplayField": rule.field or None, "errorMessage": rule.message,
    }  # fmt: skip
    path = f"/services/data/{call.params['version']}/tooling/sobjects/ValidationRule/{rule.id}"
    return json_reply(
        200,
        {"attributes": {"type": "ValidationRule", "url": path}, "Id": rule.id, "Active": rule.active,
         "ValidationName": rule.name, "FullName": f"{rule.entity}.{rule.name}", "Metadata": metadata,
         "ErrorMessage": rule.message, "ErrorDisplayField": rule.field or None},
    )  # fmt: skip


async def update_rule(org: Org, call: Call) -> Reply:
    """204: active or not, another formula or message."""
    rule = _rule(org, call)
    metadata = body_of(call).get("Metadata")
    told = metadata if isinstance(metadata, dict) else {}
    changed = ValidationRule(
        rule.id, rule.entity, rule.name, str(told.get("errorConditionFormula", rule.formula)),
        str(told.get("errorMessage", rule.message)), str(told.get("errorDisplayField") or rule.field),
        bool(told.get("active", rule.active)), str(told.get("description") or rule.description),
    )  # fmt: skip
    org.checks.drop(rule)
    try:
        org.checks.add(org.records, changed)
    except Refused:
        org.checks.add(org.records, rule)
        raise
    return Reply(204)


async def delete_rule(org: Org, call: Call) -> Reply:
    """204."""
    org.checks.drop(_rule(org, call))
    return Reply(204)


METADATA_TABLE = (
    Route("POST", f"{_ROOT}/CustomField", "create_field", create_field, "define a custom field"),
    Route("DELETE", f"{_ROOT}/CustomField/{{id}}", "delete_field", delete_field, "drop a custom field"),
    Route("POST", f"{_ROOT}/CustomObject", "create_object", create_object, "define a custom object"),
    Route("POST", f"{_ROOT}/ValidationRule", "create_rule", create_rule, "define a validation rule"),
    Route("GET", f"{_ROOT}/ValidationRule/{{id}}", "rule", read_rule, "a validation rule"),
    Route("PATCH", f"{_ROOT}/ValidationRule/{{id}}", "update_rule", update_rule, "change it"),
    Route("DELETE", f"{_ROOT}/ValidationRule/{{id}}", "delete_rule", delete_rule, "drop it"),
)
