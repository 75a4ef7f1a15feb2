"""Webhooks in: POST /webhooks/<vendor>, checked, read, handed to the connectivity model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from core.canonical.errors import CoreError
from core.canonical.events import Event
from core.connectivity.model import Answer
from core.connectors.webhook_errors import BadSignature, Malformed
from core.governance.audit import Deed, Outcome, Trail
from core.ports.world import Clock, Watch

PREFIX = "/webhooks/"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
# (headers in lower case, body, secret, now in microseconds, window in seconds) -> what happened.
Read = Callable[[Mapping[str, str], bytes, str, int, int], list[Event]]
Identify = Callable[[Mapping[str, str], bytes], str]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one vendor's webhooks are read.

    identify: the event's id without regard to its signature, for the record of what was not applied;
    challenge: what a sender is told that must be asked for its credentials.
    """

    channel: str
    secret: str = field(repr=False)
    read: Read
    identify: Identify
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class _Door:
    readers: Mapping[str, Reader]
    accept: Callable[[Event], Awaitable[Answer]]
    watch: Watch
    clock: Clock
    window_seconds: int
    max_body: int
    trail: Trail | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            status, headers = await self._answer(scope, receive)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]]]:
        path: str = scope["path"]
        reader = self.readers.get(path[len(PREFIX) :].rstrip("/")) if path.startswith(PREFIX) else None
        if reader is None:
            await self._refused("unknown", path, "no such vendor")
            return 404, _EMPTY
        if scope["method"] != "POST":
            return 405, [*_EMPTY, (b"allow", b"POST")]
        body = await _body(receive, self.max_body)
        if body is None:
            await self._refused(reader.channel, path, f"more than {self.max_body} bytes")
            return 413, _EMPTY
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return await self._handle(reader, headers, body)

    async def _handle(
        self, reader: Reader, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]]]:
        try:
            events = reader.read(headers, body, reader.secret, self.clock.now(), self.window_seconds)
        except BadSignature:
            await self._rejected(reader, headers, body, "signature")
            if reader.challenge:
                return 401, [*_EMPTY, (b"www-authenticate", reader.challenge.encode("latin-1"))]
            return 401, _EMPTY
        except Malformed as error:
            await self._rejected(reader, headers, body, f"malformed: {error}")
            return 400, _EMPTY
        if not events:
            self._receipt(reader, headers, body, "ignored", "no concern of ours")
            return 200, _EMPTY
        status = 200
        for event in events:
            try:
                with self.watch.tracer.transaction(
                    event.subject, "accept", channel=event.channel, event=event.id, topic=event.topic
                ):
                    self.watch.tracer.caused_by(headers.get("traceparent", ""))
                    answer = await self.accept(event)
            except CoreError:
                # Not taken down, so not acknowledged: the sender comes again.
                answer = Answer.TRY_AGAIN
            if answer is not Answer.ACCEPTED:
                status = answer.value
        return status, _EMPTY

    async def _rejected(self, reader: Reader, headers: Mapping[str, str], body: bytes, reason: str) -> None:
        self._receipt(reader, headers, body, "rejected", reason)
        await self._refused(reader.channel, reader.identify(headers, body), reason)

    async def _refused(self, sender: str, subject: str, reason: str) -> None:
        if self.trail is None:
            return
        deed = Deed(f"webhook:{sender}", "webhooks:send", "receive", subject, Outcome.REFUSED, reason)
        try:
            await self.trail.write(deed)
        except CoreError:
            # The sender is refused all the same.
            self.watch.alert("high", f"webhook:{sender}", "a refusal could not be written into the audit log")

    def _receipt(
        self, reader: Reader, headers: Mapping[str, str], body: bytes, outcome: str, reason: str
    ) -> None:
        self.watch.receipt(reader.channel, reader.identify(headers, body), outcome, reason)


_EMPTY: list[tuple[bytes, bytes]] = [(b"content-length", b"0")]


def webhook_app(
    readers: Mapping[str, Reader],
    accept: Callable[[Event], Awaitable[Answer]],
    watch: Watch,
    clock: Clock,
    window_seconds: int,
    max_body: int = 1_000_000,
    trail: Trail | None = None,
) -> Asgi:
    """An ASGI app. 200: taken or ignored; 503: come again; 400: malformed; 401: not signed as it should
    be; 404: no such vendor; 405; 413: more than `max_body` bytes. trail: each refusal
    has a line in the audit log."""
    return _Door(readers, accept, watch, clock, window_seconds, max_body, trail)


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body, or None as soon as it is too long."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    return body if len(body) <= most else None


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
