"""Every parameter of every list refuses what is none of its values, and says what there is."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.api.v1.filters import cursor_of, number_of, place_of
from core.api.v1.problems import Wrong
from core.canonical.errors import Held
from core.canonical.owners import OWNERS
from core.connectivity.flows import FLOWS
from core.connectivity.reactions import REACTIONS
from core.connectors.zuora.words import standing_of
from core.governance.ownership import standard
from core.mappings.shipped import SHIPPED
from tests.unit.core.api.client import Answer, Client, asked
from tests.unit.core.api.test_listing import filled

ENDPOINT = {"url": "https://hooks.example.com/in", "topics": ["invoice_finalized"]}
# Asks a watch of real time.
NOT_HERE = {"/v1/operations/counters", "/v1/operations/pending"}


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Query parameters by name, of each path under /v1 that is read."""

    async def story(client: Client) -> Any:
        return (await client("GET", "/openapi.json", token=None)).json["paths"]

    found = {}
    for path, methods in asked(story).items():
        if path.startswith("/v1/") and "get" in methods:
            parameters = methods["get"].get("parameters", [])
            found[path] = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    return found


def lists() -> list[str]:
    """Paths that give pages."""
    return [path for path, parameters in operations().items() if "cursor" in parameters]


def put(path: str, *queries: str) -> list[Answer]:
    """Each query to a path, which may be of an endpoint."""

    async def story(client: Client) -> Any:
        filled(client)
        at = path
        if "{endpoint}" in path:
            made = await client("POST", "/v1/webhook-endpoints", ENDPOINT)
            at = path.replace("{endpoint}", made.json["id"])
        return [await client("GET", f"{at}?{query}") for query in queries]

    return list(asked(story))


def refused(answer: Answer, field: str, value: str) -> dict[str, Any]:
    """The one fault of a 422 about this field and value."""
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json"), answer.body
    assert answer.json["type"] == "urn:tieout:problem:invalid"
    (fault,) = answer.json["faults"]
    assert (fault["where"], fault["field"], fault["value"]) == ("query", field, value)
    assert fault["reason"]
    assert answer.json["detail"] == f"{field}: {value!r}: {fault['reason']}"
    return dict(fault)


def test_the_lists_are_all_here():
    assert set(lists()) == {
        *(f"/v1/{name}" for name in ("orders", "invoices", "journals", "subscriptions", "customers")),
        *("/v1/payments", "/v1/exceptions", "/v1/webhook-endpoints/{endpoint}/deliveries"),
    }


@pytest.mark.parametrize("path", sorted(set(operations()) - NOT_HERE))
def test_a_parameter_that_an_operation_has_not_is_refused_with_those_that_it_has(path):
    at = path.replace("{number}", "O-q1" if "orders" in path else "1").replace("{key}", "acme")
    for slot in ("name", "job_id"):
        at = at.replace(f"{{{slot}}}", "x")
    (answer,) = put(at, "nope=7")
    fault = refused(answer, "nope", "7")
    assert fault.get("allowed", []) == sorted(operations()[path])
    assert all(name in fault["reason"] for name in operations()[path])


HOSTILE = [
    "%00", "%ff%fe", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "%27%20OR%201=1--", "1" * 5000,
    "%0d%0aset-cookie:a=b", "9" * 40, "%F0%9F%98%80", "%25%30%30", "%e2%80%ae", "*", "%",
]  # fmt: skip


def test_hostile_input_is_refused_as_a_problem_wherever_anything_is_read():
    async def story(client: Client) -> Any:
        filled(client)
        found = []
        for path, parameters in operations().items():
            if path in NOT_HERE:
                continue
            before, slot, _ = path.partition("{")
            at = before + ("we_" + "0" * 24 + "/deliveries" if path.endswith("deliveries") else "1") * bool(
                slot
            )
            urls = [f"{at}?{name}={each}" for name in parameters for each in HOSTILE if name != "customer"]
            urls += [f"{at}?{each}=1" for each in HOSTILE[:4]]
            # As a server gives it: decoded.
            urls += [before + unquote(each) for each in HOSTILE if slot]
            found += [(url, await client("GET", url)) for url in urls]
        return found

    answers = asked(story)
    assert len(answers) > 400
    for url, answer in answers:
        assert 400 <= answer.status < 500, (url[:200], answer.status, answer.body[:200])
        assert answer.headers["content-type"] == "application/problem+json", url[:200]
        assert "set-cookie" not in answer.headers


def words() -> list[tuple[str, str, list[str]]]:
    """Parameters that take one of a few words."""
    found = []
    for path, parameters in operations().items():
        for name, schema in parameters.items():
            for way in schema.get("anyOf", [schema]):
                if "enum" in way:
                    found.append((path, name, way["enum"]))
    return found


def test_the_words_of_a_state_are_in_the_document():
    assert {(path, name) for path, name, _ in words()} == {
        ("/v1/invoices", "status"),
        ("/v1/subscriptions", "status"),
        ("/v1/webhook-endpoints/{endpoint}/deliveries", "state"),
    }


@pytest.mark.parametrize(("path", "name", "allowed"), words())
def test_a_state_that_there_is_not_is_refused_with_those_that_there_are(path, name, allowed):
    good = [f"{name}={word}" for word in allowed]
    others = ["nope", allowed[0].upper(), f" {allowed[0]}", "", "' OR 1=1"]
    *fine, a, b, c, d, e = put(path, *good, *(f"{name}={quote(word)}" for word in others))
    assert [each.status for each in fine] == [200] * len(allowed)
    for answer, word in zip((a, b, c, d, e), others, strict=True):
        assert refused(answer, name, word)["allowed"] == allowed


@pytest.mark.parametrize("name", ["owner", "queue"])
def test_an_owner_or_a_queue_that_there_is_not_is_refused_with_those_that_there_are(name):
    good = {"owner": "master data", "queue": "invoice_to_ledger"}[name]
    fine, answer = put("/v1/exceptions", f"{name}={quote(good)}", f"{name}=nobody")
    assert (fine.status, fine.json["items"]) == (200, [])
    assert good in refused(answer, name, "nobody")["allowed"]


def test_what_is_parked_can_be_asked_for_also_by_a_queue_of_older_code():
    async def story(client: Client) -> Any:
        store = client.office.store
        await store.enqueue("of_last_year", "x", 0)
        (task,) = await store.claim("w", 10**18, 10**18 + 1, 1)
        await store.park(task, "why", "somebody", task.key, 0)
        found = [await client("GET", f"/v1/exceptions?{q}") for q in ("queue=of_last_year", "owner=somebody")]
        return [len(each.json["items"]) for each in found]

    assert asked(story) == [1, 1]


@pytest.mark.parametrize("path", [path for path in lists() if "changed_since" in operations()[path]])
def test_a_moment_that_is_none_is_refused_and_none_is_guessed(path):
    wrong = [
        "yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "1767225600",
        "2026-01-01T00:00:00 00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00", "inf", "",
    ]  # fmt: skip
    fine, *others = put(path, "changed_since=2026-01-01T00:00:00%2B02:00", *(
        f"changed_since={quote(each)}" for each in wrong
    ))  # fmt: skip
    assert fine.status == 200
    for answer, value in zip(others, wrong, strict=True):
        refused(answer, "changed_since", value)


@pytest.mark.parametrize("path", lists())
def test_a_limit_out_of_range_or_not_written_as_one_is_refused_with_the_range(path):
    wrong = ["0", "201", "-1", "5.0", "1e2", "0x5", " 5", "1_0", "٣", "9" * 30, "", "all"]
    *fine, low, high = [put(path, f"limit={limit}")[0].status for limit in (1, 7, 200)], "1", "200"
    assert fine == [[200, 200, 200]]
    for answer, value in zip(put(path, *(f"limit={quote(each)}" for each in wrong)), wrong, strict=True):
        reason = refused(answer, "limit", value)["reason"]
        assert (low in reason) or (high in reason)


def cursors(path: str) -> str:
    """One that a list gave out, or would have."""
    if path.endswith("deliveries"):
        return cursor_of("deliveries-we_1", "1")
    name = path.removeprefix("/v1/")
    if name == "exceptions":
        return cursor_of(name, "1")
    given = put(path, "limit=2")[0].json["next"]
    assert given
    return str(given)


def test_a_cursor_of_another_list_is_refused():
    given = {path: cursors(path) for path in lists()}
    for path in lists():
        others = [cursor for of, cursor in given.items() if of != path]
        for answer, cursor in zip(put(path, *(f"cursor={each}" for each in others)), others, strict=True):
            assert "not of this list" in refused(answer, "cursor", cursor)["reason"]
        if not path.endswith("deliveries"):
            assert put(path, f"cursor={given[path]}")[0].status == 200


@pytest.mark.parametrize("path", lists())
def test_a_cursor_that_nobody_gave_out_is_refused(path):
    name = path.removeprefix("/v1/")
    made = [
        cursor_of(name, each) for each in ("", "x", ":", "99999999999999999999", "9" * 60 + ":a", "٣:a", "-1")
    ]
    for answer in put(path, *(f"cursor={each}" for each in [*made, "x", "", "%00", "ü", "a" * 301])):
        assert answer.status == 422
        assert [each["field"] for each in answer.json["faults"]] == ["cursor"]


@given(st.text("abc-", min_size=1, max_size=8), st.text(max_size=30), st.text("abc-", min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_cursor_is_of_its_own_list_only(name, place, other):
    cursor = cursor_of(name, place)
    assert place_of(name, cursor) == place
    if other != name:
        with pytest.raises(Wrong):
            place_of(other, cursor)


@given(st.integers(0, 2**63 - 1))
@settings(max_examples=40, deadline=None)
def test_a_number_comes_back(number):
    assert number_of("x", cursor_of("x", str(number))) == number


def test_a_state_of_a_subscription_that_nobody_knows_is_held():
    assert standing_of({"status": "Pending Acceptance"}) == "pending"
    with pytest.raises(Held, match="'Frozen'"):
        standing_of({"status": "Frozen"})


def test_whoever_the_core_holds_something_for_is_one_of_the_owners():
    named = {flow.owner for flow in FLOWS.values()} | {each.owner for each in REACTIONS}
    named |= {document.owner for document in SHIPPED.documents.values()} | set(standard().people.values())
    for file in Path(str(core.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            said = node.value if isinstance(node, ast.keyword) and node.arg == "owner" else None
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "OWNER":
                said = node.value
            if isinstance(said, ast.Constant):
                named.add(said.value)
    # And none that nobody is: a name with a typing mistake would never be found by its desk.
    assert named == OWNERS
