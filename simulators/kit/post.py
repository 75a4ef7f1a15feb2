"""The way from a mock to its subscribers, with the faults that were armed for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from simulators.kit.agenda import Agenda
from simulators.kit.chaos import Arm, Armed
from simulators.kit.webhooks import AnyMethod, Outbound


class Posting(Protocol):
    """Whose post it is: a mock's."""

    @property
    def agenda(self) -> Agenda: ...
    @property
    def armed(self) -> Armed: ...


class Post:
    """Implements Outbound over another, for one mock."""

    def __init__(self, beneath: Outbound, mock: Posting) -> None:
        self._beneath, self._mock = beneath, mock
        self._closed = False

    def close(self) -> None:
        """Nothing leaves any more: who posts hears no answer."""
        self._closed = True

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """The receiver's status; None when no answer came."""
        return await self.send("POST", url, headers, body, event=event, attempt=attempt)

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """The same by any method; what lies beneath may know POST only, and then gets that."""
        armed = self._mock.armed
        arm = armed.take_event(url, body) if armed.waiting and not self._closed else None
        if arm is None:
            return await self._deliver(method, url, headers, body, event, attempt)
        return await self._disturbed(arm, method, url, headers, body, event, attempt)

    async def _deliver(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, event: str, attempt: int
    ) -> int | None:
        if self._closed:
            return None
        beneath = self._beneath
        if method != "POST" and isinstance(beneath, AnyMethod):
            return await beneath.send(method, url, headers, body, event=event, attempt=attempt)
        return await beneath.post(url, headers, body, event=event, attempt=attempt)

    async def _disturbed(
        self,
        arm: Arm,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        event: str,
        attempt: int,
    ) -> int | None:
        async def deliver() -> int | None:
            return await self._deliver(method, url, headers, body, event, attempt)

        match arm.kind:
            case "webhook_lost":
                return 200
            case "webhook_refused":
                return None
            case "webhook_twice":
                await deliver()
                return await deliver()
            case "webhook_thrice":
                return (await asyncio.gather(deliver(), deliver(), deliver()))[0]
        # Late: the sender takes it for delivered, and the events that follow overtake it.
        self._mock.agenda.after(arm.seconds, self._again, url, dict(headers), body, event, attempt, method)
        return 200

    async def _again(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        event: str,
        attempt: int,
        method: str = "POST",
    ) -> None:
        await self._deliver(method, url, headers, body, event, attempt)
