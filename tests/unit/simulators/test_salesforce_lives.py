"""Whatever is done to records, in whatever order: indexes, bin and queries agree with a plain list."""

from __future__ import annotations

import pickle
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from simulators.kit.clock import SECOND
from simulators.salesforce.rules.bin import purge, undelete
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Field

from .salesforce_client import Crm

NAMES = st.sampled_from(["Ann", "bob", "Cy", "D'or"])
KEYS = st.sampled_from(["k1", "K1", "k2", "k3", None])


class Accounts(RuleBasedStateMachine):
    """Accounts made, changed, deleted, brought back, merged and purged beside a dictionary."""

    made: Any = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        self.crm = Crm()
        self.org = self.crm.org
        self.live: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()

    def taken(self, key: str | None, but: str = "") -> bool:
        return key is not None and any(
            row["External_Id__c"] and row["External_Id__c"].lower() == key.lower()
            for each, row in self.live.items()
            if each != but
        )

    @rule(target=made, name=NAMES, key=KEYS)
    def create(self, name: str, key: str | None) -> str:
        body = {"Name": name, "External_Id__c": key}
        answer = self.crm.call("POST", "/sobjects/Account", body)
        if self.taken(key):
            assert answer.code == "DUPLICATE_VALUE"
            return "none"
        self.live[answer.json["id"]] = body
        return str(answer.json["id"])

    @rule(key=made, name=NAMES, external=KEYS)
    def change(self, key: str, name: str, external: str | None) -> None:
        if key == "none":
            return
        answer = self.crm.change("Account", key, Name=name, External_Id__c=external)
        if key not in self.live:
            assert answer.status == 404
        elif self.taken(external, key):
            assert answer.code == "DUPLICATE_VALUE"
        else:
            assert answer.status == 204
            self.live[key] = {"Name": name, "External_Id__c": external}

    @rule(key=made)
    def delete(self, key: str) -> None:
        if key == "none":
            return
        answer = self.crm.call("DELETE", f"/sobjects/Account/{key}")
        assert (answer.status == 204) == (key in self.live)
        if self.live.pop(key, None) is not None:
            self.gone.add(key)

    @rule(key=made)
    def bring_back(self, key: str) -> None:
        if key == "none" or key not in self.gone:
            return
        record = self.org.store.by_id[key]
        if self.taken(record.values["External_Id__c"]) or record.values["MasterRecordId"]:
            return
        undelete(self.org.records, key)
        self.gone.discard(key)
        self.live[key] = {name: record.values[name] for name in ("Name", "External_Id__c")}

    @rule(key=made)
    def purge(self, key: str) -> None:
        if key in self.gone:
            purge(self.org.records, key)
            self.gone.discard(key)
            assert self.org.store.find(key) is None

    @rule(one=made, other=made)
    def merge(self, one: str, other: str) -> None:
        try:
            self.org.merge("Account", one, [other], {})
        except Refused:
            assert one == other or one not in self.live or other not in self.live
            return
        del self.live[other]
        self.gone.add(other)

    @rule(seconds=st.integers(0, 3))
    def wait(self, seconds: int) -> None:
        self.crm.clock.time += seconds * SECOND

    @invariant()
    def queries_agree(self) -> None:
        rows = self.crm.query("SELECT Id, Name, External_Id__c FROM Account").json["records"]
        assert {row["Id"]: (row["Name"], row["External_Id__c"]) for row in rows} == {
            key: (row["Name"], row["External_Id__c"]) for key, row in self.live.items()
        }
        found = self.crm.ids("SELECT Id FROM Account WHERE External_Id__c = 'K1'")
        assert len(found) == sum((row["External_Id__c"] or "").lower() == "k1" for row in self.live.values())
        every = self.crm.query("SELECT COUNT() FROM Account", "/queryAll").json["totalSize"]
        assert every == len(self.live) + len(self.gone)
        if rows:
            text = f"SELECT Id FROM Account WHERE Id > '{rows[0]['Id']}' ORDER BY Id"
            assert self.crm.ids(text) == sorted(self.live)[1:]


Accounts.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestAccounts = Accounts.TestCase


class Orders(RuleBasedStateMachine):
    """An order with items: what it may become, and that its total is the sum of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.crm = Crm()
        own = self.crm.deal()
        self.entry = own["entry"]
        self.order = self.crm.make(
            "Order",
            AccountId=own["account"],
            EffectiveDate="2026-01-01",
            Status="Draft",
            Pricebook2Id=own["book"],
        )
        self.items: dict[str, int] = {}
        self.status = "Draft"

    @rule(quantity=st.integers(1, 9))
    def add(self, quantity: int) -> None:
        body = {"OrderId": self.order, "PricebookEntryId": self.entry, "Quantity": quantity, "UnitPrice": 10}
        answer = self.crm.call("POST", "/sobjects/OrderItem", body)
        assert (answer.status == 201) == (self.status == "Draft")
        if answer.status == 201:
            self.items[answer.json["id"]] = quantity

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.items:
            key = data.draw(st.sampled_from(sorted(self.items)))
            answer = self.crm.call("DELETE", f"/sobjects/OrderItem/{key}")
            assert (answer.status == 204) == (self.status == "Draft")
            if answer.status == 204:
                del self.items[key]

    @rule(status=st.sampled_from(["Draft", "Activated"]))
    def move(self, status: str) -> None:
        answer = self.crm.change("Order", self.order, Status=status)
        if status == "Activated" and self.status == "Draft" and not self.items:
            assert answer.code == "FAILED_ACTIVATION"
        else:
            assert answer.status == 204
            self.status = status

    @invariant()
    def the_total_is_the_sum(self) -> None:
        shown = self.crm.get("Order", self.order)
        assert (shown["Status"], shown["TotalAmount"]) == (self.status, 10 * sum(self.items.values()))


Orders.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestOrders = Orders.TestCase


def test_the_whole_org_can_be_pickled_with_everything_in_it() -> None:
    crm = Crm()
    crm.deal()
    crm.org.catalogue.add_field(crm.org.catalogue.entity("Account"), Field("Size__c", "double"), 0)
    crm.org.store.shelves["Account"].widen(crm.org.catalogue.entity("Account").fields["Size__c"])
    crm.query("SELECT Name, Size__c FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity)")
    parts = {name: value for name, value in vars(crm.org).items() if name in ("store", "records", "checks")}
    again = pickle.loads(pickle.dumps((crm.org.catalogue, crm.org.store, parts["checks"])))
    catalogue, store, _ = again
    assert store.catalogue is catalogue
    record = next(iter(store.shelves["Account"].records.values()))
    assert record.entity is catalogue.entity("Account")


def test_a_selective_query_looks_at_few_records() -> None:
    crm = Crm()
    for i in range(300):
        crm.make("Account", Name=f"n{i}", External_Id__c=f"x{i}")
    looked = 0
    values = crm.org.store.shelves["Account"].records

    class Counting(dict):  # type: ignore[type-arg]
        def values(self) -> Any:
            nonlocal looked
            for each in super().values():
                looked += 1
                yield each

    crm.org.store.shelves["Account"].records = Counting(values)
    assert crm.ids("SELECT Name FROM Account WHERE External_Id__c = 'x7'") == ["n7"]
    assert crm.ids("SELECT Name FROM Account WHERE Name IN ('n1', 'n2') AND CreatedDate != null") == [
        "n1",
        "n2",
    ]
    assert looked == 0
    assert len(crm.ids("SELECT Name FROM Account LIMIT 3")) == 3
    assert len(crm.ids("SELECT Name FROM Account WHERE Name LIKE 'n%' ORDER BY Id LIMIT 3")) == 3
    assert looked <= 8
