"""Events and webhooks through Stripe's own SDK, received by a server of the test's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, listening, old_style, paid, pass_time


def test_events_are_listed_and_kept(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k-1"})
    sdk.v1.customers.update(customer.id, {"name": "B"})
    updated, created = sdk.v1.events.list({"types": ["customer.created", "customer.updated"]}).data
    assert (created.type, created.object, created.livemode) == ("customer.created", "event", False)
    assert created.api_version == "2026-10-28.endive"
    assert created.data.object["name"] == "A"
    assert created.request is not None
    assert created.request.idempotency_key == "k-1"
    assert created.request.id.startswith("req_")  # type: ignore[union-attr]
    assert (
        updated.data.previous_attributes == {"name": "A"} or updated.data.previous_attributes["name"] == "A"
    )
    assert sdk.v1.events.retrieve(created.id).data.object["id"] == customer.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.events.retrieve("evt_no")
    assert refused.value.http_status == 404
    pass_time(lab, 31)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.events.retrieve(created.id)
    assert created.id not in [e.id for e in sdk.v1.events.list({"limit": 100}).data]


def test_filters_of_events(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_createDispute")
    sdk.v1.customers.create({})
    events = sdk.v1.events
    assert {e.type for e in events.list({"type": "charge.*"}).data} == {
        "charge.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn",
    }  # fmt: skip
    assert [e.type for e in events.list({"type": "charge.dispute.*", "limit": 1}).data] == [
        "charge.dispute.funds_withdrawn"
    ]
    assert [
        e.type for e in events.list({"types": ["charge.succeeded", "payment_intent.succeeded"]}).data
    ] == [
        "payment_intent.succeeded",
        "charge.succeeded",
    ]
    listed = events.list({"types": ["charge.succeeded", "payment_intent.created"], "limit": 1})
    assert [e.type for e in listed.auto_paging_iter()] == ["charge.succeeded", "payment_intent.created"]
    with pytest.raises(stripe.InvalidRequestError):
        events.list({"type": "a.b", "types": ["c.d"]})


def test_a_webhook_arrives_signed(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as mail:
        endpoint = sdk.v1.webhook_endpoints.create(
            {
                "url": mail.url,
                "enabled_events": ["customer.created"],
                "description": "d",
                "metadata": {"a": "b"},
            }
        )
        assert (endpoint.status, endpoint.url) == ("enabled", mail.url)
        secret = str(endpoint.secret)
        assert secret.startswith("whsec_")
        customer = sdk.v1.customers.create({"name": "Ada"})
        sdk.v1.customers.update(customer.id, {"name": "Bob"})
        [(headers, body)] = mail.wait(1)
        event = stripe.Webhook.construct_event(body, headers["stripe-signature"], secret)
        assert (event.type, event.data.object["id"]) == ("customer.created", customer.id)
        assert event.pending_webhooks == 1
        assert sdk.construct_event(body, headers["stripe-signature"], secret).id == event.id
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body + b" ", headers["stripe-signature"], secret)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, headers["stripe-signature"], "whsec_wrong")
    shown = sdk.v1.webhook_endpoints.retrieve(endpoint.id)
    assert getattr(shown, "secret", None) is None
    assert (shown.description, shown.metadata["a"]) == ("d", "b")


def test_endpoints_are_changed_disabled_and_deleted(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as mail:
        made = sdk.v1.webhook_endpoints.create({"url": mail.url, "enabled_events": ["*"]})
        off = sdk.v1.webhook_endpoints.update(made.id, {"disabled": True})
        assert off.status == "disabled"
        sdk.v1.customers.create({})
        on = sdk.v1.webhook_endpoints.update(
            made.id, {"disabled": False, "enabled_events": ["product.created", "customer.deleted"]}
        )
        assert (on.status, on.enabled_events) == ("enabled", ["product.created", "customer.deleted"])
        sdk.v1.customers.delete(sdk.v1.customers.create({}).id)
        mail.wait(1)
        assert [json.loads(body)["type"] for _, body in mail.letters] == ["customer.deleted"]
        assert sdk.v1.webhook_endpoints.delete(made.id).deleted
        sdk.v1.customers.delete(sdk.v1.customers.create({}).id)
        with pytest.raises(stripe.InvalidRequestError):
            sdk.v1.webhook_endpoints.retrieve(made.id)
        assert len(mail.letters) == 1


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"url": "nonsense", "enabled_events": ["*"]}, "url"),
        ({"url": "http://x.example", "enabled_events": ["no.such"]}, "enabled_events[0]"),
        ({"url": "http://x.example"}, "enabled_events"),
        ({"enabled_events": ["*"]}, "url"),
    ],
)
def test_endpoints_that_are_refused(lab: Sandboxes, wish: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.webhook_endpoints.create(wish)  # type: ignore[arg-type]
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_sixteen_endpoints_at_most(lab: Sandboxes) -> None:
    sdk = client(lab)
    for i in range(16):
        sdk.v1.webhook_endpoints.create({"url": f"http://127.0.0.1:9/{i}", "enabled_events": ["payout.paid"]})
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        sdk.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["payout.paid"]})
    assert len(list(sdk.v1.webhook_endpoints.list({"limit": 5}).auto_paging_iter())) == 16


def test_failed_deliveries_are_tried_again(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as mail:
        mail.status = 500
        sdk.v1.webhook_endpoints.create({"url": mail.url, "enabled_events": ["customer.created"]})
        sdk.v1.customers.create({})
        mail.wait(1)
        event = sdk.v1.events.list({"type": "customer.created"}).data[0]
        assert sdk.v1.events.list({"delivery_success": False}).data[0].id == event.id
        lab.control("stripe", "POST", "clock", {"advance": "1h"})
        assert len(mail.wait(3)) >= 3
        mail.status = 200
        lab.control("stripe", "POST", "clock", {"advance": "6h"})
        letters = mail.letters
        assert len({json.loads(body)["id"] for _, body in letters}) == 1
        assert len({headers["stripe-signature"] for headers, _ in letters}) == len(letters)
        before = len(letters)
        pass_time(lab, 3)
        assert len(mail.letters) == before
        assert sdk.v1.events.retrieve(event.id).pending_webhooks == 0
        assert event.id in [e.id for e in sdk.v1.events.list({"delivery_success": True}).data]


def test_an_endpoint_that_never_answers_is_switched_off(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    for _ in range(5):
        sdk.v1.customers.create({})
        pass_time(lab, 2.5)
    assert sdk.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


def test_an_endpoint_is_switched_off_also_when_nothing_more_happens(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    sdk.v1.customers.create({})
    pass_time(lab, 8)
    assert sdk.v1.webhook_endpoints.retrieve(made.id).status == "enabled"
    pass_time(lab, 2)
    assert sdk.v1.webhook_endpoints.retrieve(made.id).status == "disabled"
    # Switched on again it gets its days again.
    assert sdk.v1.webhook_endpoints.update(made.id, {"disabled": False}).status == "enabled"
    sdk.v1.customers.create({})
    pass_time(lab, 8)
    assert sdk.v1.webhook_endpoints.retrieve(made.id).status == "enabled"


def test_duplicates_and_disorder_on_demand(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as mail:
        made = sdk.v1.webhook_endpoints.create({"url": mail.url, "enabled_events": ["customer.created"]})
        disturb(lab, "duplicate_events", count=1)
        sdk.v1.customers.create({"name": "twice"})
        letters = mail.wait(2)
        assert len({json.loads(body)["id"] for _, body in letters}) == 1
        disturb(lab, "hold_events")
        for name in ("first", "second"):
            sdk.v1.customers.create({"name": name})
        assert len(mail.letters) == 2
        disturb(lab, "release_events", order="reversed")
        letters = mail.wait(4)
        names = [json.loads(body)["data"]["object"]["name"] for _, body in letters[2:]]
        assert sorted(names) == ["first", "second"]
        event = json.loads(letters[0][1])["id"]
        disturb(lab, "resend_event", event=event, endpoint=made.id)
        assert json.loads(mail.wait(5)[-1][1])["id"] == event


def test_a_rolled_secret_signs_twice_for_a_while(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as mail:
        made = sdk.v1.webhook_endpoints.create({"url": mail.url, "enabled_events": ["customer.created"]})
        disturb(lab, "roll_secret", endpoint=made.id, secret="whsec_new", overlap_seconds=3600)
        sdk.v1.customers.create({})
        [(headers, body)] = mail.wait(1)
        for secret in ("whsec_new", str(made.secret)):
            stripe.Webhook.construct_event(body, headers["stripe-signature"], secret)
        lab.control("stripe", "POST", "clock", {"advance": "2h"})
        sdk.v1.customers.create({})
        headers, body = mail.wait(2)[1]
        # The clock of the mock has gone ahead: the SDK's own tolerance is not what is tested here.
        stripe.Webhook.construct_event(body, headers["stripe-signature"], "whsec_new", tolerance=0)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, headers["stripe-signature"], str(made.secret), tolerance=0)


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    with old_style(lab) as module:
        made = module.WebhookEndpoint.create(url="http://127.0.0.1:9/x", enabled_events=["payout.paid"])
        assert made.secret.startswith("whsec_")
        assert module.WebhookEndpoint.modify(made.id, disabled=True).status == "disabled"
        assert [w.id for w in module.WebhookEndpoint.list().auto_paging_iter()] == [made.id]
        assert module.WebhookEndpoint.delete(made.id).deleted
        module.Customer.create()
        assert module.Event.list(type="customer.created").data[0].type == "customer.created"
