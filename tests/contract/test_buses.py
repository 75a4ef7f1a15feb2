"""What every bus promises, one suite for all: in memory, in the relaying process, and on a server."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from core.bus.in_process import InProcessBus
from core.bus.memory import MemoryBus
from core.bus.nats import NatsBus
from core.canonical.errors import Unavailable
from core.ports.durable import Bus, Message
from tests.servers import nats_server  # noqa: F401 - a fixture

_LOOP = asyncio.new_event_loop()
_NAMES = itertools.count(1)


def do(coro: Coroutine[Any, Any, Any]) -> Any:
    return _LOOP.run_until_complete(coro)


_HERE = {"memory": MemoryBus, "in process": InProcessBus}


@pytest.fixture(params=[*_HERE, "nats"])
def bus(request) -> Iterator[Bus]:
    if request.param in _HERE:
        yield _HERE[request.param]()
        return
    server = request.getfixturevalue("nats_server")
    made = do(NatsBus.open(server.url, f"test-{os.getpid()}-{next(_NAMES)}"))
    yield made
    do(made.close())


_SEQUENCE = itertools.count(1)


def publish(bus: Bus, *subjects: str, topic: str = "paid") -> None:
    do(bus.publish([Message(next(_SEQUENCE), topic, subject) for subject in subjects]))


def take(bus: Bus, fail_at: tuple[str, str] = ("", "")) -> list[tuple[str, str]]:
    """(consumer, subject) of what is handed over, until `fail_at` comes."""
    seen: list[tuple[str, str]] = []

    async def consume(consumer: str, message: Message) -> None:
        if (consumer, message.subject) == fail_at:
            raise LookupError
        seen.append((consumer, message.subject))

    if any(fail_at):
        with pytest.raises(LookupError):
            do(bus.deliver(consume))
    else:
        assert do(bus.deliver(consume)) == len(seen)
    return seen


def of(consumer: str, seen: list[tuple[str, str]]) -> list[str]:
    return [subject for name, subject in seen if name == consumer]


def test_every_consumer_of_a_topic_gets_its_own_copy_in_order(bus):
    bus.subscribe("billing", frozenset({"paid"}))
    bus.subscribe("ledger", frozenset({"paid", "refunded"}))
    publish(bus, "a", "b")
    publish(bus, "c", topic="refunded")
    publish(bus, "d", topic="unheard")
    assert do(bus.backlog()) > 0
    seen = take(bus)
    assert of("billing", seen) == ["a", "b"]
    assert of("ledger", seen) == ["a", "b", "c"]
    assert (do(bus.backlog()), take(bus)) == (0, [])


def test_a_message_carries_the_trace_of_whoever_published_it(bus):
    bus.subscribe("billing", frozenset({"paid"}))
    header = f"00-{'a' * 32}-{'b' * 16}-01"
    do(bus.publish([Message(next(_SEQUENCE), "paid", "a", header), Message(next(_SEQUENCE), "paid", "b")]))
    seen: list[tuple[str, str]] = []

    async def consume(_: str, message: Message) -> None:
        seen.append((message.subject, message.traceparent))

    do(bus.deliver(consume))
    assert seen == [("a", header), ("b", "")]


def test_a_long_backlog_comes_whole_and_in_order(bus):
    bus.subscribe("billing", frozenset({"paid"}))
    subjects = [str(n) for n in range(450)]
    publish(bus, *subjects)
    assert of("billing", take(bus)) == subjects
    assert do(bus.backlog()) == 0


def test_what_is_published_while_delivering_comes_too(bus):
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "a")
    seen = []

    async def consume(_: str, message: Message) -> None:
        seen.append(message.subject)
        if message.subject == "a":
            await bus.publish([Message(next(_SEQUENCE), "paid", "b")])

    do(bus.deliver(consume))
    do(bus.deliver(consume))
    assert seen == ["a", "b"]


@pytest.mark.parametrize("kind", _HERE.values())
def test_what_is_left_of_a_round_is_there_in_the_next(kind):
    bus = kind()
    bus.subscribe("billing", frozenset({"paid"}))
    messages = [Message(next(_SEQUENCE), "paid", subject) for subject in ("a", "b", "c")]
    do(bus.publish(messages))
    assert take(bus, ("billing", "b")) == [("billing", "a")]
    if not bus.outlives:
        # Nothing was noted, so the outbox gives all of them again, and what has come since.
        do(bus.publish([*messages, Message(next(_SEQUENCE), "paid", "d")]))
    assert of("billing", take(bus)) == (["b", "c"] if bus.outlives else ["b", "c", "a", "d"])
    assert do(bus.backlog()) == 0


def test_nothing_to_publish_is_nothing(bus):
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus)
    assert take(bus) == []


def test_what_is_not_acknowledged_comes_again():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    bus.subscribe("ledger", frozenset({"paid"}))
    publish(bus, "a", "b", "c")
    assert take(bus, ("ledger", "b")) == [("billing", "a"), ("ledger", "a"), ("billing", "b")]
    assert do(bus.backlog()) == 3
    assert take(bus) == [("ledger", "b"), ("billing", "c"), ("ledger", "c")]


def test_a_consumer_that_comes_back_finds_what_waited():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "a")
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "b")
    assert of("billing", take(bus)) == ["a", "b"]


def test_what_a_process_left_unacknowledged_comes_to_the_next(nats_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr("core.bus.nats._ACK_WAIT_SECONDS", 1.0)
    name = f"test-{os.getpid()}-{next(_NAMES)}"

    async def main() -> list[str]:
        first = await NatsBus.open(nats_server.url, name)
        first.subscribe("billing", frozenset({"paid"}))
        await first.publish([Message(1, "paid", "a"), Message(2, "paid", "b")])

        async def die(_: str, message: Message) -> None:
            if message.subject == "b":
                raise LookupError

        with pytest.raises(LookupError):
            await first.deliver(die)
        await first.close()
        second = await NatsBus.open(nats_server.url, name)
        second.subscribe("billing", frozenset({"paid"}))
        seen: list[str] = []

        async def consume(_: str, message: Message) -> None:
            seen.append(message.subject)

        for _ in range(60):
            await second.deliver(consume)
            if seen:
                break
        await second.close()
        return seen

    assert do(main()) == ["b"]


def test_a_message_that_is_published_again_is_one_message(nats_server):  # noqa: F811
    async def main() -> int:
        bus = await NatsBus.open(nats_server.url, f"test-{os.getpid()}-{next(_NAMES)}")
        bus.subscribe("billing", frozenset({"paid"}))
        for _ in range(3):
            await bus.publish([Message(7, "paid", "a")])
        found = await bus.backlog()
        await bus.close()
        return found

    assert do(main()) == 1


def test_what_another_store_has_left_on_the_stream_is_not_ours(nats_server):  # noqa: F811
    """A database made anew counts from one again, within the time for which the server remembers numbers."""

    async def main() -> list[tuple[int, str]]:
        name = f"test-{os.getpid()}-{next(_NAMES)}"
        seen: list[tuple[int, str]] = []

        async def consume(_: str, message: Message) -> None:
            seen.append((message.sequence, message.subject))

        for store, subjects in (("first", ("a", "b")), ("second", ("c",))):
            bus = await NatsBus.open(nats_server.url, name, store)
            bus.subscribe("billing", frozenset({"paid"}))
            await bus.publish([Message(n, "paid", subject) for n, subject in enumerate(subjects, 1)])
            if store == "second":
                await bus.deliver(consume)
                assert await bus.backlog() == 0
            await bus.close()
        return seen

    assert do(main()) == [(1, "c")]


def test_a_server_that_was_killed_has_kept_what_it_took():
    from scenarios.servers import nats

    async def main(server) -> tuple[str, list[str]]:
        bus = await NatsBus.open(server.url, "deployment")
        bus.subscribe("billing", frozenset({"paid"}))
        await bus.publish([Message(1, "paid", "a")])
        server.kill()
        try:
            await asyncio.wait_for(bus.publish([Message(2, "paid", "b")]), 20)
        except Unavailable as error:
            away = error.system
        await asyncio.to_thread(server.start)
        seen: list[str] = []

        async def consume(_: str, message: Message) -> None:
            seen.append(message.subject)

        for _ in range(100):
            try:
                await bus.publish([Message(2, "paid", "b")])
                await bus.deliver(consume)
                break
            except Unavailable:
                await asyncio.sleep(0.1)
        await bus.close()
        return away, seen

    with nats() as server:
        assert do(main(server)) == ("bus", ["a", "b"])


def test_nobody_at_the_address_is_unavailable_and_no_password_is_told(monkeypatch):
    monkeypatch.setattr("core.bus.nats._TIMEOUT_SECONDS", 0.5)
    with pytest.raises(Unavailable) as told:
        do(NatsBus.open("nats://me:hunter2@127.0.0.1:1"))
    assert "127.0.0.1:1" in told.value.detail
    assert "hunter2" not in told.value.detail
