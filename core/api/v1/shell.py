"""Around every answer: the request's id, headers that stop browsers guessing, and how much may come in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from itertools import count
from typing import Any

from core.api.v1.problems import problem
from core.api.webhooks import Asgi, Receive, Scope, Send
from core.ports.world import Clock

MAX_BODY = 65_536
# Within which a whole request has to be here: who sends a byte now and then holds no place for ever.
BODY_SECONDS = 10

# https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html, "Security Headers"
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")


class Shell:
    """An ASGI application around another. A caller's X-Request-Id comes back, or one is made; a body of
    more than `most` bytes answers 413 and reaches nobody. /webhooks has a measure of its own."""

    def __init__(self, app: Asgi, clock: Clock, most: int = MAX_BODY) -> None:
        self._app, self._clock, self._most = app, clock, most
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        private = scope["path"].startswith("/v1/")

        async def dressed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = [*message.get("headers", ())]
                # The page says itself what it may load; everything else may load nothing.
                own = {name.lower() for name, _ in given}
                headers = [*given, *(each for each in _SECURITY if each[0] not in own)]
                headers.append((b"x-request-id", request_id))
                if private and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            await send(message)

        if scope["path"].startswith("/webhooks"):
            await self._late(scope, receive, dressed)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _whole(receive, self._most)
        except TimeoutError:
            await _slow(scope, receive, dressed)
            return
        if body is None:
            refused = problem(413, "too-large", f"body: more than {self._most} bytes", scope["path"])
            await refused(scope, receive, dressed)
            return
        await self._app(scope, _again(body, receive), dressed)

    async def _late(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The door of the webhooks reads for itself, and waits no longer for it all than others do."""
        loop = asyncio.get_running_loop()
        until, read = loop.time() + BODY_SECONDS, False

        async def in_time() -> MutableMapping[str, Any]:
            nonlocal read
            if read:
                return await receive()
            async with asyncio.timeout_at(until):
                message = await receive()
            read = not message.get("more_body")
            return message

        try:
            await self._app(scope, in_time, send)
        except TimeoutError:
            if read:
                raise
            await _slow(scope, receive, send)

    def _request_id(self, scope: Scope) -> bytes:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _ID.match(value):
                return bytes(value)
        return f"{self._clock.now():x}-{next(self._numbers)}".encode()


async def _slow(scope: Scope, receive: Receive, send: Send) -> None:
    late = problem(408, "too-slow", f"body: not here within {BODY_SECONDS} s", scope["path"])
    late.headers["connection"] = "close"
    await late(scope, receive, send)


async def _whole(receive: Receive, most: int) -> bytes | None:
    """The body, or None as soon as it is too long."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read is given out once more; after it comes what the server says."""
    given = False

    async def once() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
