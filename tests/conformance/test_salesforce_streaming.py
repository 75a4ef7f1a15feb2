"""Change events by long polling, spoken as a CometD client speaks; and what the org defines for itself."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from scenarios.sandboxes import Sandboxes, sandboxes
from tests.conformance.salesforce_client import advance, connect


class Listener:
    """A CometD client with one message at a time."""

    def __init__(self, lab: Sandboxes, token: str) -> None:
        self.url, self.http = f"{lab.url('salesforce')}/cometd/59.0", requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.id = ""

    def say(self, channel: str, **more: Any) -> list[dict[str, Any]]:
        message = {
            "channel": f"/meta/{channel}",
            "id": "1",
            **({"clientId": self.id} if self.id else {}),
            **more,
        }
        answer = self.http.post(self.url, json=[message], timeout=30).json()
        return list(answer)

    def shake_hands(self) -> None:
        (answer,) = self.say("handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        assert answer["successful"] is True
        assert answer["ext"]["replay"] is True
        self.id = answer["clientId"]

    def subscribe(self, channel: str, replay: int) -> dict[str, Any]:
        (answer,) = self.say("subscribe", subscription=channel, ext={"replay": {channel: replay}})
        return answer

    def connect(self, **more: Any) -> list[dict[str, Any]]:
        *events, last = self.say("connect", connectionType="long-polling", **more)
        assert last["successful"] is True, last
        return events


@pytest.fixture
def ear(lab: Sandboxes) -> tuple[Salesforce, Listener]:
    sf = connect(lab)
    listener = Listener(lab, sf.session_id)
    listener.shake_hands()
    return sf, listener


def _kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["payload"]["ChangeEventHeader"]["changeType"] for event in events]


def test_events_are_told_and_replayed(ear: tuple[Salesforce, Listener], lab: Sandboxes) -> None:
    sf, listener = ear
    assert listener.subscribe("/data/AccountChangeEvent", -1)["successful"] is True
    key = sf.Account.create({"Name": "Acme"})["id"]
    sf.Account.update(key, {"Name": "Acme Ltd"})
    sf.Account.delete(key)
    events = listener.connect()
    assert _kinds(events) == ["CREATE", "UPDATE", "DELETE"]
    assert events[1]["channel"] == "/data/AccountChangeEvent"
    assert events[1]["data"]["payload"]["Name"] == "Acme Ltd"
    first = events[0]["data"]["event"]["replayId"]
    assert listener.connect(advice={"timeout": 0}) == []
    again = Listener(lab, sf.session_id)
    again.shake_hands()
    again.subscribe("/data/ChangeEvents", -2)
    assert len(again.connect()) == 3
    again.subscribe("/data/AccountChangeEvent", first)
    assert _kinds(again.connect()) == ["UPDATE", "DELETE"]
    advance(lab, 73 * 3600)
    sf = connect(lab)
    late = Listener(lab, sf.session_id)
    late.shake_hands()
    refused = late.subscribe("/data/AccountChangeEvent", first)
    assert refused["successful"] is False
    assert refused["error"].startswith("400::The replayId")
    assert late.subscribe("/data/NothingChangeEvent", -1)["successful"] is False


def test_a_poll_waits_for_news(ear: tuple[Salesforce, Listener]) -> None:
    sf, listener = ear
    listener.subscribe("/data/ContactChangeEvent", -1)
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.extend(listener.connect()))
    waiting.start()
    sf.Contact.create({"LastName": "Doe"})
    waiting.join(20)
    assert _kinds(got) == ["CREATE"]


def test_a_poll_ends_when_its_time_is_up(ear: tuple[Salesforce, Listener], lab: Sandboxes) -> None:
    _, listener = ear
    listener.subscribe("/data/ContactChangeEvent", -1)
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.append(listener.connect()))
    waiting.start()
    for _ in range(100):
        if got:
            break
        advance(lab, 5)
        waiting.join(0.05)
    waiting.join(20)
    assert got == [[]]


def test_strangers_are_sent_back_to_shake_hands(ear: tuple[Salesforce, Listener], lab: Sandboxes) -> None:
    _, listener = ear
    listener.say("disconnect")
    (answer,) = listener.say("connect", connectionType="long-polling")
    assert (answer["error"], answer["advice"]["reconnect"]) == ("403::Unknown client", "handshake")
    stranger = Listener(lab, "nonsense")
    (answer,) = stranger.say("handshake")
    assert answer["error"].startswith("401")


def test_custom_fields_objects_and_validation_rules(lab: Sandboxes) -> None:
    sf = connect(lab)
    field = {"FullName": "Account.Region__c", "Metadata": {
        "type": "Picklist", "label": "Sales Region", "valueSet": {"restricted": True, "valueSetDefinition": {
            "value": [{"fullName": "North"}, {"fullName": "South", "default": True}]}}}}  # fmt: skip
    assert sf.toolingexecute("sobjects/CustomField", "POST", field)["success"] is True
    thing = {"FullName": "Thing__c", "Metadata": {"label": "Thing", "pluralLabel": "Things"}}
    sf.toolingexecute("sobjects/CustomObject", "POST", thing)
    lookup = {"FullName": "Thing__c.Owner_Account__c", "Metadata": {
        "type": "Lookup", "referenceTo": "Account", "relationshipName": "Things"}}  # fmt: skip
    sf.toolingexecute("sobjects/CustomField", "POST", lookup)
    key = {"FullName": "Thing__c.Key__c", "Metadata": {"type": "Text", "length": 20, "externalId": True,
                                                       "unique": True}}  # fmt: skip
    sf.toolingexecute("sobjects/CustomField", "POST", key)
    account = sf.Account.create({"Name": "Acme"})["id"]
    assert sf.Account.get(account)["Region__c"] == "South"
    assert sf.Thing__c.upsert("Key__c/K1", {"Name": "T", "Owner_Account__c": account}) == 201
    found = sf.query("SELECT (SELECT Name FROM Things__r) FROM Account WHERE Region__c = 'South'")
    assert found["records"][0]["Things__r"]["records"][0]["Name"] == "T"
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Account.update(account, {"Region__c": "West"})
    assert refused.value.content[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    rule = {"FullName": "Opportunity.Amount_needed", "Metadata": {
        "active": True, "errorConditionFormula": 'AND(ISPICKVAL(StageName, "Closed Won"), ISBLANK(Amount))',
        "errorMessage": "A won deal needs an amount", "errorDisplayField": "Amount"}}  # fmt: skip
    made = sf.toolingexecute("sobjects/ValidationRule", "POST", rule)
    deal = sf.Opportunity.create({"Name": "D", "StageName": "Prospecting", "CloseDate": "2026-01-01"})["id"]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Opportunity.update(deal, {"StageName": "Closed Won"})
    (error,) = refused.value.content
    assert error == {
        "message": "A won deal needs an amount", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Amount"],
    }  # fmt: skip
    assert sf.Opportunity.update(deal, {"StageName": "Closed Won", "Amount": 5}) == 204
    sf.toolingexecute(f"sobjects/ValidationRule/{made['id']}", "DELETE")
    assert sf.Opportunity.update(deal, {"Amount": None}) == 204
    lab.reset()
    assert "Region__c" not in [each["name"] for each in connect(lab).Account.describe()["fields"]]


def test_rows_that_somebody_else_holds(lab: Sandboxes) -> None:
    sf = connect(lab)
    account = sf.Account.create({"Name": "Acme"})["id"]
    lab.control("salesforce", "POST", "disturb", {"kind": "lock_rows", "ids": [account]})
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Contact.create({"LastName": "Doe", "AccountId": account})
    (error,) = refused.value.content
    assert error["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert error["message"].endswith(account)
    assert sf.Contact.create({"LastName": "Doe", "AccountId": account})["success"] is True


def test_a_snapshot_keeps_everything() -> None:
    with sandboxes("salesforce", seed="alone") as lab:
        _kept(lab)


def _kept(lab: Sandboxes) -> None:
    sf = connect(lab)
    sf.toolingexecute(
        "sobjects/CustomField", "POST", {"FullName": "Account.Size__c", "Metadata": {"type": "Number"}}
    )
    sf.bulk2.Account.insert(records=[{"Name": "A", "Size__c": "5"}], wait=0.05)
    sf.query("SELECT Name FROM Account WHERE Size__c > 1")
    lab.snapshot("full")
    sf.Account.create({"Name": "B"})
    lab.restore("full")
    assert [row["Size__c"] for row in connect(lab).query("SELECT Size__c FROM Account")["records"]] == [5]


def test_quote_to_contract(lab: Sandboxes) -> None:
    sf = connect(lab)
    book = lab.credentials("salesforce")["standard_pricebook"]
    account = sf.Account.create({"Name": "Acme"})["id"]
    product = sf.Product2.create({"Name": "Plan", "ProductCode": "P", "IsActive": True,
                                  "SBQQ__SubscriptionPricing__c": "Fixed Price"})["id"]  # fmt: skip
    sf.PricebookEntry.create(
        {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 100, "IsActive": True}
    )
    deal = sf.Opportunity.create({"Name": "D", "AccountId": account, "StageName": "Prospecting",
                                  "CloseDate": "2026-01-31", "Pricebook2Id": book})["id"]  # fmt: skip
    quote = sf.SBQQ__Quote__c.create({
        "SBQQ__Opportunity2__c": deal, "SBQQ__Primary__c": True, "SBQQ__Status__c": "Accepted",
        "SBQQ__StartDate__c": "2026-02-01", "SBQQ__SubscriptionTerm__c": 12})["id"]  # fmt: skip
    router = "SBQQ/ServiceRouter"
    model = json.loads(sf.apexecute(f"{router}?reader=SBQQ.QuoteAPI.QuoteReader&uid={quote}"))
    model["lineItems"] = [{"key": 1, "record": {"SBQQ__Product__c": product, "SBQQ__Quantity__c": 3,
                                                "SBQQ__NetPrice__c": 90}}]  # fmt: skip
    saved = json.loads(
        sf.apexecute(router, "POST", {"saver": "SBQQ.QuoteAPI.QuoteSaver", "model": json.dumps(model)})
    )
    assert saved["netTotal"] == 270
    sf.Opportunity.update(deal, {"StageName": "Closed Won"})
    sf.SBQQ__Quote__c.update(quote, {"SBQQ__Ordered__c": True})
    (order,) = sf.query("SELECT Id, Status, TotalAmount FROM Order")["records"]
    assert (order["Status"], order["TotalAmount"]) == ("Draft", 270)
    with pytest.raises(SalesforceMalformedRequest):
        sf.Order.update(order["Id"], {"SBQQ__Contracted__c": True})
    sf.Order.update(order["Id"], {"Status": "Activated"})
    sf.Order.update(order["Id"], {"SBQQ__Contracted__c": True})
    (contract,) = sf.query("SELECT Id, Status, ContractTerm, EndDate, SBQQ__Order__c FROM Contract")[
        "records"
    ]
    assert (contract["ContractTerm"], contract["EndDate"]) == (12, "2027-01-31")
    (line,) = sf.query("SELECT SBQQ__Quantity__c, SBQQ__NetPrice__c, SBQQ__SubscriptionEndDate__c, "
                       "SBQQ__Contract__c FROM SBQQ__Subscription__c")["records"]  # fmt: skip
    assert (line["SBQQ__Quantity__c"], line["SBQQ__NetPrice__c"]) == (3, 90)
    assert line["SBQQ__Contract__c"] == contract["Id"]
    sf.Contract.update(contract["Id"], {"Status": "Activated"})
    loader = f"{router}?loader=SBQQ.ContractManipulationAPI.ContractAmender&uid={contract['Id']}"
    amended = json.loads(sf.apexecute(loader, "PATCH", {}))
    assert amended["record"]["SBQQ__Type__c"] == "Amendment"
    assert amended["netTotal"] == 0


def test_a_relay_is_made_and_run_as_the_vendor_writes_it(lab: Sandboxes) -> None:
    told: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    sf = connect(lab)
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        metadata = {
            "eventChannel": "AccountChangeEvent", "label": "To billing",
            "destinationResourceName": f"http://127.0.0.1:{server.server_port}/",
            "relayOption": json.dumps({"ReplayRecovery": "LATEST"}),
        }  # fmt: skip
        path = "sobjects/EventRelayConfig"
        made = sf.toolingexecute(path, "POST", {"FullName": "ToBilling", "Metadata": metadata})
        sf.Account.create({"Name": "Before"})  # a new relay stands still
        sf.toolingexecute(f"{path}/{made['id']}", "PATCH", {"Metadata": {"state": "RUN"}})
        sf.Account.create({"Name": "After"})
        lab.settle()
        server.shutdown()
    assert [each["data"]["payload"]["Name"] for each in told] == ["After"]
    assert told[0]["data"]["event"]["replayId"] == 2
    shown = sf.toolingexecute(f"{path}/{made['id']}")
    assert (shown["DeveloperName"], shown["State"]) == ("ToBilling", "RUN")
    wrong = {"FullName": "Other", "Metadata": {**metadata, "eventChannel": "NothingChangeEvent"}}
    with pytest.raises(SalesforceMalformedRequest):
        sf.toolingexecute(path, "POST", wrong)
