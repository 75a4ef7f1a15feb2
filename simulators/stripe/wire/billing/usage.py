"""Meters, their events and sums, and test clocks as JSON objects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped


def meter(m: Record, _now: int) -> Shaped:
    """A meter."""
    return {
        "id": m.id,
        "object": "billing.meter",
        "created": m.created_at // SECOND,
        "customer_mapping": {"event_payload_key": m.customer_key, "type": "by_id"},
        "default_aggregation": {"formula": m.formula},
        "display_name": m.display_name,
        "event_name": m.event_name,
        "event_time_window": m.time_window,
        "livemode": m.livemode,
        "status": m.status,
        "status_transitions": {"deactivated_at": m.deactivated_at or None},
        "updated": m.updated,
        "value_settings": {"event_payload_key": m.value_key},
    }


def meter_event(e: Record, _now: int) -> Shaped:
    """A use as it was reported."""
    return {
        "object": "billing.meter_event",
        "created": e.created_at // SECOND,
        "event_name": e.event_name,
        "identifier": e.id,
        "livemode": e.livemode,
        "payload": dict(e.payload),
        "timestamp": e.timestamp,
    }


def adjustment(e: Record) -> Shaped:
    """An event taken back."""
    return {
        "object": "billing.meter_event_adjustment",
        "cancel": {"identifier": e.id},
        "event_name": e.event_name,
        "livemode": e.livemode,
        "status": "pending",
        "type": "cancel",
    }


def summary(id: str, meter_id: str, value: Decimal, span: tuple[int, int], live: bool) -> Shaped:  # noqa: A002
    """What a meter counted for a customer in a stretch of time."""
    return {
        "id": id,
        "object": "billing.meter_event_summary",
        "aggregated_value": value,
        "end_time": span[1],
        "livemode": live,
        "meter": meter_id,
        "start_time": span[0],
    }


def clock(c: Record, _now: int) -> Shaped:
    """A test clock."""
    if c.deleted:
        return {"id": c.id, "object": "test_helpers.test_clock", "deleted": True}
    details: dict[str, Any] = {}
    if c.status == "advancing":
        details = {"advancing": {"target_frozen_time": c.target}}
    return {
        "id": c.id,
        "object": "test_helpers.test_clock",
        "created": c.created_at // SECOND,
        "deletes_after": c.deletes_after,
        "frozen_time": c.frozen,
        "livemode": c.livemode,
        "name": c.name,
        "status": c.status,
        "status_details": details,
    }
