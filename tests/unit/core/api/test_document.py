"""The OpenAPI document is whole: each operation has its id, problems and guard; what leaves says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.api.client import Client, asked

OPEN = {"/healthz", "/readyz"}


@pytest.fixture(scope="module")
def document() -> Any:
    async def story(client: Client):
        return (await client("GET", "/openapi.json", token=None)).json

    return asked(story)


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [(path, verb, op) for path, verbs in document["paths"].items() for verb, op in verbs.items()]


def test_every_operation_has_an_id_of_its_own_and_words(document):
    found = operations(document)
    ids = [op["operationId"] for _, _, op in found]
    assert len(ids) == len(set(ids)) >= 20
    assert all(op["operationId"].isalpha() and op["summary"] for _, _, op in found)


def test_every_guarded_operation_says_so(document):
    for path, verb, op in operations(document):
        assert ("security" in op) == (path not in OPEN), (path, verb)


def test_every_error_in_the_document_is_a_problem(document):
    for path, verb, op in operations(document):
        errors = {status: answer for status, answer in op["responses"].items() if int(status) >= 400}
        assert path in OPEN or {"401", "422"} <= set(errors), (path, verb)
        assert "{" not in path or "404" in errors, (path, verb)
        for status, answer in errors.items():
            assert list(answer["content"]) == ["application/problem+json"], (path, verb, status)


def test_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [ref for value in node.values() for ref in references(value)]
        return [ref for value in node for ref in references(value)] if isinstance(node, list) else []

    found = {ref.rpartition("/")[2] for ref in references(document)}
    assert "Problem" in found
    assert found <= set(schemas)


def test_the_shape_of_money_and_invoice_is_what_version_one_promised(document):
    """A change of the core's words must not change version one unseen."""
    schemas = document["components"]["schemas"]
    assert schemas["Money"]["properties"].keys() == {"minor", "currency"}
    assert schemas["Money"]["properties"]["minor"]["type"] == "integer"
    assert schemas["Invoice"]["properties"].keys() == {
        "id", "number", "account", "status", "on", "due", "net", "tax", "total", "balance", "lines",
    }  # fmt: skip
    assert schemas["Account"]["properties"].keys() == {
        "key", "crm_id", "name", "email", "currency", "address", "pays_by", "payment_customer", "vat_number",
        "entity", "segment",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "successor"),
    [
        ("GET", "/v1/operations/parked", "/v1/exceptions"),
        ("POST", "/v1/operations/redrive", "/v1/exceptions/{number}/release"),
        ("POST", "/v1/operations/jobs/{name}", "/v1/jobs"),
    ],
)
def test_what_is_on_its_way_out_says_when_and_what_takes_its_place(document, method, path, successor):
    async def story(client: Client):
        return await client(method, path.format(name="dunning"))

    answer = asked(story)
    assert answer.status == 200
    assert answer.headers["deprecation"] == "@1795824000"
    assert answer.headers["sunset"] == "Sun, 28 Nov 2027 00:00:00 GMT"
    assert answer.headers["link"] == f'<{successor}>; rel="successor-version"'
    assert document["paths"][path][method.lower()]["deprecated"] is True
    assert successor in document["paths"]
