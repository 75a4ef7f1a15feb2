"""Stripe's dialect: form bodies with brackets, lists with cursors, errors in an envelope.

Names from the vendor's API reference, version 2026-10-28.endive (the pin of stripe-python 16.1.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

API_VERSION = "2026-10-28.endive"
PAGE_SIZE = 100
KEY_LENGTH_MAX = 255

Json = Mapping[str, Any]
Params = Mapping[str, object]

# Currencies whose amounts Stripe counts in hundredths though they have no minor unit
# (docs.stripe.com/currencies, "special cases").
COUNTED_IN_HUNDREDTHS = frozenset({"ISK"})

INTENT_STATUS = {
    "requires_payment_method": "open",
    "requires_confirmation": "open",
    "requires_action": "processing",
    "requires_capture": "processing",
    "processing": "processing",
    "succeeded": "paid",
    "canceled": "cancelled",
}


def form(params: Params) -> bytes:
    """A form body: {"a": {"b": 1}, "c": ["x"]} is a[b]=1&c[0]=x."""
    return urlencode(list(_pairs(params)), safe="[]").encode()


def path(resource: str, identity: str = "", params: Params | None = None) -> str:
    """/v1/<resource>[/<identity>][?query]"""
    where = f"/v1/{resource}" + (f"/{quote(identity, safe='')}" if identity else "")
    return f"{where}?{urlencode(list(_pairs(params)))}" if params else where


def _pairs(params: Params) -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        yield from _named(name, value)


def _named(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _named(f"{name}[{key}]", part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for i, part in enumerate(value):
            yield from _named(f"{name}[{i}]", part)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    else:
        yield name, str(value)


def error_of(body: object) -> Json:
    """The `error` member of an answer; empty if there is none."""
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def metadata(body: Json, name: str) -> str:
    """One value of an object's metadata, or ""."""
    held = body["metadata"]
    return str(held.get(name) or "") if isinstance(held, dict) else ""
