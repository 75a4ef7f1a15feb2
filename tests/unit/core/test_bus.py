"""The broker in memory: durable consumers, at least once, in the order of publication."""

from __future__ import annotations

import asyncio

import pytest

from core.bus.memory import MemoryBus
from core.ports.durable import Message


def publish(bus: MemoryBus, *subjects: str, topic: str = "paid") -> None:
    for n, subject in enumerate(subjects):
        asyncio.run(bus.publish(Message(n, topic, subject)))


def take(bus: MemoryBus, consumer: str, fail_at: str = "") -> list[str]:
    """What is handed over until `fail_at` comes."""
    seen: list[str] = []

    async def consume(message: Message) -> None:
        if message.subject == fail_at:
            raise LookupError
        seen.append(message.subject)

    if fail_at:
        with pytest.raises(LookupError):
            asyncio.run(bus.deliver(consumer, consume))
    else:
        assert asyncio.run(bus.deliver(consumer, consume)) == len(seen)
    return seen


def test_every_consumer_of_a_topic_gets_its_own_copy_in_order():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    bus.subscribe("ledger", frozenset({"paid", "refunded"}))
    publish(bus, "a", "b")
    publish(bus, "c", topic="refunded")
    publish(bus, "d", topic="nobody listens")
    assert bus.backlog() == 5
    assert take(bus, "billing") == ["a", "b"]
    assert take(bus, "ledger") == ["a", "b", "c"]
    assert (bus.backlog(), take(bus, "ledger")) == (0, [])


def test_what_is_not_acknowledged_comes_again():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "a", "b", "c")
    assert take(bus, "billing", fail_at="b") == ["a"]
    assert bus.backlog() == 2
    assert take(bus, "billing") == ["b", "c"]


def test_a_consumer_that_comes_back_finds_what_waited():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "a")
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "b")
    assert take(bus, "billing") == ["a", "b"]


def test_what_was_published_before_the_first_subscription_is_gone():
    bus = MemoryBus()
    publish(bus, "a")
    bus.subscribe("billing", frozenset({"paid"}))
    assert take(bus, "billing") == []


def test_what_is_published_while_delivering_is_delivered_too():
    bus = MemoryBus()
    bus.subscribe("billing", frozenset({"paid"}))
    publish(bus, "a")
    seen = []

    async def consume(message: Message) -> None:
        seen.append(message.subject)
        if message.subject == "a":
            await bus.publish(Message(2, "paid", "b"))

    assert asyncio.run(bus.deliver("billing", consume)) == 2
    assert seen == ["a", "b"]
