"""Change events: what they carry, to whom they go, how they are signed and retried."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from simulators.kit.clock import DAY, SECOND
from simulators.salesforce.routes.table import VENDOR
from simulators.salesforce.rules.relay import PAUSES

from .salesforce_client import ROOT, Crm

PATH = "/tooling/sobjects/EventRelayConfig"


def subscribe(crm: Crm, name: str = "Lab", **more: Any) -> Any:
    answer = crm.call(
        "POST", PATH,
        {"DeveloperName": name, "EventChannel": "/data/ChangeEvents", "State": "RUN",
         "DestinationResourceName": "https://core.test/crm", **more},
    )  # fmt: skip
    assert answer.status == 201, answer.body
    return answer.json


def got(crm: Crm) -> list[Any]:
    crm.deliver()
    events = [json.loads(body) for _, _, body, _, _ in crm.outbound.got]
    crm.outbound.got.clear()
    return events


def test_create_update_and_delete_are_told() -> None:
    crm = Crm()
    subscribe(crm)
    key = crm.make("Account", Name="Acme", External_Id__c="A-1")
    crm.clock.time += 1_234_567
    crm.change("Account", key, Name="Acme Ltd", External_Id__c=None, Industry=None)
    crm.change("Account", key, Name="Acme Ltd")
    crm.call("DELETE", f"/sobjects/Account/{key}")
    assert crm.org.pending() == 3
    create, update, delete = got(crm)
    assert crm.org.pending() == 0
    header = create["data"]["payload"]["ChangeEventHeader"]
    assert create["channel"] == "/data/AccountChangeEvent"
    assert (header["entityName"], header["changeType"], header["recordIds"]) == ("Account", "CREATE", [key])
    assert create["data"]["payload"]["Name"] == "Acme"
    assert "Phone" not in create["data"]["payload"]
    header = update["data"]["payload"]["ChangeEventHeader"]
    assert header["changedFields"] == ["Name", "External_Id__c", "LastModifiedDate"]
    assert header["nulledFields"] == ["External_Id__c"]
    assert header["commitTimestamp"] == crm.clock.time // 1000
    assert header["changeOrigin"] == "com/salesforce/api/rest/62.0"
    assert {k: v for k, v in update["data"]["payload"].items() if k != "ChangeEventHeader"} == {
        "Name": "Acme Ltd", "External_Id__c": None, "LastModifiedDate": "2026-01-01T09:00:01.000+0000",
    }  # fmt: skip
    assert delete["data"]["payload"]["ChangeEventHeader"]["changeType"] == "DELETE"
    assert list(delete["data"]["payload"]) == ["ChangeEventHeader"]
    ids = [event["data"]["event"]["replayId"] for event in (create, update, delete)]
    assert ids == sorted(set(ids))


def test_one_unit_of_work_is_one_transaction_and_one_event_a_record() -> None:
    crm = Crm()
    own = crm.deal()
    subscribe(crm)
    crm.change("Opportunity", own["opportunity"], StageName="Closed Won", SBQQ__Ordered__c=True)
    headers = [event["data"]["payload"]["ChangeEventHeader"] for event in got(crm)]
    assert [h["entityName"] for h in headers] == ["Opportunity", "SBQQ__Quote__c", "Order"]
    assert len({h["transactionKey"] for h in headers}) == 1
    assert [h["sequenceNumber"] for h in headers] == [1, 2, 3]
    assert {"StageName", "IsClosed", "IsWon", "SBQQ__Ordered__c"} <= set(headers[0]["changedFields"])


def test_what_is_taken_back_is_not_told() -> None:
    crm = Crm()
    subscribe(crm)
    rows = [{"attributes": {"type": "Account"}, "Name": "A"}, {"attributes": {"type": "Account"}}]
    crm.call("POST", "/composite/sobjects", {"allOrNone": True, "records": rows})
    assert got(crm) == []
    crm.call("POST", "/composite/sobjects", {"allOrNone": False, "records": rows})
    assert len(got(crm)) == 1


def test_filters_and_states() -> None:
    crm = Crm()
    subscribe(crm, "Deals", EventTypes=["OpportunityChangeEvent"])
    subscribe(crm, "Quotes", EventChannel="/data/SBQQ__Quote__ChangeEvent")
    stopped = subscribe(crm, "Later", State="STOP")
    crm.deal()
    channels = [event["channel"] for event in got(crm)]
    # The opportunity is made and then points at its quote; the quote is made and then summed.
    assert sorted(channels) == [
        "/data/OpportunityChangeEvent", "/data/OpportunityChangeEvent",
        "/data/SBQQ__Quote__ChangeEvent", "/data/SBQQ__Quote__ChangeEvent",
    ]  # fmt: skip
    path = f"{PATH}/{stopped['id']}"
    assert crm.call("PATCH", path, {"State": "PAUSE"}).status == 204
    crm.make("Account", Name="B")
    assert got(crm) == []
    assert crm.call("PATCH", path, {"State": "RUN"}).status == 204
    assert len(got(crm)) == 1
    shown = crm.call("GET", path).json
    assert (shown["DeveloperName"], shown["State"]) == ("Later", "RUN")
    assert "secret" not in shown
    assert crm.call("DELETE", path).status == 204
    assert crm.call("GET", path).code == "NOT_FOUND"
    crm.make("Account", Name="C")
    assert got(crm) == []


def test_a_pause_keeps_events_for_three_days() -> None:
    crm = Crm()
    path = f"{PATH}/{subscribe(crm, State='PAUSE')['id']}"
    crm.make("Account", Name="Old")
    crm.clock.time += 3 * DAY
    crm.sign_in()
    crm.make("Account", Name="New")
    crm.call("PATCH", path, {"State": "RUN"})
    assert [event["data"]["payload"]["Name"] for event in got(crm)] == ["New"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"EventChannel": "/data/Nothing"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"EventTypes": ["ContactChangeEvent"]}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"State": "WALK"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"DeveloperName": "Lab"}, "DUPLICATE_DEVELOPER_NAME"),
        ({"Colour": "red"}, "JSON_PARSER_ERROR"),
        ({"DeveloperName": None}, "JSON_PARSER_ERROR"),
    ],
)
def test_refused_subscriptions(wrong: dict[str, Any], code: str) -> None:
    crm = Crm()
    subscribe(crm)
    body = {
        "DeveloperName": "X",
        "EventChannel": "/data/ChangeEvents",
        "DestinationResourceName": "u",
        **wrong,
    }
    answer = crm.call("POST", PATH, body)
    assert (answer.status, answer.code) == (400, code)


def test_the_caller_may_be_told_by_the_origin_of_a_change() -> None:
    crm = Crm()
    subscribe(crm)
    crm.call("POST", "/sobjects/Account", {"Name": "A"}, Sforce_Call_Options="client=tieout")
    (event,) = got(crm)
    origin = event["data"]["payload"]["ChangeEventHeader"]["changeOrigin"]
    assert origin == "com/salesforce/api/rest/62.0;client=tieout"


def test_delivery_is_signed_at_each_attempt_retried_for_a_day_and_given_up() -> None:
    crm = Crm()
    secret = subscribe(crm)["secret"]
    crm.outbound.answers = [500, None, 200]
    crm.make("Account", Name="Acme")
    assert crm.deliver() == [60, 300]
    first, _, third = crm.outbound.got
    assert [attempt for *_, attempt in crm.outbound.got] == [1, 2, 3]
    assert first[0] == "https://core.test/crm"
    assert first[3] == "/data/AccountChangeEvent:1"
    for url, headers, body, _, _ in (first, third):
        assert url
        stamp, mac = (
            piece[2:] for piece in headers["X-Event-Relay-Signature"].replace("v1=", "m=").split(",")
        )
        wanted = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        assert mac == wanted
    assert third[1]["X-Event-Relay-Signature"].startswith(f"t={crm.clock.time // SECOND},")
    crm.outbound.answers = [None] * 20
    crm.make("Account", Name="Lost")
    assert tuple(crm.deliver()) == PAUSES
    (lost,) = crm.org.relay.sender.given_up
    assert (lost.attempts, lost.outcome) == (len(PAUSES) + 1, "given_up")
    assert crm.org.pending() == 0


def test_a_deployment_may_not_want_to_wait_for_a_relay():
    crm = Crm(relay_pause_seconds=90)
    subscribe(crm)
    crm.outbound.answers = [None] * 20
    crm.make("Account", Name="Lost")
    assert crm.deliver() == [60, *[90] * (len(PAUSES) - 1)]


def test_the_address_of_events_is_that_of_the_version_called() -> None:
    crm = Crm()
    config = subscribe(crm)
    shown = crm.call("GET", f"{PATH}/{config['id'][:15]}").json
    assert shown["attributes"]["url"] == f"{ROOT}{PATH}/{config['id']}"
    assert config["id"].startswith("7k2")


def test_a_gap_tells_that_something_changed_and_not_what() -> None:
    crm = Crm()
    subscribe(crm)
    key = crm.make("Account", Name="Acme")
    got(crm)
    VENDOR.disturb(crm.org, "gap", {"ids": [key]})
    (event,) = got(crm)
    assert event["data"]["payload"]["ChangeEventHeader"]["changeType"] == "GAP_UPDATE"
    assert "Name" not in event["data"]["payload"]
