"""The FastAPI face: the same table with an OpenAPI document and a page that works offline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from simulators.kit.control import CONTROL_TABLE, Controls
from simulators.kit.lean import lean_app, read_call, route_and_answer
from simulators.kit.mock import Mock
from simulators.kit.table import Reply, Route


def fastapi_app(mock: Mock, controls: Controls | None = None) -> FastAPI:
    """A FastAPI application whose answers are, byte for byte, the lean face's."""
    vendor = mock.vendor
    app = FastAPI(title=vendor.title, docs_url=None, redoc_url=None, redirect_slashes=False)
    page = _page(mock)

    async def answer(request: Request) -> Response:
        call = await read_call(request.scope, request.receive)
        return _response(await route_and_answer(mock, call), call.method)

    async def control(request: Request) -> Response:
        call = await read_call(request.scope, request.receive)
        assert controls is not None
        return _response(await controls.answer(call), call.method)

    async def docs() -> HTMLResponse:
        return HTMLResponse(page)

    app.add_api_route("/docs", docs, methods=["GET"], include_in_schema=False)
    for route in vendor.table:
        _add(app, route, answer)
    if controls is not None:
        for method, path, summary in CONTROL_TABLE:
            name = f"control_{method}_{path.rsplit('/', 1)[-1]}".lower()
            app.add_api_route(path, control, methods=[method], summary=summary, operation_id=name)
    # Everything else (unknown paths, other methods, encoded slashes) is the lean face's own.
    app.mount("/", lean_app(mock, controls))
    return app


def _add(app: FastAPI, route: Route, answer: Callable[[Request], Awaitable[Response]]) -> None:
    names = [s[1:-1] for s in route.path.split("/") if s.startswith("{")]
    extra: dict[str, Any] = {
        "parameters": [
            {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names
        ]
    }
    if route.request is not None:
        media = "application/x-www-form-urlencoded" if route.form else "application/json"
        schema = route.request.model_json_schema(by_alias=True)
        extra["requestBody"] = {"content": {media: {"schema": schema}}}
    app.add_api_route(
        route.path,
        answer,
        methods=[route.method],
        summary=route.summary,
        operation_id=f"{route.method.lower()}_{route.operation}",
        openapi_extra=extra,
        response_class=Response,
    )


def _response(reply: Reply, method: str) -> Response:
    response = Response(b"" if method == "HEAD" else reply.body, reply.status)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    response.raw_headers = [*raw, (b"content-length", str(len(reply.body)).encode())]
    return response


def _page(mock: Mock) -> str:
    rows = "".join(
        f"<tr><td>{r.method}</td><td><code>{escape(r.path)}</code></td><td>{escape(r.summary)}</td></tr>"
        for r in mock.vendor.table
    )
    controls = "".join(
        f"<tr><td>{m}</td><td><code>{escape(p)}</code></td><td>{escape(s)}</td></tr>"
        for m, p, s in CONTROL_TABLE
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f"<title>{escape(mock.vendor.title)}</title>"
        "<style>body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}"
        "td{padding:.2rem .8rem;border-bottom:1px solid #ddd}table{border-collapse:collapse}</style>"
        f"<h1>{escape(mock.vendor.title)}</h1><p>Machine-readable: "
        '<a href="/openapi.json">openapi.json</a></p>'
        f"<h2>Vendor's paths</h2><table>{rows}</table><h2>Control surface</h2><table>{controls}</table>"
    )
