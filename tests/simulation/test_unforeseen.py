"""What nobody foresaw does not stop the core's loops; the lab calls it a failure all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.ports.durable import Message
from scenarios.mutants.wraps import Around
from scenarios.spec import Spec
from scenarios.world.plant import Plant
from scenarios.world.play import play


class Odd(Around):
    """Of Store: one look into the outbox fails in a way of its own."""

    failed = False

    async def unpublished(self, limit: int) -> list[Message]:
        if not Odd.failed:
            Odd.failed = True
            raise LookupError("nobody thought of it")
        found: list[Message] = await self.real.unpublished(limit)
        return found


def test_a_fault_that_a_loop_outlived_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Odd, "failed", False)
    plant = Plant(around=lambda sound: replace(sound, store=Odd(sound.store)))
    spec = Spec("quick", "event_driven", "mid_market", 1, 1, 1, "none")
    with pytest.raises(RuntimeError, match="facts wait to go out: unexpected LookupError: nobody thought"):
        play(spec, plant=plant, repeat=False)
