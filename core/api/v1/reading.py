"""One resource as an answer: its bytes, their ETag, and nothing where the asker has them already."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response
from pydantic import TypeAdapter

from core.api.v1.personal import sees_all, veiled

# One key of a business object, as it stands in a path. No slash, no quote, no leading dot.
KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"


# Made once for each shape: by far the dearest part of an answer.
_ADAPTERS: dict[object, TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def resource(request: Request, value: object) -> Response:
    """200 with an ETag over the bytes; 304 without a body if `If-None-Match` names it (RFC 9110, 13.1.2).

    value: a canonical value or a pydantic model. Money is {"minor": whole minor units, "currency": ISO 4217},
    a day is "2026-01-31", an exact decimal is a string. Without personal:read it is veiled, and has the
    ETag of that.
    """
    body = _adapter(type(value)).dump_json(value)
    if not sees_all(request):
        body = veiled(type(value), body)
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if _knows(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")


def _knows(given: list[str], tag: str) -> bool:
    """By weak comparison, as RFC 9110 asks for If-None-Match."""
    named = [part.strip().removeprefix("W/") for line in given for part in line.split(",")]
    return "*" in named or tag in named
