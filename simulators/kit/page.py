"""A mock's page: its paths with their bodies, its faults and acts, what it leaves out; it works offline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from simulators.kit.chaos import CATALOGUE, KINDS, WORDED
from simulators.kit.control import CONTROL_TABLE
from simulators.kit.mock import Mock, Vendor
from simulators.kit.table import Route

_STYLE = (
    "body{font:15px/1.5 system-ui;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1b1f24}"
    "td,th{padding:.25rem .8rem .25rem 0;border-bottom:1px solid #e3e6ea;text-align:left;vertical-align:top}"
    "table{border-collapse:collapse;width:100%}code{font-size:.92em;overflow-wrap:anywhere}"
    "td:first-child{color:#57606a}summary{cursor:pointer}nav a{margin-right:1rem}"
    "input{font:inherit;width:24rem;max-width:100%;padding:.3rem}details code{color:#57606a}"
)
# Shows the rows of the paths that hold every word typed.
_SCRIPT = (
    "const q=document.querySelector('input'),rows=document.querySelectorAll('#paths tr');"
    "q.oninput=()=>{const w=q.value.toLowerCase().split(/\\s+/);for(const r of rows)"
    "r.hidden=!w.every(x=>r.textContent.toLowerCase().includes(x))}"
)
_PARTS = ("paths", "control", "faults", "acts", "options", "missing", "unconfirmed", "ours")


def page(mock: Mock) -> str:
    """HTML that needs nothing from elsewhere."""
    vendor = mock.vendor
    title, fidelity = escape(vendor.title), vendor.fidelity
    names = {kind: number for number, kind in CATALOGUE.items()}
    faults = (
        (f"{kind} {names.get(kind, '')}", text)
        for kind, text in KINDS.items()
        if kind not in WORDED or mock.can(kind, "*")
    )
    acts = (
        (name, f"{act.shown()['does']} {_members(act.needs, act.may)}") for name, act in vendor.acts.items()
    )
    parts: Mapping[str, tuple[str, str]] = {
        "paths": ("Vendor's paths", f"<p><input placeholder='words to look for'></p>{_paths(vendor)}"),
        "control": ("Control surface", _table((f"{m} {p}", text) for m, p, text in CONTROL_TABLE)),
        "faults": ("Faults that can be armed", _table(faults)),
        "acts": ("What can be made to happen (disturb)", _table(acts)),
        "options": ("Options", _table(vendor.options.items())),
        "missing": ("Not modelled, and what that hides", _table(fidelity.not_modelled)),
        "unconfirmed": ("Unconfirmed", _list(fidelity.unconfirmed)),
        "ours": ("Ours, not the vendor's", _list(fidelity.ours)),
    }
    links = "".join(f"<a href='#{part}'>{parts[part][0]}</a>" for part in _PARTS)
    body = "".join(f"<h2 id={part}>{parts[part][0]}</h2>{parts[part][1]}" for part in _PARTS)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f"<h1>{title}</h1><p>Tieout's mock. Machine-readable: "
        f'<a href="openapi.json">openapi.json</a></p><nav>{links}</nav>{body}<script>{_SCRIPT}</script>'
    )


def _paths(vendor: Vendor) -> str:
    rows = "".join(
        f"<tr><td>{route.method}</td><td><code>{escape(route.path)}</code>{_body(route)}</td>"
        f"<td><code>{escape(route.operation)}</code></td><td>{escape(route.summary)}</td></tr>"
        for route in vendor.table
    )
    head = "<tr><th></th><th>path</th><th>operation (faults, journal)</th><th></th></tr>"
    return f"<table><thead>{head}</thead><tbody id=paths>{rows}</tbody></table>"


def _body(route: Route) -> str:
    """The members of the body that a row reads."""
    if route.request is None:
        return ""
    schema = route.request.model_json_schema(by_alias=True)
    needed = schema.get("required", ())
    members = "".join(
        f"<li><code>{escape(name)}</code> {escape(_sort(shape))}{', required' * (name in needed)}</li>"
        for name, shape in schema.get("properties", {}).items()
    )
    return f"<details><summary>body</summary><ul>{members}</ul></details>" if members else ""


def _sort(shape: Mapping[str, Any]) -> str:
    """In a word or two: what a member may be."""
    for name in ("anyOf", "oneOf", "allOf"):
        if name in shape:
            found = dict.fromkeys(_sort(each) for each in shape[name] if each.get("type") != "null")
            return " or ".join(found)
    if "enum" in shape:
        return "one of " + ", ".join(map(str, shape["enum"]))
    if "$ref" in shape:
        return "object"
    if shape.get("type") == "array":
        return f"list of {_sort(shape.get('items', {}))}"
    return str(shape.get("format") or shape.get("type") or "any")


def _members(needs: Iterable[str], may: Iterable[str]) -> str:
    said = [f"needs {', '.join(needs)}" if needs else "", f"may have {', '.join(may)}" if may else ""]
    return f"({'; '.join(each for each in said if each)})" if any(said) else ""


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><code>{escape(a)}</code></td><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table>{cells}</table>" if cells else "<p>None.</p>"


def _list(items: Iterable[str]) -> str:
    cells = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{cells}</ul>" if cells else "<p>None.</p>"
