"""Customers, their credit and their tax numbers over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, look, one, page, search, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Customer, PaymentMethod
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.rules.tax_ids import checked
from simulators.stripe.wire.params import Nothing, Search, said
from simulators.stripe.wire.params_customers import (
    CustomerCreate,
    CustomerList,
    CustomerParams,
    CustomerUpdate,
    TaxIdCreate,
    TaxIdList,
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
    for given in form.tax_id_data:
        checked(given.type, given.value)
    source = mode.methods.of_token(form.source, "source") if form.source else None
    if source is not None:
        mode.methods.attachable(source)
    cash = form.cash_balance.settings.reconciliation_mode if form.cash_balance else None
    clock = mode.billing.clocks.room(form.test_clock) if form.test_clock else None
    with mode.clock.at(clock.frozen * 1_000_000 if clock else None):
        customer = mode.customers.create(**_fields(form))
    if clock is not None:
        mode.billing.welcome(customer, clock)
    if cash:
        mode.cash.configure(customer.id, cash)
    if card is not None:
        mode.methods.keep(card, customer.id)
        if default:
            mode.customers.update(customer, {}, card.id)
    if source is not None:
        _sourced(mode, customer, source)
    for given in form.tax_id_data:
        mode.tax_ids.create(customer, given.type, given.value)
    if form.balance:
        mode.credit.enter(customer, form.balance, "usd")
    return one(mode, customer, form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "customer")
    customer = mode.customers.shelf.get(call.params["customer"])
    return one(mode, customer or _known(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerUpdate, call, "customer")
    customer = _known(mode, call)
    default = form.invoice_settings.default_payment_method
    if default is not None:
        default = mode.methods.default_for(customer, default)
    if form.default_source:
        mode.methods.find(form.default_source, owner=customer.id)
    source = mode.methods.of_token(form.source, "source") if form.source else None
    if source is not None:
        mode.methods.attachable(source)
    if form.cash_balance and form.cash_balance.settings.reconciliation_mode:
        mode.cash.configure(customer.id, form.cash_balance.settings.reconciliation_mode)
    mode.customers.update(customer, _fields(form), default)
    if source is not None:
        _sourced(mode, customer, source)
    if "balance" in form.model_fields_set and form.balance != customer.balance:
        before = customer.balance
        mode.credit.enter(customer, form.balance - before, customer.currency or "usd")
        mode.customers.rebalance(customer, before)
    return one(mode, customer, form.expand)


async def delete(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "customer")
    return one(mode, mode.delete_customer(_known(mode, call)))


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(CustomerList, call, "customer", many=True)
    key: tuple[str, ...] = ("email", form.email) if form.email else ()
    if form.test_clock and not form.email:
        key = ("test_clock", form.test_clock)

    def keep(customer: Customer) -> bool:
        # Those who live by a test clock are shown only with it.
        return form.test_clock == customer.test_clock

    clocked = mode.billing.clocks.shelf.under(())
    return page(mode, mode.customers.shelf, form, call, "customer", key, keep if clocked else None)


async def find(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "customer", many=True)
    return search(mode, mode.customers.shelf, form, call, _SEARCHED, look)


async def create_tax_id(mode: Mode, call: Call) -> Reply:
    form = taken(TaxIdCreate, call, "tax_id")
    return one(mode, mode.tax_ids.create(_owner(mode, call), form.type, form.value), form.expand)


async def retrieve_tax_id(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "tax_id")
    return one(mode, mode.tax_ids.take(_owner(mode, call), call.params["id"]), form.expand)


async def list_tax_ids(mode: Mode, call: Call) -> Reply:
    form = taken(TaxIdList, call, "tax_id", many=True)
    return page(mode, mode.tax_ids.shelf, form, call, "tax ID", ("customer", _owner(mode, call).id))


async def delete_tax_id(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "tax_id")
    owner = _owner(mode, call)
    tax_id = mode.tax_ids.take(owner, call.params["id"])
    mode.tax_ids.delete(owner, tax_id)
    return drawn(mode, {"id": tax_id.id, "object": "tax_id", "deleted": True})


def _sourced(mode: Mode, customer: Customer, source: PaymentMethod) -> None:
    mode.methods.keep(source, customer.id)
    mode.customers.update(customer, {"default_source": source.id}, None)


def _fields(form: CustomerParams) -> dict[str, Any]:
    given = said(
        form,
        "cash_balance",
        "invoice_settings",
        "payment_method",
        "source",
        "default_source",
        "tax_id_data",
        "balance",
    )
    if "invoice_settings" in form.model_fields_set:
        settings = form.invoice_settings.model_dump(exclude_unset=True)
        settings.pop("default_payment_method", None)
        if settings:
            given["invoice_settings"] = settings
    if isinstance(form, CustomerUpdate) and form.default_source:
        given["default_source"] = form.default_source
    for name, empty in (("tax_exempt", "none"), ("tax", {})):
        if name in given and given[name] is None:
            given[name] = empty
    return given


def _known(mode: Mode, call: Call) -> Customer:
    return mode.customers.take(call.params["customer"], "id", path=True)


def _owner(mode: Mode, call: Call) -> Customer:
    return mode.customers.take(call.params["customer"], path=True)
