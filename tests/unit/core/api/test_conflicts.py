"""Ownership and its conflicts over HTTP."""

from __future__ import annotations

from typing import Any

from core.canonical.errors import Unavailable
from core.close.once import for_one_look
from core.governance.ownership import standard
from core.governance.scopes import OPERATIONS_READ, scope_of
from core.reconcile.owners import OwnershipLook
from tests.unit.core.api.client import Client, asked, new_business


def business() -> Any:
    books = new_business()
    books.ledger_customers["acme"] = "Renamed by hand"
    books.ledger_customers["stranger"] = "Not ours to judge"
    return books


def test_conflicts_are_told_with_owner_remedy_and_moment() -> None:
    answer = asked(lambda client: client("GET", "/v1/conflicts"), business())
    assert answer.status == 200
    (found,) = answer.json["conflicts"]
    name = business().accounts["acme"].name
    assert (found["object"], found["field"], found["owner"]) == ("customer acme", "customer.name", "crm")
    assert (found["value"], found["other"], found["shown"]) == (name, "erp", "Renamed by hand")
    assert found["asks"] == "sales operations"
    assert found["remedy"] == f"put {name!r} back in erp, or change it in crm, which owns it"
    assert found["since"]
    assert (found["seen"], answer.json["night"], answer.json["night_error"]) == (None, None, "")


def test_since_when_a_night_has_seen_it_is_told() -> None:
    async def story(client: Client) -> Any:
        office = client.office
        await OwnershipLook(office.desk, office.store, standard()).run(for_one_look(office.desk))
        return await client("GET", "/v1/conflicts")

    told = asked(story, business()).json
    assert told["conflicts"][0]["seen"] == told["night"] > 0


def test_the_table_is_told_as_it_is_written() -> None:
    fields = asked(lambda client: client("GET", "/v1/ownership")).json["fields"]
    assert [field["field"] for field in fields] == list(standard().fields)


def test_a_system_that_cannot_be_asked_makes_no_half_a_look() -> None:
    async def story(client: Client) -> Any:
        client.office.books.trouble("crm.customers", Unavailable("closed for the night"))
        return await client("GET", "/v1/conflicts")

    assert asked(story, business()).status == 503


def test_both_ask_for_a_scope() -> None:
    assert {scope_of("GET", path) for path in ("/v1/conflicts", "/v1/ownership")} == {OPERATIONS_READ}
