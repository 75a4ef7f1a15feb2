"""The documents of what is told outside: whole, true of what is sent, and one with the code's own tables."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import jsonschema_rs
import pytest

from core.canonical.facts import FACTS
from scenarios.world.consumer import URL
from tests.unit.core.api.client import Client, asked


@pytest.fixture(scope="module")
def documents() -> tuple[Any, Any]:
    async def story(client: Client):
        return [(await client("GET", path, token=None)).json for path in ("/asyncapi.json", "/openapi.json")]

    return tuple(asked(story))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def at(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part]
    return document


def test_the_asyncapi_document_has_the_eleven_and_every_reference_leads_somewhere(documents):
    document, _ = documents
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == set(FACTS)
    assert set(document["components"]["messages"]) == {*FACTS, *(f"{topic}_binary" for topic in FACTS)}
    assert len(FACTS) == 11
    assert set(document) <= {"asyncapi", "info", "defaultContentType", "channels", "operations", "components"}
    for reference in references(document):
        assert at(document, reference)
    for name, operation in document["operations"].items():
        assert operation["action"] == "send", name
        # What an operation sends is a message of its own channel, as the specification asks.
        assert len(operation["messages"]) == 2
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{operation['channel']['$ref']}/messages/")


def test_the_openapi_document_has_them_as_webhooks_with_the_same_shapes(documents):
    asyncapi, openapi = documents
    assert set(openapi["webhooks"]) == set(FACTS)
    for name, path in openapi["webhooks"].items():
        body = path["post"]["requestBody"]["content"]["application/cloudevents+json"]["schema"]
        assert body == asyncapi["components"]["messages"][name]["payload"]
        data = path["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert data == asyncapi["components"]["messages"][f"{name}_binary"]["payload"]
    for name, schema in asyncapi["components"]["schemas"].items():
        assert openapi["components"]["schemas"][name] == schema, name


def test_what_is_sent_is_what_the_documents_say(documents):
    async def story(client: Client):
        body = {"url": URL, "topics": list(FACTS)}
        client.consumer.secrets[URL] = (await client("POST", "/v1/webhook-endpoints", body)).json["secret"]
        await client("POST", "/v1/orders", {"opportunity": "q1"})
        await asyncio.sleep(60)
        return [json.loads(call.body) for call in client.consumer.calls]

    document, _ = documents
    sent = asked(story)
    assert len(sent) == 2
    for event in sent:
        topic = event["type"].split(".")[1]
        schema = {
            **document["components"]["messages"][topic]["payload"],
            "components": document["components"],
        }
        valid = jsonschema_rs.validator_for(schema)
        assert valid.is_valid(event), list(valid.iter_errors(event))
        assert not valid.is_valid({**event, "type": "tieout.other.v1"})
        assert not valid.is_valid({**event, "data": {}})


def test_what_is_sent_in_binary_mode_is_what_the_documents_say(documents):
    async def story(client: Client):
        body = {"url": URL, "topics": list(FACTS), "mode": "binary"}
        client.consumer.secrets[URL] = (await client("POST", "/v1/webhook-endpoints", body)).json["secret"]
        await client("POST", "/v1/orders", {"opportunity": "q1"})
        await asyncio.sleep(60)
        return client.consumer

    (document, _), consumer = documents, asked(story)
    assert (len(consumer.calls), consumer.unsigned, len(consumer.effects)) == (2, 0, 2)
    for call in consumer.calls:
        message = document["components"]["messages"][f"{call.headers['ce-type'].split('.')[1]}_binary"]
        assert call.headers["content-type"] == message["contentType"] == "application/json"
        for part, found in (("payload", json.loads(call.body)), ("headers", dict(call.headers))):
            valid = jsonschema_rs.validator_for({**message[part], "components": document["components"]})
            assert valid.is_valid(found), list(valid.iter_errors(found))
        assert "ce-datacontenttype" not in call.headers
