"""Signatures and malformed messages, without a vendor."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256

import orjson
import pytest

from core.canonical.events import Event, Topic
from core.connectors.salesforce import webhook as salesforce
from core.connectors.signatures import check_timed_hmac
from core.connectors.stripe import webhook as stripe
from core.connectors.webhook_errors import BadSignature, Malformed, UnknownType
from core.connectors.zuora import webhook as zuora

NOW, WINDOW = 1_767_225_600_000_000, 300
AT = NOW // 1_000_000


def mark(body: bytes, secret: str = "s", at: int = AT) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()


def test_any_of_several_marks_will_do() -> None:
    check_timed_hmac(f"t={AT},v1={mark(b'x', 'new')},v1={mark(b'x')},v0=zz", b"x", "s", NOW, WINDOW)


@pytest.mark.parametrize("off", [-WINDOW, WINDOW])
def test_the_window_includes_its_ends(off: int) -> None:
    at = AT + off
    check_timed_hmac(f"t={at},v1={mark(b'x', at=at)}", b"x", "s", NOW, WINDOW)


@pytest.mark.parametrize(
    "header",
    [
        "", "nonsense", f"v1={mark(b'x')}", f"t={AT}", f"t={AT},v1=", f"t={AT},v0={mark(b'x')}",
        f"t={AT},v1={mark(b'y')}", f"t={AT + 1},v1={mark(b'x')}", f"t=x,v1={mark(b'x')}",
        f"t={AT - 301},v1={mark(b'x', at=AT - 301)}", f"t={AT + 301},v1={mark(b'x', at=AT + 301)}",
        f"t={AT},v1=é", f"t=²,v1={mark(b'x')}", f"t={'9' * 40},v1={mark(b'x')}",
    ],
)  # fmt: skip
def test_bad_signatures(header: str) -> None:
    with pytest.raises(BadSignature):
        check_timed_hmac(header, b"x", "s", NOW, WINDOW)


def test_no_secret_lets_nobody_in() -> None:
    with pytest.raises(BadSignature):
        check_timed_hmac(f"t={AT},v1={mark(b'x', '')}", b"x", "", NOW, WINDOW)
    with pytest.raises(BadSignature):
        read_zuora({"event": "BillRunCompletion"}, secret="", password="")


def read_stripe(body: bytes) -> list[Event]:
    return stripe.read({"stripe-signature": f"t={AT},v1={mark(body)}"}, body, "s", NOW, WINDOW)


def stripe_event(kind: str, about: object) -> bytes:
    return orjson.dumps({"id": "evt_1", "type": kind, "created": AT, "data": {"object": about}})


OURS = {"id": "pi_1", "metadata": {"invoice": "INV1"}}


@pytest.mark.parametrize(
    ("kind", "about", "topic"),
    [
        ("payment_intent.succeeded", OURS, Topic.PAYMENT_SETTLED),
        ("payment_intent.payment_failed", OURS, Topic.PAYMENT_FAILED),
        ("payment_intent.succeeded", {"id": "pi_1", "metadata": {}}, None),
        ("refund.created", {"id": "re_1", "status": "succeeded"}, Topic.PAYMENT_REFUNDED),
        ("refund.updated", {"id": "re_1", "status": "succeeded"}, Topic.PAYMENT_REFUNDED),
        ("refund.created", {"id": "re_1", "status": "pending"}, None),
        ("refund.failed", {"id": "re_1", "status": "failed"}, Topic.REFUND_FAILED),
        ("charge.dispute.created", {"id": "du_1"}, Topic.DISPUTE_OPENED),
        ("charge.dispute.funds_withdrawn", {"id": "du_1"}, Topic.DISPUTE_WITHDRAWN),
        ("charge.dispute.closed", {"id": "du_1"}, Topic.DISPUTE_CLOSED),
        ("payout.paid", {"id": "po_1"}, Topic.PAYOUT_PAID),
        ("payout.failed", {"id": "po_1"}, Topic.PAYOUT_FAILED),
    ],
)
def test_stripe_events(kind: str, about: dict[str, object], topic: Topic | None) -> None:
    invoice = "INV1" if about is OURS else ""
    expected = [Event("evt_1", "payments", topic, str(about["id"]), NOW, invoice)] if topic else []
    assert read_stripe(stripe_event(kind, about)) == expected


@pytest.mark.parametrize(
    ("named", "comes_of"),
    [("pi_1", "pi_1"), ({"id": "pi_1"}, ""), ("x" * 300, ""), (7, ""), (None, "")],
)
def test_what_a_stripe_event_comes_of_is_a_name_or_nothing(named: object, comes_of: str) -> None:
    (event,) = read_stripe(stripe_event("charge.dispute.created", {"id": "du_1", "payment_intent": named}))
    assert (event.subject, event.about) == ("du_1", comes_of)


@pytest.mark.parametrize(
    "kind", ["payment_intent.canceled", "charge.refunded", "charge.dispute.funds_reinstated", "something.new"]
)
def test_stripe_events_that_nobody_asked_for(kind: str) -> None:
    with pytest.raises(UnknownType, match=kind):
        read_stripe(stripe_event(kind, OURS))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"{", stripe_event("payout.paid", {}), stripe_event("payout.paid", 1)]
)
def test_malformed_stripe_events(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_stripe(body)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"{", b'{"data": {"payload": 1}}'])
def test_malformed_change_events(body: bytes) -> None:
    with pytest.raises(Malformed):
        salesforce.read({"x-event-relay-signature": f"t={AT},v1={mark(body)}"}, body, "s", NOW, WINDOW)


def test_a_change_of_several_records_is_several_events() -> None:
    header = {
        "entityName": "Opportunity",
        "recordIds": ["a", "b"],
        "changeType": "UPDATE",
        "commitTimestamp": 5,
    }
    payload = {"ChangeEventHeader": header, "StageName": "Closed Won"}
    channel = "/data/OpportunityChangeEvent"
    body = orjson.dumps({"data": {"payload": payload, "event": {"replayId": 7}}, "channel": channel})
    events = salesforce.read({"x-event-relay-signature": f"t={AT},v1={mark(body)}"}, body, "s", NOW, WINDOW)
    assert [(e.subject, e.at) for e in events] == [("a", 5_000), ("b", 5_000)]
    assert len({e.id for e in events}) == 2
    assert events[0].id == salesforce.identify({}, body)


def read_zuora(
    fields: object, secret: str = "s", password: str = "s", notification: str = "n1"
) -> list[Event]:
    pair = b64encode(f"tieout:{password}".encode()).decode()
    headers = {"authorization": f"Basic {pair}", "zuora-notification-id": notification}
    return zuora.read(headers, orjson.dumps(fields), secret, NOW, WINDOW)


def test_zuora_events() -> None:
    run = read_zuora({"event": "BillRunCompletion", "number": "BR-1"})
    assert run == [Event("n1", "billing", Topic.BILL_RUN_COMPLETED, "BR-1", NOW)]
    with pytest.raises(UnknownType, match="OrderProcessed"):
        read_zuora({"event": "OrderProcessed", "number": "O-1"})
    assert read_zuora({"event": "CreditMemoPosted", "id": "c", "comment": "REFUND re_1"}) == []
    assert read_zuora({"event": "CreditMemoPosted", "id": "c", "comment": ""})[0].subject == "c"


def test_zuora_refusals() -> None:
    with pytest.raises(BadSignature):
        read_zuora({}, password="other")
    for fields in ([], {}, {"event": "InvoicePosted", "id": ""}, {"event": "BillRunCompletion"}):
        with pytest.raises(Malformed):
            read_zuora(fields)
    with pytest.raises(Malformed):
        read_zuora({"event": "BillRunCompletion", "number": "1"}, notification="")
    for authorization in ("", "Basic", "Basic ???", "Bearer dGllb3V0OnM="):
        with pytest.raises(BadSignature):
            zuora.read({"authorization": authorization}, b"{}", "s", NOW, WINDOW)


def test_a_write_of_our_own_is_an_echo_and_no_news() -> None:
    header = {
        "entityName": "Opportunity", "changeType": "UPDATE", "recordIds": ["006000000000001AAA"],
        "commitTimestamp": 1_767_225_600_000, "changeOrigin": "",
    }  # fmt: skip
    payload = {"ChangeEventHeader": header, "StageName": "Closed Won"}
    event = {"channel": "/data/ChangeEvents", "data": {"event": {"replayId": 7}, "payload": payload}}

    def read_as(origin: str) -> tuple[int, bool]:
        header["changeOrigin"] = origin
        body = orjson.dumps(event)
        signed = {"x-event-relay-signature": f"t={AT},v1={mark(body)}"}
        found = salesforce.read(signed, body, "s", NOW, WINDOW)
        return len(found), salesforce.echo(body)

    assert read_as("com/salesforce/api/rest/62.0;client=TieoutCore") == (0, True)
    assert read_as("com/salesforce/api/rest/62.0;client=Somebody") == (1, False)
    assert read_as("") == (1, False)
    assert salesforce.echo(b"not json") is False
