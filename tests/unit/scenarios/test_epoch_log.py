"""Who looks on at tasks sees who has them in hand and in whose name they are written, also past the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import pytest

from core.assemble import Surroundings
from core.bus.memory import MemoryBus
from core.canonical.errors import Fenced
from core.ports.durable import Store, Task
from core.ports.tracing import UNTRACED
from core.ports.world import Request, Response
from core.store.embedded import transaction
from core.store.sqlite import SqliteStore
from scenarios.evidence.durable import Claim, Effect, Epochs, Refusal, Sending
from scenarios.mutants.wraps import Around
from scenarios.world.draws import KeyedDraws
from scenarios.world.epochs import EpochLog, noting
from scenarios.world.recorder import Recorder

A = ("flow", "a")


class Vendor:
    async def send(self, request: Request) -> Response:
        return Response(200)


class Watched:
    """A store with somebody who looks on, at a moment that is set by hand."""

    def __init__(self, wrap: Callable[[Any], Any] = lambda store: store) -> None:
        self.now = 10
        self.inner = SqliteStore()
        self.log = EpochLog(self.inner, lambda: self.now)
        watch = Recorder(lambda: self.now)
        around = Surroundings(
            Vendor(), watch, cast("Any", self), KeyedDraws(1), wrap(self.log.store), MemoryBus(),
            lambda _: None,
        )  # fmt: skip
        wired = self.log.wire(around)
        self.store: Store = wired.store
        self.transport = wired.transport

    def do(self, coro: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(coro)

    def claim(self, worker: str, now: int, until: int) -> Task:
        self.now = now
        (task,) = self.do(self.store.claim(worker, now, until, 9))
        return task

    def zombie(self) -> tuple[Task, Task]:
        """One slept through its lease, two has the task now."""
        self.do(self.store.enqueue(*A, 10))
        return self.claim("one", 10, 50), self.claim("two", 50, 90)

    def seen(self) -> Epochs:
        return self.log.evidence()


def test_each_claim_is_seen_with_whom_it_followed():
    w = Watched()
    _, new = w.zombie()
    w.do(w.store.put_off(new, 100, "later", "a"))
    w.claim("one", 100, 150)
    assert w.seen().claims == (
        Claim(10, A, 1, 0, "one", "", 10),
        Claim(50, A, 2, 1, "two", "one", 50),
        Claim(100, A, 3, 2, "one", "", 100),
    )


def test_writes_are_seen_in_the_name_of_the_claim_that_their_writer_knows():
    w = Watched()
    old, new = w.zombie()
    w.now = 60
    for act in (
        lambda: w.store.step_done(old, "first"),
        lambda: w.store.finish(old, [("topic", "a")], 60),
        lambda: w.store.put_off(old, 70, "slow", "a"),
        lambda: w.store.park(old, "no", "sales", "a", 60),
        lambda: w.store.step_undone(old, "first"),
        lambda: w.store.turn_back(old, [], "paid"),
    ):
        with pytest.raises(Fenced):
            w.do(act())
    w.do(w.store.extend([old], 10**6))
    new = w.do(w.store.step_done(new, "first"))
    w.do(w.store.extend([new], 95))
    w.do(w.store.finish(new, [], 61))
    assert w.seen().effects == (Effect(A, 2, 2, 60, 3),)
    assert w.seen().refusals == (Refusal(60, A, 1),) * 6


class Unfenced(Around):
    """Of Store."""

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        row = await self.real.task(task.id)
        done: Task = await self.real.step_done(replace(task, fence=row.fence), step, version)
        return done

    async def extend(self, tasks: Sequence[Task], until: int) -> None:
        self.real.database.execute("UPDATE task SET due_at = ?", (until,))


def test_a_store_that_does_not_fence_is_seen_to():
    w = Watched(Unfenced)
    old, _ = w.zombie()
    w.now = 60
    w.do(w.store.step_done(old, "first"))
    w.do(w.store.extend([old], 10**6))
    assert w.seen().effects == (Effect(A, 1, 2, 60, 2),)
    assert w.seen().refusals == ()


def test_who_changes_what_is_in_hand_without_a_claim_has_no_epoch():
    w = Watched()
    w.zombie()
    w.inner.database.execute("UPDATE task SET done = 'first'")
    assert w.seen().effects == (Effect(A, 0, 2, 50),)


def test_what_operators_and_restarts_do_is_no_write_of_a_worker():
    w = Watched()
    _, new = w.zombie()
    w.do(w.store.hold(new.id, "why", "sales", "ann", 60))
    w.do(w.store.release(new.id, 60))
    w.claim("one", 60, 90)
    w.do(w.store.take_back("one", 61))
    w.do(w.store.park(w.claim("one", 61, 90), "no", "sales", "a", 70))
    w.do(w.store.skip(new.id, "first", 70))
    seen = w.seen()
    assert [(c.epoch, c.holder, c.in_hand_of) for c in seen.claims[2:]] == [
        (3, "", "two"),
        (4, "one", ""),
        (5, "one", ""),
    ]
    assert [(e.epoch, e.current) for e in seen.effects] == [(5, 5)]


def test_what_is_rolled_back_was_never_there():
    w = Watched()
    w.do(w.store.enqueue(*A, 10))
    with suppress(ZeroDivisionError), transaction(w.inner.database):
        task = w.claim("one", 10, 50)
        assert w.do(w.store.step_done(task, "first"))
        raise ZeroDivisionError
    assert w.seen() == Epochs()


def request(write: bool, attempt: str) -> Request:
    return Request("POST", "http://x", {}, b"", "zuora", "post", attempt, write, 30.0)


def test_a_request_is_sent_for_the_claim_that_is_worked_on():
    w = Watched()
    tracer = noting(UNTRACED)

    async def work(task: str, epoch: int, attempt: str) -> None:
        with tracer.transaction(task, "flow", claim=epoch, mode="do"):
            await asyncio.sleep(0)
            await asyncio.gather(*(w.transport.send(request(True, f"{attempt}{n}")) for n in range(2)))
            await w.transport.send(request(False, "r"))

    async def webhook() -> None:
        with tracer.transaction("pi_1", "payments"):
            await w.transport.send(request(True, "w"))

    async def main() -> None:
        await asyncio.gather(work("a", 1, "x"), work("a", 2, "y"), work("b", 1, "z"), webhook())
        await w.transport.send(request(True, "nobody's"))

    w.do(main())
    assert sorted(w.seen().sendings, key=lambda each: each.operation) == [
        Sending(10, A, 1, "x1"),
        Sending(10, A, 2, "y1"),
        Sending(10, ("flow", "b"), 1, "z1"),
    ]
