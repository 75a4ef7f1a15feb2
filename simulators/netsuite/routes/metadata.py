"""The metadata catalogue: record types, their JSON schemas, and an OpenAPI document."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, dumps
from simulators.netsuite.rules import desks
from simulators.netsuite.rules.fields.catalogue import LINES, RECORDS
from simulators.netsuite.rules.fields.reading import Field, Fields
from simulators.netsuite.rules.orders import TRANSFORMS
from simulators.netsuite.rules.query.filters import filterable
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.references import RECORD_PATH
from simulators.netsuite.wire.shapes import links

CATALOGUE = "metadata-catalog"
_SCHEMA, _SWAGGER = "application/schema+json", "application/swagger+json"
_SORTS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number", "format": "double"},
    "integer": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "choice": {
        "type": "object",
        "properties": {"id": {"type": "string"}, "refName": {"type": "string"}},
    },
    "subrecord": {"type": "object"},
}


async def catalogue(sandbox: Sandbox, call: Call) -> Reply:
    """The record types; with the swagger type accepted, the OpenAPI document of the chosen ones."""
    chosen = [each.strip() for each in call.args().get("select", "").split(",") if each.strip()]
    for each in chosen:
        if each not in RECORDS:
            detail = f"Record type '{each}' does not exist."
            raise Refused("INVALID_PARAMETER", detail, "QueryParam", "select")
    kinds = chosen or sorted(sandbox.company.shelves)
    if _SWAGGER in call.headers.get("accept", ""):
        return Reply(200, dumps(_openapi(call, kinds)), (("content-type", _SWAGGER),))
    path = f"{call.base_url}{RECORD_PATH}{CATALOGUE}"
    items = [{"name": kind, "links": _links(call, path, kind)} for kind in kinds]
    value = {"links": links(path), "items": items}
    return Reply(200, dumps(value), (("content-type", "application/json"),))


async def one(sandbox: Sandbox, call: Call) -> Reply:
    """One record type: links, or by what is accepted its JSON schema or OpenAPI document."""
    kind = call.params["type"]
    desks.shelf(sandbox.company, kind)
    accepted = call.headers.get("accept", "")
    if _SWAGGER in accepted:
        return Reply(200, dumps(_openapi(call, [kind])), (("content-type", _SWAGGER),))
    if _SCHEMA in accepted or accepted in ("", "*/*"):
        return Reply(200, dumps(_schema(kind)), (("content-type", _SCHEMA),))
    path = f"{call.base_url}{RECORD_PATH}{CATALOGUE}"
    value = {"name": kind, "links": _links(call, path, kind)}
    return Reply(200, dumps(value), (("content-type", "application/json"),))


def _links(call: Call, path: str, kind: str) -> list[dict[str, str]]:
    here = f"{path}/{kind}"
    return [
        {"rel": "canonical", "href": here, "mediaType": "application/json"},
        {"rel": "describes", "href": f"{call.base_url}{RECORD_PATH}{kind}"},
        {"rel": "describedby", "href": here, "mediaType": _SWAGGER},
        {"rel": "describedby", "href": here, "mediaType": _SCHEMA},
    ]


def _schema(kind: str) -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-06/hyper-schema#",
        "type": "object",
        "properties": _properties(kind, RECORDS[kind], f"/services/rest/record/v1/{CATALOGUE}/"),
    }


def _properties(kind: str, listed: Fields, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": {"title": "Internal ID", "type": "string"}}
    for each in listed.values():
        found[each.name] = {"title": each.name, **_property(kind, each, prefix), "nullable": True}
        if kind in RECORDS and filterable(kind, each.name):
            found[each.name]["x-ns-filterable"] = True
        if each.shown:
            found[each.name]["readOnly"] = True
    found["links"] = {"title": "Links", "type": "array", "readOnly": True, "items": {"type": "object"}}
    return found


def _property(kind: str, each: Field, prefix: str) -> dict[str, Any]:
    if each.sort == "reference":
        shown: dict[str, Any] = {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("id", "externalId", "refName")},
        }
        return {**shown, "x-ns-reference": f"{prefix}{each.to}"} if each.to in RECORDS else shown
    if each.sort == "sublist":
        lines = LINES.get(f"{kind}.{each.name}", {})
        line = {"type": "object", "properties": _properties(f"{kind}.{each.name}", lines, prefix)}
        return {"type": "object", "properties": {"items": {"type": "array", "items": line}}}
    return dict(_SORTS[each.sort])


def _openapi(call: Call, kinds: list[str]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for kind in kinds:
        body = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind}"}}}}
        shown = {"200": {"description": "OK", **body}}
        done = {"204": {"description": "No Content"}}
        paths[f"/{kind}"] = {
            "get": {"tags": [kind], "summary": "Get list of records.", "responses": shown},
            "post": {"tags": [kind], "summary": "Insert record.", "requestBody": body, "responses": done},
        }
        paths[f"/{kind}/{{id}}"] = {
            "get": {"tags": [kind], "summary": "Get record.", "responses": shown},
            "patch": {"tags": [kind], "summary": "Update record.", "requestBody": body, "responses": done},
            "put": {
                "tags": [kind],
                "summary": "Insert or update record.",
                "requestBody": body,
                "responses": done,
            },
            "delete": {"tags": [kind], "summary": "Remove record.", "responses": done},
        }
        for each in RECORDS[kind].values():
            if each.sort == "sublist":
                lines = {"tags": [kind], "summary": f"Get sublist {each.name}.", "responses": shown}
                paths[f"/{kind}/{{id}}/{each.name}"] = {"get": lines}
        for target in TRANSFORMS.get(kind, ()):
            act = {"tags": [kind], "summary": f"Transform to {target}.", "responses": done}
            paths[f"/{kind}/{{id}}/!transform/{target}"] = {"post": act}
    schemas = {
        kind: {"type": "object", "properties": _properties(kind, RECORDS[kind], "#/components/schemas/")}
        for kind in kinds
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "NetSuite REST Record API", "version": "v1"},
        "servers": [{"url": f"{call.base_url}/services/rest/record/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
