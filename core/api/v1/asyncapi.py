"""What is told outside, as documents: AsyncAPI 3 at /asyncapi.json, and the `webhooks` of OpenAPI.

https://www.asyncapi.com/docs/reference/specification/v3.0.0 and OpenAPI 3.1, "webhooks".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from core.announcing.content import PREFIX
from core.announcing.envelope import SPEC_VERSION, adapter, type_of
from core.announcing.signing import ATTRIBUTES
from core.canonical.facts import FACTS

MEDIA_TYPE = "application/cloudevents+json"
DATA_TYPE = "application/json"
PATH = "/asyncapi.json"
_AT = "#/components/schemas/"
_HEADERS = {
    "webhook-id": "The id of the event: the same however often it comes; act once for each",
    "webhook-timestamp": "Seconds since 1970 when it was sent; refuse what is more than minutes away",
    "webhook-signature": "v1,BASE64 of the HMAC-SHA256 of ID.TIMESTAMP.BODY; two while a secret is changed",
}
# Of binary mode: the attributes that are headers.
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time")
_SIGNED_TOO = "As webhook-signature, over ID.TIMESTAMP.ATTRIBUTES.BODY: ATTRIBUTES are lines name:value of"
_BINARY_HEADERS = {
    ATTRIBUTES: f"{_SIGNED_TOO} content-type and all ce- headers as sent, sorted by name",
    **{f"{PREFIX}{name}": f"The event's {name}, percent-encoded" for name in _ATTRIBUTES},
}
_ANSWERS = {
    "2XX": {"description": "Taken; anything else is sent again"},
    "410": {"description": "Gone: nothing is sent there any more until a person enables it"},
    "429": {"description": "Later, after Retry-After seconds"},
}


def schemas() -> dict[str, Any]:
    """The shapes of all facts and of their envelopes, by name."""
    found: dict[str, Any] = {}
    for topic, (shape, says) in FACTS.items():
        described = adapter(shape).json_schema(ref_template=_AT + "{model}", mode="serialization")
        found |= described.pop("$defs", {})
        found[shape.__name__] = described
        found[_envelope_name(topic)] = _envelope(topic, shape.__name__, says)
    return found


def webhooks() -> dict[str, Any]:
    """For the OpenAPI document: what a receiver is asked."""
    return {topic: {"post": _operation(topic, s.__name__, says)} for topic, (s, says) in FACTS.items()}


def asyncapi(title: str, version: str) -> dict[str, Any]:
    """The AsyncAPI document; addresses are the receivers' own (POST /v1/webhook-endpoints)."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"{title}: facts told outside",
            "version": version,
            "description": "CloudEvents 1.0 in structured or, as the endpoint chooses, binary content mode,"
            " signed per Standard Webhooks, at least once and in order for each endpoint and customer.",
        },
        "defaultContentType": MEDIA_TYPE,
        "channels": {topic: _channel(topic, says) for topic, (_, says) in FACTS.items()},
        "operations": {f"tell_{topic}": _sent(topic, says) for topic, (_, says) in FACTS.items()},
        "components": {
            "messages": {
                name: message
                for topic, (shape, says) in FACTS.items()
                for name, message in _messages(topic, shape.__name__, says).items()
            },
            "schemas": schemas(),
        },
    }


def asyncapi_routes(title: str, version: str) -> APIRouter:
    """Served to anybody: it holds no data of a company."""
    router = APIRouter(include_in_schema=False)
    document = asyncapi(title, version)

    @router.get(PATH)
    async def served() -> dict[str, Any]:
        return document

    return router


def _envelope_name(topic: str) -> str:
    return "".join(part.capitalize() for part in topic.split("_")) + "Event"


def _envelope(topic: str, shape: str, says: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "specversion": {"type": "string", "const": SPEC_VERSION},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "format": "uri-reference", "minLength": 1},
        "type": {"type": "string", "const": type_of(topic)},
        "subject": {"type": "string", "minLength": 1},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "data": {"$ref": _AT + shape},
    }
    return {"type": "object", "description": says, "properties": properties, "required": list(properties)}


def _operation(topic: str, shape: str, says: str) -> dict[str, Any]:
    return {
        "operationId": f"tell{_envelope_name(topic)}",
        "summary": says,
        "tags": ["webhooks out"],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": name in _HEADERS,
                "description": text if name in _HEADERS else f"{text} (binary mode only)",
                "schema": {"type": "string"},
            }
            for name, text in (_HEADERS | _BINARY_HEADERS).items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": _AT + _envelope_name(topic)}},
                DATA_TYPE: {"schema": {"$ref": _AT + shape}},
            },
        },
        "responses": _ANSWERS,
    }


def _channel(topic: str, says: str) -> dict[str, Any]:
    return {
        "address": None,
        "title": says,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(topic)},
    }


def _sent(topic: str, says: str) -> dict[str, Any]:
    return {
        "action": "send",
        "summary": says,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{name}"} for name in _names(topic)],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }


def _names(topic: str) -> tuple[str, str]:
    return topic, f"{topic}_binary"


def _messages(topic: str, shape: str, says: str) -> dict[str, Any]:
    """In structured and in binary mode."""
    whole, data = _names(topic)
    return {
        whole: _message(topic, says, MEDIA_TYPE, _HEADERS, _envelope_name(topic)),
        data: _message(topic, says, DATA_TYPE, _HEADERS | _BINARY_HEADERS, shape),
    }


def _message(topic: str, says: str, kind: str, headers: Mapping[str, str], shape: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        name: {"type": "string", "description": text} for name, text in headers.items()
    }
    if f"{PREFIX}type" in properties:
        properties[f"{PREFIX}type"]["const"] = type_of(topic)
        properties[f"{PREFIX}specversion"]["const"] = SPEC_VERSION
    return {
        "name": type_of(topic),
        "title": says,
        "contentType": kind,
        "headers": {"type": "object", "properties": properties, "required": list(properties)},
        "payload": {"$ref": _AT + shape},
    }
