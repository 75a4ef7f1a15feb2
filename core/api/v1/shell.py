"""Around every answer: the request's id, headers that stop browsers guessing, and how much may come in."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import MutableMapping
from itertools import count
from typing import Any

from core.api.v1.problems import Fault, problem
from core.api.v1.strict import ill_formed
from core.api.webhooks import Asgi, Receive, Scope, Send
from core.ports.world import Clock

MAX_BODY = 65_536
# Within which a whole request has to be here: who sends a byte now and then holds no place for ever.
BODY_SECONDS = 10
# Of a body that is refused, in the answer.
_SHOWN = 60

# https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html, "Security Headers"
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
_log = logging.getLogger("tieout.api")


class Shell:
    """An ASGI application around another. A caller's X-Request-Id comes back, or one is made; a body of
    more than `most` bytes answers 413, one for /v1 that is no JSON as `ill_formed` has it 422, and neither
    reaches anybody; what nobody foresaw answers 500 and is in the log. /webhooks has a measure of its own."""

    def __init__(self, app: Asgi, clock: Clock, most: int = MAX_BODY) -> None:
        self._app, self._clock, self._most = app, clock, most
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        private, begun = scope["path"].startswith("/v1/"), False
        # RFC 9110, 9.3.2: what GET answers, without its content; the resources know of GET only.
        bare = scope["method"] == "HEAD" and not scope["path"].startswith("/webhooks")
        if bare:
            scope = {**scope, "method": "GET"}

        async def dressed(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = [*message.get("headers", ())]
                # The page says itself what it may load; everything else may load nothing.
                own = {name.lower() for name, _ in given}
                headers = [*given, *(each for each in _SECURITY if each[0] not in own)]
                headers.append((b"x-request-id", request_id))
                if private and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            elif bare:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._answer(scope, receive, dressed)
        except Exception as error:
            # The last door: whatever it is, the caller is answered.
            _log.error(
                "request %s: %s %s", request_id.decode(), scope["method"], scope["path"], exc_info=error
            )
            if begun:
                # Half an answer is no answer: the server closes the connection.
                raise
            detail = f"something went wrong here; request {request_id.decode()} is in the log"
            await problem(500, "internal", detail, scope["path"])(scope, receive, dressed)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/webhooks"):
            await self._late(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _whole(receive, self._most)
        except TimeoutError:
            await _slow(scope, receive, send)
            return
        if body is None:
            refused = problem(413, "too-large", f"body: more than {self._most} bytes", scope["path"])
            await refused(scope, receive, send)
            return
        if (why := ill_formed(body) if _is_json(scope) else None) is not None:
            fault = Fault(where="body", field="body", value=repr(body[:_SHOWN])[2:-1], reason=why)
            await problem(422, "invalid", f"body: {why}", scope["path"], faults=[fault])(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)

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


def _is_json(scope: Scope) -> bool:
    """What the resources read as JSON: what says so, and what says nothing."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"application/json")
    return scope["path"].startswith("/v1/") and b"json" in kind.lower()


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
