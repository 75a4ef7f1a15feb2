"""Serves one call that an armed fault meets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Protocol

from simulators.kit.agenda import Agenda
from simulators.kit.chaos import BREAKDOWNS, WORDED, Arm
from simulators.kit.table import Call, Reply, Route


class Serving(Protocol):
    """What is disturbed: a mock."""

    @property
    def agenda(self) -> Agenda: ...
    @property
    def vendor(self) -> Any: ...
    @property
    def rules(self) -> Any: ...
    async def serve(self, route: Route, call: Call) -> Reply: ...


async def disturbed(arm: Arm, mock: Serving, route: Route, call: Call) -> Reply:
    """The answer, or the failed connection, that the fault makes of the call."""
    if arm.kind in BREAKDOWNS and mock.vendor.break_down is not None:
        mock.vendor.break_down(mock.rules, route.operation, arm.kind == "error_after_commit")
        return await mock.serve(route, call)
    if arm.kind in WORDED:
        answer: Reply | None = mock.vendor.trouble(mock.rules, arm.kind, call)
        return answer or await mock.serve(route, call)
    match arm.kind:
        case "reset" | "hang":
            return Reply(0, cut=arm.kind)
        case "late":
            mock.agenda.after(arm.seconds, _execute, mock, route, call)
            return Reply(0, cut="hang")
        case "slow":
            memory = mock.rules
            await asyncio.sleep(arm.seconds)
            # A call from before a reset does not reach what came after it.
            return await mock.serve(route, call) if mock.rules is memory else Reply(0, cut="reset")
        case "resent":
            await mock.serve(route, call)
            return await mock.serve(route, replace(call))
    reply = await mock.serve(route, call)
    match arm.kind:
        case "answer_lost":
            return replace(reply, cut="reset")
        case "answer_hangs":
            return replace(reply, cut="hang")
        case "half":
            return replace(reply, cut="half")
    sorry: Reply | None = mock.vendor.trouble(mock.rules, "server_error", call)
    return sorry or Reply(500)


async def _execute(mock: Serving, route: Route, call: Call) -> None:
    """Nobody hears the answer."""
    await mock.serve(route, call)
