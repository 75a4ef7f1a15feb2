"""Meters, their events, and test clocks over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, taken
from simulators.stripe.rules.billing.catalog_records import Meter
from simulators.stripe.rules.billing.contract_records import TestClock
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import usage_params as params
from simulators.stripe.wire.billing.usage import adjustment, summary
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Listing, Nothing
from simulators.stripe.wire.shapes import listed

_WINDOWS = {"hour": 3600, "day": 86_400}


async def create_meter(mode: Mode, call: Call) -> Reply:
    form = taken(params.MeterCreate, call, "billing.meter")
    plain = {}
    if form.customer_mapping is not None:
        plain["customer_key"] = form.customer_mapping.event_payload_key
    if form.value_settings is not None:
        plain["value_key"] = form.value_settings.event_payload_key
    made = mode.billing.meters.create(
        form.display_name,
        form.event_name,
        form.default_aggregation.formula,
        time_window=form.event_time_window,
        **plain,
    )
    return one(mode, made, form.expand)


async def retrieve_meter(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "billing.meter")
    return one(mode, _meter(mode, call), form.expand)


async def update_meter(mode: Mode, call: Call) -> Reply:
    form = taken(params.MeterUpdate, call, "billing.meter")
    meter = _meter(mode, call)
    if form.display_name:
        mode.billing.meters.rename(meter, form.display_name)
    return one(mode, meter, form.expand)


async def deactivate_meter(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "billing.meter")
    return one(mode, mode.billing.meters.switch(_meter(mode, call), "inactive"), form.expand)


async def reactivate_meter(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "billing.meter")
    return one(mode, mode.billing.meters.switch(_meter(mode, call), "active"), form.expand)


async def list_meters(mode: Mode, call: Call) -> Reply:
    form = taken(params.MeterList, call, "billing.meter", many=True)
    key = ("status", form.status) if form.status else ()
    return page(mode, mode.billing.meters.shelf, form, call, "meter", key)


async def report(mode: Mode, call: Call) -> Reply:
    form = taken(params.MeterEventCreate, call, "billing.meter_event")
    event = mode.billing.meters.report(form.event_name, form.payload, form.identifier, form.timestamp)
    return one(mode, event, form.expand)


async def adjust(mode: Mode, call: Call) -> Reply:
    form = taken(params.AdjustmentCreate, call, "billing.meter_event_adjustment")
    event = mode.billing.meters.cancel(form.event_name, form.cancel.identifier)
    return drawn(mode, adjustment(event))


async def summaries(mode: Mode, call: Call) -> Reply:
    form = taken(params.SummaryList, call, "billing.meter_event_summary", many=True)
    meter = _meter(mode, call)
    start, end = form.start_time, form.end_time
    if end <= start:
        raise Invalid("end_time must be after start_time.", param="end_time")
    window = _WINDOWS.get(form.value_grouping_window or "", 0)
    grain = window or 60
    for name, value in (("start_time", start), ("end_time", end)):
        if value % grain:
            words = {60: "minute", 3600: "hour", 86_400: "day"}[grain]
            raise Invalid(f"{name} must be aligned with {words} boundaries.", param=name)
    step = window or end - start
    spans = [(at, min(at + step, end)) for at in range(start, end, step)]
    customer = mode.customers.take(form.customer)
    data = [
        summary(
            f"mtrusg_{meter.id[4:14]}{at}", meter.id,
            mode.billing.meters.used(meter.id, customer.id, at, until), (at, until), mode.live,
        )
        for at, until in reversed(spans)
    ]  # fmt: skip
    if form.starting_after:
        ids = [x["id"] for x in data]
        if form.starting_after not in ids:
            raise Invalid(f"No such summary: '{form.starting_after}'", "resource_missing", "starting_after")
        data = data[ids.index(form.starting_after) + 1 :]
    return drawn(mode, listed(call.path, data[: form.limit], len(data) > form.limit))


def _meter(mode: Mode, call: Call) -> Meter:
    return mode.billing.meters.take(call.params["id"], "id", path=True)


async def create_clock(mode: Mode, call: Call) -> Reply:
    form = taken(params.ClockCreate, call, "test_helpers.test_clock")
    return one(mode, mode.billing.clocks.create(form.frozen_time, form.name), form.expand)


async def retrieve_clock(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "test_helpers.test_clock")
    return one(mode, _clock(mode, call), form.expand)


async def advance_clock(mode: Mode, call: Call) -> Reply:
    form = taken(params.ClockAdvance, call, "test_helpers.test_clock")
    clock = mode.billing.clocks.advance(_clock(mode, call), form.frozen_time)
    # The work is done before the next call is served, so that nobody waits longer than needed.
    mode.billing.soon(mode.billing.clocks.arrive, clock)
    return one(mode, clock, form.expand)


async def delete_clock(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "test_helpers.test_clock")
    clock = _clock(mode, call)
    mode.billing.clocks.delete(clock)
    for id in clock.customers:  # noqa: A001
        owner = mode.customers.shelf.get(id)
        if owner is not None and not owner.deleted:
            mode.delete_customer(owner)
    return one(mode, clock)


async def list_clocks(mode: Mode, call: Call) -> Reply:
    form = taken(Listing, call, "test_helpers.test_clock", many=True)
    return page(mode, mode.billing.clocks.shelf, form, call, "test clock")


def _clock(mode: Mode, call: Call) -> TestClock:
    return mode.billing.clocks.take(call.params["test_clock"], "test_clock", path=True)
