"""Sends what waits: at least once, in order for each endpoint and customer, with pauses that grow."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from core.announcing.addresses import BadAddress, Reach
from core.announcing.content import attributes, carried
from core.announcing.signing import headers, secret_of
from core.canonical.errors import CoreError, Unavailable
from core.governance.accounts import Secret
from core.ports.announcing import ContentMode, Delivery, Endpoint
from core.ports.durable import Store
from core.ports.world import Clock, Draws, Request, Response, Transport, Watch
from core.reliability.retry import Policy, tell
from core.reliability.worker import Claims

SYSTEM = "webhooks"
_DAY_US = 86_400_000_000
# An answer after so long is none; the lease on a delivery is longer, so that nobody else begins it meanwhile.
TIMEOUT_SECONDS = 15.0
_LEASE_US = 60_000_000
_AT_ONCE = 8
_GONE, _TOO_MANY = 410, (429, 503)


class Sender:
    """root: of the endpoints' secrets; former: the root before it, while it is being changed; days: an
    endpoint that has not taken anything for so long is disabled; policy: how often one delivery is tried, and
    with which pauses."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        clock: Clock,
        draws: Draws,
        watch: Watch,
        claims: Claims,
        *,
        root: str,
        former: Secret | None = None,
        reach: Reach,
        policy: Policy,
        days: int,
    ) -> None:
        self._store, self._transport, self._clock = store, transport, clock
        self._draws, self._watch, self._claims = draws, watch, claims
        self._root, self._former = root, former
        self._reach, self._policy, self._days = reach, policy, days
        self._wake = asyncio.Event()
        self._busy: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Endless."""
        failures = 0
        while True:
            self._wake.clear()
            try:
                due = await self._begin()
                failures = 0
            except Exception as error:  # noqa: BLE001 - a process that lives and does nothing is told by nobody
                failures += 1
                tell(self._watch, SYSTEM, "the store does not answer", error)
                await asyncio.sleep(min(2.0**failures, 30.0))
                continue
            await self._rest(due)

    async def _begin(self) -> int | None:
        """What is due and there is room for; returns when to look again, None for when somebody is done."""
        free = _AT_ONCE - len(self._busy)
        if free <= 0:
            return None
        now = self._clock.now()
        due = await self._store.next_delivery()
        if due is None or due > now:
            return due
        endpoints = {each.id: each for each in await self._store.endpoints()}
        for delivery in await self._store.claim_deliveries(now, now + _LEASE_US, free):
            if delivery.endpoint in endpoints:
                self._go(delivery, endpoints[delivery.endpoint])
        return None if self._busy else now

    def _go(self, delivery: Delivery, endpoint: Endpoint) -> None:
        task = asyncio.create_task(self._one(delivery, endpoint))
        self._busy.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        self._wake.set()

    async def _rest(self, due: int | None) -> None:
        now = self._clock.now()
        moments = [] if due is None else [due]
        if self._claims.poll_seconds is not None:
            moments.append(now + int(self._claims.poll_seconds * 1_000_000))
        seconds = max(0.0, (min(moments) - now) / 1_000_000) if moments else None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _one(self, delivery: Delivery, endpoint: Endpoint) -> None:
        try:
            try:
                answer = await self._send(delivery, endpoint)
            except BadAddress as error:
                # The rules have changed since it was taken down: nothing goes there.
                await self._failed(delivery, endpoint, 0, str(error), None)
                return
            except CoreError as error:
                await self._failed(delivery, endpoint, 0, error.detail, None)
                return
            if 200 <= answer.status < 300:
                await self._store.delivered(delivery, answer.status, self._clock.now())
                self._watch.count("webhooks.sent")
            else:
                await self._failed(delivery, endpoint, answer.status, f"answered {answer.status}", answer)
        except CoreError as error:
            # The lease runs out, and it is sent again under the same id.
            self._watch.alert("high", delivery.event, f"its delivery could not be noted: {error.detail}")

    async def _send(self, delivery: Delivery, endpoint: Endpoint) -> Response:
        self._reach.check(endpoint.url)
        now, mode = self._clock.now(), endpoint.mode
        told, body = carried(delivery.body, mode)
        own = attributes(told) if mode is ContentMode.BINARY else ""
        signed = headers(self._secrets(endpoint, now), delivery.event, now, body, own)
        sent = {"user-agent": "tieout", **told, **signed}
        attempt = self._watch.begin(SYSTEM, delivery.topic, f"{endpoint.id}/{delivery.event}", write=True)
        try:
            answer = await self._transport.send(
                Request(
                    "POST", endpoint.url, sent, body, SYSTEM, delivery.topic, attempt,
                    write=True, timeout_seconds=TIMEOUT_SECONDS,
                )
            )  # fmt: skip
        except Unavailable:
            self._watch.end(attempt, "fail")
            raise
        except CoreError:
            self._watch.end(attempt, "info")
            raise
        # Whether a refusal had an effect is the consumer's to say: it knows the event by its id.
        self._watch.end(attempt, "ok" if 200 <= answer.status < 300 else "info")
        return answer

    def _secrets(self, endpoint: Endpoint, now: int) -> tuple[str, ...]:
        """All that hold, the present one first: of the endpoint's own change, and of the deployment's."""
        versions = [endpoint.version] + [endpoint.version - 1] * (now < endpoint.former_until)
        former = self._former
        roots = [self._root] + ([former.value] if former is not None and former.holds(now) else [])
        return tuple(secret_of(root, endpoint.id, version) for root in roots for version in versions)

    async def _failed(
        self, delivery: Delivery, endpoint: Endpoint, status: int, error: str, answer: Response | None
    ) -> None:
        now, attempts = self._clock.now(), delivery.attempts + 1
        due_at = None
        if attempts < self._policy.attempts:
            pause = self._policy.pause(attempts, self._draws, SYSTEM, endpoint.id, delivery.event)
            if answer is not None and status in _TOO_MANY:
                pause = max(pause, _told(answer))
            due_at = now + int(pause * 1_000_000)
        if not await self._store.not_delivered(delivery, status, error, due_at, now):
            return
        self._watch.count("webhooks.failed")
        if due_at is None:
            text = (
                f"not delivered after {attempts} attempts: {error}; send it again when its endpoint is well"
            )
            self._watch.alert("high", f"webhook {endpoint.id} {delivery.number}", text)
        since = endpoint.failing_since
        if status == _GONE:
            await self._disable(endpoint, "it answered 410: it is gone")
        elif since and now - since > self._days * _DAY_US:
            await self._disable(endpoint, f"it has taken nothing for {self._days} days: {error}")

    async def _disable(self, endpoint: Endpoint, why: str) -> None:
        if await self._store.disable_endpoint(endpoint.id, why):
            text = f"disabled: {why}; what waits is sent when it is enabled again"
            self._watch.alert("high", f"webhook {endpoint.id}", text)


def _told(answer: Response) -> float:
    """Retry-After in seconds, at most an hour; 0 where there is none."""
    return min(answer.retry_after or 0.0, 3600.0)
