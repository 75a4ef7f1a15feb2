"""A mock's OpenAPI document, made from its table."""

from __future__ import annotations

from typing import Any

from simulators.kit.control import CONTROL_TABLE
from simulators.kit.mock import Vendor
from simulators.kit.table import Route

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_REF = "#/components/schemas/{model}"


def openapi(vendor: Vendor) -> dict[str, Any]:
    """An OpenAPI 3.1 document of the vendor's paths and of the control surface."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for route in vendor.table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    for method, path, summary in CONTROL_TABLE:
        name = f"control_{method}_{path.rsplit('/', 1)[-1]}".lower()
        answers = {"200": {"description": "done"}, "400": {"description": "what is wrong, and with what"}}
        row: dict[str, Any] = {
            "operationId": name,
            "summary": summary,
            "tags": ["control"],
            "responses": answers,
        }
        if method == "POST":
            row["requestBody"] = {"content": {_JSON: {"schema": {"type": "object"}}}}
        paths.setdefault(path, {})[method.lower()] = row
    return {
        "openapi": "3.1.0",
        "info": {"title": vendor.title, "version": "1", "description": f"Tieout's mock of {vendor.title}."},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    names = [segment[1:-1] for segment in route.path.split("/") if segment.startswith("{")]
    row: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{route.operation}",
        "x-tieout-operation": route.operation,
        "summary": route.summary,
        "responses": {"default": {"description": "the vendor's answer"}},
    }
    if names:
        row["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    if route.request is not None:
        schema = route.request.model_json_schema(by_alias=True, ref_template=_REF)
        for name, shape in schema.pop("$defs", {}).items():
            schemas.setdefault(name, shape)
        row["requestBody"] = {"content": {_FORM if route.form else _JSON: {"schema": schema}}}
    return row
