"""Webhooks out over the API, with a consumer that checks every signature and acts once by id."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest

from core.announcing.signing import secret_of
from core.api.v1.filters import cursor_of
from core.canonical.events import Event, Topic
from core.canonical.facts import FACTS
from core.governance.accounts import Secret
from core.ports.world import Response
from scenarios.world.consumer import LOST
from tests.unit.core.api.client import ROOT, Client, asked
from tests.unit.core.fakes import START_US, make_order

URL = "https://hooks.example.com/tieout"
ORDERS = ["subscription_activated", "entitlement_changed"]
DAY = 86_400


async def added(client: Client, url: str = URL, topics: Any = ORDERS) -> str:
    answer = await client("POST", "/v1/webhook-endpoints", {"url": url, "topics": topics})
    assert answer.status == 201, answer.body
    client.consumer.secrets[url] = answer.json["secret"]
    return str(answer.headers["location"])


async def sold(client: Client, *keys: str) -> None:
    """A won quote of the same customer each."""
    for key in keys:
        client.office.books.orders[key] = make_order(key)
        event = Event(f"e-{key}", "crm", Topic.QUOTE_ACCEPTED, key, client.office.clock.now())
        await client.model.accept(event)


def test_an_endpoint_chooses_its_content_mode_and_changes_it():
    async def story(client: Client):
        path = await added(client)
        first = (await client("GET", path)).json["mode"]
        changed = await client("PATCH", path, {"mode": "binary"})
        await sold(client, "q1")
        await asyncio.sleep(60)
        wrong = await client("PATCH", path, {"mode": "batched"})
        kept = (await client("GET", f"{path}/deliveries")).json["items"]
        return first, changed.json["mode"], wrong, kept, client.consumer

    first, changed, wrong, kept, consumer = asked(story)
    assert (first, changed) == ("structured", "binary")
    (fault,) = wrong.json["faults"]
    assert (wrong.status, fault["field"], fault["allowed"]) == (422, "mode", ["structured", "binary"])
    assert (consumer.unsigned, len(consumer.effects)) == (0, 2)
    for call, delivery in zip(consumer.calls, kept, strict=True):
        event = json.loads(delivery["body"])
        assert json.loads(call.body) == event["data"]
        assert call.headers["ce-id"] == call.headers["webhook-id"] == event["id"]


def test_an_order_that_was_placed_is_told_as_cloud_events_under_a_signature_that_fits():
    async def story(client: Client):
        await added(client)
        await client("POST", "/v1/orders", {"opportunity": "q1"})
        await asyncio.sleep(60)
        return client.consumer

    consumer = asked(story)
    assert consumer.unsigned == 0
    (activated, entitled) = consumer.effects.values()
    assert activated["type"] == "tieout.subscription_activated.v1"
    assert {k: activated[k] for k in ("specversion", "source", "subject", "datacontenttype")} == {
        "specversion": "1.0",
        "source": "urn:tieout:core",
        "subject": "subscriptions/S-q1",
        "datacontenttype": "application/json",
    }
    assert activated["data"] == {
        "subscription": "S-q1", "customer": "acme", "order": "O-q1", "kind": "new", "start": "2026-01-15",
        "end": "2027-01-15",
    }  # fmt: skip
    assert entitled["data"]["products"] == [{"product": "SEAT", "quantity": 10, "before": 0}]
    assert entitled["data"]["state"] == "active"
    assert {call.headers["content-type"] for call in consumer.calls} == {
        "application/cloudevents+json; charset=utf-8"
    }


def test_what_fails_is_tried_again_less_and_less_often_in_order_and_lost_answers_have_one_effect():
    async def story(client: Client):
        await added(client)
        client.consumer.answers = [500, 503, LOST, 204]
        await sold(client, "q1", "q2")
        await asyncio.sleep(3 * 3600)
        return client.consumer

    consumer = asked(story)
    subjects = [(e["type"].split(".")[1], e["subject"]) for e in consumer.effects.values()]
    # One customer's facts in the order in which they happened, though the first was refused twice.
    assert [subject for _, subject in subjects] in (
        ["subscriptions/S-q1"] * 2 + ["subscriptions/S-q2"] * 2,
        ["subscriptions/S-q2"] * 2 + ["subscriptions/S-q1"] * 2,
    )
    first = consumer.calls[0].headers["webhook-id"]
    times = [
        t for t, c in zip(consumer.times, consumer.calls, strict=True) if c.headers["webhook-id"] == first
    ]
    pauses = [after - before for before, after in pairwise(times)]
    assert (len(pauses), pauses) == (3, sorted(pauses))
    assert pauses[2] > 2 * pauses[0]
    assert sum(consumer.repeated.values()) == 1
    assert len(consumer.effects) == 4


def test_the_secret_is_shown_where_it_is_made_only_and_rotates_with_an_overlap():
    async def story(client: Client):
        path = await added(client)
        first = client.consumer.secrets[URL]
        shown = (
            (await client("GET", path)).json,
            (await client("GET", "/v1/webhook-endpoints")).json["items"][0],
        )
        rotated = await client("POST", f"{path}/rotate", {"overlap_hours": 1})
        await sold(client, "q1")
        await asyncio.sleep(60)
        by_old = len(client.consumer.effects)
        await asyncio.sleep(2 * 3600)
        await sold(client, "q2")
        await asyncio.sleep(60)
        too_late = client.consumer.unsigned
        client.consumer.secrets[URL] = rotated.json["secret"]
        await asyncio.sleep(3 * 3600)
        kept = list(client.office.store.database.execute("SELECT body FROM answer"))
        return first, shown, rotated, by_old, too_late, len(client.consumer.effects), str(kept)

    first, shown, rotated, by_old, too_late, in_all, kept = asked(story)
    assert first.startswith("whsec_")
    assert rotated.json["secret"] != first
    assert all(each["secret"] is None for each in shown)
    assert (by_old, in_all) == (2, 4)
    assert too_late > 0
    assert kept.count("we_") >= 2
    assert first[6:] not in kept
    assert rotated.json["secret"][6:] not in kept


@pytest.mark.parametrize(("hours", "taken", "unsigned"), [(1, 2, 0), (0, 0, 1)])
def test_a_changed_root_signs_beside_the_one_before_it_until_that_ends(hours, taken, unsigned):
    former = Secret("root-before-that-of-the-test", START_US + hours * 3_600_000_000)

    async def story(client: Client):
        path = await added(client)
        name = path.rpartition("/")[2]
        # A consumer that still has what it was shown before the deployment's own secret was changed.
        client.consumer.secrets[URL] = secret_of(former.value, name, 1)
        await sold(client, "q1")
        await asyncio.sleep(60)
        return len(client.consumer.effects), min(client.consumer.unsigned, 1), name, client

    effects, refused, name, client = asked(story, former=former)
    assert (effects, refused) == (taken, unsigned)
    assert client.consumer.secrets[URL] != secret_of(ROOT, name, 1)


def test_an_endpoint_that_takes_nothing_for_days_is_disabled_and_gets_what_waits_when_it_is_well():
    async def story(client: Client):
        path = await added(client)
        client.consumer.answers = [500] * 500
        for day in range(5):
            await sold(client, f"q{day}")
            await asyncio.sleep(DAY)
        ill = (await client("GET", path)).json
        calls = len(client.consumer.calls)
        await asyncio.sleep(5 * DAY)
        quiet = len(client.consumer.calls) == calls
        client.consumer.answers = []
        well = await client("PATCH", path, {"enabled": True})
        await asyncio.sleep(60)
        failed = (await client("GET", f"{path}/deliveries?state=failed")).json["items"]
        for each in failed:
            await client("POST", f"{path}/deliveries/{each['number']}/resend", {})
        await asyncio.sleep(60)
        alerts = [subject for _, subject in client.office.alerts() if "disabled" in subject]
        return ill, quiet, well.json, failed, alerts, client.consumer

    ill, quiet, well, failed, alerts, consumer = asked(story)
    assert (ill["enabled"], quiet) == (False, True)
    assert "has taken nothing for 3 days" in ill["why"]
    assert len(alerts) == 1
    assert (well["enabled"], well["why"], well["failing_since"]) == (True, "", 0)
    # While it was disabled nothing new was taken down for it; all that was has arrived, each once.
    assert failed
    assert len(consumer.effects) in (6, 8)
    assert not consumer.repeated


def test_gone_is_gone_and_too_many_is_waited_for():
    async def story(client: Client):
        busy = await added(client, "https://busy.example.com/")
        client.consumer.answers = [Response(429, {"retry-after": "600"})]
        await sold(client, "q1")
        await asyncio.sleep(60)
        before = len(client.consumer.calls)
        await asyncio.sleep(600)
        after = len(client.consumer.effects)
        await client("DELETE", busy)
        gone = await added(client, "https://gone.example.com/")
        client.consumer.answers = [410]
        await sold(client, "q2")
        await asyncio.sleep(60)
        return before, after, (await client("GET", gone)).json, (await client("GET", busy)).status

    before, after, gone, dropped = asked(story)
    assert (before, after, dropped) == (1, 2, 404)
    assert (gone["enabled"], "410" in gone["why"]) == (False, True)


def test_deliveries_come_in_pages_and_one_is_sent_again_under_its_id():
    async def story(client: Client):
        path = await added(client)
        await sold(client, "q1", "q2")
        await asyncio.sleep(60)
        pages, cursor = [], ""
        while True:
            page = (await client("GET", f"{path}/deliveries?limit=3{cursor}")).json
            pages.append([each["number"] for each in page["items"]])
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        again = await client("POST", f"{path}/deliveries/{pages[0][0]}/resend", {})
        twice = await client("POST", f"{path}/deliveries/{pages[0][0]}/resend", {})
        nowhere = await client("POST", f"{path}/deliveries/999/resend", {})
        own = f"deliveries-{path.rpartition('/')[2]}"
        past = (await client("GET", f"{path}/deliveries?cursor={cursor_of(own, '999')}")).json
        other = await client("GET", f"{path}/deliveries?cursor={cursor_of('deliveries-we_2', '1')}")
        await asyncio.sleep(60)
        statuses = again.status, twice.status, nowhere.status, other.status
        return pages, statuses, past, client.consumer.repeated

    pages, statuses, past, repeated = asked(story)
    assert [len(page) for page in pages] == [3, 1]
    assert statuses == (202, 409, 404, 422)
    assert past == {"next": None, "items": []}
    assert list(repeated.values()) == [1]


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://10.0.0.1/", "https://localhost/"])
def test_inside_is_refused_when_it_is_added_and_when_it_is_changed(url):
    async def story(client: Client):
        new = await client("POST", "/v1/webhook-endpoints", {"url": url, "topics": ORDERS})
        path = await added(client)
        return new, await client("PATCH", path, {"url": url}), (await client("GET", path)).json["url"]

    new, changed, stays = asked(story)
    assert {(a.status, a.json["faults"][0]["field"]) for a in (new, changed)} == {(422, "url")}
    assert stays == URL


def test_who_adds_twice_under_one_key_has_one_endpoint_and_every_change_is_in_the_audit_log():
    async def story(client: Client):
        body = {"url": URL, "topics": ORDERS}
        one, two = [
            await client("POST", "/v1/webhook-endpoints", body, idempotency_key="mine") for _ in range(2)
        ]
        path = one.headers["location"]
        await client("PATCH", path, {"topics": ["dispute_opened"]})
        await client("DELETE", path)
        found = (await client("GET", "/v1/webhook-endpoints")).json["items"]
        lines = [(e.act, e.outcome) for e in await client.office.store.audited(0, 50)]
        return one.json, two.json, found, lines

    one, two, found, lines = asked(story)
    assert one == two
    assert one["secret"].startswith("whsec_")
    assert found == []
    assert lines == [(act, end) for act in ("add", "change", "drop") for end in ("asked", "done")]


@pytest.mark.parametrize("topics", [[], ["quote_accepted"], ["nothing"], "x", [None]])
def test_only_what_is_told_can_be_asked_for(topics):
    async def story(client: Client):
        return await client("POST", "/v1/webhook-endpoints", {"url": URL, "topics": topics})

    assert asked(story).status == 422


def test_an_order_that_is_taken_back_is_told_of_too():
    async def story(client: Client):
        await added(client, topics=sorted(FACTS))
        await sold(client, "q1")
        await asyncio.sleep(60)
        (number,) = [
            row[0] for row in client.office.store.database.execute("SELECT id FROM task WHERE key = 'q1'")
        ]
        why = {"reason": "signed by mistake"}
        assert (await client("POST", f"/v1/exceptions/{number}/undo", why)).status == 200
        client.model._worker.wake()
        await asyncio.sleep(60)
        return client.consumer

    consumer = asked(story)
    assert [event["type"] for event in consumer.told()] == [
        f"tieout.{name}.v1"
        for name in ("subscription_activated", "entitlement_changed", "subscription_cancelled",
                     "entitlement_changed")
    ]  # fmt: skip
    ended = list(consumer.effects.values())[-1]["data"]
    assert (ended["state"], ended["products"]) == ("ended", [])
