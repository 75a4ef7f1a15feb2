"""The FastAPI face: the same table as routes of an application that others may mount and extend."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from simulators.kit.lean import Answer, lean_app, read_call
from simulators.kit.mock import Mock, Vendor
from simulators.kit.papers import openapi
from simulators.kit.table import Reply, Route


def fastapi_app(mock: Mock | Vendor, answer: Answer | None = None) -> FastAPI:
    """A FastAPI application whose answers are, byte for byte, the lean face's.

    answer: what answers the calls, where it is not the mock itself.
    """
    vendor = mock.vendor if isinstance(mock, Mock) else mock
    if answer is None:
        if not isinstance(mock, Mock):
            raise TypeError("answer: a vendor alone cannot answer")
        answer = mock.call
    app = FastAPI(title=vendor.title, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    async def serve(request: Request) -> Response:
        call = await read_call(request.scope, request.receive)
        return _response(await answer(call), call.method)

    for route in vendor.table:
        _add(app, route, serve)
    # The papers, the control surface, unknown paths and other methods are the lean face's own.
    app.mount("/", lean_app(answer))
    document: dict[str, Any] = {}
    app.openapi = lambda: document or document.update(openapi(vendor)) or document  # type: ignore[method-assign]
    return app


def _add(app: FastAPI, route: Route, serve: Any) -> None:
    app.add_api_route(
        route.path,
        serve,
        methods=[route.method],
        summary=route.summary,
        operation_id=f"{route.method.lower()}_{route.operation}",
        response_class=Response,
    )


def _response(reply: Reply, method: str) -> Response:
    response = Response(b"" if method == "HEAD" else reply.body, reply.status or 502)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    response.raw_headers = [*raw, (b"content-length", str(len(reply.body)).encode())]
    return response
