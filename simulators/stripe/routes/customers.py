"""Customers and their cards over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, look, one, page, search, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Customer, PaymentMethod
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.wire.forms import Form
from simulators.stripe.wire.params import (
    Attach,
    CustomerCreate,
    CustomerList,
    CustomerParams,
    MethodList,
    Nothing,
    Search,
)

_SEARCHED = {"created": "number", "email": "text", "metadata": "metadata", "name": "text", "phone": "text"}


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerCreate, call, "customer")
    card = mode.methods.take(form.payment_method) if form.payment_method else None
    if card is not None:
        mode.methods.attachable(card)
    default = form.invoice_settings.default_payment_method
    if default and (card is None or default not in (card.id, form.payment_method)):
        raise no_such("PaymentMethod", default, "invoice_settings[default_payment_method]")
    customer = _welcomed(mode, form)
    if card is not None:
        mode.methods.keep(card, customer.id)
        if default:
            mode.customers.update(customer, {}, card.id)
    return one(mode, customer, form.expand)


def _welcomed(mode: Mode, form: CustomerCreate) -> Customer:
    """A new customer, in the time of a test clock if one is named, with a balance if one is given."""
    billing = mode.billing
    clock = billing.clocks.room(form.test_clock) if form.test_clock else None
    with mode.clock.at(clock.frozen * 1_000_000 if clock else None):
        customer = mode.customers.create(**_fields(form), billing=billing.purse(clock))
        billing.welcome(customer)
        if form.balance:
            billing.wallets.set_balance(customer.id, form.balance)
    return customer


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "customer")
    customer = mode.customers.shelf.get(call.params["customer"])
    return one(mode, customer or _known(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerParams, call, "customer")
    customer = _known(mode, call)
    default = form.invoice_settings.default_payment_method
    if default is not None:
        default = mode.methods.default_for(customer, default)
    with mode.billing.desk.living(customer.id):
        mode.customers.update(customer, _fields(form), default)
        if form.balance is not None:
            mode.billing.wallets.set_balance(customer.id, form.balance)
        return one(mode, customer, form.expand)


async def delete(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "customer")
    return one(mode, mode.delete_customer(_known(mode, call)))


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerList, call, "customer", many=True)
    key = ("email", form.email) if form.email else ()

    def keep(customer: Customer) -> bool:
        return form.test_clock in ("", mode.billing.desk.clock_id(customer.id))

    return page(mode, mode.customers.shelf, form, call, "customer", key, keep if form.test_clock else None)


async def find(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "customer", many=True)
    return search(mode, mode.customers.shelf, form, call, _SEARCHED, look)


async def attach(mode: Mode, call: Call) -> Reply:
    form = taken(Attach, call, "payment_method")
    customer = mode.customers.take(form.customer)
    return one(mode, mode.methods.attach(call.params["payment_method"], customer), form.expand)


async def detach(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payment_method")
    return one(mode, mode.methods.detach(_card(mode, call)), form.expand)


async def retrieve_card(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payment_method")
    return one(mode, _card(mode, call), form.expand)


async def list_cards(mode: Mode, call: Call) -> Reply:
    form = taken(MethodList, call, "payment_method", many=True)
    if "customer" in call.params:
        owner = _known(mode, call).id
    elif form.customer:
        owner = mode.customers.take(form.customer).id
    else:
        return drawn(mode, _no_cards(call))
    key = ("customer", owner) if form.type in ("", "card") else ("type", form.type)
    return page(mode, mode.methods.shelf, form, call, "PaymentMethod", key)


def _no_cards(call: Call) -> dict[str, Any]:
    # Without a customer Stripe lists Treasury's methods only (docs.stripe.com/api/payment_methods/list).
    return {"object": "list", "data": [], "has_more": False, "url": call.path}


def _fields(form: Form) -> dict[str, Any]:
    given = form.given("invoice_settings", "payment_method", "test_clock", "balance")
    if given.get("address") is not None:
        given["address"] = given["address"].model_dump(exclude_unset=True)
    return given


def _known(mode: Mode, call: Call) -> Customer:
    return mode.customers.take(call.params["customer"], "id", path=True)


def _card(mode: Mode, call: Call) -> PaymentMethod:
    return mode.methods.find(call.params["payment_method"], owner=call.params.get("customer", ""))
