"""Metrics as Prometheus reads them, with its own parser."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from core.canonical.events import Event, Topic
from core.observing.exposing import exposed
from core.observing.metrics import Metrics
from core.observing.view import View
from core.realtime import LogWatch
from core.settings import Settings
from core.store.sqlite import SqliteStore


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, at: int = 0) -> None:
        self.at = at

    def now(self) -> int:
        return self.at


def read(text: bytes) -> dict[tuple[str, tuple[str, ...]], float]:
    """By sample name and label values, in order of the labels' names."""
    samples = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            key = sample.name, tuple(value for _, value in sorted(sample.labels.items()))
            assert key not in samples, f"{key} is told twice"
            samples[key] = sample.value
    return samples


def test_calls_with_their_claims_their_time_and_what_was_tried_again():
    clock, metrics = Hand(), Metrics("worker-1")
    watch = LogWatch(clock, meter=metrics)
    for claim, took in (("fail", 40_000), ("ok", 2_000_000)):
        attempt = watch.begin("zuora", "post_order", "order:1", write=True)
        clock.at += took
        watch.end(attempt, claim)
    found = read(metrics.text())
    name = "tieout_vendor_call_duration_seconds"
    assert found[f"{name}_count", ("fail", "post_order", "zuora")] == 1
    assert found[f"{name}_sum", ("ok", "post_order", "zuora")] == 2.0
    assert found[f"{name}_bucket", ("fail", "0.025", "post_order", "zuora")] == 0
    assert found[f"{name}_bucket", ("fail", "0.05", "post_order", "zuora")] == 1
    assert found["tieout_vendor_call_retries_total", ("post_order", "zuora")] == 1
    assert found["tieout_process_info", ("worker-1",)] == 1


def test_events_alerts_retries_fences_and_decisions_each_have_their_metric():
    metrics = Metrics("api")
    watch = LogWatch(Hand(), meter=metrics)
    watch.receipt("payments", "evt_1", "rejected", "signature")
    watch.receipt("payments", "evt_2", "applied")
    watch.alert("high", "INV-1", "held")
    for name, by in (("retried", 3), ("fenced", 1), ("operators.skip", 2), ("notices", 4)):
        watch.count(name, by)
    found = read(metrics.text())
    assert found["tieout_events_total", ("payments", "rejected")] == 1
    assert found["tieout_events_total", ("payments", "applied")] == 1
    assert found["tieout_alerts_total", ("high",)] == 1
    assert found["tieout_task_retries_total", ()] == 3
    assert found["tieout_fenced_claims_total", ()] == 1
    assert found["tieout_operator_decisions_total", ("skip",)] == 2
    assert found["tieout_notes_total", ("notices",)] == 4
    assert ("tieout_notes_total", ("retried",)) not in found


def test_the_stores_work_is_shown_as_it_stands_and_an_empty_queue_is_not_shown():
    async def main() -> None:
        store, clock, metrics = SqliteStore(), Hand(10_000_000), Metrics("api")
        view = View.of(metrics, store, clock, LogWatch(clock), Settings())
        for n in range(3):
            happened = Event(f"e{n}", "payments", Topic.PAYMENT_SETTLED, f"pi_{n}", 4_000_000)
            await store.accept(happened, ["payment_to_cash"], ["payment_settled"])
        held, *_ = await store.claim("w", 10_000_000, 70_000_000, 2)
        await store.park(held, "refused", "treasury", "payment:1", 10_000_000)
        found = read(await view.text())
        for state in ("waiting", "in_hand", "held"):
            assert found["tieout_tasks", ("payment_to_cash", state)] == 1
        assert found["tieout_oldest_due_task_age_seconds", ()] == 6.0
        assert found["tieout_outbox_messages", ()] == 3
        await store.published([m.sequence for m in await store.unpublished(10)])
        for task in await store.claim("w", 80_000_000, 90_000_000, 10):
            await store.finish(task, [], 80_000_000)
        await store.abandon(held.id, "by hand", "me", 80_000_000)
        found = read(await view.text())
        assert not [key for key in found if key[0] == "tieout_tasks"]
        assert found["tieout_oldest_due_task_age_seconds", ()] == found["tieout_outbox_messages", ()] == 0
        store.close()

    asyncio.run(main())


def test_a_worker_tells_its_metrics_on_loopback_and_nothing_else():
    async def main() -> None:
        metrics = Metrics("worker-1")
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with exposed(listener, metrics.text), aiohttp.ClientSession() as session:
                async with session.get(f"{url}/metrics") as answer:
                    assert answer.status == 200
                    assert answer.headers["content-type"].startswith("text/plain; version=")
                    assert read(await answer.read())["tieout_process_info", ("worker-1",)] == 1
                for method, path in (("POST", "/metrics"), ("GET", "/"), ("GET", "/metricsx")):
                    async with session.request(method, url + path) as answer:
                        assert (answer.status, await answer.read()) == (404, b"")

    asyncio.run(main())
