"""What the paths of meters and test clocks take."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simulators.stripe.wire.billing.fields import Part
from simulators.stripe.wire.forms import Form, Whole, Word
from simulators.stripe.wire.params import Listing


class Aggregation(Part):
    """How values become one."""

    formula: Literal["count", "last", "sum"]


class Mapping(Part):
    """Which key of the payload names the customer."""

    event_payload_key: Word
    type: Literal["by_id"]


class ValueKey(Part):
    """Which key of the payload is the value."""

    event_payload_key: Word


class MeterCreate(Form):
    """A meter."""

    default_aggregation: Aggregation
    display_name: Word
    event_name: Annotated[Word, Field(max_length=100)]
    customer_mapping: Mapping | None = None
    event_time_window: Literal["day", "hour"] | None = None
    value_settings: ValueKey | None = None


class MeterUpdate(Form):
    """Its name."""

    display_name: Word = ""


class MeterList(Listing):
    """Lists of meters."""

    status: Literal["active", "inactive"] | None = None


class MeterEventCreate(Form):
    """payload: the customer and the value under the meter's keys."""

    event_name: Word
    payload: dict[str, str]
    identifier: Annotated[Word, Field(max_length=100)] = ""
    timestamp: Whole | None = None


class Cancelled(Part):
    """Which event."""

    identifier: Word


class AdjustmentCreate(Form):
    """Take an event back."""

    event_name: Word
    type: Literal["cancel"]
    cancel: Cancelled


class SummaryList(Listing):
    """Sums of a customer's use."""

    customer: Word
    start_time: Whole
    end_time: Whole
    value_grouping_window: Literal["day", "hour"] | None = None


class ClockCreate(Form):
    """frozen_time: unix seconds."""

    frozen_time: Whole
    name: Word | None = None


class ClockAdvance(Form):
    """frozen_time: where to."""

    frozen_time: Whole
