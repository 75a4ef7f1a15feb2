"""What every store promises, one suite for all: embedded in memory, embedded in a file, on a server."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import pytest

from core.canonical.errors import Fenced, Unavailable
from core.canonical.events import Event, Topic
from core.governance.audit import Deed, Outcome
from core.governance.chain import Head, verify_book
from core.governance.signed_in import Session
from core.ports.announcing import Announcement, ContentMode, Endpoint
from core.ports.durable import Message, Rank, Store, Task
from core.ports.memory import Answered, Job, Said
from core.store.auditing import note_on_server
from core.store.grouped import GroupCommit
from core.store.migrating import TooNew, pending
from core.store.postgres import PostgresStore
from core.store.sqlite import SqliteStore
from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

_LOOP = asyncio.new_event_loop()
LEASE = 1000


def do(coro: Coroutine[Any, Any, Any]) -> Any:
    """Run to its end, on the one loop that a pool of connections belongs to."""
    return _LOOP.run_until_complete(coro)


@pytest.fixture(params=["memory", "file", "grouped", "postgres"])
def store(request, tmp_path) -> Iterator[Store]:
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        made = do(PostgresStore.open(do(fresh_database(server)), connections=4))
        yield made
        do(made.close())
    else:
        path = ":memory:" if request.param == "memory" else str(tmp_path / "core.db")
        embedded = SqliteStore(path, durable=request.param == "grouped")
        yield cast("Store", GroupCommit(embedded)) if request.param == "grouped" else embedded
        embedded.close()


def event(id_: str = "e1", subject: str = "pi_1", at: int = 100, channel: str = "payments") -> Event:
    return Event(id_, channel, Topic.PAYMENT_SETTLED, subject, at)


def claim(store: Store, now: int, limit: int = 10, worker: str = "w", queues=()) -> list[Task]:
    return do(store.claim(worker, now, now + LEASE, limit, queues))


def only(store: Store, now: int = 10**9) -> Task:
    (task,) = claim(store, now)
    return task


# --- inbox ---


def test_an_event_is_accepted_once(store):
    assert do(store.accept(event(), ["flow"], ["topic"])) is True
    assert do(store.accept(event(), ["flow"], ["topic"])) is False
    assert [(t.queue, t.key) for t in do(store.ready())] == [("flow", "pi_1")]
    assert do(store.unpublished(10)) == [Message(1, "topic", "pi_1")]


def test_the_same_id_in_another_channel_is_another_event(store):
    assert do(store.accept(event(channel="payments"), ["a"], []))
    assert do(store.accept(event(channel="billing"), ["b"], []))
    assert len(do(store.ready())) == 2


def test_two_events_about_one_subject_make_one_task(store):
    assert do(store.accept(event("e1"), ["flow"], []))
    assert do(store.accept(event("e2"), ["flow"], []))
    assert len(do(store.ready())) == 1


def test_accept_is_all_or_nothing(store):
    class Bad(list):
        def __iter__(self):
            yield "topic"
            raise LookupError

    with pytest.raises(LookupError):
        do(store.accept(event(), ["flow"], Bad()))
    assert do(store.ready()) == []
    assert do(store.unpublished(10)) == []
    assert do(store.accept(event(), ["flow"], [])) is True


def test_what_is_forgotten_is_accepted_anew_and_the_rest_is_not(store):
    for n, at in enumerate((100, 200, 300)):
        do(store.accept(event(f"e{n}", f"s{n}", at=at), [], ["topic"]))
    assert do(store.forget(200)) == 1
    assert [do(store.accept(event(f"e{n}", f"s{n}", at=400), [], [])) for n in range(3)] == [
        True,
        False,
        False,
    ]


def test_the_outbox_and_what_consumers_took_are_forgotten_after_the_horizon_and_no_sooner(store):
    for n, at in enumerate((100, 200, 300, 400)):
        do(store.accept(event(f"e{n}", f"s{n}", at=at), [], ["topic"]))
    messages = do(store.unpublished(10))
    for message, now in zip(messages, (110, 210, 310, 410), strict=True):
        assert do(store.take("consumer", message, now)) is True
    do(store.published([1, 3]))
    assert do(store.once("notice/x")) is True
    # Message 1 and that it was taken; of message 2 only that, since it has not gone out.
    assert do(store.forget_passed_on(250, 10_000)) == 3
    assert [message.sequence for message in do(store.unpublished(10))] == [2, 4]
    assert do(store.take("consumer", messages[2], 420)) is False
    assert do(store.once("notice/x")) is False


def test_an_outbox_that_was_forgotten_gives_no_number_out_again(store):
    do(store.accept(event("e1", "s1", at=100), [], ["topic"]))
    (message,) = do(store.unpublished(10))
    assert do(store.take("consumer", message, 100)) is True
    do(store.published([message.sequence]))
    do(store.forget_passed_on(50, 10_000))
    do(store.forget_passed_on(101, 10_000))
    do(store.accept(event("e2", "s2", at=200), [], ["topic"]))
    (after,) = do(store.unpublished(10))
    assert after.sequence > message.sequence
    assert do(store.take("consumer", after, 200)) is True


def test_what_is_told_when_work_ends_is_forgotten_from_its_end_on(store):
    for key, now in (("a", 100), ("b", 500)):
        do(store.enqueue("flow", key, now))
        (task,) = claim(store, now)
        do(store.finish(task, [("topic", key)], now))
    do(store.published([1, 2]))
    assert do(store.forget_passed_on(100, 10_000)) == 0
    assert do(store.forget_passed_on(500, 10_000)) == 1


def test_what_is_older_than_its_age_column_is_counted_from_the_first_look(tmp_path):
    path = str(tmp_path / "core.db")
    with closing(sqlite3.connect(path)) as db:
        for number, script in pending("sqlite", 0):
            if number < 8:
                db.executescript(script)
        db.execute("INSERT INTO outbox (topic, subject, published) VALUES ('t', 'a', 1), ('t', 'b', 1)")
        db.execute("INSERT INTO seen VALUES ('consumer/1'), ('notice/x')")
        db.execute("PRAGMA user_version = 7")
        db.commit()
    store = SqliteStore(path)
    assert do(store.forget_passed_on(500, 1_000)) == 0
    assert do(store.forget_passed_on(1_000, 2_000)) == 0
    assert do(store.forget_passed_on(1_001, 2_000)) == 2
    assert do(store.once("notice/x")) is False
    store.close()


# --- tasks ---


def test_a_new_task_is_ready_and_blank(store):
    assert do(store.enqueue("flow", "a", 100)) is True
    assert do(store.enqueue("flow", "a", 200)) is False
    assert do(store.enqueue("other", "a", 200)) is True
    task = do(store.ready())[0]
    assert task == Task(task.id, "flow", "a", (), 0, 100, 100, "ready", "", "", "")


def test_claims_come_in_order_of_time_then_of_arrival(store):
    for key, now in (("late", 300), ("b", 100), ("a", 100), ("early", 50)):
        do(store.enqueue("flow", key, now))
    assert claim(store, 49) == []
    assert [t.key for t in claim(store, 299, 2)] == ["early", "b"]
    assert [t.key for t in claim(store, 299)] == ["a"]
    assert [t.key for t in claim(store, 300)] == ["late"]


RANKS = {"payment": Rank.MONEY, "status": Rank.SHOWN}


def test_a_payment_goes_before_what_is_older_and_only_shown(store):
    do(store.enqueue("status", "before", 1))
    do(store.rank(RANKS))
    for queue, key, now in (
        ("status", "old", 2),
        ("order", "b", 20),
        ("payment", "new", 30),
        ("order", "a", 10),
    ):
        do(store.enqueue(queue, key, now))
    assert claim(store, 0) == []
    assert [t.key for t in claim(store, 100, 2)] == ["new", "a"]
    assert [(t.key, t.rank) for t in claim(store, 100)] == [("b", 1), ("before", 2), ("old", 2)]


def test_the_next_moment_is_of_any_rank(store):
    do(store.rank(RANKS))
    for queue, now in (("payment", 30), ("status", 10), ("order", 20)):
        do(store.enqueue(queue, "a", now))
    assert do(store.next_due()) == 10
    assert do(store.next_due(["payment", "order"])) == 20
    # What money waits for is no reason to keep the others waiting.
    assert [t.queue for t in claim(store, 20)] == ["order", "status"]


def test_some_are_taken_by_age_whatever_their_rank(store):
    do(store.rank(RANKS))
    for n in range(6):
        do(store.enqueue("status", f"s{n}", n))
        do(store.enqueue("payment", f"p{n}", 100 + n))
    tasks = do(store.claim("w", 200, 200 + LEASE, 4, aged=1))
    assert [t.key for t in tasks] == ["p0", "p1", "p2", "s0"]
    tasks = do(store.claim("w", 200, 200 + LEASE, 2, aged=9))
    assert [t.key for t in tasks] == ["s1", "s2"]
    assert [t.key for t in do(store.claim("w", 200, 200 + LEASE, 1, ["payment"], aged=1))] == ["p3"]
    assert [t.key for t in claim(store, 200, 10)] == ["p4", "p5", "s3", "s4", "s5"]


def test_a_rank_that_is_changed_holds_for_what_waits_is_held_or_comes_again(store):
    for key in ("waits", "held", "done"):
        do(store.enqueue("flow", key, 1))
    tasks = {task.key: task for task in claim(store, 1)}
    do(store.park(tasks["held"], "no", "sales", "held", 2))
    do(store.finish(tasks["done"], [], 2))
    do(store.put_off(tasks["waits"], 5, "throttled", "waits"))
    for rank in (Rank.SHOWN, Rank.SHOWN, Rank.MONEY):
        do(store.rank({"flow": rank, "other": Rank.SHOWN}))
    do(store.redrive(5))
    assert do(store.reopen("flow", "done", 5)) is True
    do(store.accept(event(), ["flow", "other", "strange"], []))
    do(store.take("other", Message(1, "topic", "b"), 5))
    do(store.reopen("other", "c", 5))
    ranks = {(t.queue, t.key): t.rank for t in do(store.ready())}
    assert ranks == {
        ("flow", "waits"): 0, ("flow", "held"): 0, ("flow", "done"): 0, ("flow", "pi_1"): 0,
        ("other", "pi_1"): 2, ("other", "b"): 2, ("other", "c"): 2, ("strange", "pi_1"): 1,
    }  # fmt: skip


def test_what_was_there_before_there_were_ranks_gets_its_own(tmp_path):
    path = str(tmp_path / "core.db")
    with closing(sqlite3.connect(path)) as db:
        for number, script in pending("sqlite", 0):
            if number < 11:
                db.executescript(script)
        db.execute("INSERT INTO task (queue, key, due_at, first_at) VALUES ('status', 'a', 1, 1)")
        db.execute("INSERT INTO task (queue, key, due_at, first_at) VALUES ('payment', 'b', 2, 2)")
        db.execute("PRAGMA user_version = 10")
        db.commit()
    store = SqliteStore(path)
    do(store.rank(RANKS))
    assert [(t.key, t.rank) for t in claim(store, 5)] == [("b", 0), ("a", 2)]
    store.close()


def test_what_is_in_hand_is_nobody_elses_until_the_lease_runs_out(store):
    for n in range(3):
        do(store.enqueue("flow", str(n), n))
    (first,) = claim(store, 10, 1, "one")
    assert (first.key, first.worker, first.fence, first.losses, first.due_at) == (
        "0",
        "one",
        1,
        1,
        10 + LEASE,
    )
    assert [t.key for t in claim(store, 10, 10, "two")] == ["1", "2"]
    assert claim(store, 9 + LEASE, 10, "two") == []
    assert do(store.next_due()) == 10 + LEASE
    again = claim(store, 10 + LEASE, 1, "two")[0]
    assert (again.key, again.worker, again.fence, again.losses) == ("0", "two", 2, 2)


def test_a_zombie_writes_nothing(store):
    do(store.enqueue("flow", "a", 1))
    old = do(store.step_done(only(store, 10), "first", 3))
    new = only(store, 10 + LEASE)
    assert (new.done, new.version, new.losses) == (("first",), 3, 1)
    late = 10 + LEASE
    for act in (
        lambda: store.step_done(old, "second"),
        lambda: store.finish(old, [("topic", "a")], late),
        lambda: store.put_off(old, late, "slow", "a"),
        lambda: store.park(old, "no", "sales", "a", late),
    ):
        with pytest.raises(Fenced, match="claim 1 of w is over"):
            do(act())
    do(store.extend([old], 10**9))
    assert do(store.unpublished(10)) == []
    assert do(store.next_due()) == late + LEASE
    do(store.finish(do(store.step_done(new, "second", 3)), [("topic", "a")], late))
    assert len(do(store.unpublished(10))) == 1


def test_a_zombie_writes_nothing_at_the_same_moment_as_who_has_it_now(store):
    """In one process both are: a worker that stood still for longer than its lease claims its own again."""

    async def together(act) -> list[object]:
        return await asyncio.gather(act(old), act(new), return_exceptions=True)

    do(store.enqueue("flow", "a", 10))
    (old,) = claim(store, 10)
    (new,) = claim(store, 10 + LEASE)
    zombie, step = do(together(lambda task: store.step_done(task, "one")))
    assert isinstance(zombie, Fenced)
    assert step.done == ("one",)
    zombie, end = do(together(lambda task: store.finish(task, [("topic", f"of claim {task.fence}")], 20)))
    assert isinstance(zombie, Fenced)
    assert end is None
    assert [message.subject for message in do(store.unpublished(10))] == ["of claim 2"]


def test_finishing_twice_tells_once(store):
    """As when the answer to the first was lost on the way."""
    do(store.enqueue("flow", "a", 1))
    task = only(store)
    do(store.finish(task, [("topic", "a")], 2))
    with pytest.raises(Fenced):
        do(store.finish(task, [("topic", "a")], 2))
    assert len(do(store.unpublished(10))) == 1


def test_a_lease_can_be_made_longer(store):
    for key in "ab":
        do(store.enqueue("flow", key, 1))
    tasks = claim(store, 10)
    do(store.extend(tasks, 5000))
    do(store.extend([], 9000))
    assert claim(store, 4999, worker="other") == []
    assert len(claim(store, 5000, worker="other")) == 2


def test_a_worker_that_comes_back_gets_its_own_at_once(store):
    for key in "abc":
        do(store.enqueue("flow", key, 1))
    claim(store, 10, 2, "one")
    claim(store, 10, 1, "two")
    assert do(store.take_back("one", 20)) == 2
    assert do(store.take_back("one", 20)) == 0
    assert [(t.key, t.fence) for t in claim(store, 20, worker="one")] == [("a", 2), ("b", 2)]


def test_what_was_put_off_is_not_in_hand(store):
    """A worker that comes back must not cut the pause short."""
    do(store.enqueue("flow", "a", 1))
    do(store.put_off(only(store), 500, "throttled", "a"))
    assert do(store.take_back("w", 20)) == 0
    assert claim(store, 499) == []


def test_only_the_queues_that_are_asked_for(store):
    for queue in ("orders", "refunds", "strange"):
        do(store.enqueue(queue, "a", len(queue)))
    assert do(store.next_due(["refunds", "strange"])) == 7
    assert do(store.next_due(["none"])) is None
    assert [t.queue for t in claim(store, 100, queues=["strange", "orders"])] == ["orders", "strange"]
    assert [t.queue for t in claim(store, 100)] == ["refunds"]


def test_next_due_of_nothing(store):
    assert do(store.next_due()) is None


def test_a_lease_has_one_holder(store):
    assert do(store.lease("relay", "one", 10, 20)) is True
    assert do(store.lease("relay", "two", 19, 30)) is False
    assert do(store.lease("relay", "one", 19, 40)) is True  # its own: longer
    assert do(store.lease("other", "two", 19, 30)) is True
    assert do(store.lease("relay", "two", 40, 50)) is True  # run out
    do(store.unlease("relay", "one"))  # no longer the holder's
    assert do(store.lease("relay", "three", 41, 50)) is False
    do(store.unlease("relay", "two"))
    assert do(store.lease("relay", "three", 41, 50)) is True


def test_steps_are_journalled_in_order(store):
    do(store.enqueue("flow", "a", 1))
    task = do(store.step_done(only(store), "first"))
    task = do(store.step_done(task, "second"))
    assert task.done == ("first", "second")
    assert do(store.ready())[0].done == ("first", "second")


def test_finish_ends_the_task_and_emits_in_order(store):
    do(store.enqueue("flow", "a", 1))
    do(store.finish(only(store), [("topic", "a"), ("other", "b")], 5))
    assert do(store.ready()) == []
    assert do(store.next_due()) is None
    assert [(m.topic, m.subject) for m in do(store.unpublished(10))] == [("topic", "a"), ("other", "b")]
    assert do(store.enqueue("flow", "a", 9)) is False


def test_put_off(store):
    do(store.enqueue("flow", "a", 1))
    do(store.put_off(only(store, 1), 500, "throttled", "order:a"))
    assert claim(store, 499) == []
    (waiting,) = do(store.ready())
    assert (waiting.due_at, waiting.worker, waiting.losses) == (500, "", 0)
    task = only(store, 500)
    assert (task.attempts, task.first_at) == (1, 1)
    assert (task.error, task.label, task.state) == ("throttled", "order:a", "ready")
    do(store.put_off(task, 600, "not for this one", "order:a", counted=False))
    assert only(store, 600).attempts == 1


def test_park_and_redrive(store):
    for key in "ab":
        do(store.enqueue("flow", key, 1))
    for task in do(store.ready()):
        do(store.park(task, "refused: no", "sales", f"order:{task.key}", 7))
    parked = do(store.parked())
    assert [(t.key, t.state, t.error, t.owner, t.label, t.attempts) for t in parked] == [
        ("a", "parked", "refused: no", "sales", "order:a", 1),
        ("b", "parked", "refused: no", "sales", "order:b", 1),
    ]
    assert do(store.ready()) == []
    assert do(store.redrive(50)) == 2
    assert do(store.parked()) == []
    assert [(t.key, t.attempts, t.due_at) for t in do(store.ready())] == [("a", 0, 50), ("b", 0, 50)]
    assert do(store.redrive(60)) == 0


def test_redrive_keeps_the_steps_that_are_behind(store):
    do(store.enqueue("flow", "a", 1))
    task = do(store.step_done(only(store), "first"))
    do(store.park(task, "no", "sales", "a", 2))
    do(store.redrive(3))
    assert only(store, 3).done == ("first",)


def test_reopen_starts_from_the_first_step(store):
    assert do(store.reopen("flow", "a", 1)) is True  # unknown: made
    assert do(store.reopen("flow", "a", 2)) is False  # ready: left alone
    task = do(store.step_done(only(store), "first", 2))
    do(store.finish(task, [], 3))
    assert do(store.reopen("flow", "a", 4)) is True
    (task,) = do(store.ready())
    assert (task.done, task.version, task.attempts, task.due_at, task.first_at) == ((), 0, 0, 4, 4)
    task = only(store, 4)
    do(store.park(task, "no", "sales", "a", 5))
    assert do(store.reopen("flow", "a", 6)) is True
    assert do(store.parked()) == []


def test_a_budget_is_spent_once_by_all_together(store):
    async def main() -> list[int]:
        return await asyncio.gather(*(store.spend("vendor/7", 3, 20) for _ in range(9)))

    granted = do(main())
    assert sum(granted) == 20
    assert sorted(granted) == [0, 0, 2, 3, 3, 3, 3, 3, 3]
    assert do(store.spend("vendor/8", 3, 20)) == 3
    assert do(store.spend("vendor/7", 1, 20)) == 0


def test_requests_at_once_are_parted_equally_and_never_more_than_there_are(store):
    def allot(holder: str, running: int, now: int, most: int = 10) -> int:
        return do(store.allot("vendor", holder, running, most, now, now + 100))

    assert allot("one", 0, 0) == 10
    assert do(store.allot("other", "two", 0, 3, 0, 100)) == 3
    # The first has all of them under way: the second has none before they have come down.
    assert allot("two", 0, 1) == 0
    assert (allot("one", 10, 2), allot("two", 0, 3)) == (5, 0)
    assert (allot("one", 7, 4), allot("two", 0, 5)) == (5, 3)
    assert (allot("one", 5, 6), allot("two", 3, 7)) == (5, 5)
    assert allot("three", 0, 8) == 0
    # Who is silent has lost its own.
    assert allot("three", 0, 107) == 10
    assert allot("one", 5, 108) == 0


def test_more_workers_than_requests_at_once(store):
    allotted = [do(store.allot("vendor", f"w{n}", 0, 2, 0, 100)) for n in range(4)]
    assert allotted[0] == 2
    again = [do(store.allot("vendor", f"w{n}", 0, 2, 1, 100)) for n in range(4)]
    assert again == [1, 1, 0, 0]


def test_allotting_at_once_never_gives_more_than_there_are(store):
    async def main() -> list[int]:
        for _ in range(3):
            found = await asyncio.gather(*(store.allot("v", f"w{n}", 0, 7, 1, 100) for n in range(5)))
        return list(found)

    assert sum(do(main())) <= 7


def test_a_pause_is_heard_by_all_and_never_shortened(store):
    assert do(store.paused("vendor")) == 0
    for until, stands in ((500, 500), (300, 500), (700, 700)):
        do(store.pause("vendor", until))
        assert do(store.paused("vendor")) == stands
    assert do(store.paused("other")) == 0
    assert do(store.allot("vendor", "one", 0, 10, 0, 100)) == 10


# --- outbox ---


def test_the_outbox_keeps_the_order_of_commits(store):
    for n in range(5):
        do(store.accept(event(f"e{n}", f"s{n}"), [], ["topic"]))
    messages = do(store.unpublished(3))
    assert [m.subject for m in messages] == ["s0", "s1", "s2"]
    assert [m.sequence for m in messages] == sorted(m.sequence for m in messages)
    do(store.published([messages[0].sequence, messages[2].sequence]))
    assert [m.subject for m in do(store.unpublished(10))] == ["s1", "s3", "s4"]
    do(store.published([]))
    assert len(do(store.unpublished(10))) == 3


# --- marks, totals, keys ---


def test_a_watermark_moves_forward_only(store):
    assert do(store.watermark("job")) == 0
    for to, stands in ((100, 100), (50, 100), (101, 101)):
        do(store.move_watermark("job", to))
        assert do(store.watermark("job")) == stands
    assert do(store.watermark("other")) == 0


def test_once(store):
    assert [do(store.once(key)) for key in ("a", "a", "b", "a")] == [True, False, True, False]


def test_totals_are_written_down(store):
    do(store.total("job", 1, 5, "read 5"))
    do(store.total("job", 1, 5, "read 5"))


# --- several at once ---


def test_many_workers_claim_each_task_once(store):
    async def main() -> list[str]:
        for n in range(60):
            await store.enqueue("flow", str(n), n)

        async def worker(name: str) -> list[str]:
            got: list[str] = []
            while tasks := await store.claim(name, 100, 10_000, 3):
                for task in tasks:
                    stepped = await store.step_done(task, "only")
                    await store.finish(stepped, [("told", task.key)], 101)
                    got.append(task.key)
            return got

        each = await asyncio.gather(*(worker(f"w{n}") for n in range(6)))
        return [key for got in each for key in got]

    got = do(main())
    assert sorted(got, key=int) == [str(n) for n in range(60)]
    assert sorted((m.subject for m in do(store.unpublished(100))), key=int) == [str(n) for n in range(60)]


def test_many_workers_claim_each_task_once_by_rank_and_by_age(store):
    async def main() -> list[str]:
        await store.rank(RANKS)
        for n in range(60):
            await store.enqueue(("payment", "order", "status")[n % 3], str(n), n)

        async def worker(name: str) -> list[str]:
            got: list[str] = []
            while tasks := await store.claim(name, 100, 10_000, 3, aged=1):
                got += [task.key for task in tasks]
            return got

        each = await asyncio.gather(*(worker(f"w{n}") for n in range(6)))
        return [key for got in each for key in got]

    assert sorted(do(main()), key=int) == [str(n) for n in range(60)]


def test_one_event_that_comes_many_times_at_once_is_accepted_once(store):
    async def main() -> list[bool]:
        return await asyncio.gather(*(store.accept(event(), ["flow"], ["topic"]) for _ in range(8)))

    assert sorted(do(main())) == [False] * 7 + [True]
    assert len(do(store.ready())) == len(do(store.unpublished(10))) == 1


def test_the_outbox_does_not_overtake_a_transaction_that_is_still_open(postgres_server):  # noqa: F811
    """Number 1 is given out before number 2 and committed after it: 2 waits, and 1 is not missed."""

    async def main() -> tuple[list[str], list[str]]:
        import asyncpg

        url = await fresh_database(postgres_server)
        store = await PostgresStore.open(url, connections=2)
        other = await asyncpg.connect(url)
        slow = other.transaction()
        await slow.start()
        await other.execute("INSERT INTO outbox (topic, subject) VALUES ('t', 'slow')")
        await store.accept(event("e1", "fast"), [], ["t"])
        meanwhile = [m.subject for m in await store.unpublished(10)]
        await slow.commit()
        after = [m.subject for m in await store.unpublished(10)]
        await other.close()
        await store.close()
        return meanwhile, after

    assert do(main()) == ([], ["slow", "fast"])


def test_a_server_that_is_away_is_unavailable_and_one_that_comes_back_is_not_noticed():
    from scenarios.servers import postgres

    async def main(server) -> tuple[bool, str]:
        store = await PostgresStore.open(server.url, connections=2, patience=10.0)
        await store.enqueue("flow", "a", 1)
        server.kill()
        waiting = asyncio.ensure_future(store.enqueue("flow", "b", 1))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(server.start)
        came = await waiting
        server.kill()
        store._patience = 0.1
        try:
            await store.enqueue("flow", "c", 1)
        except Unavailable as error:
            return came, error.system
        finally:
            await asyncio.to_thread(server.start)
            await store.close()
        return came, "?"

    with postgres() as server:
        assert do(main(server)) == (True, "store")


def test_a_database_tells_itself_from_the_one_before_it(postgres_server):  # noqa: F811
    async def main() -> list[str]:
        first, second = await fresh_database(postgres_server), await fresh_database(postgres_server)
        told = []
        for url in (first, first, second):
            store = await PostgresStore.open(url, connections=1)
            told.append(await store.identity())
            await store.close()
        return told

    first, again, other = do(main())
    assert first
    assert first == again != other


def test_connections_that_are_cut_under_load_are_noticed_by_nobody(postgres_server):  # noqa: F811
    """The library ends some of what is just beginning on a connection as a fault of its own."""

    async def main() -> int:
        import asyncpg

        url = await fresh_database(postgres_server)
        store, other = await PostgresStore.open(url, connections=2), await asyncpg.connect(url)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2"
        of = url.rpartition("/")[2], await other.fetchval("SELECT pg_backend_pid()")
        keys = (f"k{n}" for n in itertools.count())
        for _ in range(20):
            await asyncio.gather(
                other.execute(cut, *of), *(store.enqueue("flow", next(keys), 1) for _ in range(3))
            )
            await asyncio.gather(*(store.enqueue("flow", next(keys), 1) for _ in range(3)))
        found = len(await store.ready())
        await other.close()
        await store.close()
        return found

    assert do(main()) == 120


def test_a_server_that_takes_nothing_for_a_while_is_unavailable(postgres_server):  # noqa: F811
    """As when another has become the one to write to, or its disk is full."""

    async def main() -> tuple[str, bool]:
        import asyncpg

        url = await fresh_database(postgres_server)
        store = await PostgresStore.open(url, connections=1, patience=0.2)
        server, name = await asyncpg.connect(postgres_server.url), url.rpartition("/")[2]

        async def takes_nothing(yes: str) -> None:
            await server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {yes}")
            await server.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )

        await takes_nothing("on")
        try:
            await store.enqueue("flow", "a", 1)
            said = "it was written"
        except Unavailable as error:
            said = error.detail
        await takes_nothing("off")
        written = await store.enqueue("flow", "a", 1)
        await server.close()
        await store.close()
        return said, written

    said, written = do(main())
    assert "read-only" in said
    assert written


def test_nobody_at_the_address_is_unavailable_and_no_password_is_told():
    with pytest.raises(Unavailable) as told:
        do(PostgresStore.open("postgresql://me:hunter2@127.0.0.1:1/none"))
    assert "127.0.0.1:1" in told.value.detail
    assert "hunter2" not in told.value.detail


def test_whose_transaction_a_document_belongs_to_is_said_once_and_stays(store):
    assert do(store.roots(["S-1"])) == {}
    do(store.keep_roots({"S-1": "Q-1", "INV-1": "Q-1"}, 1))
    do(store.keep_roots({"INV-1": "Q-2", "INV-2": "Q-2"}, 2))
    asked = ["S-1", "INV-1", "INV-2", "' OR 1=1", "unknown"]
    assert do(store.roots(asked)) == {"S-1": ("Q-1", 1), "INV-1": ("Q-1", 2), "INV-2": ("Q-2", 2)}
    assert do(store.roots([])) == {}
    do(store.keep_roots({}, 3))


def test_whose_a_document_is_is_forgotten_when_nobody_has_named_it_for_long(store):
    do(store.keep_roots({"S-1": "Q-1", "INV-1": "Q-1"}, 100))
    do(store.keep_roots({"S-1": "Q-1", "INV-2": "Q-1"}, 200))
    # What comes late takes nothing back.
    do(store.keep_roots({"S-1": "Q-9"}, 150))
    assert do(store.forget_roots(100)) == 0
    assert do(store.forget_roots(200)) == 1
    assert do(store.roots(["S-1", "INV-1", "INV-2"])) == {"S-1": ("Q-1", 200), "INV-2": ("Q-1", 200)}
    assert do(store.forget_roots(201)) == 2
    assert do(store.roots(["S-1", "INV-1", "INV-2"])) == {}


def test_a_token_that_was_taken_back_stays_so_until_its_own_end(store):
    do(store.revoke_token("t1", 100, 1))
    do(store.revoke_token("t1", 100, 2))
    assert do(store.token_revoked("t1")) is True
    assert do(store.token_revoked("t2")) is False
    do(store.revoke_token("t2", 200, 100))
    assert [do(store.token_revoked(name)) for name in ("t1", "t2")] == [False, True]


# --- the file itself ---


def test_a_file_outlives_the_process(tmp_path):
    path = str(tmp_path / "core.db")
    first = SqliteStore(path)
    do(first.accept(event(), ["flow"], ["topic"]))
    do(first.step_done(only(first, 100), "first"))
    do(first.move_watermark("job", 7))
    first.close()
    second = SqliteStore(path)
    assert do(second.take_back("w", 200)) == 1
    assert only(second, 200).done == ("first",)
    assert do(second.accept(event(), ["flow"], ["topic"])) is False
    assert do(second.watermark("job")) == 7
    assert len(do(second.unpublished(10))) == 1
    second.close()


def test_a_file_newer_than_the_code_is_refused(tmp_path):
    path = str(tmp_path / "core.db")
    SqliteStore(path).close()
    with sqlite3.connect(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        assert version >= 1
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(TooNew, match="its schema is version 999, this code knows"):
        SqliteStore(path)


def test_a_database_newer_than_the_code_is_refused(postgres_server):  # noqa: F811
    async def main() -> None:
        import asyncpg

        url = await fresh_database(postgres_server)
        await (await PostgresStore.open(url)).close()
        connection = await asyncpg.connect(url)
        await connection.execute("INSERT INTO tieout_schema VALUES (999)")
        await connection.close()
        await PostgresStore.open(url)

    with pytest.raises(TooNew, match="its schema is version 999, this code knows"):
        do(main())


def test_processes_that_start_together_migrate_once(postgres_server):  # noqa: F811
    async def main() -> list[int]:
        url = await fresh_database(postgres_server)
        stores = await asyncio.gather(*(PostgresStore.open(url, connections=1) for _ in range(5)))
        found = [await stores[0].watermark("job")]
        for store in stores:
            await store.close()
        return found

    assert do(main()) == [0]


def test_nothing_awaits_inside_a_transaction():
    """An embedded store's calls run to their end without giving way, so no crash falls between."""
    store = SqliteStore()
    for call in (store.accept(event(), ["flow"], ["t"]), store.reopen("f", "a", 1), store.published([1])):
        with pytest.raises(StopIteration):
            call.send(None)
    store.close()


def test_news_about_something_dealt_with_opens_it_again(store: Store):
    do(store.accept(event("e1"), ["flow"], []))
    (task,) = do(store.ready())
    do(store.finish(do(store.step_done(task, "first")), [], 5))
    assert do(store.accept(event("e1"), ["flow"], [])) is False
    assert do(store.ready()) == []
    assert do(store.accept(event("e2"), ["flow"], [])) is True
    (again,) = do(store.ready())
    assert (again.key, again.done, again.attempts) == (task.key, (), 0)


def test_a_consumer_takes_each_message_once(store: Store):
    message = Message(7, "topic", "subject")
    assert do(store.take("consumer", message, 1)) is True
    (task,) = do(store.ready())
    do(store.finish(task, [], 2))
    # The bus delivers at least once; the same message is not news.
    assert do(store.take("consumer", message, 3)) is False
    assert do(store.ready()) == []
    assert do(store.take("consumer", Message(8, "topic", "subject"), 4)) is True
    assert do(store.take("other", message, 5)) is True


# --- what operators decide ---


def test_hold_stops_what_is_ready_and_what_is_in_hand(store):
    do(store.enqueue("flow", "a", 1))
    task = only(store, 10)
    assert do(store.hold(task.id, "held: why", "sales", "ann", 20)) is True
    assert do(store.hold(task.id, "held: why", "sales", "ann", 20)) is False
    with pytest.raises(Fenced):
        do(store.step_done(task, "first"))
    (held,) = do(store.parked())
    assert (held.error, held.owner, held.held_by, held.worker) == ("held: why", "sales", "ann", "")
    assert do(store.release(task.id, 30)) is True
    assert do(store.release(task.id, 30)) is False
    again = only(store, 30)
    assert (again.held_by, again.attempts, again.done) == ("", 0, ())


def test_skip_counts_a_step_as_done(store):
    do(store.enqueue("flow", "a", 1))
    task = only(store, 10)
    assert do(store.skip(task.id, "first", 20)) is False  # not held
    do(store.park(task, "no", "sales", "a", 20))
    assert do(store.skip(task.id, "first", 30)) is True
    task = only(store, 30)
    do(store.park(task, "no", "sales", "a", 40))
    assert do(store.skip(task.id, "second", 50)) is True
    assert do(store.task(task.id)).done == ("first", "second")


def test_undo_ends_as_undone_and_news_does_not_open_it_again(store):
    do(store.accept(event("e1"), ["flow"], []))
    task = do(store.step_done(only(store, 200), "first", 1))
    assert do(store.undo(task.id, 300)) is False  # under way
    do(store.finish(task, [], 300))
    assert do(store.undo(task.id, 400)) is True
    task = only(store, 400)
    assert (task.mode, task.done) == ("undo", ("first",))
    task = do(store.step_undone(task, "first"))
    assert task.done == ("first", "~first")
    do(store.finish(task, [], 500))
    assert do(store.task(task.id)).state == "undone"
    do(store.accept(event("e2"), ["flow"], []))
    assert do(store.reopen("flow", "pi_1", 600)) is False
    assert do(store.ready()) == []


def test_what_is_turned_back_goes_forward_again_in_the_same_hand(store):
    do(store.enqueue("flow", "a", 1))
    task = do(store.step_done(do(store.step_done(only(store, 10), "first", 1)), "second", 1))
    do(store.finish(task, [], 20))
    do(store.undo(task.id, 30))
    task = do(store.step_undone(only(store, 40), "second"))
    turned = do(store.turn_back(task, ["first"], "not taken back: paid"))
    assert (turned.mode, turned.done, turned.error) == ("do", ("first",), "not taken back: paid")
    assert do(store.task(task.id)) == turned
    done = do(store.step_done(turned, "second", 1))
    do(store.finish(done, [], 50))
    found = do(store.task(task.id))
    assert (found.state, found.mode, found.done) == ("done", "do", ("first", "second"))
    # It may be taken back another time; whoever was overtaken turns nothing.
    assert do(store.undo(task.id, 60)) is True
    assert only(store, 70).mode == "undo"
    with pytest.raises(Fenced):
        do(store.turn_back(task, [], "too late"))


def test_given_up_is_out_of_the_queue_for_good(store):
    do(store.enqueue("flow", "a", 1))
    do(store.park(only(store, 10), "no", "sales", "a", 20))
    (held,) = do(store.parked())
    assert do(store.abandon(held.id, "given up: by hand", "ann", 30)) is True
    assert do(store.parked()) == []
    assert do(store.redrive(40)) == 0
    assert do(store.reopen("flow", "a", 50)) is False
    found = do(store.task(held.id))
    assert (found.state, found.error, found.held_by) == ("abandoned", "given up: by hand", "ann")
    assert do(store.task(999)) is None


# --- group commit ---


def test_what_many_write_at_once_is_one_commit_and_known_to_others_when_it_returns(tmp_path):
    path = str(tmp_path / "core.db")
    inner = SqliteStore(path, durable=True)
    store = cast("Store", GroupCommit(inner))
    statements: list[str] = []
    inner.database.set_trace_callback(statements.append)

    async def main() -> list[int]:
        seen = []

        async def one(n: int) -> None:
            await store.enqueue("flow", str(n), n)
            with sqlite3.connect(path) as other:
                seen.append(other.execute("SELECT count(*) FROM task WHERE key = ?", (str(n),)).fetchone()[0])

        await asyncio.gather(*(one(n) for n in range(20)))
        return seen

    assert do(main()) == [1] * 20
    assert statements.count("COMMIT") == 1
    inner.close()


def test_one_refusal_of_a_group_is_nobody_elses(tmp_path):
    inner = SqliteStore(str(tmp_path / "core.db"), durable=True)
    store = cast("Store", GroupCommit(inner))

    async def main() -> list[str]:
        for key in "ab":
            await store.enqueue("flow", key, 1)
        old = await store.claim("w", 10, 20, 2)
        (new,) = await store.claim("w", 20, 30, 1)
        results = await asyncio.gather(
            store.finish(old[0], [("t", "zombie")], 21),
            store.finish(old[1], [("t", "b")], 21),
            store.finish(new, [("t", "a")], 21),
            return_exceptions=True,
        )
        assert [type(result).__name__ for result in results] == ["Fenced", "NoneType", "NoneType"]
        return [message.subject for message in await store.unpublished(10)]

    assert do(main()) == ["b", "a"]
    inner.close()


# --- the audit log ---


def deed(n: int = 0) -> Deed:
    return Deed("ann", "exceptions:decide", "hold", f"transaction {n}", Outcome.ASKED, "wrong\x00 äöü")


def test_lines_are_chained_in_the_order_they_were_written(store):
    assert do(store.audited(0, 10)) == []
    written = [do(store.note(deed(n), 100 + n)) for n in range(4)]
    assert [(e.sequence, e.moment, e.subject) for e in written] == [
        (n + 1, 100 + n, f"transaction {n}") for n in range(4)
    ]
    assert do(store.audited(0, 10)) == written
    assert do(store.audited(1, 2)) == written[1:3]
    assert do(verify_book(store, {4: written[3].hash})) == (Head(4, written[3].hash), None)


def test_lines_of_many_at_once_are_one_chain(store):
    async def main() -> None:
        await asyncio.gather(*(store.note(deed(n), 100) for n in range(20)))

    do(main())
    head, broken = do(verify_book(store, {}))
    assert (head.sequence, broken) == (20, None)
    assert {e.subject for e in do(store.audited(0, 50))} == {f"transaction {n}" for n in range(20)}


_FORGERIES = (
    "UPDATE audit SET reason = 'nothing' WHERE sequence = 2",
    "UPDATE audit SET sequence = 9 WHERE sequence = 3",
    "DELETE FROM audit WHERE sequence = 3",
    "DELETE FROM audit",
    (
        "INSERT INTO audit SELECT 9, moment, who, scope, act, subject, outcome, reason, before, hash"
        " FROM audit WHERE sequence = 3"
    ),
    (
        "INSERT INTO audit SELECT 0, moment, who, scope, act, subject, outcome, reason, before, hash"
        " FROM audit WHERE sequence = 3"
    ),
)


@pytest.mark.parametrize(
    "statement", [*_FORGERIES, "REPLACE INTO audit SELECT * FROM audit WHERE sequence = 2"]
)
def test_an_embedded_store_refuses_to_change_a_line(tmp_path, statement):
    made = SqliteStore(str(tmp_path / "core.db"))
    written = [do(made.note(deed(n), n)) for n in range(3)]
    with pytest.raises(sqlite3.IntegrityError, match="audit: "):
        made.database.execute(statement)
    assert do(made.audited(0, 10)) == written
    made.close()


@pytest.mark.parametrize("statement", [*_FORGERIES, "TRUNCATE audit"])
def test_a_server_refuses_to_change_a_line(postgres_server, statement):  # noqa: F811
    async def main() -> None:
        import asyncpg

        url = await fresh_database(postgres_server)
        made = await PostgresStore.open(url, connections=1)
        written = [await made.note(deed(n), n) for n in range(3)]
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.RaiseError, match="audit: "):
            await connection.execute(statement)
        await connection.close()
        assert await made.audited(0, 10) == written
        await made.close()

    do(main())


def test_who_gets_around_the_refusal_is_found_by_the_chain(tmp_path):
    made = SqliteStore(str(tmp_path / "core.db"))
    for n in range(3):
        do(made.note(deed(n), n))
    for trigger in ("changed", "removed"):
        made.database.execute(f"DROP TRIGGER audit_is_not_{trigger}")
    made.database.execute("UPDATE audit SET who = 'bob' WHERE sequence = 2")
    head, broken = do(verify_book(made, {}))
    assert (head.sequence, broken.sequence, broken.fault) == (1, 2, "changed")
    made.close()


def test_a_line_whose_fate_was_not_heard_is_not_written_twice(postgres_server):  # noqa: F811
    async def main() -> None:
        made = await PostgresStore.open(await fresh_database(postgres_server), connections=1)
        tried = []
        first = await note_on_server(made._pool, deed(), 1, tried)
        assert await note_on_server(made._pool, deed(), 1, tried) == first
        assert await made.audited(0, 10) == [first]
        await made.close()

    do(main())


# --- counted ---


def test_a_census_of_what_has_not_ended(store):
    for n in range(3):
        do(store.accept(event(f"e{n}", f"pi_{n}", at=100 + n), ["flow"], ["topic"]))
    held, _ = claim(store, 200, limit=2)
    do(store.park(held, "no", "me", "label", 210))
    census = do(store.census())
    assert [(s.queue, s.state, s.count, s.oldest_due_at) for s in census.standings] == [
        ("flow", "held", 1, 210),
        ("flow", "in_hand", 1, 200 + LEASE),
        ("flow", "waiting", 1, 102),
    ]
    assert census.unpublished == 3
    assert census.overdue_us(152) == 50
    assert census.overdue_us(102) == 0


def test_a_tally_counts_what_ended_in_time_and_dates_a_miss_at_its_moment(store):
    for n, at in enumerate((100, 100, 100, 400)):
        do(store.accept(event(f"e{n}", f"pi_{n}", at), ["flow", "other"], []))
    first, second, _ = claim(store, 100, queues=("flow",))
    do(store.finish(first, [], 150))
    do(store.finish(second, [], 350))

    def tally(since: int, now: int) -> list[tuple[str, int, int]]:
        found = do(store.tally(since, now, {"flow": 200, "unheard of": 1}))
        return [(each.queue, each.good, each.bad) for each in found]

    # In time: the first. Missed at 300: the second, though it ended, and the third, which has not.
    assert tally(0, 500) == [("flow", 1, 2)]
    # The window begins after the first has ended; the moment missed is still in it.
    assert tally(250, 500) == [("flow", 0, 2)]
    # Nothing is missed before its moment, nor counted in a window that begins with it.
    assert tally(300, 500) == [("flow", 0, 0)]
    assert tally(300, 600) == [("flow", 0, 1)]


def test_news_about_what_was_done_is_a_transaction_of_its_own_time(store):
    do(store.accept(event("e1", at=100), ["flow"], []))
    do(store.finish(only(store, 100), [], 120))
    do(store.accept(event("e2", at=900), ["flow"], []))
    again = only(store, 900)
    assert again.first_at == 900
    do(store.park(again, "no", "me", "", 950))
    do(store.accept(event("e3", at=990), ["flow"], []))
    assert only(store, 990).first_at == 900


# --- what the API remembers ---


def test_an_idempotency_key_is_in_hand_once_and_then_answered(store):
    assert do(store.begin_answer("k", "f1", 100, 160, 0)) is None
    assert do(store.begin_answer("k", "f1", 110, 170, 0)) == Answered("f1")
    do(store.answer("k", Answered("f1", 201, '{"a":1}', "/v1/x")))
    kept = Answered("f1", 201, '{"a":1}', "/v1/x")
    assert do(store.begin_answer("k", "f1", 10_000, 10_060, 0)) == kept
    assert do(store.begin_answer("k", "f2", 10_000, 10_060, 0)) == kept
    assert do(store.begin_answer("other", "f2", 100, 160, 0)) is None


def test_a_key_whose_holder_died_is_free_for_the_same_again_only(store):
    assert do(store.begin_answer("k", "f1", 100, 160, 0)) is None
    assert do(store.begin_answer("k", "f2", 200, 260, 0)) == Answered("f1")
    assert do(store.begin_answer("k", "f1", 160, 220, 0)) is None
    assert do(store.begin_answer("k", "f1", 170, 230, 0)) == Answered("f1")


def test_a_key_is_free_when_nothing_was_done_or_it_is_old(store):
    assert do(store.begin_answer("k", "f1", 100, 160, 0)) is None
    do(store.drop_answer("k", "f2"))
    assert do(store.begin_answer("k", "f2", 101, 161, 0)) == Answered("f1")
    do(store.drop_answer("k", "f1"))
    assert do(store.begin_answer("k", "f2", 102, 162, 0)) is None
    do(store.answer("k", Answered("f2", 200)))
    do(store.drop_answer("k", "f2"))
    assert do(store.begin_answer("k", "f3", 200, 260, 102)) == Answered("f2", 200)
    assert do(store.begin_answer("k", "f3", 200, 260, 103)) is None
    assert do(store.forget_answers(200)) == 0
    assert do(store.forget_answers(201)) == 1


def test_a_late_answer_does_not_overwrite_what_the_key_was_taken_for_since(store):
    assert do(store.begin_answer("k", "f1", 100, 160, 0)) is None
    assert do(store.begin_answer("k", "f2", 10_000, 10_060, 9_000)) is None
    do(store.answer("k", Answered("f1", 200)))
    assert do(store.begin_answer("k", "f2", 10_001, 10_061, 0)) == Answered("f2")


def test_a_job_runs_until_it_has_ended_once(store):
    job = Job("j1", "reconciliation", "ann", "running", 100)
    assert do(store.begin_job(job, 0)) is True
    assert do(store.begin_job(replace(job, by="bob"), 10**9)) is False
    assert do(store.begin_job(Job("j0", "dunning", "ann", "running", 100), 0)) is True
    assert [each.id for each in do(store.running_jobs())] == ["j0", "j1"]
    do(store.end_job("j1", "failed", "billing is away", 150))
    do(store.end_job("j1", "done", "", 160))
    assert do(store.job("j1")) == replace(job, state="failed", ended_at=150, result="billing is away")
    assert [each.id for each in do(store.running_jobs())] == ["j0"]
    assert do(store.job("j2")) is None
    again = replace(job, by="bob", begun_at=900)
    assert do(store.begin_job(again, 150)) is False
    assert do(store.begin_job(again, 151)) is True
    assert do(store.job("j1")) == again


def test_what_was_said_last_is_told_and_nothing_of_before(store):
    for said in (Said("process/w2", 10, "{}"), Said("process/w1", 20, "old"), Said("process/w1", 30, "new")):
        do(store.say(said))
    assert do(store.said(0)) == [Said("process/w1", 30, "new"), Said("process/w2", 10, "{}")]
    assert do(store.said(11)) == [Said("process/w1", 30, "new")]


def test_a_days_budget_is_told_by_vendor_and_no_other_days(store):
    for span, wanted in (("zuora/day/7", 50), ("zuora/day/17", 3), ("avatax/day/7", 4), ("zuora/7", 9)):
        do(store.spend(span, wanted, 100))
    assert do(store.day_spent(7)) == {"zuora": 50, "avatax": 4}
    assert do(store.day_spent(8)) == {}


def test_tasks_that_were_tried_before_are_counted_among_those_that_wait(store):
    for key in ("a", "b"):
        do(store.enqueue("q", key, 0))
    tried, _ = claim(store, 1)
    do(store.put_off(tried, 5, "no answer", "a"))
    assert {(s.state, s.count, s.again) for s in do(store.census()).standings} == {
        ("in_hand", 1, 0),
        ("waiting", 1, 1),
    }


# --- people ---

SIGNED_IN = Session("s1", "ann", "desk", "jobs:run", "http://127.0.0.1/back", "c" * 43, 100, 1000)


def test_a_session_turns_once_from_each_generation_until_it_ends(store):
    do(store.begin_session(SIGNED_IN))
    assert do(store.session("s1")) == SIGNED_IN
    assert do(store.session("s2")) is None
    assert do(store.turn_session("s1", 0, 200)) is True
    assert do(store.turn_session("s1", 0, 201)) is False
    assert do(store.turn_session("s1", 1, 1000)) is False
    assert do(store.session("s1")) == replace(SIGNED_IN, generation=1, turned_at=200)
    assert do(store.end_session("s1", "taken back", 300)) is True
    assert do(store.end_session("s1", "again", 301)) is False
    assert do(store.turn_session("s1", 1, 302)) is False
    assert do(store.session("s1")).why == "taken back"


def test_of_many_that_turn_a_session_at_once_one_wins(store):
    do(store.begin_session(SIGNED_IN))

    async def all_at_once() -> list[bool]:
        return list(await asyncio.gather(*(store.turn_session("s1", 0, 200) for _ in range(8))))

    assert sorted(do(all_at_once())) == [False] * 7 + [True]


def test_sessions_that_are_long_over_are_forgotten(store):
    do(store.begin_session(SIGNED_IN))
    do(store.begin_session(replace(SIGNED_IN, id="s2", begun_at=1000 + 86_400_000_000)))
    assert do(store.session("s1")) is not None
    do(store.begin_session(replace(SIGNED_IN, id="s3", begun_at=1001 + 86_400_000_000)))
    assert do(store.session("s1")) is None


def test_the_third_attempt_in_a_row_locks_and_one_that_goes_well_does_not_count(store):
    def strike(bucket: str, now: int, forget: int = 0) -> bool:
        return bool(do(store.strike(bucket, now, 3, now + 50, forget)))

    assert [strike("b", now) for now in (10, 11, 12, 13, 61)] == [True, True, True, False, False]
    assert strike("other", 13) is True
    # After the lock each further one locks again.
    assert [strike("b", now) for now in (62, 63, 112)] == [True, False, True]
    do(store.clear_strikes("b"))
    assert [strike("b", now) for now in (200, 201)] == [True, True]
    assert [strike("b", now, forget=202) for now in (300, 301, 302)] == [True, True, True]


# --- who is told outside ---

HOOK = Endpoint("we_1", "https://a.example/", ("x", "y"), 1, 0, True, "", "ann", 100)


def letter(event: str, topic: str = "x", aggregate: str = "acme") -> Announcement:
    return Announcement(event, topic, aggregate, f'{{"id":"{event}"}}')


def waiting(store: Store, endpoint: str = "we_1") -> list[str]:
    return [each.event for each in do(store.deliveries(endpoint, "waiting", 0, 100))]


def test_an_endpoint_is_kept_changed_and_dropped_with_what_it_was_to_be_told(store):
    assert do(store.add_endpoint(HOOK)) is True
    assert do(store.add_endpoint(replace(HOOK, url="https://b.example/"))) is False
    assert do(store.add_endpoint(replace(HOOK, id="we_0", made_at=200))) is True
    assert [each.id for each in do(store.endpoints())] == ["we_1", "we_0"]
    assert do(store.endpoints())[0] == HOOK
    changed = replace(HOOK, url="https://c.example/", topics=("y",), version=2, former_until=9, enabled=False)
    changed = replace(changed, mode=ContentMode.BINARY)
    assert do(store.change_endpoint(changed)) is True
    assert do(store.endpoints())[0] == changed
    do(store.announce([letter("e1")], 300))
    assert do(store.drop_endpoint("we_0")) is True
    assert do(store.drop_endpoint("we_0")) is False
    assert do(store.deliveries("we_0", None, 0, 10)) == []
    assert do(store.change_endpoint(replace(HOOK, id="we_0"))) is False


def test_what_is_told_goes_to_each_that_is_enabled_and_asked_for_it_and_once(store):
    for id_, topics, enabled in (
        ("we_1", ("x", "y"), True),
        ("we_2", ("xx",), True),
        ("we_3", ("x",), False),
    ):
        do(store.add_endpoint(replace(HOOK, id=id_, topics=topics, enabled=enabled)))
    do(store.announce([letter("e1"), letter("e2", "y"), letter("e3", "z")], 100))
    do(store.announce([letter("e1")], 200))
    do(store.announce([], 200))
    assert [waiting(store, id_) for id_ in ("we_1", "we_2", "we_3")] == [["e1", "e2"], [], []]


def test_what_work_tells_when_it_ends_is_written_with_its_end_or_not_at_all(store):
    do(store.add_endpoint(HOOK))
    for key in ("a", "b"):
        do(store.enqueue("flow", key, 100))
    first, second = claim(store, 100)
    do(store.finish(first, [("topic", "a")], 150, [letter("e1"), letter("e2")]))
    with pytest.raises(Fenced):
        do(store.finish(replace(second, fence=99), [], 160, [letter("e3")]))
    do(store.finish(second, [], 170))
    found = do(store.deliveries("we_1", None, 0, 10))
    assert [(each.event, each.at, each.due_at, each.state) for each in found] == [
        ("e1", 150, 150, "waiting"),
        ("e2", 150, 150, "waiting"),
    ]


def test_of_one_customer_only_the_first_is_given_out_and_to_one_sender(store):
    do(store.add_endpoint(HOOK))
    do(store.announce([letter("e1"), letter("e2"), letter("e3", aggregate="globex")], 100))
    taken = do(store.claim_deliveries(100, 160, 10))
    assert [each.event for each in taken] == ["e1", "e3"]
    assert do(store.claim_deliveries(159, 200, 10)) == []
    assert do(store.next_delivery()) == 160
    again = do(store.claim_deliveries(160, 220, 10))
    # Who slept through its lease says nothing any more.
    assert do(store.delivered(taken[0], 200, 161)) is False
    assert do(store.not_delivered(taken[0], 500, "late", 300, 161)) is False
    assert do(store.delivered(again[0], 204, 162)) is True
    assert [each.event for each in do(store.claim_deliveries(163, 220, 10))] == ["e2"]
    (sent,) = do(store.deliveries("we_1", "sent", 0, 10))
    assert (sent.event, sent.status, sent.attempts, sent.ended_at) == ("e1", 204, 1, 162)


def test_a_failure_is_put_off_or_ends_and_its_endpoint_fails_until_it_takes_something(store):
    do(store.add_endpoint(HOOK))
    do(store.announce([letter("e1"), letter("e2", aggregate="globex")], 100))
    one, two = do(store.claim_deliveries(100, 160, 10))
    assert do(store.not_delivered(one, 500, "answered 500", 400, 110)) is True
    assert do(store.not_delivered(two, 0, "no\x00 answer", None, 120)) is True
    assert do(store.endpoints())[0].failing_since == 110
    (failed,) = do(store.deliveries("we_1", "failed", 0, 10))
    assert (failed.event, failed.attempts, failed.ended_at, failed.status) == ("e2", 1, 120, 0)
    assert do(store.next_delivery()) == 400
    assert do(store.deliver_again("we_1", one.number, 130)) is False
    assert do(store.deliver_again("we_2", two.number, 130)) is False
    assert do(store.deliver_again("we_1", two.number, 130)) is True
    (retried,) = do(store.claim_deliveries(130, 190, 10))
    assert (retried.event, retried.attempts) == ("e2", 0)
    assert do(store.delivered(retried, 200, 140)) is True
    assert do(store.endpoints())[0].failing_since == 0


def test_what_is_disabled_waits_until_a_person_enables_it(store):
    do(store.add_endpoint(HOOK))
    do(store.announce([letter("e1")], 100))
    assert do(store.disable_endpoint("we_1", "gone")) is True
    assert do(store.disable_endpoint("we_1", "again")) is False
    assert do(store.endpoints())[0].why == "gone"
    assert (do(store.claim_deliveries(100, 160, 10)), do(store.next_delivery())) == ([], None)
    do(store.change_endpoint(HOOK))
    assert [each.event for each in do(store.claim_deliveries(100, 160, 10))] == ["e1"]


def test_deliveries_that_ended_are_forgotten_after_the_horizon_and_those_that_wait_are_not(store):
    do(store.add_endpoint(HOOK))
    do(store.announce([letter("e1"), letter("e2", aggregate="b"), letter("e3", aggregate="c")], 100))
    one, two, _ = do(store.claim_deliveries(100, 160, 10))
    do(store.delivered(one, 200, 110))
    do(store.not_delivered(two, 500, "", None, 120))
    assert do(store.forget_deliveries(110)) == 0
    assert do(store.forget_deliveries(120)) == 1
    assert [each.event for each in do(store.deliveries("we_1", None, 0, 10))] == ["e2", "e3"]
    assert do(store.deliveries("we_1", None, two.number, 10))[0].event == "e3"
