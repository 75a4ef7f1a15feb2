"""Somebody outside who is told: checks signatures by hand, as Standard Webhooks says, and acts once by id.

Shares no code with who signs. In the lab it has its own troubles, drawn by call; in a unit test they are set.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import unquote_to_bytes

from core.assemble import Core
from core.canonical.errors import Unavailable, Unclear
from core.ports.announcing import ContentMode
from core.ports.world import Clock, Draws, Request, Response

URL = "https://consumer.example/facts"
_BLOCK = 64
# Of the calls in trouble: refused before anything happened, never reached, answered by nobody.
_REFUSED, _AWAY, _LOST = 0.1, 0.15, 0.3
_LATENCY_SECONDS = 0.2


def hmac_by_hand(key: bytes, text: bytes) -> bytes:
    """RFC 2104, written out."""
    key = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    key = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + text).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


def genuine(secret: str, headers: Any, body: bytes) -> bool:
    """Whether one of the signatures is by this secret."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = base64.b64encode(hmac_by_hand(base64.b64decode(secret[len("whsec_") :]), signed)).decode()
    return f"v1,{own}" in headers["webhook-signature"].split(" ")


def all_genuine(secret: str, headers: Any, body: bytes) -> bool:
    """Also of the attributes, where they are headers."""
    if headers["content-type"].startswith("application/cloudevents"):
        return genuine(secret, headers, body)
    named = sorted(name for name in headers if name.startswith("ce-") or name == "content-type")
    lines = "\n".join(name + ":" + headers[name] for name in named)
    own = {**headers, "webhook-signature": headers["webhook-attributes-signature"]}
    return genuine(secret, headers, body) and genuine(secret, own, lines.encode() + b"." + body)


def understood(headers: Any, body: bytes) -> Any:
    """The event, in either content mode, as the HTTP binding of CloudEvents has it (1.0.2, section 3)."""
    if headers["content-type"].startswith("application/cloudevents"):
        return json.loads(body)
    named = {name[3:]: unquote_to_bytes(headers[name]).decode() for name in headers if name[:3] == "ce-"}
    return {**named, "datacontenttype": headers["content-type"], "data": json.loads(body)}


class Consumer:
    """Implements core.ports.world.Transport, as the far end. answers: what is said to the next calls, each a
    status, an answer, or an exception that is raised after it has acted; then 204. secrets: by URL; effects:
    what it acted on, by id in that order; repeated: what came again, by id."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._draws: Draws | None = None
        self.secrets: dict[str, str] = {}
        self.answers: list[int | Exception | Response] = []
        self.calls: list[Request] = []
        self.times: list[int] = []
        self.unsigned = 0
        self.effects: dict[str, Any] = {}
        self.repeated: Counter[str] = Counter()

    async def open(self, core: Core, topics: tuple[str, ...], draws: Draws | None = None) -> None:
        """Asks to be told; draws: whether it has troubles of its own."""
        self._draws = draws
        made = await core.endpoints.add("we_lab", URL, topics, ContentMode.STRUCTURED, "the lab")
        self.secrets[URL] = core.endpoints.secret(made)

    async def send(self, request: Request) -> Response:
        """Acts on what is genuine and new."""
        self.calls.append(request)
        if self._clock is not None:
            self.times.append(self._clock.now())
        answer = self.answers.pop(0) if self.answers else await self._trouble()
        if isinstance(answer, Unavailable):
            raise answer
        if isinstance(answer, int) and answer >= 300:
            return Response(answer)
        if isinstance(answer, Response):
            return answer
        if not all_genuine(self.secrets[request.url], request.headers, request.body):
            self.unsigned += 1
            return Response(401)
        event = understood(request.headers, request.body)
        if event["id"] in self.effects:
            self.repeated[event["id"]] += 1
        if event["id"] == request.headers["webhook-id"]:
            self.effects.setdefault(event["id"], event)
        if isinstance(answer, Exception):
            raise answer
        return Response(answer)

    def told(self, topic: str = "") -> list[Any]:
        """Events of a topic, or all, in the order of effects."""
        return [e for e in self.effects.values() if not topic or e["type"] == f"tieout.{topic}.v1"]

    async def _trouble(self) -> int | Exception:
        if self._draws is None:
            return 204
        await asyncio.sleep(_LATENCY_SECONDS)
        chance = self._draws.uniform("consumer", len(self.calls))
        if chance < _REFUSED:
            return 503
        if chance < _AWAY:
            return Unavailable("connection refused")
        return LOST if chance < _LOST else 204


LOST = Unclear("the answer was lost")
