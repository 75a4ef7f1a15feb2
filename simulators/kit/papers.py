"""A mock's papers, made from its table: the OpenAPI document, and a page that works offline."""

from __future__ import annotations

from html import escape
from typing import Any

from simulators.kit.control import CONTROL_TABLE
from simulators.kit.mock import Vendor
from simulators.kit.table import Route

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_REF = "#/components/schemas/{model}"
_STYLE = (
    "body{font:15px/1.5 system-ui;margin:2rem auto;max-width:68rem;padding:0 1rem;color:#1b1f24}"
    "td,th{padding:.25rem .8rem .25rem 0;border-bottom:1px solid #e3e6ea;text-align:left;vertical-align:top}"
    "table{border-collapse:collapse;width:100%}code{font-size:.92em}td:first-child{width:5rem;color:#57606a}"
)


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


def page(vendor: Vendor) -> str:
    """Every path in one table, as HTML that needs nothing from elsewhere."""
    rows = [(route.method, route.path, route.summary) for route in vendor.table]
    fidelity = vendor.fidelity
    missing = "".join(
        f"<tr><td>—</td><td>{escape(what)}</td><td>{escape(hides)}</td></tr>"
        for what, hides in fidelity.not_modelled
    )
    title = escape(vendor.title)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f"<h1>{title}</h1><p>Tieout's mock. Machine-readable: "
        '<a href="/openapi.json">openapi.json</a></p>'
        f"<h2>Vendor's paths</h2>{_table(rows)}<h2>Control surface</h2>{_table(list(CONTROL_TABLE))}"
        "<h2>Not modelled</h2><table><tr><th></th><th>what</th><th>what that hides</th></tr>"
        f"{missing}</table>"
        f"<h2>Unconfirmed</h2>{_list(fidelity.unconfirmed)}"
        f"<h2>Ours, not the vendor's</h2>{_list(fidelity.ours)}"
    )


def _table(rows: list[tuple[str, str, str]]) -> str:
    cells = "".join(
        f"<tr><td>{method}</td><td><code>{escape(path)}</code></td><td>{escape(summary)}</td></tr>"
        for method, path, summary in rows
    )
    return f"<table>{cells}</table>"


def _list(items: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>" if items else "<p>—</p>"
