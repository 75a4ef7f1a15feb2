"""The balance, its transactions and payouts over HTTP."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, taken, within
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records_funds import BalanceTransaction, Payout
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.funds import balance
from simulators.stripe.wire.params import MetadataOnly, Nothing, said
from simulators.stripe.wire.params_funds import EntryList, PayoutCreate, PayoutList


async def retrieve_balance(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "balance")
    return drawn(mode, balance(mode.balance.amounts(), mode.live))


async def retrieve_entry(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "balance_transaction")
    return one(mode, mode.balance.take(call.params["id"]), form.expand)


async def list_entries(mode: Mode, call: Call) -> Reply:
    form = taken(EntryList, call, "balance_transaction", many=True)
    if form.payout:
        payout = mode.payouts.take(form.payout, "payout", path=False)
        if not payout.automatic:
            text = "Balance transaction history can only be filtered on automatic transfers, not manual."
            raise Refused(text, param="payout")
    key: tuple[str, ...] = ()
    # The narrowest list first; what else is asked for is tested entry by entry.
    for name in ("source", "payout", "type", "currency"):
        value = getattr(form, name)
        if value:
            key = (name, value)
            break

    def keep(entry: BalanceTransaction) -> bool:
        return (
            form.payout in ("", entry.payout)
            and form.type in ("", entry.type)
            and form.currency.lower() in ("", entry.currency)
        )

    return page(mode, mode.balance.shelf, form, call, "balance transaction", key, keep)


async def create_payout(mode: Mode, call: Call) -> Reply:
    form = taken(PayoutCreate, call, "payout")
    return one(mode, mode.payouts.create(**said(form)), form.expand)


async def retrieve_payout(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payout")
    return one(mode, mode.payouts.take(call.params["payout"]), form.expand)


async def update_payout(mode: Mode, call: Call) -> Reply:
    form = taken(MetadataOnly, call, "payout")
    payout = mode.payouts.take(call.params["payout"])
    if "metadata" in form.model_fields_set:
        mode.payouts.update(payout, form.metadata)
    return one(mode, payout, form.expand)


async def cancel_payout(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "payout")
    return one(mode, mode.payouts.cancel(mode.payouts.take(call.params["payout"])), form.expand)


async def reverse_payout(mode: Mode, call: Call) -> Reply:
    form = taken(MetadataOnly, call, "payout")
    payout = mode.payouts.take(call.params["payout"])
    return one(mode, mode.payouts.reverse(payout, form.metadata or {}), form.expand)


async def list_payouts(mode: Mode, call: Call) -> Reply:
    form = taken(PayoutList, call, "payout", many=True)
    arrival = form.arrival_date

    def keep(payout: Payout) -> bool:
        if form.destination not in ("", f"ba_{payout.currency}"):
            return False
        return arrival is None or within(arrival, payout.arrival_at // SECOND)

    key = ("status", form.status) if form.status else ()
    return page(mode, mode.payouts.shelf, form, call, "payout", key, keep)
