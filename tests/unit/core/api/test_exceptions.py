"""The exception queue over HTTP: paged, filtered, decided with a reason, and every refusal a problem."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.api.v1.filters import cursor_of
from core.canonical.errors import Refused
from core.canonical.events import Topic
from tests.unit.core.api.client import Client, asked
from tests.unit.core.fakes import event

# A number that we would have written otherwise.
ODD = cursor_of("exceptions", "001")
WHY = {"reason": "the validation rule was switched off"}


async def held(client: Client) -> int:
    """The order is placed in billing; the CRM refuses to hear of it."""
    client.office.books.trouble("crm.activate", Refused("validation rule"))
    await client.model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
    await asyncio.sleep(60)
    (task,) = await client.office.store.parked()
    return task.id


async def many(client: Client, count: int = 5) -> list[int]:
    """So many held invoices, numbered as the store does."""
    store = client.office.store
    for number in range(count):
        await store.enqueue("invoice", f"INV{number}", 0)
    tasks = await store.claim("w", 10**18, 10**18 + 1, count)
    for task in tasks:
        await store.park(task, "no rate", "treasury" if task.id % 2 else "controller", task.key, 0)
    return [task.id for task in tasks]


def test_the_queue_says_who_is_asked_and_why():
    async def story(client: Client):
        number = await held(client)
        listed = await client("GET", "/v1/exceptions")
        one = await client("GET", f"/v1/exceptions/{number}")
        return number, listed, one

    number, listed, one = asked(story)
    assert (listed.status, one.status) == (200, 200)
    assert listed.json == {"items": [one.json], "next": None}
    assert one.json["id"] == number
    assert one.json["state"] == "parked"
    assert "validation rule" in one.json["error"]
    assert one.json["done"][-1] == "place_order"
    assert listed.headers["cache-control"] == "no-store"


def test_pages_join_to_the_whole_queue_and_end():
    async def story(client: Client):
        numbers = await many(client)
        pages, cursor = [], ""
        while True:
            page = (await client("GET", f"/v1/exceptions?limit=2{cursor}")).json
            pages.append([item["id"] for item in page["items"]])
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        last = (await client("GET", f"/v1/exceptions?limit=1&cursor={cursor_of('exceptions', '99999')}")).json
        return numbers, pages, last

    numbers, pages, last = asked(story)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [number for page in pages for number in page] == sorted(numbers)
    assert last == {"items": [], "next": None}


def test_filters_are_by_owner_and_queue():
    async def story(client: Client):
        numbers = await many(client)
        return (
            numbers,
            (await client("GET", "/v1/exceptions?owner=treasury")).json["items"],
            (await client("GET", "/v1/exceptions?queue=invoice_to_ledger")).json["items"],
        )

    numbers, treasury, orders = asked(story)
    assert [item["id"] for item in treasury] == [n for n in numbers if n % 2]
    assert orders == []


def test_released_it_goes_on_and_the_reason_is_told():
    async def story(client: Client):
        number = await held(client)
        answer = await client("POST", f"/v1/exceptions/{number}/release", WHY)
        await asyncio.sleep(600)
        after = await client("GET", f"/v1/exceptions/{number}")
        again = await client("POST", f"/v1/exceptions/{number}/release", WHY)
        return answer, after, again, client.office.alerts()

    answer, after, again, alerts = asked(story)
    assert (answer.status, answer.json["state"]) == (200, "ready")
    assert after.json["state"] == "done"
    assert again.status == 409
    assert again.json["type"] == "urn:tieout:problem:refused"
    assert any("by operator: the validation rule was switched off" in text for _, text in alerts)


@pytest.mark.parametrize(("act", "state"), [("skip", "ready"), ("undo", "ready"), ("abandon", "abandoned")])
def test_every_decision_has_its_address(act, state):
    async def story(client: Client):
        number = await held(client)
        return await client("POST", f"/v1/exceptions/{number}/{act}", WHY)

    answer = asked(story)
    assert (answer.status, answer.json["state"]) == (200, state)


def test_what_is_ready_can_be_held_by_name():
    async def story(client: Client):
        await client.office.store.enqueue("invoice", "INV9", 10**18)
        (task,) = await client.office.store.ready()
        return await client("POST", f"/v1/exceptions/{task.id}/hold", WHY)

    answer = asked(story)
    assert (answer.status, answer.json["state"], answer.json["held_by"]) == (200, "parked", "operator")


def problem(story_path: str, method: str = "GET", body: Any = None, **how: Any) -> Any:
    async def story(client: Client):
        return await client(method, story_path, body, **how)

    answer = asked(story)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == answer.status
    assert answer.json["title"]
    assert answer.json["detail"]
    return answer


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/v1/exceptions?limit=0", "limit", "0"),
        ("/v1/exceptions?limit=201", "limit", "201"),
        ("/v1/exceptions?limit=ten", "limit", "ten"),
        ("/v1/exceptions?page=2", "page", "2"),
        ("/v1/exceptions?limit=1&limit=2", "limit", "2"),
        ("/v1/exceptions?cursor=nonsense", "cursor", "nonsense"),
        (f"/v1/exceptions?cursor={ODD}", "cursor", ODD),
        ("/v1/exceptions?cursor=%C3%A9", "cursor", "é"),
        ("/v1/exceptions/0", "number", "0"),
        ("/v1/exceptions/9223372036854775808", "number", "9223372036854775808"),
        ("/v1/exceptions/x", "number", "x"),
        ("/v1/exceptions/1?verbose=1", "verbose", "1"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_value(path, field, value):
    answer = problem(path)
    assert answer.status == 422
    assert [(f["field"], f["value"]) for f in answer.json["faults"]] == [(field, value)]
    assert field in answer.json["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"reason": "x"}, {"reason": "   "}, {"reason": "why not", "by": "eve"}, [], 1]
)
def test_a_decision_without_a_reason_is_none(body):
    assert problem("/v1/exceptions/1/release", "POST", body).status == 422


def test_a_body_that_is_no_json_is_named():
    answer = problem("/v1/exceptions/1/release", "POST", raw=b"{reason")
    assert answer.status == 422
    assert answer.json["faults"][0]["where"] == "body"


def test_nobody_there_and_no_such_address_and_no_such_verb():
    assert problem("/v1/exceptions/99").json["type"] == "urn:tieout:problem:missing"
    assert problem("/v1/exceptions/99/undo", "POST", WHY).status == 404
    assert problem("/v1/nothing").status == 404
    assert problem("/v1/exceptions", "DELETE").status == 405


@pytest.mark.parametrize("token", [None, "", "let-me", "let-me-in "])
def test_strangers_are_told_nothing(token):
    answer = problem("/v1/exceptions", token=token)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == ('Bearer error="invalid_token"' if token else "Bearer")


def test_too_much_reaches_nobody():
    answer = problem("/v1/exceptions/1/release", "POST", raw=b"x" * 65_537)
    assert answer.status == 413


def test_every_answer_has_its_id_and_its_guards():
    async def story(client: Client):
        return [
            await client("GET", "/v1/exceptions", x_request_id="mine-1"),
            await client("GET", "/v1/exceptions", x_request_id="no\nsuch id"),
            await client("GET", "/v1/nothing"),
            await client("GET", "/healthz", token=None),
        ]

    answers = asked(story)
    assert answers[0].headers["x-request-id"] == "mine-1"
    made = [a.headers["x-request-id"] for a in answers[1:]]
    assert len(set(made)) == 3
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
