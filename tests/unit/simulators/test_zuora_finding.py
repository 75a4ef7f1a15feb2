"""Finding objects: an index never changes what is found; snapshots carry cursors and callouts along."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.zuora.rules import query_objects
from simulators.zuora.rules.fields_all import OBJECTS
from simulators.zuora.rules.query import Condition, checks, find, linked, passes
from simulators.zuora.rules.query_links import LINKS
from simulators.zuora.rules.query_objects import KINDS

from .zuora_client import Zuora, account, create, order, plan_terms, product, run


async def business(zuora: Zuora) -> None:
    """Three accounts with a subscription and a posted invoice each; one is paid."""
    plan, charge = await product(zuora)
    for n in range(3):
        await zuora.ok("POST", "/v1/accounts", account(f"A-{n}", crmId=f"001-{n}"))
        first = create(f"S-{n}", "2026-01-01", plan_terms(plan, charge, n + 1))
        await zuora.ok("POST", "/v1/orders", order(f"O-{n}", "2026-01-01", first, account=f"A-{n}"))
    await zuora.bill("2026-01-01", autoPost=True)
    wish = {"accountNumber": "A-0", "amount": 100, "currency": "USD", "type": "External"}
    wish["invoices"] = [{"invoiceNumber": "INV00000001", "amount": 100}]
    await zuora.ok("POST", "/v1/payments", wish)


def made() -> Zuora:
    zuora = Zuora()
    run(lambda: business(zuora))
    return zuora


ONE = made()
STATE = ONE.rules.state
EVERY = {name: find(STATE, name, ()) for name in KINDS}


def texts(name: str, field: str) -> list[str]:
    """Values that objects of the kind have in the field, as a caller would write them."""
    found = []
    for item in EVERY[name]:
        value = OBJECTS[name][field].shown(item)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        found.append("null" if value is None else text)
    return found or ["null"]


def test_every_kind_has_fields_and_every_link_leads_somewhere() -> None:
    assert set(KINDS) == set(OBJECTS)
    for name, links in LINKS.items():
        for item in EVERY[name]:
            for link in links.values():
                assert link.theirs in OBJECTS[link.kind]
                others = linked(STATE, name, item, link)
                if link.many:
                    key = OBJECTS[name][link.ours].read(item)
                    assert all(OBJECTS[link.kind][link.theirs].read(each) == key for each in others)
    assert len({item.id for items in EVERY.values() for item in items}) == sum(map(len, EVERY.values()))


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_an_index_never_changes_what_is_found(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(KINDS)))
    conditions = []
    for _ in range(data.draw(st.integers(1, 3))):
        field = data.draw(st.sampled_from(sorted(OBJECTS[name])))
        value = data.draw(st.sampled_from([*texts(name, field), "null"]))
        if OBJECTS[name][field].kind == "flag" and value == "null":
            value = "true"
        op = data.draw(st.sampled_from(["EQ", "NE", "GT", "GE", "LT", "LE", "IN"]))
        if op == "IN":
            conditions.append(Condition(field, op, None, (value,)))
        else:
            conditions.append(Condition(field, op, value))
    wanted = checks(name, conditions)
    found = [item.id for item in find(STATE, name, wanted)]
    assert found == [item.id for item in EVERY[name] if passes(item, wanted)]


def test_a_snapshot_carries_cursors_definitions_and_callouts() -> None:
    async def story() -> None:
        zuora = Zuora()
        wish = {
            "name": "n",
            "eventTypeName": "InvoicePosted",
            "calloutActive": True,
            "callout": {
                "calloutBaseurl": "https://receiver.test",
                "httpMethod": "POST",
                "requiredAuth": False,
                "name": "c",
            },
        }
        await zuora.ok("POST", "/notifications/notification-definitions", wish)
        zuora.receiver.answers = [500, 500, 500]
        await business(zuora)
        path = "/object-query/invoices?pageSize=2&filter[]=status.EQ:Posted"
        page = await zuora.ok("GET", path)
        text = {"queryString": "select Id from Account", "conf": {"batchSize": 2}}
        more = await zuora.ok("POST", "/v1/action/query", text)
        snapshot = zuora.mock.snapshot()
        zuora.mock.reset()
        zuora.mock.restore(snapshot)
        rest = await zuora.ok("GET", f"{path}&cursor={page['nextPage']}")
        assert [row["invoiceNumber"] for row in rest["data"]] == ["INV00000003"]
        wish = {"queryLocator": more["queryLocator"]}
        assert len((await zuora.ok("POST", "/v1/action/queryMore", wish))["records"]) == 1
        history = await zuora.ok("GET", "/v1/notification-history/callout?failedOnly=false")
        assert [each["attemptedNum"] for each in history["calloutHistories"]] == ["2", "2", "2"]

    run(story)


def test_an_indexed_query_of_rows_looks_into_few_parents(monkeypatch: Any) -> None:
    looked: list[Any] = []
    kind = KINDS["InvoiceItem"]
    original = kind.parts
    assert original is not None

    def counting(state: Any, parent: Any) -> Any:
        looked.append(parent)
        return original(state, parent)

    monkeypatch.setitem(
        query_objects.KINDS,  # type: ignore[arg-type]
        "InvoiceItem",
        query_objects.Kind(kind.name, parent=kind.parent, parts=counting, via=kind.via, near=kind.near),
    )
    invoice = EVERY["Invoice"][0]
    for field, value in (("invoiceId", invoice.id), ("accountId", invoice.account.id)):
        looked.clear()
        found = find(STATE, "InvoiceItem", checks("InvoiceItem", [Condition(field, "EQ", value)]))
        assert len(found) == len(looked) == 1
