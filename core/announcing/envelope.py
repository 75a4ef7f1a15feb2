"""A fact whole: CloudEvents 1.0 as structured JSON, which is kept and, in structured mode, sent."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from core.canonical.facts import FACTS, Fact, Told
from core.ports.announcing import Announcement

# https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md, section 3.
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
SPEC_VERSION = "1.0"
_ADAPTERS: dict[type[Told], TypeAdapter[Any]] = {}


def type_of(topic: str) -> str:
    """The CloudEvents type; its last part is the version of the shape of its data."""
    return f"tieout.{topic}.v1"


def adapter(shape: type[Told]) -> TypeAdapter[Any]:
    """How a shape is written and described, as everywhere in the core's API."""
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def enveloped(fact: Fact, source: str, now: int) -> Announcement:
    """source: a URI that names this core; now: microseconds, when the core came to know it."""
    event = event_id(fact)
    shape, _ = FACTS[fact.topic]
    body = {
        "specversion": SPEC_VERSION,
        "id": event,
        "source": source,
        "type": type_of(fact.topic),
        "subject": fact.subject,
        "time": datetime.fromtimestamp(now // 1_000_000, UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": adapter(shape).dump_python(fact.told, mode="json"),
    }
    return Announcement(event, fact.topic, fact.customer, json.dumps(body, separators=(",", ":")))


def event_id(fact: Fact) -> str:
    """The same for the same fact, in every process and after every crash; without a full stop, which parts
    the signed text."""
    named = f"{fact.topic}\x00{fact.key}".encode()
    return f"evt_{hashlib.blake2b(named, digest_size=16).hexdigest()}"
