"""Who looks on at the outbox sees what was committed and what went out, whatever the store notes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest

from core.bus.memory import MemoryBus
from core.canonical.errors import Fenced
from core.canonical.events import Event, Topic
from core.ports.durable import Message
from core.store.embedded import transaction
from core.store.sqlite import SqliteStore
from scenarios.evidence.durable import Entry, Publication, Remembered
from scenarios.world.inbox import InboxLog
from scenarios.world.outbox import OutboxLog


def do(coro: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coro)


def event(id_: str, subject: str) -> Event:
    return Event(id_, "payments", Topic.PAYMENT_SETTLED, subject, 100)


def looked_at() -> tuple[SqliteStore, OutboxLog]:
    store = SqliteStore()
    return store, OutboxLog(store, MemoryBus())


def test_what_is_committed_is_seen_in_its_order_and_what_is_forgotten_stays():
    store, log = looked_at()
    for n in range(3):
        do(store.accept(event(f"e{n}", f"pi_{n}"), [], ["settled"]))
    assert do(store.accept(event("e1", "pi_1"), [], ["settled"])) is False
    do(store.published([1, 2, 3]))
    assert do(store.forget_passed_on(10**9, 10**9)) == 2
    assert log.evidence().committed == tuple(Entry(n + 1, "settled", f"pi_{n}") for n in range(3))
    assert log.evidence().published == ()


def test_what_is_rolled_back_was_never_there():
    store, log = looked_at()
    with suppress(ZeroDivisionError), transaction(store.database):
        assert do(store.accept(event("e1", "pi_1"), [], ["settled"]))
        raise ZeroDivisionError
    assert log.evidence().committed == ()
    do(store.enqueue("flow", "a", 1))
    (old,) = do(store.claim("one", 1, 2, 9))
    do(store.claim("two", 2, 9, 9))
    with pytest.raises(Fenced):
        do(store.finish(old, [("settled", "pi_1")], 3))
    assert log.evidence().committed == ()


def test_what_the_bus_takes_is_seen_each_time_and_what_it_refuses_is_not():
    class Moody(MemoryBus):
        away = True

        async def publish(self, messages):
            if self.away:
                raise ConnectionError
            await super().publish(messages)

    bus = Moody()
    log = OutboxLog(SqliteStore(), bus)
    message = Message(7, "settled", "pi_1")
    with pytest.raises(ConnectionError):
        do(log.bus.publish([message]))
    bus.away = False
    do(log.bus.publish([message]))
    do(log.bus.publish([message]))
    assert log.evidence().published == (Publication(Entry(7, "settled", "pi_1")),) * 2


def test_what_goes_out_within_a_transaction_is_early():
    store, log = looked_at()
    with transaction(store.database):
        do(log.bus.publish([Message(1, "settled", "pi_1")]))
    do(log.bus.publish([Message(1, "settled", "pi_1")]))
    assert [each.early for each in log.evidence().published] == [True, False]


def test_consumers_get_what_they_subscribed_to():
    _, log = looked_at()
    heard: list[tuple[str, Message]] = []

    async def consume(consumer: str, message: Message) -> None:
        heard.append((consumer, message))

    message = Message(1, "settled", "pi_1")
    log.bus.subscribe("receipts", frozenset({"settled"}))
    do(log.bus.publish([message]))
    assert do(log.bus.backlog()) == 1
    assert do(log.bus.deliver(consume)) == 1
    assert heard == [("receipts", message)]


def test_who_looks_on_at_the_inbox_sees_how_old_the_forgotten_were():
    store, moment = SqliteStore(), [100]
    log = InboxLog(store, lambda: moment[0])
    assert log.evidence(45) == ()
    for n, at in enumerate((100, 200, 300)):
        do(store.accept(Event(f"e{n}", "crm", Topic.PAYMENT_SETTLED, "pi_1", at), [], []))
    do(store.accept(event("e0", "pi_1"), [], []))
    moment[0] = 1000
    assert do(store.forget(250)) == 3
    day = 86_400_000_000
    assert log.evidence(45) == (
        Remembered("crm", 3, 2, 800, 45 * day, 3 * day),
        Remembered("payments", 1, 1, 900, 45 * day, 30 * day),
    )
