"""Metrics are named as Prometheus wants them, each is on the page, and the page is what the code says."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from core.observing.metrics import Metrics
from core.observing.telling import document
from core.observing.view import View
from core.ports.memory import Said
from core.realtime import LogWatch
from core.reliability.ratelimit import Limiter, Pace
from core.settings import Settings
from core.store.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
NOW = 2_000_000_000
# https://prometheus.io/docs/practices/naming/: base units, and the unit last.
NOT_BASE = re.compile(r"_(ms|millis|milliseconds|us|microseconds|minutes|hours|days|kb|mb|percent)(_|$)")
UNITS = re.compile(r"_(seconds|bytes|ratio)(_total|_info|_timestamp)?$")


class Hand:
    def now(self) -> int:
        return NOW


async def exposed() -> str:
    """A process that has something of everything to tell."""
    store, clock, metrics = SqliteStore(), Hand(), Metrics("api")
    watch = LogWatch(clock, meter=metrics)
    attempt = watch.begin("zuora", "post_order", "order:1", write=True)
    watch.end(attempt, "ok")
    attempt = watch.begin("zuora", "post_order", "order:1", write=True)
    watch.end(attempt, "info")
    watch.receipt("payments", "evt_1", "applied")
    watch.alert("high", "INV-1", "held")
    metrics.mapped([("tax_codes", 1, "0" * 64)])
    for name in ("retried", "fenced", "operators.skip", "spans.sent", "notices"):
        watch.count(name)
    metrics.limiter(Limiter("zuora", Pace(10, 5, 1000), clock))
    for key in ("a", "b"):
        await store.enqueue("order_to_subscription", key, 0)
    again, _ = await store.claim("w", NOW, NOW + 1, 10)
    await store.put_off(again, NOW, "no answer", "a")
    await store.say(Said("process/api", NOW, json.dumps({"role": "api"})))
    run = {"by": "w", "state": "done", "began_at": 1_000_000, "ended_at": 3_000_000, "result": ""}
    await store.say(Said("job/dunning", 3_000_000, json.dumps(run)))
    known = {"object": "customer A", "field": "customer.name", "other": "erp", "seen": 1, "told": True}
    await store.say(Said("ownership", 3_000_000, json.dumps({"error": "", "standing": [known]})))
    text = (await View.of(metrics, store, clock, watch, Settings()).text()).decode()
    store.close()
    return text


def test_every_metric_is_named_typed_and_explained_as_prometheus_wants_it():
    text = asyncio.run(exposed())
    families = [each for each in text_string_to_metric_families(text) if not each.name.endswith("_created")]
    names = [family.name for family in families]
    assert len(names) == len(set(names)) > 20
    for family in families:
        if family.name.startswith("process_"):
            continue
        assert re.fullmatch(r"tieout(_[a-z0-9]+)+", family.name), family.name
        assert family.documentation.endswith("."), family.name
        assert family.type in ("counter", "gauge", "histogram"), family.name
        assert not NOT_BASE.search(family.name), family.name
        assert family.type != "gauge" or not family.name.endswith("_total"), family.name
        if family.type == "histogram":
            assert UNITS.search(family.name), family.name
        for sample in family.samples:
            assert family.type != "counter" or sample.name.endswith(("_total", "_created")), sample.name
            for label in sample.labels:
                assert re.fullmatch(r"[a-z]+", label), (family.name, label)
                # A label that says the same in every series of a name says nothing.
                assert label not in family.name.split("_"), (family.name, label)


def test_each_metric_has_a_sample_when_there_is_something_to_tell_and_its_row_on_the_page():
    rows = {
        name: [label for label in labels.replace("`", "").split(", ") if label]
        for name, labels in re.findall(r"^\| `(tieout_\w+)` \| \w+ \| ([^|]*?) ?\|", document(), re.M)
    }
    told = {}
    for family in text_string_to_metric_families(asyncio.run(exposed())):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        if name.startswith("tieout_") and not name.endswith(("_created", "_slo_alarm")):
            assert family.samples, name
            told[name] = sorted(set(family.samples[0].labels) - {"le"})
    assert {**told, "tieout_slo_alarm": ["alarm", "flow"]} == {name: sorted(ls) for name, ls in rows.items()}


def test_the_page_is_what_the_code_says():
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    assert page == document(), "run: python -m core.observing.telling"
    assert (ROOT / "docs" / "page.png").stat().st_size <= 200_000
