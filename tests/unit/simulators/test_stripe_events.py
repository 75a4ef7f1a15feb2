"""Events and webhooks: written down, signed, sent, repeated, given up."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from simulators.kit.clock import DAY, SECOND

from .stripe_client import START, Letter, Sandbox

HOOK = "https://core.example/hooks"


def subscribed(box: Sandbox, *types: str, url: str = HOOK) -> Any:
    answer = box.post("/v1/webhook_endpoints", {"url": url, "enabled_events": types or ["*"]})
    assert answer.status == 200, answer.json
    return answer.json


def marks(letter: Letter) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in letter.headers["Stripe-Signature"].split(","):
        name, _, value = part.partition("=")
        found.setdefault(name, []).append(value)
    return found


def signed(letter: Letter, secret: str) -> bool:
    found = marks(letter)
    text = f"{found['t'][0]}.".encode() + letter.body
    return hmac.new(secret.encode(), text, sha256).hexdigest() in found["v1"]


def test_the_secret_is_shown_once() -> None:
    box = Sandbox()
    made = subscribed(box, "charge.succeeded")
    assert made["secret"].startswith("whsec_")
    shown = box.get(f"/v1/webhook_endpoints/{made['id']}").json
    assert "secret" not in shown
    assert (shown["status"], shown["enabled_events"]) == ("enabled", ["charge.succeeded"])
    assert box.get("/v1/webhook_endpoints").json["data"] == [shown]
    gone = box.call("DELETE", f"/v1/webhook_endpoints/{made['id']}")
    assert gone.json == {"id": made["id"], "object": "webhook_endpoint", "deleted": True}
    assert box.get(f"/v1/webhook_endpoints/{made['id']}").status == 404


def test_deliveries_are_signed_over_the_very_bytes() -> None:
    box = Sandbox()
    made = subscribed(box, "charge.succeeded", "payment_intent.succeeded")
    box.pay()
    box.settle()
    assert sorted(letter.type for letter in box.mailbox.letters) == [
        "charge.succeeded",
        "payment_intent.succeeded",
    ]
    for letter in box.mailbox.letters:
        assert signed(letter, made["secret"])
        assert marks(letter)["t"] == [str(START // SECOND)]
        assert not signed(Letter(HOOK, letter.headers, letter.body + b" ", "", 1, 0), made["secret"])
    event = json.loads(box.mailbox.letters[0].body)
    assert event["id"] == box.mailbox.letters[0].event
    assert event["object"] == "event"
    assert event["pending_webhooks"] == 1
    assert event["request"]["id"].startswith("req_")
    stored = box.get(f"/v1/events/{event['id']}").json
    assert stored["data"] == event["data"]
    assert stored["pending_webhooks"] == 0
    assert box.rules.pending() == 0


def test_events_are_snapshots_and_name_their_request() -> None:
    box = Sandbox()
    made = box.post("/v1/customers", {"name": "Ada"}, idem="k1")
    box.post(f"/v1/customers/{made.json['id']}", {"name": "Bob"})
    updated, created = box.get("/v1/events").json["data"]
    assert created["data"] == {"object": made.json}
    assert created["request"] == {"id": made.headers["request-id"], "idempotency_key": "k1"}
    assert updated["data"]["previous_attributes"] == {"name": "Ada"}
    assert updated["request"]["idempotency_key"] is None


def test_events_of_an_intent_show_its_states() -> None:
    box = Sandbox()
    box.pay()
    data = box.get("/v1/events", {"type": "payment_intent.*"}).json["data"]
    assert [e["data"]["object"]["status"] for e in data] == ["succeeded", "requires_confirmation"]


def test_a_deployment_may_not_want_to_wait_for_retries() -> None:
    box = Sandbox(webhook_pause_seconds=7)
    subscribed(box, "customer.created")
    box.mailbox.status = 500
    box.post("/v1/customers")
    box.settle()
    box.run_out()
    moments = [letter.at for letter in box.mailbox.letters]
    assert [(late - early) // SECOND for early, late in pairwise(moments)] == [7] * 10


def test_retries_end_after_three_days() -> None:
    box = Sandbox()
    made = subscribed(box, "customer.created")
    box.mailbox.status = 500
    customer = box.post("/v1/customers").json["id"]
    assert box.rules.pending() == 1
    box.settle()
    box.run_out()
    moments = [letter.at for letter in box.mailbox.letters]
    pauses = [(late - early) // SECOND for early, late in pairwise(moments)]
    assert pauses == [300, 1800, 7200, 18000, 36000, *[43200] * 5]
    assert len(box.mailbox.letters) == 11
    assert {letter.event for letter in box.mailbox.letters} == {box.mailbox.letters[0].event}
    times = {marks(letter)["t"][0] for letter in box.mailbox.letters}
    assert len(times) == 11
    assert all(signed(letter, made["secret"]) for letter in box.mailbox.letters)
    assert box.rules.pending() == 0
    undelivered = box.get("/v1/events", {"delivery_success": False}).json["data"]
    assert [e["data"]["object"]["id"] for e in undelivered] == [customer]
    assert box.get("/v1/events", {"delivery_success": True}).json["data"] == []


@pytest.mark.parametrize("how", ["deleted", "disabled"])
def test_a_dead_endpoint_gets_nothing_more(how: str) -> None:
    box = Sandbox()
    made = subscribed(box)
    path = f"/v1/webhook_endpoints/{made['id']}"
    box.mailbox.status = None
    box.post("/v1/customers")
    for _ in range(5):
        box.post("/v1/customers", {"email": "wrong"})
    assert len(box.mailbox.letters) == 1
    assert box.rules.pending() == 1
    if how == "deleted":
        box.call("DELETE", path)
    else:
        assert box.post(path, {"disabled": True}).json["status"] == "disabled"
    assert box.rules.pending() == 0
    box.post("/v1/customers")
    box.run_out()
    box.settle(20)
    assert len(box.mailbox.letters) == 1


def test_a_rolled_secret_signs_twice_for_a_while() -> None:
    box = Sandbox()
    made = subscribed(box, "customer.created")
    wish = {"endpoint": made["id"], "secret": "whsec_new", "overlap_seconds": 60}
    box.mock.vendor.disturb(box.rules, "roll_secret", wish)
    box.post("/v1/customers")
    box.settle()
    box.turn(60 * SECOND)
    box.post("/v1/customers")
    box.settle()
    both, later = box.mailbox.letters
    assert signed(both, made["secret"])
    assert signed(both, "whsec_new")
    assert not signed(later, made["secret"])
    assert signed(later, "whsec_new")


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ({"url": HOOK}, "parameter_missing", "enabled_events"),
        ({"enabled_events": ["*"]}, "parameter_missing", "url"),
        ({"url": "core.example", "enabled_events": ["*"]}, "url_invalid", "url"),
        ({"url": HOOK, "enabled_events": ["charge.eaten"]}, None, "enabled_events[0]"),
    ],
)
def test_bad_endpoints(form: dict[str, Any], code: str | None, param: str) -> None:
    answer = Sandbox().post("/v1/webhook_endpoints", form)
    assert (answer.status, answer.error.get("code"), answer.error["param"]) == (400, code, param)


def test_sixteen_endpoints_are_the_most_and_live_ones_are_https() -> None:
    box = Sandbox()
    for n in range(16):
        subscribed(box, url=f"{HOOK}/{n}")
    full = box.post("/v1/webhook_endpoints", {"url": HOOK, "enabled_events": ["*"]})
    assert full.status == 400
    wish = {"url": "http://core.example", "enabled_events": ["*"]}
    assert box.post("/v1/webhook_endpoints", wish, key="sk_live_tieout").error["code"] == "url_invalid"


def test_endpoints_can_be_changed() -> None:
    box = Sandbox()
    made = subscribed(box, "charge.succeeded")
    path = f"/v1/webhook_endpoints/{made['id']}"
    wish = {"enabled_events": ["customer.created"], "url": f"{HOOK}/2", "metadata": {"a": "b"}}
    changed = box.post(path, wish).json
    assert (changed["enabled_events"], changed["url"]) == (["customer.created"], f"{HOOK}/2")
    box.pay()
    box.settle()
    assert [(letter.type, letter.url) for letter in box.mailbox.letters] == [
        ("customer.created", f"{HOOK}/2")
    ]


def test_events_are_kept_for_thirty_days() -> None:
    box = Sandbox()
    box.post("/v1/customers")
    event = box.get("/v1/events").json["data"][0]["id"]
    box.turn(30 * DAY - SECOND)
    assert box.get(f"/v1/events/{event}").status == 200
    box.turn(2 * SECOND)
    assert box.get(f"/v1/events/{event}").status == 404
    assert box.get("/v1/events").json["data"] == []


def test_events_are_listed_by_type() -> None:
    box = Sandbox()
    box.pay()
    wish = {"types": ["charge.succeeded", "customer.created"]}
    assert [e["type"] for e in box.get("/v1/events", wish).json["data"]] == [
        "charge.succeeded",
        "customer.created",
    ]
    one = box.get("/v1/events", {"type": "charge.succeeded"}).json["data"]
    assert [e["type"] for e in one] == ["charge.succeeded"]
    both = box.get("/v1/events", {"type": "charge.succeeded", "types": ["charge.failed"]})
    assert both.status == 400
