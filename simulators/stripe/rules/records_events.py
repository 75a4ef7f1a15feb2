"""Records of what is told to others: events, endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.kit.webhooks import Delivery
from simulators.stripe.rules.records import Metadata


@dataclass(slots=True)
class Event:
    """Something that happened; snapshot: the object as it looked then, in the vendor's shape.

    created_at may be a test clock's moment; logged_at is the mock's own.
    """

    kind: ClassVar[str] = "event"
    id: str
    created_at: int
    livemode: bool
    type: str
    snapshot: Mapping[str, Any]
    previous: Mapping[str, Any] | None
    request: str
    idempotency_key: str
    deliveries: list[Delivery] = field(default_factory=list)
    logged_at: int = 0
    seq: int = 0


@dataclass(slots=True)
class Endpoint:
    """A subscriber. secrets: (text, microseconds until which it signs, 0 = for good).

    failing_since: when the first of the failures since the last success was, or 0.
    """

    kind: ClassVar[str] = "webhook_endpoint"
    id: str
    created_at: int
    livemode: bool
    url: str
    enabled_events: tuple[str, ...]
    secrets: tuple[tuple[str, int], ...]
    description: str | None = None
    api_version: str | None = None
    metadata: Metadata = field(default_factory=dict)
    disabled: bool = False
    deleted: bool = False
    failing_since: int = 0
    seq: int = 0
