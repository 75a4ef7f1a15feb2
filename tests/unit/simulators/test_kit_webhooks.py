"""Deliveries: at least once, retried, given up; pauses of 0 seconds, so that nothing waits."""

from __future__ import annotations

import asyncio

import pytest

from simulators.kit.agenda import Agenda
from simulators.kit.webhooks import Sender


class Hand:
    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        return self.time


class Receiver:
    """Answers each attempt with the next status; an exception is raised; the last one stays."""

    def __init__(self, clock: Hand, *answers) -> None:
        self._clock, self._answers = clock, list(answers)
        self.got: list[tuple] = []

    async def post(self, url, headers, body, *, event, attempt):
        self.got.append((url, dict(headers), body, event, attempt))
        self._clock.time += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def deliver(*answers, pauses=(0, 0), **options):
    clock = Hand()
    receiver = Receiver(clock, *answers)
    tasks: list[asyncio.Task] = []
    agenda = Agenda(clock, lambda coro: tasks.append(asyncio.ensure_future(coro)))
    sender = Sender(clock, receiver, agenda, pauses, **options)
    delivery = sender.send("http://hook", "evt_1", b"body", lambda now: {"t": str(now)})
    assert (sender.pending, delivery.outcome, receiver.got) == (1, "pending", [])
    results = []
    while tasks:
        results.extend(await asyncio.gather(tasks.pop(0), return_exceptions=True))
    return sender, delivery, receiver, results


def run(*answers, **options):
    return asyncio.run(deliver(*answers, **options))


def test_delivered_at_once():
    sender, delivery, receiver, _ = run(204)
    assert (delivery.outcome, delivery.attempts, delivery.last_status) == ("delivered", 1, 204)
    assert receiver.got == [("http://hook", {"t": "0"}, b"body", "evt_1", 1)]
    assert (sender.pending, sender.given_up) == (0, [])


@pytest.mark.parametrize("first", [None, 500, 404, 302])
def test_retried_until_it_succeeds_with_fresh_headers(first):
    sender, delivery, receiver, _ = run(first, first, 200)
    assert (delivery.outcome, delivery.attempts) == ("delivered", 3)
    assert [(headers["t"], attempt) for _, headers, _, _, attempt in receiver.got] == [
        ("0", 1), ("1", 2), ("2", 3),
    ]  # fmt: skip
    assert sender.pending == 0


def test_given_up_when_the_pauses_are_used_up():
    sender, delivery, receiver, _ = run(500)
    assert (delivery.outcome, delivery.attempts, delivery.last_status) == ("given_up", 3, 500)
    assert sender.given_up == [delivery]
    assert (sender.pending, len(receiver.got)) == (0, 3)


def test_no_pauses_means_one_attempt():
    _, delivery, _, _ = run(None, pauses=())
    assert (delivery.outcome, delivery.attempts, delivery.last_status) == ("given_up", 1, None)


def test_the_vendor_says_what_success_is():
    _, delivery, _, _ = run(202, pauses=(), succeeded=lambda status: status == 200)
    assert delivery.outcome == "given_up"


def test_a_broken_transport_is_not_hidden_and_leaves_nothing_pending():
    sender, delivery, _, results = run(RuntimeError("transport"))
    assert isinstance(results[0], RuntimeError)
    assert (sender.pending, delivery.outcome) == (0, "pending")


def test_many_at_once_are_counted():
    async def many():
        clock = Hand()
        receiver = Receiver(clock, 200)
        tasks: list[asyncio.Task] = []
        agenda = Agenda(clock, lambda coro: tasks.append(asyncio.ensure_future(coro)))
        sender = Sender(clock, receiver, agenda, (0,))
        for n in range(5):
            sender.send("http://hook", f"evt_{n}", b"", lambda now: {})
        before = sender.pending
        await asyncio.gather(*tasks)
        return before, sender.pending, [event for _, _, _, event, _ in receiver.got]

    assert asyncio.run(many()) == (5, 0, [f"evt_{n}" for n in range(5)])
