"""Subscription schedules over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.routes.billing.wishes import (
    extra_wishes,
    lists,
    moment,
    reductions,
    subscription_items,
)
from simulators.stripe.rules.billing.contract_records import Schedule
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import plan_params as params
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Nothing


def _phase(mode: Mode, form: Any) -> dict[str, Any]:
    names = form.model_fields_set
    plain = (
        "collection_method", "currency", "default_payment_method", "description", "metadata",
        "proration_behavior", "trial",
    )  # fmt: skip
    wish: dict[str, Any] = {name: getattr(form, name) for name in plain if name in names}
    wish["items"] = subscription_items(mode, form.items)
    wish["add_invoice_items"] = extra_wishes(mode, form.add_invoice_items)
    if form.invoice_settings and form.invoice_settings.get("days_until_due"):
        wish["days_until_due"] = int(form.invoice_settings["days_until_due"])
    if "default_tax_rates" in names:
        wish["default_tax_rates"] = form.default_tax_rates or ()
    if form.discounts:
        wish["discounts"] = reductions(form.discounts)
    if form.duration is not None:
        wish["duration"] = (form.duration.interval, form.duration.interval_count)
    for name in ("end_date", "start_date", "trial_end"):
        if getattr(form, name) is not None:
            given = moment(getattr(form, name))
            wish[name] = mode.billing.desk.now() if given == "now" else given
    return wish


def _wish(mode: Mode, form: Any) -> dict[str, Any]:
    wish: dict[str, Any] = {
        name: getattr(form, name) for name in ("end_behavior", "metadata") if name in form.model_fields_set
    }
    if form.default_settings:
        wish["default_settings"] = lists(form.default_settings)
    if "phases" in form.model_fields_set:
        wish["phases"] = [_phase(mode, phase) for phase in form.phases]
    return wish


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(params.ScheduleCreate, call, "subscription_schedule")
    billing = mode.billing
    if form.from_subscription:
        if form.phases:
            text = "You may only specify one of these parameters: from_subscription, phases."
            raise Invalid(text, param="from_subscription")
        sub = billing.subscriptions.take(form.from_subscription, "from_subscription")
        with billing.desk.living(sub.customer):
            return one(mode, billing.schedules.of(sub, _wish(mode, form)), form.expand)
    if not form.customer:
        raise Invalid("Missing required param: customer.", "parameter_missing", "customer")
    owner = mode.customers.take(form.customer)
    with billing.desk.living(owner.id):
        wish = _wish(mode, form)
        start = moment(form.start_date)
        if start is None:
            raise Invalid("Missing required param: start_date.", "parameter_missing", "start_date")
        begin = billing.desk.now() if start == "now" else start
        made = billing.schedules.create(owner.id, wish.get("phases") or (), begin, wish)
        return one(mode, made, form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "subscription_schedule")
    return one(mode, _schedule(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(params.ScheduleUpdate, call, "subscription_schedule")
    found = _schedule(mode, call)
    with mode.billing.desk.living(found.customer):
        return one(mode, mode.billing.schedules.update(found, _wish(mode, form)), form.expand)


async def cancel(mode: Mode, call: Call) -> Reply:
    form = taken(params.ScheduleCancel, call, "subscription_schedule")
    found = _schedule(mode, call)
    with mode.billing.desk.living(found.customer):
        return one(mode, mode.billing.schedules.cancel(found, form.given()), form.expand)


async def release(mode: Mode, call: Call) -> Reply:
    form = taken(params.ScheduleRelease, call, "subscription_schedule")
    found = _schedule(mode, call)
    with mode.billing.desk.living(found.customer):
        return one(mode, mode.billing.schedules.release(found), form.expand)


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(params.ScheduleList, call, "subscription_schedule", many=True)
    key = ("customer", form.customer) if form.customer else ()
    return page(mode, mode.billing.schedules.shelf, form, call, "subscription schedule", key)


def _schedule(mode: Mode, call: Call) -> Schedule:
    return mode.billing.schedules.take(call.params["schedule"], "schedule", path=True)
