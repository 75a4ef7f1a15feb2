"""How a row of the table is written."""

from __future__ import annotations

from pydantic import BaseModel

from simulators.kit.table import Handler, Route


def row(
    method: str,
    path: str,
    operation: str,
    handler: Handler,
    summary: str,
    scope: str,
    request: type[BaseModel] | None = None,
) -> Route:
    """A path under /v1; scope: the permission of a restricted key, without "rak_"."""
    return Route(method, f"/v1/{path}", operation, handler, summary, request, scope=f"rak_{scope}", form=True)
