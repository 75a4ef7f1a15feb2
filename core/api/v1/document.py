"""The OpenAPI document: what problems look like, and that an operation may be on its way out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from core.api.v1.asyncapi import schemas as told_outside
from core.api.v1.asyncapi import webhooks
from core.api.v1.problems import Problem

_OF_FASTAPI = ("HTTPValidationError", "ValidationError")


def documented(app: FastAPI) -> None:
    """Served at /openapi.json to anybody: it holds no data of a company."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs", {})
            schemas["Problem"] = problem
            # A shape that a resource has, too, is the same one.
            made["components"]["schemas"] = told_outside() | schemas
            schemas = made["components"]["schemas"]
            made["webhooks"] = webhooks()
            for name in _OF_FASTAPI:
                schemas.pop(name, None)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def leaving(since: date, until: date, successor: str) -> Callable[[Response], Awaitable[None]]:
    """A dependency that says that an operation is deprecated since a day, goes on another, and what takes its
    place: Deprecation (RFC 9745), Sunset (RFC 8594), Link to the successor version (RFC 5829)."""
    begins = datetime(since.year, since.month, since.day, tzinfo=UTC)
    ends = datetime(until.year, until.month, until.day, tzinfo=UTC)

    async def tell(response: Response) -> None:
        response.headers["deprecation"] = f"@{int(begins.timestamp())}"
        response.headers["sunset"] = format_datetime(ends, usegmt=True)
        response.headers["link"] = f'<{successor}>; rel="successor-version"'

    return tell
