"""Meters: use is reported as events and rated when the period is over."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.stripe.rules.billing.catalog_records import Meter, MeterEvent
from simulators.stripe.rules.billing.desk import Desk, clash, taken
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf

_DAY = 86_400
_BACK = 35 * _DAY
_AHEAD = 300
_DIGITS_MOST = 15


class Meters:
    """The meters of one mode, and what they have counted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shelf: Shelf[Meter] = Shelf()
        self.events: Shelf[MeterEvent] = Shelf()

    def take(self, id: str, param: str = "id", *, path: bool = False) -> Meter:  # noqa: A002
        """The meter; Refused with resource_missing."""
        return taken(self.shelf, "meter", id, param, path=path)

    def create(self, display_name: str, event_name: str, formula: str, **plain: Any) -> Meter:
        """A new meter; among active ones an event name is unique."""
        for other in self.shelf.under(("event", event_name)):
            if other.status == "active":
                text = f"There is already an active meter with the event name {event_name}: {other.id}."
                raise clash(text, "event_name", "resource_already_exists")
        ground = self._desk.ground
        made = Meter(
            ground.numbers.new("mtr"),
            ground.clock.now(),
            ground.live,
            display_name,
            event_name,
            formula,
            updated=self._desk.now(),
            **plain,
        )
        self.shelf.add(made, ("status", "active"), ("event", event_name))
        self._desk.note(made, "created", "active")
        self._desk.emit("billing.meter.created", made)
        return made

    def rename(self, meter: Meter, display_name: str) -> Meter:
        """Nothing but the name can be changed."""
        before, meter.display_name = meter.display_name, display_name
        meter.updated = self._desk.now()
        if before != display_name:
            self._desk.note(meter, "updated", meter.status)
            self._desk.emit("billing.meter.updated", meter, {"display_name": before})
        return meter

    def switch(self, meter: Meter, status: str) -> Meter:
        """Deactivate or reactivate."""
        if meter.status == status:
            raise clash(f"The meter is already {status}.", code="meter_already_" + status)
        self.shelf.unfile(meter, ("status", meter.status))
        meter.status, meter.updated = status, self._desk.now()
        meter.deactivated_at = meter.updated if status == "inactive" else 0
        self.shelf.file(meter, ("status", status))
        event = "deactivated" if status == "inactive" else "reactivated"
        self._desk.note(meter, event, status)
        self._desk.emit(f"billing.meter.{event}", meter)
        return meter

    def report(
        self, event_name: str, payload: Mapping[str, str], identifier: str = "", timestamp: int | None = None
    ) -> MeterEvent:
        """Count a use. An identifier seen before is refused, so that nothing counts twice."""
        meter = next((m for m in self.shelf.under(("event", event_name)) if m.status == "active"), None)
        if meter is None:
            text = f"No active meter found for event name: {event_name}"
            raise clash(text, "event_name", "no_meter")
        customer = payload.get(meter.customer_key, "")
        if not customer:
            text = f"Missing the customer mapping key in the payload: {meter.customer_key}"
            raise clash(text, f"payload[{meter.customer_key}]", "parameter_missing")
        self._desk.customer(customer, f"payload[{meter.customer_key}]")
        value = _value(meter, payload)
        with self._desk.living(customer):
            now = self._desk.now()
            at = now if timestamp is None else timestamp
            if not now - _BACK <= at <= now + _AHEAD:
                text = (
                    "The timestamp must be within the past 35 calendar days or up to 5 minutes in the future."
                )
                raise clash(text, "timestamp", "timestamp_invalid")
            if identifier and self.events.get(identifier) is not None:
                text = f"An event already exists with identifier {identifier}."
                raise Refused(text, code="duplicate_meter_event", param="identifier")
            ground = self._desk.ground
            made = MeterEvent(
                identifier or ground.numbers.secret("", 32),
                ground.clock.now(),
                ground.live,
                event_name,
                dict(payload),
                at,
                customer,
                value,
            )
            self.events.add(made, ("used", meter.id, customer))
            self._desk.note(made, "reported", "counted", customer, meter.id)
        return made

    def cancel(self, event_name: str, identifier: str) -> MeterEvent:
        """Count an event no more; only within 24 hours."""
        event = self.events.get(identifier)
        if event is None or event.event_name != event_name:
            raise clash(f"No such meter event: '{identifier}'", "cancel[identifier]", "resource_missing")
        if event.cancelled:
            raise clash("The meter event has already been canceled.", "cancel[identifier]")
        with self._desk.living(event.customer):
            if event.created_at // 1_000_000 < self._desk.now() - _DAY:
                text = "You can only cancel meter events within 24 hours of Stripe receiving them."
                raise clash(text, "cancel[identifier]")
        event.cancelled = True
        self._desk.note(event, "cancelled", "cancelled", event.customer)
        return event

    def used(self, meter: str, customer: str, start: int, end: int) -> Decimal:
        """What the meter counted in [start, end)."""
        formula = self.take(meter).formula
        found = [
            e
            for e in self.events.under(("used", meter, customer))
            if start <= e.timestamp < end and not e.cancelled
        ]
        if formula == "count":
            return Decimal(len(found))
        if formula == "last":
            return max(found, key=lambda e: (e.timestamp, e.seq)).value if found else Decimal(0)
        return sum((e.value for e in found), Decimal(0))


def _value(meter: Meter, payload: Mapping[str, str]) -> Decimal:
    text = payload.get(meter.value_key)
    if text is None:
        if meter.formula == "count":
            return Decimal(1)
        wrong = f"Missing the value key in the payload: {meter.value_key}"
        raise clash(wrong, f"payload[{meter.value_key}]", "parameter_missing")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS_MOST:
        raise clash(f"The value of a meter event must be a number: {text}", f"payload[{meter.value_key}]")
    return value
