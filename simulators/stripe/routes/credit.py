"""Changes of customers' balances over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Customer
from simulators.stripe.wire.params import Nothing, said
from simulators.stripe.wire.params_customers import CreditCreate, CreditList, CreditUpdate


async def create_credit(mode: Mode, call: Call) -> Reply:
    form = taken(CreditCreate, call, "customer_balance_transaction")
    customer = _owner(mode, call)
    before = customer.balance
    entry = mode.credit.enter(customer, **said(form))
    mode.customers.rebalance(customer, before)
    return one(mode, entry, form.expand)


async def retrieve_credit(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "customer_balance_transaction")
    return one(mode, mode.credit.take(_owner(mode, call), call.params["transaction"]), form.expand)


async def update_credit(mode: Mode, call: Call) -> Reply:
    form = taken(CreditUpdate, call, "customer_balance_transaction")
    entry = mode.credit.take(_owner(mode, call), call.params["transaction"])
    return one(mode, mode.credit.update(entry, said(form)), form.expand)


async def list_credit(mode: Mode, call: Call) -> Reply:
    form = taken(CreditList, call, "customer_balance_transaction", many=True)
    key = ("customer", _owner(mode, call).id)
    return page(mode, mode.credit.shelf, form, call, "customer balance transaction", key)


def _owner(mode: Mode, call: Call) -> Customer:
    return mode.customers.take(call.params["customer"], path=True)
