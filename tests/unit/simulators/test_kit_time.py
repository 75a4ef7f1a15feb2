"""The agenda and the timeline: what is due is done in order, each at its own time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from simulators.kit.agenda import Agenda
from simulators.kit.clock import DAY, HOUR, SECOND, ShiftedClock
from simulators.kit.moments import moment, span
from simulators.kit.snapshot import freeze, thaw
from simulators.kit.timeline import Timeline


@dataclass
class Doer:
    clock: ShiftedClock
    agenda: Agenda
    done: list[tuple[str, int]] = field(default_factory=list)

    def act(self, name: str) -> None:
        self.done.append((name, self.clock.now()))

    def again(self, name: str, every: int) -> None:
        self.act(name)
        self.agenda.at(self.clock.now() + every, self.again, name, every, periodic=True)

    async def slowly(self, name: str) -> None:
        await asyncio.sleep(0.01)
        self.act(name)


class Bench:
    def __init__(self) -> None:
        self.tasks: list[asyncio.Task] = []
        self.clock = ShiftedClock(SimpleNamespace(now=lambda: 0))
        self.agendas = [Agenda(self.clock, self.spawn) for _ in range(2)]
        self.one, self.two = (Doer(self.clock, agenda) for agenda in self.agendas)
        self.timeline = Timeline(self.clock, lambda: self.agendas)

    def spawn(self, work):
        self.tasks.append(asyncio.get_running_loop().create_task(work))

    def end(self) -> None:
        for task in self.tasks:
            task.cancel()


def play(story):
    async def main():
        bench = Bench()
        try:
            return await story(bench)
        finally:
            bench.end()

    return asyncio.run(main())


def test_moving_the_clock_does_what_is_due_in_order_and_each_at_its_own_time():
    async def story(bench):
        bench.one.agenda.after(3 * 3600, bench.one.act, "third")
        bench.two.agenda.after(3600, bench.two.act, "first")
        bench.two.agenda.after(2 * 3600, bench.two.slowly, "second")
        bench.one.agenda.at(5 * HOUR, bench.one.act, "not yet")
        bench.one.agenda.after(60, bench.one.act, "never").cancel()
        acts = await bench.timeline.advance(4 * HOUR)
        return acts, bench.two.done + bench.one.done, bench.clock.now(), bench.one.agenda.waiting

    acts, done, now, waiting = play(story)
    assert done == [("first", HOUR), ("second", 2 * HOUR), ("third", 3 * HOUR)]
    assert (acts, now, waiting) == (3, 4 * HOUR, 1)


def test_what_comes_again_comes_at_its_every_time_and_nobody_waits_for_it():
    async def story(bench):
        bench.one.agenda.at(DAY, bench.one.again, "midnight", DAY, periodic=True)
        await bench.timeline.advance(3 * DAY + 5)
        return [at for _, at in bench.one.done], bench.one.agenda.waiting

    assert play(story) == ([DAY, 2 * DAY, 3 * DAY], 0)


def test_what_is_due_now_is_done_at_once_without_anybody_moving_the_clock():
    async def story(bench):
        bench.one.agenda.at(0, bench.one.slowly, "now")
        busy = bench.one.agenda.busy
        await asyncio.sleep(0.05)
        return busy, bench.one.done, bench.one.agenda.busy

    assert play(story) == (True, [("now", 0)], False)


def test_time_that_runs_faster_brings_forward_what_is_due():
    async def story(bench):
        began = asyncio.get_running_loop().time()
        bench.clock._base = SimpleNamespace(
            now=lambda: round((asyncio.get_running_loop().time() - began) * SECOND)
        )
        bench.one.agenda.after(3600, bench.one.act, "in an hour")
        await asyncio.sleep(0)
        bench.timeline.run(100_000)
        async with asyncio.timeout(5):
            while not bench.one.done:
                await asyncio.sleep(0.005)
        return bench.one.done[0][1]

    assert play(story) >= HOUR


def test_going_back_does_nothing_on_the_way():
    async def story(bench):
        await bench.timeline.go_to(DAY)
        bench.one.agenda.at(DAY + 1, bench.one.act, "later")
        await bench.timeline.go_to(HOUR)
        return bench.one.done, bench.clock.now(), bench.one.agenda.waiting

    assert play(story) == ([], HOUR, 1)


def test_an_agenda_survives_a_snapshot_with_what_was_under_way():
    async def story(bench):
        one = bench.one
        around = SimpleNamespace(
            clock=bench.clock, outbound=None, spawn=bench.agendas[0]._spawn, peers={}, options={}, ids="ids",
            agenda=one.agenda,
        )  # fmt: skip
        one.agenda.at(0, one.slowly, "under way")
        one.agenda.after(60, one.act, "later")
        memory = freeze(one, around, object())
        twin, kept = thaw(memory, around, object())
        ids, agenda = kept["ids"], kept["agenda"]
        assert (ids, twin.agenda) == ("ids", agenda)
        bench.agendas[:] = [agenda]
        await bench.timeline.advance(HOUR)
        return twin.done

    assert play(story) == [("under way", 0), ("later", 60 * SECOND)]


def test_what_cannot_be_kept_is_named():
    bench = Bench()
    around = SimpleNamespace(clock=1, outbound=2, spawn=3, peers=4, options={}, ids=6, agenda=None)
    bench.one.done = [lambda: None]
    with pytest.raises(TypeError, match="Doer cannot be kept in a snapshot"):
        freeze(bench.one, around, object())


def test_a_clock_tells_of_the_clock_beneath():
    base = SimpleNamespace(now=lambda: 7)
    clock = ShiftedClock(base)
    clock.set(99)
    assert (clock.now(), clock.beneath.now()) == (99, 7)


def test_a_clock_keeps_its_pace():
    base = SimpleNamespace(time=100)
    base.now = lambda: base.time
    clock = ShiftedClock(base)
    clock.run(60)
    base.time += 10
    assert clock.now() == 700
    clock.run(0)
    base.time += 1000
    assert (clock.now(), clock.pace) == (700, 0)
    clock.pin(5)
    assert clock.now() == 5
    clock.set(9)
    assert clock.now() == 9
    with pytest.raises(ValueError, match="pace"):
        clock.run(-1)


@pytest.mark.parametrize(
    ("text", "wanted"), [(5, 5), ("90s", 90 * SECOND), ("1d12h", 36 * HOUR), ("2w", 14 * DAY), ("5us", 5)]
)
def test_spans(text, wanted):
    assert span(text, "by") == wanted


@pytest.mark.parametrize("text", ["", "soon", "1.5h", "1d 2h", None, True, 1.5])
def test_what_is_no_span(text):
    with pytest.raises(ValueError, match="by:"):
        span(text, "by")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(5, 5), ("1970-01-02", DAY), ("1970-01-01T01:00:00Z", HOUR), ("1970-01-01T01:00:00+01:00", 0)],
)
def test_moments(text, wanted):
    assert moment(text, "at") == wanted


@pytest.mark.parametrize("text", ["", "noon", None, True, "2026-02-30"])
def test_what_is_no_moment(text):
    with pytest.raises(ValueError, match="at:"):
        moment(text, "at")
