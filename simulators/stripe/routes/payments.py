"""Payment intents over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, secretly, taken
from simulators.stripe.routes.methods import made
from simulators.stripe.rules.customers import valid_email
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Intent
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.forms import Form
from simulators.stripe.wire.params import Search, said
from simulators.stripe.wire.params_methods import Secretly, Verify
from simulators.stripe.wire.params_payments import (
    CustomerFilter,
    IntentCancel,
    IntentCapture,
    IntentConfirm,
    IntentCreate,
    IntentIncrement,
    IntentUpdate,
)

_SEARCHED = {
    "amount": "number",
    "created": "number",
    "currency": "text",
    "customer": "text",
    "metadata": "metadata",
    "status": "text",
}


async def create_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCreate, call, "payment_intent")
    wish = _wish(mode, form)
    automatic = form.automatic_payment_methods
    wish["automatic_methods"] = None if automatic is None else automatic.model_dump()
    try:
        intent = mode.intents.create(**wish)
    except Refused as no:
        if form.confirmation_token and no.intent is not None:
            mode.confirmations.used(form.confirmation_token, no.intent.id)
        raise
    if form.confirmation_token:
        mode.confirmations.used(form.confirmation_token, intent.id)
    return one(mode, intent, form.expand)


async def retrieve_intent(mode: Mode, call: Call) -> Reply:
    form = taken(Secretly, call, "payment_intent")
    return one(mode, secretly(_intent(mode, call), form.client_secret), form.expand)


async def list_intents(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerFilter, call, "payment_intent", many=True)
    key = ("customer", form.customer) if form.customer else ()
    return page(mode, mode.intents.shelf, form, call, "payment_intent", key)


async def find_intents(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "payment_intent", many=True)
    return search(mode, mode.intents.shelf, form, call, _SEARCHED, look)


async def update_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentUpdate, call, "payment_intent")
    intent = _intent(mode, call)
    return one(mode, mode.intents.update(intent, _wish(mode, form)), form.expand)


async def confirm_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentConfirm, call, "payment_intent")
    intent = secretly(_intent(mode, call), form.client_secret)
    wish = _wish(mode, form)
    if form.confirmation_token:
        mode.confirmations.used(form.confirmation_token, intent.id)
    return one(mode, mode.intents.confirm(intent, **wish), form.expand)


async def capture_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCapture, call, "payment_intent")
    texts = said(form, "amount_to_capture", "final_capture")
    intent = _intent(mode, call)
    amount, final = form.amount_to_capture, form.final_capture
    return one(mode, mode.intents.capture(intent, amount, texts, final=final), form.expand)


async def increment_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentIncrement, call, "payment_intent")
    texts, intent = said(form, "amount"), _intent(mode, call)
    return one(mode, mode.intents.ends.authorisations.increment(intent, form.amount, texts), form.expand)


async def cancel_intent(mode: Mode, call: Call) -> Reply:
    form = taken(IntentCancel, call, "payment_intent")
    return one(mode, mode.intents.cancel(_intent(mode, call), form.cancellation_reason), form.expand)


async def verify_intent(mode: Mode, call: Call) -> Reply:
    form = taken(Verify, call, "payment_intent")
    intent = secretly(_intent(mode, call), form.client_secret)
    return one(mode, mode.intents.ends.verify(intent, form.amounts, form.descriptor_code), form.expand)


def _wish(mode: Mode, form: Form) -> dict[str, Any]:
    wish = said(form, "automatic_payment_methods", "client_secret")
    valid_email(wish.get("receipt_email"), "receipt_email")
    return made(mode, wish)


def _intent(mode: Mode, call: Call) -> Intent:
    return mode.intents.take(call.params["intent"], path=True)
