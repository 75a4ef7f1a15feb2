"""The lean face: a mock's table as one function of a call, and as a bare ASGI app of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from simulators.kit.history import CAUSE
from simulators.kit.mock import Mock
from simulators.kit.table import Call, Reply

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = Callable[[Call], Coroutine[Any, Any, Reply]]


def lean_app(mock: Mock | Answer) -> Asgi:
    """ASGI 3 over what answers a call: a mock, or what stands before it."""
    answer = mock.call if isinstance(mock, Mock) else mock

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _lifespan(scope, receive, send)
            return
        call = await read_call(scope, receive)
        await write_reply(send, await answer(call), head=call.method == "HEAD")

    return app


async def read_call(scope: Scope, receive: Receive) -> Call:
    """One HTTP request of ASGI as a Call."""
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    cause = scope.get("state", {}).get("cause")
    if cause:
        CAUSE.set(cause)
    path = scope.get("raw_path") or scope["path"].encode()
    return Call(
        scope["method"],
        path.partition(b"?")[0].decode("latin-1"),
        scope["query_string"].decode("latin-1"),
        headers,
        body,
        base_url=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}",
    )


async def write_reply(send: Send, reply: Reply, *, head: bool = False) -> None:
    """A Reply as two ASGI messages, with its content-length."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else reply.body})


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        return
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
