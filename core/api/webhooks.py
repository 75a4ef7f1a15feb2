"""Webhooks in: POST /webhooks/<vendor>, checked, read, handed to the connectivity model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from core.canonical.errors import CoreError
from core.canonical.events import Event
from core.connectivity.model import Answer
from core.connectors.webhook_errors import BadSignature, Malformed, UnknownType
from core.governance.accounts import Secret
from core.governance.audit import Deed, Outcome
from core.governance.refusals import Refusals
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
    challenge: what a sender is told that must be asked for its credentials; former: the secret before this
    one, while it is being changed and senders may still sign with it; echo: whether an event that is
    no news tells of what we wrote ourselves.
    """

    channel: str
    secret: str = field(repr=False)
    read: Read
    identify: Identify
    challenge: str = ""
    former: Secret | None = field(default=None, repr=False)
    echo: Callable[[bytes], bool] = lambda _: False

    def events(self, headers: Mapping[str, str], body: bytes, now: int, window_seconds: int) -> list[Event]:
        """What happened, signed with either secret that holds; as `read` raises."""
        try:
            return self.read(headers, body, self.secret, now, window_seconds)
        except BadSignature:
            if self.former is None or not self.former.holds(now):
                raise
            return self.read(headers, body, self.former.value, now, window_seconds)


@dataclass(frozen=True, slots=True)
class _Door:
    readers: Mapping[str, Reader]
    accept: Callable[[Event], Awaitable[Answer]]
    watch: Watch
    clock: Clock
    window_seconds: int
    max_body: int
    refusals: Refusals | None

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
            await self._rejected("unknown", "", path, "no such vendor")
            return 404, _EMPTY
        if scope["method"] != "POST":
            await self._rejected(reader.channel, "", path, f"{scope['method']} is no POST")
            return 405, [*_EMPTY, (b"allow", b"POST")]
        body = await _body(receive, self.max_body)
        if body is None:
            await self._rejected(reader.channel, "", path, f"more than {self.max_body} bytes")
            return 413, _EMPTY
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return await self._handle(reader, headers, body)

    async def _handle(
        self, reader: Reader, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]]]:
        # A stranger may have written it: no line gets longer than it.
        identity = reader.identify(headers, body)[:_NAME_MOST]
        try:
            events = reader.events(headers, body, self.clock.now(), self.window_seconds)
        except BadSignature:
            await self._rejected(reader.channel, identity, identity, "signature")
            if reader.challenge:
                return 401, [*_EMPTY, (b"www-authenticate", reader.challenge.encode("latin-1"))]
            return 401, _EMPTY
        except Malformed as error:
            await self._rejected(reader.channel, identity, identity, f"malformed: {error}")
            return 400, _EMPTY
        except UnknownType as error:
            # Answered with anything else it would come again until the sender gives the endpoint up.
            reason = f"unknown type: {str(error)[:_NAME_MOST]}"
            self.watch.receipt(reader.channel, identity, "ignored", reason)
            await self._refused(reader.channel, identity, reason)
            return 200, _EMPTY
        if not events:
            echo = reader.echo(body)
            if echo:
                self.watch.count(f"echoes.{reader.channel}")
            why = "an echo of our own write" if echo else "no concern of ours"
            self.watch.receipt(reader.channel, identity, "ignored", why)
            return 200, _EMPTY
        status = 200
        for event in events:
            try:
                await self.watch.tracer.relate(event.subject, (event.about,) if event.about else ())
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

    async def _rejected(self, sender: str, event: str, subject: str, reason: str) -> None:
        self.watch.receipt(sender, event, "rejected", reason)
        await self._refused(sender, subject, reason)

    async def _refused(self, sender: str, subject: str, reason: str) -> None:
        if self.refusals is None:
            return
        deed = Deed(f"webhook:{sender}", "webhooks:send", "receive", subject, Outcome.REFUSED, reason)
        try:
            await self.refusals.write(deed)
        except CoreError:
            # The sender is refused all the same.
            self.watch.alert("high", f"webhook:{sender}", "a refusal could not be written into the audit log")


_NAME_MOST = 255
_EMPTY: list[tuple[bytes, bytes]] = [(b"content-length", b"0")]


def webhook_app(
    readers: Mapping[str, Reader],
    accept: Callable[[Event], Awaitable[Answer]],
    watch: Watch,
    clock: Clock,
    window_seconds: int,
    max_body: int = 1_000_000,
    refusals: Refusals | None = None,
) -> Asgi:
    """An ASGI app. 200: taken or ignored; 503: come again; 400: malformed; 401: not signed as it should
    be; 404: no such vendor; 405; 413: more than `max_body` bytes. What is not 200 or 503, and what was never
    asked for, is counted as a receipt and has a line in the audit log, by `refusals`."""
    return _Door(readers, accept, watch, clock, window_seconds, max_body, refusals)


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
