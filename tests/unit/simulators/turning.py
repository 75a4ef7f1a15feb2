"""Turns a standing clock to whatever a mock has yet to do, and lets it do it."""

from __future__ import annotations

from collections.abc import Callable

from simulators.kit.agenda import Agenda


async def run_out(agenda: Agenda, turn: Callable[[int], None], most: int = 1000) -> list[int]:
    """Do all that is on the agenda, in order; the moments (microseconds) at which something was done."""
    moments = []
    while (due := agenda.next_due()) is not None and len(moments) < most:
        turn(due)
        moments.append(due)
        await agenda.run_next()
    return moments
