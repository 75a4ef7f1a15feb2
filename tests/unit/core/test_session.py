"""A session with a vendor: a sign-in is for all, in vain too; pauses hold however the vendor words them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.canonical.errors import CoreError, Unavailable
from core.connectors.session import Exchange, Limits, Session, common_error
from core.ports.world import Request, Response
from core.realtime import LogWatch
from core.reliability.ratelimit import Pace
from scenarios.world.loop import SimLoop, run
from tests.unit.core.fakes import LoopClock

ASK = Exchange("get_order", "order:1", "GET", "/", write=False)
TOKEN = Exchange("sign_in", "", "POST", "/token", write=False)


class Vendor:
    """Answers from a list, each after a tenth of a second; knows when it was asked, and how many at once."""

    def __init__(self, loop: SimLoop, *answers: Response) -> None:
        self.loop, self.answers = loop, list(answers)
        self.asked: list[float] = []
        self.busy = self.most = 0

    async def send(self, request: Request) -> Response:
        self.asked.append(self.loop.time())
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0.1)
        self.busy -= 1
        return self.answers.pop(0) if self.answers else Response(200)


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    return None if response.status < 400 else common_error("zuora", response, "no")


def play(
    story: Callable[[Session, Vendor], Awaitable[Any]], *answers: Response, limits: Limits | None = None,
    sign_in: Any = None,
) -> Any:  # fmt: skip
    async def main(loop: SimLoop) -> Any:
        clock, vendor = LoopClock(loop), Vendor(loop, *answers)
        limits_ = limits or Limits()
        session = Session("zuora", "http://z", vendor, LogWatch(clock), judge, sign_in, clock, limits_)
        return await story(session, vendor)

    return run(main, step_budget=100_000)


def test_who_waits_for_a_sign_in_that_fails_does_not_try_another():
    tries = []

    async def sign_in() -> Any:
        tries.append(1)
        await asyncio.sleep(1.0)
        raise Unavailable("nobody there", system="zuora")

    async def story(session: Session, vendor: Vendor) -> int:
        found = await asyncio.gather(*(session.send(ASK) for _ in range(50)), return_exceptions=True)
        assert all(isinstance(each, Unavailable) for each in found)
        together = len(tries)
        with pytest.raises(Unavailable):
            await session.send(ASK)
        assert vendor.asked == []
        return together

    assert play(story, sign_in=sign_in) == 1
    assert len(tries) == 2, "whoever comes later tries anew"


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_holds_for_everybody_however_the_vendor_says_it(status):
    async def story(session: Session, vendor: Vendor) -> list[float]:
        with pytest.raises(Unavailable):
            await session.send(ASK)
        await asyncio.gather(session.send(ASK), session.bare(TOKEN))
        return [round(at - vendor.asked[0], 3) for at in vendor.asked[1:]]

    after = play(story, Response(status, {"retry-after": "7"}))
    assert len(after) == 2
    assert min(after) >= 7.1


def test_token_requests_take_a_turn_like_all_others():
    async def story(session: Session, vendor: Vendor) -> int:
        await asyncio.gather(*(session.bare(TOKEN) for _ in range(9)), *(session.send(ASK) for _ in range(9)))
        return vendor.most

    assert play(story, limits=Limits(Pace(3))) == 3
