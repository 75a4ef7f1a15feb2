"""Carries the vendors' webhooks to the core, as unreliably as the plan says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextvars import Context
from typing import Any

from scenarios.faults import Fault
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws
from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import SimLoop
from scenarios.world.network import Asgi, exchange
from scenarios.world.recorder import Recorder
from scenarios.world.sample import Kept, Sample

# What senders wait for an answer: about what Stripe and Salesforce relays allow, in seconds.
SENDER_TIMEOUT = 20.0


class Mailroom:
    """Implements simulators.kit.webhooks.Outbound for one sender system."""

    def __init__(
        self,
        system: str,
        loop: SimLoop,
        draws: KeyedDraws,
        chance: Chance,
        recorder: Recorder,
        inbound: Inbound,
    ) -> None:
        self._system, self._loop, self._draws = system, loop, draws
        self._chance, self._recorder, self._inbound = chance, recorder, inbound

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        fault = self._chance.meet("webhook", self._system, "webhook", event, attempt, self._loop.now_us)
        await asyncio.sleep(0.05 + 0.2 * self._draws.uniform("webhook", self._system, event, attempt))
        if fault is None:
            return await self._deliver(url, headers, body, event, "")
        self._recorder.fire(fault.id, (self._system, "webhook", event, str(attempt)))
        return await self._disturbed(fault, url, headers, body, event)

    async def _disturbed(
        self, fault: Fault, url: str, headers: Mapping[str, str], body: bytes, event: str
    ) -> int | None:
        match fault.id:
            case "F16":
                # Lost for good: the sender believes that it arrived, or has given up on the endpoint.
                self._record(event, 0, fault.id, body)
                return 200
            case "F15":
                late = fault.param("late_seconds") * self._draws.uniform("late", self._system, event)
                await asyncio.sleep(late)
                return await self._deliver(url, headers, body, event, fault.id)
            case "F13":
                await self._deliver(url, headers, body, event, fault.id)
                return await self._deliver(url, headers, body, event, fault.id)
            case "F14":
                answers = await asyncio.gather(
                    *(self._deliver(url, headers, body, event, fault.id) for _ in range(3))
                )
                return answers[0]
            case "F25":
                return await self._deliver(
                    url, headers, body, event, fault.id, crash_seconds=fault.param("down_seconds")
                )
        raise AssertionError(f"{fault.id} is no fault of a webhook")

    async def _deliver(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        event: str,
        fault: str,
        crash_seconds: float = 0.0,
    ) -> int | None:
        status = await self._inbound.hand_over(url, headers, body, crash_seconds)
        if status == 200:
            path = "/" + url.partition("://")[2].partition("/")[2]
            self._inbound.kept.add(Kept(self._system, event, path, dict(headers), body))
        self._record(event, status or 0, fault, body)
        return status

    def _record(self, event: str, status: int, fault: str, body: bytes) -> None:
        about = tuple(dict.fromkeys(_IDS.findall(body.decode()))) if fault else ()
        self._recorder.deliver(CHANNELS[self._system], event, status, signed=True, fault=fault, about=about)


# Ids by which a person finds the document that an event is about.
_IDS = re.compile(
    r"\b(?:pi|re|po|ch)_\w+|\b(?:INV|CM|BR-)\d+|\b006\w{15}\b|\bOPP-\d+-\d+|\bUSE-[\w-]+|\b[0-9a-f]{32}\b"
)
CHANNELS = {
    "salesforce": "crm",
    "zuora": "billing",
    "stripe": "payments",
    "product": "product",
    "bank": "bank",
}


# At most so many deliveries are repeated at the end of a run, drawn by key; small runs repeat all.
REPLAYED = 1000


class Inbound:
    """The core's front door in virtual time. `app` is set by whoever starts the core."""

    def __init__(self, loop: SimLoop, host: Host, seed: int = 0) -> None:
        self._loop, self._host = loop, host
        self.app: Asgi | None = None
        self.closed_until = 0
        self.crash: Any = None
        # What was accepted, for the replay phase.
        self.kept = Sample(seed, REPLAYED)

    async def hand_over(
        self, url: str, headers: Mapping[str, str], body: bytes, crash_seconds: float = 0.0
    ) -> int | None:
        """The core's status; None if it is down, unreachable or too slow."""
        if self.app is None or not self._host.up or self._loop.now_us < self.closed_until:
            return None
        future: asyncio.Future[int | None] = self._loop.create_future()
        timer = self._loop.call_later(SENDER_TIMEOUT, _settle, future, None)
        context = Context()
        context.run(HOST.set, self._host)
        self._loop.create_task(self._run(url, headers, body, crash_seconds, future), context=context)
        status = await future
        timer.cancel()
        return status

    async def _run(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        crash_seconds: float,
        future: asyncio.Future[int | None],
    ) -> None:
        assert self.app is not None
        path = "/" + url.partition("://")[2].partition("/")[2]
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
        }
        response = await exchange(self.app, scope, body)
        if crash_seconds and self._host.up:
            # The record is made, the acknowledgement is not: the sender sees a reset.
            _settle(future, None)
            self.crash(crash_seconds)
            return
        _settle(future, response.status)


def _settle(future: asyncio.Future[int | None], status: int | None) -> None:
    if not future.done():
        future.set_result(status)
