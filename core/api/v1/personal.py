"""Answers of /v1 without personal data for whoever has not been granted personal:read."""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter

from core.api.v1.problems import MEDIA_TYPE, Problem
from core.api.webhooks import Asgi, Receive, Scope, Send
from core.governance.personal import veiled_field, veiled_text

_JSON = ("application/json", MEDIA_TYPE)
_SCHEMAS: dict[object, dict[str, Any]] = {}


def sees_all(request: Request) -> bool:
    """Whether the caller was let in with personal:read; nobody is before being let in."""
    return bool(getattr(request.state, "personal", False))


def veiled(kind: Any, body: bytes) -> bytes:
    """JSON of a response model (None: of no known shape) without personal data; the very same bytes where
    there is none, so that veiling twice changes nothing. Texts of no known field lose e-mail addresses."""
    schema = _schema(kind)
    plain = json.loads(body)
    found = _walked(plain, schema, schema.get("$defs", {}))
    if found == plain:
        return body
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _schema(kind: Any) -> dict[str, Any]:
    if kind is None:
        return {}
    if kind not in _SCHEMAS:
        _SCHEMAS[kind] = TypeAdapter(kind).json_schema(mode="serialization")
    return _SCHEMAS[kind]


def _walked(value: Any, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    # Each way of a union takes away only what is its own.
    for way in schema.get("anyOf", ()) if isinstance(value, dict | list) else ():
        value = _walked(value, way, defs)
    if isinstance(value, dict):
        shape, fields, others = schema.get("title", ""), schema.get("properties", {}), {}
        if isinstance(schema.get("additionalProperties"), dict):
            others = schema["additionalProperties"]
        return {
            name: veiled_field(shape, name, each, value)
            if isinstance(each, str)
            else _walked(each, fields.get(name, others), defs)
            for name, each in value.items()
        }
    if isinstance(value, list):
        items = schema.get("items", {})
        return [_walked(each, items if isinstance(items, dict) else {}, defs) for each in value]
    return veiled_text(value) if isinstance(value, str) else value


class Veiling:
    """An ASGI application around another: the last look at every JSON answer of /v1, so that an operation
    that nobody has thought about shows nothing either. The ETag of a resource is of the veiled bytes already
    (`reading.resource`)."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        begun: MutableMapping[str, Any] = {}
        body = b""

        async def last(message: MutableMapping[str, Any]) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                begun = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            shown = body
            if body and _is_json(begun) and not scope.get("state", {}).get("personal"):
                shown = veiled(_kind(scope, begun["status"]), body)
            await send(_measured(begun, shown))
            await send({**message, "body": shown})

        await self._app(scope, receive, last)


def _is_json(begun: Mapping[str, Any]) -> bool:
    kinds = (value for name, value in begun["headers"] if name.lower() == b"content-type")
    return any(kind.decode("latin-1").partition(";")[0] in _JSON for kind in kinds)


def _kind(scope: Scope, status: int) -> Any:
    return Problem if status >= 400 else getattr(scope.get("route"), "response_model", None)


def _measured(begun: MutableMapping[str, Any], body: bytes) -> MutableMapping[str, Any]:
    headers = [
        (name, str(len(body)).encode() if name.lower() == b"content-length" and body else value)
        for name, value in begun["headers"]
    ]
    return {**begun, "headers": headers}
