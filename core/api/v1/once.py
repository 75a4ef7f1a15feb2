"""Once: a POST names itself by an Idempotency-Key, and what was answered under it is answered again.

As draft-ietf-httpapi-idempotency-key-header has it: the same key with another body is 422, a key that is
being worked on is 409. A key is the caller's own, and is remembered for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from core.api.v1.asking import Asker, TheCore
from core.api.v1.problems import Wrong
from core.assemble import Core
from core.ports.memory import Answered

_DAY_US = 86_400_000_000
# Longer than any answer is worked on: whoever has a key in hand for longer has died.
_IN_HAND_US = 60_000_000

Key = Annotated[
    str,
    Header(
        alias="idempotency-key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="The caller's own name for this act: 1 to 100 visible characters, new for each act",
    ),
]


@dataclass(frozen=True, slots=True)
class Made:
    """What an act answers: 200 what is, 202 what has been begun. location: where it can be looked at."""

    status: int
    body: BaseModel
    location: str = ""


@dataclass(frozen=True, slots=True)
class Once:
    """One act under its key."""

    core: Core
    key: str
    place: str

    @property
    def name(self) -> str:
        """The act's own id: the same for the same caller, key and address."""
        return _digest(self.key, self.place)[:32]

    async def do(self, said: BaseModel, act: Callable[[], Awaitable[Made]]) -> Response:
        """Act, or answer as before. What an act raises leaves its key free: nothing was done under it, or
        what was done is found done when it is asked for again."""
        fingerprint = _digest(self.place, said.model_dump_json())
        store, now = self.core.store, self.core.desk.clock.now()
        before = await store.begin_answer(self.key, fingerprint, now, now + _IN_HAND_US, now - _DAY_US)
        if before is not None:
            return _again(before, fingerprint)
        try:
            made = await act()
        except BaseException:
            await store.drop_answer(self.key, fingerprint)
            raise
        given = Answered(fingerprint, made.status, made.body.model_dump_json(), made.location)
        await store.answer(self.key, given)
        return _response(given)


async def once(request: Request, core: TheCore, who: Asker, key: Key) -> Once:
    """The dependency of every POST that changes anything."""
    # A key has no blank in it, so that no two callers can meet under one.
    return Once(core, f"{who.name} {key}", f"{request.method} {request.url.path}")


Acting = Annotated[Once, Depends(once)]


def _again(before: Answered, fingerprint: str) -> Response:
    if before.fingerprint != fingerprint:
        raise Wrong(
            422, "key-reused", "idempotency-key: it was used for another request; take a new one for each act"
        )
    if not before.status:
        raise Wrong(409, "in-flight", "idempotency-key: the act is under way; ask again", retry=1)
    return _response(before, replayed=True)


def _response(given: Answered, *, replayed: bool = False) -> Response:
    headers = {"location": given.location} if given.location else {}
    if replayed:
        headers["idempotent-replayed"] = "true"
    return Response(given.body, given.status, headers, "application/json")


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x00".join(parts).encode(), digest_size=20).hexdigest()
