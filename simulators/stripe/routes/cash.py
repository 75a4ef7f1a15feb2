"""Customers' cash over HTTP: what they have, where they send it, what it pays."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, taken
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Customer
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import checked, rail
from simulators.stripe.wire.cash import funding_instructions
from simulators.stripe.wire.params import Nothing
from simulators.stripe.wire.params_cash import ApplyCash, CashList, CashUpdate, FundCash, FundingCreate

_ENTRY = "customer_cash_balance_transaction"


async def retrieve_cash(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "cash_balance")
    return one(mode, mode.cash.of(_owner(mode, call).id))


async def update_cash(mode: Mode, call: Call) -> Reply:
    form = taken(CashUpdate, call, "cash_balance")
    owner, wanted = _owner(mode, call).id, form.settings.reconciliation_mode
    return one(mode, mode.cash.configure(owner, wanted) if wanted else mode.cash.of(owner))


async def list_cash(mode: Mode, call: Call) -> Reply:
    form = taken(CashList, call, _ENTRY, many=True)
    key = ("customer", _owner(mode, call).id)
    return page(mode, mode.cash.shelf, form, call, "customer cash balance transaction", key)


async def retrieve_cash_entry(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, _ENTRY)
    return one(mode, mode.cash.take(_owner(mode, call).id, call.params["transaction"]), form.expand)


async def create_funding_instructions(mode: Mode, call: Call) -> Reply:
    form = taken(FundingCreate, call, "funding_instructions")
    owner, currency = _owner(mode, call).id, known_currency(form.currency)
    country = checked(form.bank_transfer.model_dump(), currency, "bank_transfer")
    return drawn(mode, funding_instructions(owner, currency, country, mode.live))


async def fund_cash(mode: Mode, call: Call) -> Reply:
    form = taken(FundCash, call, _ENTRY)
    if mode.live:
        raise Refused("This endpoint can only be used in test mode.")
    owner, currency = _owner(mode, call), known_currency(form.currency)
    rail(currency)
    with mode.billing.desk.living(owner.id):
        entry = mode.intents.funding.arrive(owner.id, form.amount, currency, form.reference)
    return one(mode, entry, form.expand)


async def apply_cash(mode: Mode, call: Call) -> Reply:
    form = taken(ApplyCash, call, "payment_intent")
    intent = mode.intents.take(call.params["intent"], path=True)
    currency = known_currency(form.currency) if form.currency else ""
    return one(mode, mode.intents.funding.apply(intent, form.amount, currency), form.expand)


def _owner(mode: Mode, call: Call) -> Customer:
    return mode.customers.take(call.params["customer"], path=True)
