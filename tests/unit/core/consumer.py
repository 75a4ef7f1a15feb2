"""Somebody outside who is told: checks signatures by hand, as Standard Webhooks says, and acts once by id."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from typing import Any

from core.canonical.errors import Unclear
from core.ports.world import Clock, Request, Response

_BLOCK = 64


def hmac_by_hand(key: bytes, text: bytes) -> bytes:
    """RFC 2104, written out: nothing is shared with who signs."""
    key = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    key = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + text).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


def genuine(secret: str, headers: Any, body: bytes) -> bool:
    """Whether one of the signatures is by this secret."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = base64.b64encode(hmac_by_hand(base64.b64decode(secret[len("whsec_") :]), signed)).decode()
    return f"v1,{own}" in headers["webhook-signature"].split(" ")


class Consumer:
    """Implements core.ports.world.Transport, as the far end. answers: what is said to the next calls, each a
    status, or an exception that is raised after it has acted; then 204. secrets: by URL."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.secrets: dict[str, str] = {}
        self.answers: list[int | Exception | Response] = []
        self.calls: list[Request] = []
        self.times: list[int] = []
        self.unsigned = 0
        # In the order in which they were acted on: id -> the event.
        self.effects: dict[str, Any] = {}
        self.repeated: Counter[str] = Counter()

    async def send(self, request: Request) -> Response:
        self.calls.append(request)
        self.times.append(self._clock.now())
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, int) and answer >= 300:
            return Response(answer)
        if isinstance(answer, Response):
            return answer
        if not genuine(self.secrets[request.url], request.headers, request.body):
            self.unsigned += 1
            return Response(401)
        event = json.loads(request.body)
        assert event["id"] == request.headers["webhook-id"]
        if event["id"] in self.effects:
            self.repeated[event["id"]] += 1
        self.effects.setdefault(event["id"], event)
        if isinstance(answer, Exception):
            raise answer
        return Response(answer)

    def told(self) -> list[str]:
        """Types, in the order of effects."""
        return [event["type"] for event in self.effects.values()]


LOST = Unclear("the answer was lost")
