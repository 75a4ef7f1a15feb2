"""Payment intents, charges and refunds over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Charge, Intent, Refund
from simulators.stripe.wire.params import (
    ChargeList,
    CustomerFilter,
    IntentCancel,
    IntentCapture,
    IntentConfirm,
    IntentCreate,
    IntentUpdate,
    MetadataOnly,
    Nothing,
    RefundCreate,
    RefundList,
    Search,
)

_SEARCHED_INTENTS = {
    "amount": "number",
    "created": "number",
    "currency": "text",
    "customer": "text",
    "metadata": "metadata",
    "status": "text",
}


async def create_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCreate, call, "payment_intent")
    wish = form.given("payment_method_types", "automatic_payment_methods")
    if form.automatic_payment_methods is not None:
        wish["automatic_methods"] = form.automatic_payment_methods.model_dump()
    wish["method_types"] = form.payment_method_types
    return one(mode, mode.intents.create(**wish), form.expand)


async def retrieve_intent(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payment_intent")
    return one(mode, _intent(mode, call), form.expand)


async def list_intents(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerFilter, call, "payment_intent", many=True)
    key = ("customer", form.customer) if form.customer else ()
    return page(mode, mode.intents.shelf, form, call, "payment_intent", key)


async def find_intents(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "payment_intent", many=True)
    return search(mode, mode.intents.shelf, form, call, _SEARCHED_INTENTS, look)


async def update_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentUpdate, call, "payment_intent")
    return one(mode, mode.intents.update(_intent(mode, call), form.given()), form.expand)


async def confirm_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentConfirm, call, "payment_intent")
    return one(mode, mode.intents.confirm(_intent(mode, call), **form.given()), form.expand)


async def capture_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCapture, call, "payment_intent")
    return one(mode, mode.intents.capture(_intent(mode, call), form.amount_to_capture), form.expand)


async def cancel_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCancel, call, "payment_intent")
    return one(mode, mode.intents.cancel(_intent(mode, call), form.cancellation_reason), form.expand)


async def retrieve_charge(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "charge")
    return one(mode, mode.charges.take(call.params["charge"], path=True), form.expand)


async def list_charges(mode: Mode, call: Call) -> Reply:
    form = taken(ChargeList, call, "charge", many=True)
    if form.payment_intent:
        key: tuple[str, ...] = ("intent", mode.intents.take(form.payment_intent, "payment_intent").id)
    else:
        key = ("customer", form.customer) if form.customer else ()

    def keep(charge: Charge) -> bool:
        return form.customer in ("", charge.customer)

    return page(mode, mode.charges.shelf, form, call, "charge", key, keep)


async def create_refund(mode: Mode, call: Call) -> Reply:
    form = taken(RefundCreate, call, "refund")
    return one(mode, mode.refunds.create(**form.given()), form.expand)


async def retrieve_refund(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "refund")
    return one(mode, mode.refunds.take(call.params["refund"]), form.expand)


async def update_refund(mode: Mode, call: Call) -> Reply:
    form = taken(MetadataOnly, call, "refund")
    refund = mode.refunds.take(call.params["refund"])
    if "metadata" in form.model_fields_set:
        mode.refunds.update(refund, form.metadata)
    return one(mode, refund, form.expand)


async def list_refunds(mode: Mode, call: Call) -> Reply:
    form = taken(RefundList, call, "refund", many=True)
    if form.charge:
        key: tuple[str, ...] = ("charge", mode.charges.take(form.charge, "charge").id)
    elif form.payment_intent:
        key = ("intent", mode.intents.take(form.payment_intent, "payment_intent").id)
    else:
        key = ()

    def keep(refund: Refund) -> bool:
        return form.payment_intent in ("", refund.intent)

    return page(mode, mode.refunds.shelf, form, call, "refund", key, keep)


def _intent(mode: Mode, call: Call) -> Intent:
    return mode.intents.take(call.params["intent"], path=True)
