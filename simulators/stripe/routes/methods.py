"""Payment methods, setup intents, tokens and mandates over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, secretly, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import NEVER, PaymentMethod
from simulators.stripe.rules.records_setup import SetupIntent
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.params import Nothing, said
from simulators.stripe.wire.params_methods import (
    Attach,
    AttemptList,
    ConfirmationCreate,
    MethodCreate,
    MethodList,
    MethodUpdate,
    Secretly,
    SetupCancel,
    SetupConfirm,
    SetupCreate,
    SetupList,
    SetupTexts,
    TokenCreate,
    Verify,
)


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(MethodCreate, call, "payment_method")
    return one(mode, mode.methods.create(**said(form)), form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payment_method")
    return one(mode, _method(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(MethodUpdate, call, "payment_method")
    return one(mode, mode.methods.update(_method(mode, call), **said(form)), form.expand)


async def attach(mode: Mode, call: Call) -> Reply:
    form = taken(Attach, call, "payment_method")
    customer = mode.customers.take(form.customer)
    return one(mode, mode.methods.attach(call.params["payment_method"], customer), form.expand)


async def detach(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payment_method")
    return one(mode, mode.methods.detach(_method(mode, call)), form.expand)


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(MethodList, call, "payment_method", many=True)
    if "customer" in call.params:
        owner = mode.customers.take(call.params["customer"], "id", path=True).id
    elif form.customer:
        owner = mode.customers.take(form.customer).id
    else:
        # Without a customer Stripe lists Treasury's methods only (docs: payment_methods/list).
        return drawn(mode, {"object": "list", "data": [], "has_more": False, "url": call.path})
    key = ("customer", owner, form.type) if form.type else ("customer", owner)

    def keep(method: PaymentMethod) -> bool:
        return form.allow_redisplay in (None, method.allow_redisplay)

    return page(mode, mode.methods.shelf, form, call, "PaymentMethod", key, keep)


async def create_setup(mode: Mode, call: Call) -> Reply:
    form = taken(SetupCreate, call, "setup_intent")
    wish = _setup_wish(mode, form)
    automatic = form.automatic_payment_methods
    wish["automatic_methods"] = None if automatic is None else automatic.model_dump()
    setup = mode.setups.create(**wish)
    if form.confirmation_token:
        mode.confirmations.used(form.confirmation_token, setup=setup.id)
    return one(mode, setup, form.expand)


async def retrieve_setup(mode: Mode, call: Call) -> Reply:
    form = taken(Secretly, call, "setup_intent")
    return one(mode, secretly(_setup(mode, call), form.client_secret), form.expand)


async def update_setup(mode: Mode, call: Call) -> Reply:
    form = taken(SetupTexts, call, "setup_intent")
    return one(mode, mode.setups.update(_setup(mode, call), _setup_wish(mode, form)), form.expand)


async def confirm_setup(mode: Mode, call: Call) -> Reply:
    form = taken(SetupConfirm, call, "setup_intent")
    setup = secretly(_setup(mode, call), form.client_secret)
    wish = _setup_wish(mode, form)
    setup = mode.setups.confirm(setup, **wish)
    if form.confirmation_token:
        mode.confirmations.used(form.confirmation_token, setup=setup.id)
    return one(mode, setup, form.expand)


async def cancel_setup(mode: Mode, call: Call) -> Reply:
    form = taken(SetupCancel, call, "setup_intent")
    return one(mode, mode.setups.cancel(_setup(mode, call), form.cancellation_reason), form.expand)


async def verify_setup(mode: Mode, call: Call) -> Reply:
    form = taken(Verify, call, "setup_intent")
    setup = secretly(_setup(mode, call), form.client_secret)
    return one(mode, mode.setups.verify(setup, form.amounts, form.descriptor_code), form.expand)


async def list_setups(mode: Mode, call: Call) -> Reply:
    form = taken(SetupList, call, "setup_intent", many=True)
    key: tuple[str, ...] = ()
    if form.payment_method:
        key = ("method", form.payment_method)
    elif form.customer:
        key = ("customer", form.customer)

    def keep(setup: SetupIntent) -> bool:
        return form.customer in ("", setup.customer)

    return page(mode, mode.setups.shelf, form, call, "setupintent", key, keep)


async def list_attempts(mode: Mode, call: Call) -> Reply:
    form = taken(AttemptList, call, "setup_attempt", many=True)
    setup = mode.setups.take(form.setup_intent, "setup_intent")
    return page(mode, mode.setups.attempts, form, call, "setup attempt", ("intent", setup.id))


async def retrieve_mandate(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "mandate")
    return one(mode, mode.mandates.take(call.params["mandate"], path=True), form.expand)


async def create_token(mode: Mode, call: Call) -> Reply:
    form = taken(TokenCreate, call, "token")
    if form.card is not None:
        card, expires = mode.tokens.card(form.card.model_dump())
        return one(mode, mode.tokens.create(card, expires, form.card.name))
    if form.bank_account is None:
        text = "You must supply either a card, customer, PII data, bank account, or account to create a token"
        raise Refused(text + ".", code="parameter_missing")
    given = form.bank_account
    bank = mode.tokens.us_account(given.model_dump())
    return one(mode, mode.tokens.create(bank, NEVER, given.account_holder_name))


async def retrieve_token(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "token")
    return one(mode, mode.tokens.take(call.params["token"], path=True), form.expand)


async def create_confirmation(mode: Mode, call: Call) -> Reply:
    form = taken(ConfirmationCreate, call, "confirmation_token")
    wish = made(mode, said(form, "payment_method_options"))
    if "payment_method" not in wish:
        text = "You must provide one of: payment_method, payment_method_data."
        raise Refused(text, code="parameter_missing", param="payment_method_data")
    return one(mode, mode.confirmations.create(**wish), form.expand)


async def retrieve_confirmation(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "confirmation_token")
    token = mode.confirmations.take(call.params["confirmation_token"], path=True)
    return one(mode, token, form.expand)


def made(mode: Mode, wish: dict[str, Any]) -> dict[str, Any]:
    """payment_method_data as the id of the method that is made of it; mandate_data as the acceptance; a
    confirmation token as what it says, where nothing else is said."""
    token = wish.pop("confirmation_token", "")
    if token:
        wish = {**mode.confirmations.spend(token), **wish}
    data = wish.pop("payment_method_data", None)
    if data is not None:
        for name in ("radar_options", "link"):
            data.pop(name, None)
        wish["payment_method"] = mode.methods.create(**data).id
    agreed = wish.pop("mandate_data", None)
    if agreed is not None:
        wish["acceptance"] = agreed["customer_acceptance"]
    for name, own in (("payment_method_types", "method_types"), ("payment_method_options", "method_options")):
        if name in wish:
            wish[own] = wish.pop(name)
    return wish


def _setup_wish(mode: Mode, form: SetupTexts | SetupConfirm) -> dict[str, Any]:
    wish = made(mode, said(form, "automatic_payment_methods", "client_secret"))
    # A confirmation token may speak of a payment, too.
    return {name: value for name, value in wish.items() if name not in ("setup_future_usage", "shipping")}


def _method(mode: Mode, call: Call) -> PaymentMethod:
    return mode.methods.find(call.params["payment_method"], owner=call.params.get("customer", ""))


def _setup(mode: Mode, call: Call) -> SetupIntent:
    return mode.setups.take(call.params["intent"], path=True)
