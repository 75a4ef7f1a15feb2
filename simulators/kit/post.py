"""The way from a mock to its subscribers, with the faults that were armed for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from simulators.kit.agenda import Agenda
from simulators.kit.chaos import Arm, Armed
from simulators.kit.webhooks import Outbound


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

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """The receiver's status; None when no answer came."""
        armed = self._mock.armed
        arm = armed.take_event(url, body) if armed.waiting else None
        if arm is None:
            return await self._beneath.post(url, headers, body, event=event, attempt=attempt)
        return await self._disturbed(arm, url, headers, body, event, attempt)

    async def _disturbed(
        self, arm: Arm, url: str, headers: Mapping[str, str], body: bytes, event: str, attempt: int
    ) -> int | None:
        async def deliver() -> int | None:
            return await self._beneath.post(url, headers, body, event=event, attempt=attempt)

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
        self._mock.agenda.after(arm.seconds, self._again, url, dict(headers), body, event, attempt)
        return 200

    async def _again(
        self, url: str, headers: Mapping[str, str], body: bytes, event: str, attempt: int
    ) -> None:
        await self._beneath.post(url, headers, body, event=event, attempt=attempt)
