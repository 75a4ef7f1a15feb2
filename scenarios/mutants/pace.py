"""Bugs in how often and how fast vendors are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import orjson

from core.assemble import Surroundings
from core.canonical.errors import CoreError, Unavailable, Unclear
from core.ports.world import Request, Response, Transport, Watch
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around
from scenarios.world.plant import Plant

_AT_ONCE, _LAYERS = 16, 5
# The tax engine can be reached by nobody for days: what is sold meanwhile waits for it.
_OUTAGE = met_by(Fault("F02", "avatax", from_day=12, until_day=14))


class _NoPause(Around):
    def uniform(self, purpose: str, *key: object) -> Any:
        """A pause is three quarters of itself and a quarter by chance: this chance takes all of it away."""
        return -3.0 if purpose == "pause" else self.real.uniform(purpose, *key)


class _AnyError(Around):
    async def send(self, request: Request) -> Response:
        answer: Response = await self.real.send(request)
        return replace(answer, status=500, headers={}) if answer.status == 429 else answer


@dataclass(frozen=True)
class _Repeating:
    """A transport that repeats by itself, each time as an attempt of its own."""

    real: Transport
    watch: Watch

    async def anew(self, request: Request) -> Response:
        """The same request once more."""
        key = f"again:{request.operation}"
        number = self.watch.begin(request.system, request.operation, key, write=request.write)
        claim = "fail"
        try:
            answer = await self.real.send(replace(request, attempt=number))
            claim = "ok" if answer.status < 400 else "fail"
            return answer
        finally:
            self.watch.end(number, claim)


class _Hedged(_Repeating):
    async def send(self, request: Request) -> Response:
        """Whatever is only asked is asked many times at once, and the slower answers are thrown away."""
        copies = [] if request.write else [self._quiet(request) for _ in range(_AT_ONCE)]
        answer, _ = await asyncio.gather(self.real.send(request), asyncio.gather(*copies))
        return answer

    async def _quiet(self, request: Request) -> None:
        with suppress(CoreError):
            await self.anew(request)


class _Layered(_Repeating):
    async def send(self, request: Request) -> Response:
        """A library below ours repeats too: tries multiply."""
        with suppress(Unavailable, Unclear):
            return await self.real.send(request)
        for _ in range(_LAYERS):
            with suppress(Unavailable, Unclear):
                return await self.anew(request)
        raise Unavailable("not even after repeating", system=request.system)


class _EachForHimself(_Repeating):
    async def send(self, request: Request) -> Response:
        """Whoever finds the token over asks for a new one, though others who wait do so too."""
        if request.operation != "sign_in":
            return await self.real.send(request)
        answer, _ = await asyncio.gather(self.real.send(request), self.anew(request))
        return answer


def _lives(times: int) -> Plant:
    """Of a token's life so many times as much is understood."""

    class Misread(Around):
        async def send(self, request: Request) -> Response:
            answer: Response = await self.real.send(request)
            told = orjson.loads(answer.body) if request.operation == "sign_in" else {}
            if "expires_in" not in told:
                return answer
            return replace(
                answer, body=orjson.dumps({**told, "expires_in": str(int(told["expires_in"]) * times)})
            )

    return around("transport", Misread)


def _sending(kind: Callable[[Transport, Watch], Transport]) -> Plant:
    def given(sound: Surroundings) -> Surroundings:
        return replace(sound, transport=kind(sound.transport, sound.watch))

    return Plant(around=given)


PACE = (
    Mutant(
        "pause_without_a_pause",
        "the jitter takes all of a pause away: what fails is tried at once until it is given up (F02)",
        ("I-33",),
        around("draws", _NoPause),
        faults=_OUTAGE,
    ),
    Mutant(
        "layers_that_all_retry",
        "the library below repeats what the flow above repeats: an outage multiplies the requests (F02)",
        ("I-33",),
        _sending(_Layered),
        faults=_OUTAGE,
    ),
    Mutant(
        "too_many_is_any_error",
        "a 429 is taken for an error like others, and its Retry-After is not read (F39)",
        ("I-34",),
        around("transport", _AnyError),
        faults=met_by(Fault("F39", "zuora", rate=0.4)),
    ),
    Mutant(
        "questions_asked_many_times_at_once",
        "slow answers are raced by more of the same questions, past every slot that the ERP has (F40)",
        ("I-34",),
        _sending(_Hedged),
    ),
    Mutant(
        "everyone_signs_in_for_himself",
        "who finds the token over asks for a new one, and so do others at the same moment (a stampede)",
        ("I-35",),
        _sending(_EachForHimself),
        customers=3,
    ),
    Mutant(
        "token_kept_beyond_its_life",
        "expires_in is read in minutes: the token is used until the vendor refuses it, each hour anew",
        ("I-35",),
        _lives(60),
        customers=3,
    ),
    Mutant(
        "token_thrown_away",
        "a token is asked for with every request, though the last one is good for an hour",
        ("I-35",),
        _lives(0),
        customers=3,
    ),
)
