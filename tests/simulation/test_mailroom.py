"""Webhooks on their way to the core: at least once by nature, worse by plan."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.evidence.run import Delivery
from scenarios.faults import Fault, Plan
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws
from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import SimLoop, run
from scenarios.world.mailroom import SENDER_TIMEOUT, Inbound, Mailroom
from scenarios.world.recorder import Recorder
from simulators.kit.agenda import Agenda
from simulators.kit.webhooks import Sender
from tests.simulation.toy import LoopClock

URL = "http://core/webhooks/stripe"


@dataclass
class Post:
    """A sender, the mailroom, and a core's door that writes down what comes in."""

    loop: SimLoop
    faults: tuple[Fault, ...] = ()
    status: int = 200
    work_seconds: float = 0.0
    heard: list[tuple[str, float]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        loop, draws = self.loop, KeyedDraws(1)
        self.chance = Chance(Plan("test", self.faults), draws)
        self.recorder = Recorder(lambda: loop.now_us)
        self.host = Host("core")
        self.inbound = Inbound(loop, self.host)
        self.inbound.app, self.inbound.crash = self.door, self.crash
        self.mailroom = Mailroom("stripe", loop, draws, self.chance, self.recorder, self.inbound)
        self.sender = Sender(
            LoopClock(loop), self.mailroom, Agenda(LoopClock(loop), loop.create_task), (60, 600, 3600)
        )

    async def door(self, scope: Any, receive: Any, send: Any) -> None:
        assert HOST.get() is self.host
        body = (await receive())["body"].decode()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.work_seconds)
        self.at_once -= 1
        self.heard.append((body, self.loop.time()))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def crash(self, down_seconds: float) -> None:
        self.loop.crash(self.host)
        self.loop.call_later(down_seconds, self.host.power_on)

    async def send(self, *events: str, wait: float = 86_400) -> list[str]:
        """Send events in this order; the outcomes."""
        sent = [
            self.sender.send(URL, event, event.encode(), lambda now: {"X-At": str(now)}) for event in events
        ]
        await asyncio.sleep(wait)
        return [delivery.outcome for delivery in sent]

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    def deliveries(self) -> list[tuple[str, int, str]]:
        return [(d.event, d.status, d.fault) for d in self.recorder.deliveries]


def play(story: Any, *faults: Fault, **named: Any) -> Any:
    async def main(loop: SimLoop) -> Any:
        return await story(Post(loop, faults, **named))

    return run(main, step_budget=100_000)


def only(fault: str, event: str, attempt: int = 1, **params: float) -> Fault:
    return Fault(fault, site=("stripe", "webhook", event, str(attempt)), params=tuple(params.items()))


def test_a_webhook_arrives_once_and_is_kept_for_the_replay():
    async def story(post: Post):
        outcomes = await post.send("e1")
        return outcomes, post.names(), post.deliveries(), [(k.system, k.event) for k in post.inbound.kept]

    assert play(story) == (["delivered"], ["e1"], [("e1", 200, "")], [("stripe", "e1")])


def test_what_was_not_acknowledged_comes_again_until_given_up():
    async def story(post: Post):
        outcomes = await post.send("e1")
        return outcomes, post.names(), post.deliveries(), list(post.inbound.kept)

    outcomes, names, deliveries, kept = play(story, status=503)
    assert outcomes == ["given_up"]
    assert names == ["e1"] * 4
    assert deliveries == [("e1", 503, "")] * 4
    assert kept == []


def test_a_door_too_slow_is_no_answer():
    async def story(post: Post):
        began = post.loop.time()
        status = await post.inbound.hand_over(URL, {}, b"e1")
        took = post.loop.time() - began
        await asyncio.sleep(100)
        return status, took, post.names()

    assert play(story, work_seconds=SENDER_TIMEOUT + 5) == (None, pytest.approx(SENDER_TIMEOUT), ["e1"])


def test_f13_delivers_twice_in_a_row():
    async def story(post: Post):
        outcomes = await post.send("e1", "e2")
        return outcomes, sorted(post.names()), post.most_at_once, post.recorder.fired

    outcomes, names, at_once, fired = play(story, only("F13", "e1"), work_seconds=1)
    assert outcomes == ["delivered", "delivered"]
    assert names == ["e1", "e1", "e2"]
    assert at_once == 2  # e2 beside one e1, never two e1
    assert fired == [("F13", ("stripe", "webhook", "e1", "1"))]


def test_f14_delivers_three_times_at_once():
    async def story(post: Post):
        outcomes = await post.send("e1")
        return outcomes, post.names(), post.most_at_once, post.deliveries()

    outcomes, names, at_once, deliveries = play(story, only("F14", "e1"), work_seconds=1)
    assert (outcomes, names, at_once) == (["delivered"], ["e1"] * 3, 3)
    assert deliveries == [("e1", 200, "F14")] * 3


def test_f15_is_overtaken():
    async def story(post: Post):
        outcomes = await post.send("e1", "e2", "e3")
        return outcomes, post.heard

    outcomes, heard = play(story, only("F15", "e1", late_seconds=290))
    assert outcomes == ["delivered"] * 3
    assert heard[-1][0] == "e1"
    assert 1 < heard[-1][1] <= 291


def test_f16_is_lost_although_the_sender_is_content():
    async def story(post: Post):
        outcomes = await post.send("e1", "e2")
        return outcomes, post.names(), post.deliveries(), [(k.system, k.event) for k in post.inbound.kept]

    assert play(story, only("F16", "e1")) == (
        ["delivered", "delivered"], ["e2"], [("e1", 0, "F16"), ("e2", 200, "")], [("stripe", "e2")],
    )  # fmt: skip


def test_f22_a_closed_door_then_the_burst():
    async def story(post: Post):
        post.inbound.closed_until = 3_000_000_000
        outcomes = await post.send("e1", "e2")
        return outcomes, post.heard, post.deliveries()

    outcomes, heard, deliveries = play(story)
    assert outcomes == ["delivered", "delivered"]
    assert sorted(name for name, _ in heard) == ["e1", "e2"]
    assert all(at > 3_000 for _, at in heard)
    assert [status for _, status, _ in deliveries] == [0] * 6 + [200] * 2


def test_f25_records_and_does_not_acknowledge():
    async def story(post: Post):
        outcomes = await post.send("e1")
        return outcomes, post.heard, post.deliveries(), post.host.epoch

    outcomes, heard, deliveries, epoch = play(story, only("F25", "e1", down_seconds=90))
    assert outcomes == ["delivered"]
    assert [name for name, _ in heard] == ["e1", "e1"]
    # Recorded but not acknowledged, still down a minute later, up at the second retry.
    assert deliveries == [("e1", 0, "F25"), ("e1", 0, ""), ("e1", 200, "")]
    assert epoch == 1
    assert heard[1][1] > 600


def test_a_crash_while_the_door_is_busy_leaves_the_sender_waiting():
    async def story(post: Post):
        post.loop.call_later(5, post.crash, 10)
        outcomes = await post.send("e1")
        return outcomes, post.heard, post.deliveries()

    outcomes, heard, deliveries = play(story, work_seconds=15)
    assert outcomes == ["delivered"]
    assert len(heard) == 1
    assert deliveries == [("e1", 0, ""), ("e1", 200, "")]


def test_a_core_that_is_down_hears_nothing():
    async def story(post: Post):
        post.host.up = False
        return await post.inbound.hand_over(URL, {}, b"e1"), post.heard

    assert play(story) == (None, [])


def test_deliveries_are_dated_and_numbered():
    async def story(post: Post):
        await post.send("e1", "e2")
        return post.recorder.deliveries

    first, second = play(story)
    assert isinstance(first, Delivery)
    assert first.at <= second.at
    assert (first.id, second.id, first.channel) == ("d0", "d1", "payments")
