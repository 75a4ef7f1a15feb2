"""What any Store promises. Another store joins by its maker in `MAKERS`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from core.canonical.events import Event, Topic
from core.ports.durable import Message, Store, Task
from core.store.sqlite import SqliteStore

MAKERS: dict[str, Callable[[Any], Store]] = {
    "memory": lambda _: SqliteStore(),
    "file": lambda folder: SqliteStore(str(folder / "core.db")),
}


@pytest.fixture(params=MAKERS)
def store(request, tmp_path):
    made = MAKERS[request.param](tmp_path)
    yield made
    made.close()


def do(coro: Coroutine[Any, Any, Any]) -> Any:
    """An embedded store never waits: one step runs it to its end."""
    return asyncio.run(coro)


def event(id_: str = "e1", subject: str = "pi_1", at: int = 100, channel: str = "payments") -> Event:
    return Event(id_, channel, Topic.PAYMENT_SETTLED, subject, at)


def only(store: Store, now: int = 10**9) -> Task:
    (task,) = do(store.due(now, 10, ()))
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


# --- tasks ---


def test_a_new_task_is_ready_and_blank(store):
    assert do(store.enqueue("flow", "a", 100)) is True
    assert do(store.enqueue("flow", "a", 200)) is False
    assert do(store.enqueue("other", "a", 200)) is True
    task = do(store.ready())[0]
    assert task == Task(task.id, "flow", "a", (), 0, 100, 100, "ready", "", "", "")


def test_due_comes_in_order_of_time_then_of_arrival(store):
    for key, now in (("late", 300), ("b", 100), ("a", 100), ("early", 50)):
        do(store.enqueue("flow", key, now))
    assert [t.key for t in do(store.due(300, 10, ()))] == ["early", "b", "a", "late"]
    assert [t.key for t in do(store.due(299, 10, ()))] == ["early", "b", "a"]
    assert [t.key for t in do(store.due(300, 2, ()))] == ["early", "b"]
    assert do(store.due(49, 10, ())) == []


def test_busy_tasks_are_passed_over_without_using_up_the_limit(store):
    for n in range(6):
        do(store.enqueue("flow", str(n), n))
    ids = {t.key: t.id for t in do(store.ready())}
    busy = {ids["0"]: None, ids["1"]: None, ids["3"]: None}
    assert [t.key for t in do(store.due(100, 2, busy))] == ["2", "4"]
    assert do(store.next_due(busy)) == 2
    assert do(store.next_due(())) == 0
    assert do(store.next_due(list(ids.values()))) is None


def test_next_due_of_nothing(store):
    assert do(store.next_due(())) is None


def test_steps_are_journalled_in_order(store):
    do(store.enqueue("flow", "a", 1))
    task = do(store.step_done(only(store), "first"))
    task = do(store.step_done(task, "second"))
    assert task.done == ("first", "second")
    assert only(store).done == ("first", "second")


def test_finish_ends_the_task_and_emits_in_order(store):
    do(store.enqueue("flow", "a", 1))
    do(store.finish(only(store), [("topic", "a"), ("other", "b")], 5))
    assert do(store.ready()) == []
    assert do(store.next_due(())) is None
    assert [(m.topic, m.subject) for m in do(store.unpublished(10))] == [("topic", "a"), ("other", "b")]
    assert do(store.enqueue("flow", "a", 9)) is False


def test_put_off(store):
    do(store.enqueue("flow", "a", 1))
    do(store.put_off(only(store), 500, "throttled", "order:a"))
    assert do(store.due(499, 10, ())) == []
    task = only(store, 500)
    assert (task.attempts, task.due_at, task.first_at) == (1, 500, 1)
    assert (task.error, task.label, task.state) == ("throttled", "order:a", "ready")


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
    assert only(store).done == ("first",)


def test_reopen_starts_from_the_first_step(store):
    assert do(store.reopen("flow", "a", 1)) is True  # unknown: made
    assert do(store.reopen("flow", "a", 2)) is False  # ready: left alone
    task = do(store.step_done(only(store), "first"))
    do(store.finish(task, [], 3))
    assert do(store.reopen("flow", "a", 4)) is True
    task = only(store)
    assert (task.done, task.attempts, task.due_at, task.first_at) == ((), 0, 4, 1)
    do(store.park(task, "no", "sales", "a", 5))
    assert do(store.reopen("flow", "a", 6)) is True
    assert do(store.parked()) == []


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


# --- the file itself ---


def test_a_file_outlives_the_process(tmp_path):
    path = str(tmp_path / "core.db")
    first = SqliteStore(path)
    do(first.accept(event(), ["flow"], ["topic"]))
    do(first.step_done(only(first), "first"))
    do(first.move_watermark("job", 7))
    first.close()
    second = SqliteStore(path)
    assert only(second).done == ("first",)
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
    with pytest.raises(RuntimeError, match="its schema is version 999, this code knows"):
        SqliteStore(path)


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
