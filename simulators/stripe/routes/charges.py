"""Charges, refunds, disputes and early fraud warnings over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, taken
from simulators.stripe.rules.customers import valid_email
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Charge, Refund
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Key
from simulators.stripe.wire.disputes import FILES
from simulators.stripe.wire.params import MetadataOnly, Nothing, Search, said
from simulators.stripe.wire.params_payments import (
    ChargeCapture,
    ChargeCreate,
    ChargeList,
    ChargeUpdate,
    DisputeUpdate,
    RefundCreate,
    RefundList,
)

_SEARCHED = {
    "amount": "number",
    "billing_details.address.postal_code": "text",
    "created": "number",
    "currency": "text",
    "customer": "text",
    "disputed": "text",
    "metadata": "metadata",
    "payment_method_details.card.brand": "text",
    "payment_method_details.card.exp_month": "number",
    "payment_method_details.card.exp_year": "number",
    "payment_method_details.card.fingerprint": "text",
    "payment_method_details.card.last4": "text",
    "refunded": "text",
    "status": "text",
}


async def create_charge(mode: Mode, call: Call) -> Reply:
    form = taken(ChargeCreate, call, "charge")
    valid_email(form.receipt_email, "receipt_email")
    return one(mode, mode.direct.create(**said(form)), form.expand)


async def retrieve_charge(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "charge")
    return one(mode, _charge(mode, call), form.expand)


async def update_charge(mode: Mode, call: Call) -> Reply:
    form = taken(ChargeUpdate, call, "charge")
    charge, changes = _charge(mode, call), said(form)
    if form.customer:
        mode.customers.take(form.customer)
    if "fraud_details" in changes:
        changes["fraud_details"] = {k: v for k, v in (form.fraud_details or {}).items() if v}
    return one(mode, mode.charges.update(charge, changes), form.expand)


async def capture_charge(mode: Mode, call: Call) -> Reply:
    form = taken(ChargeCapture, call, "charge")
    charge = _charge(mode, call)
    texts = said(form, "amount")
    if charge.intent:
        amount = mode.charges.capturable(charge, form.amount)
        mode.intents.capture(mode.intents.take(charge.intent), amount)
    else:
        mode.direct.capture(charge, form.amount, texts)
    return one(mode, charge, form.expand)


async def list_charges(mode: Mode, call: Call) -> Reply:
    form = taken(ChargeList, call, "charge", many=True)
    if form.payment_intent:
        key: Key = ("intent", mode.intents.take(form.payment_intent, "payment_intent").id)
    elif form.transfer_group:
        key = ("transfer_group", form.transfer_group)
    else:
        key = ("customer", form.customer) if form.customer else ()

    def keep(charge: Charge) -> bool:
        return form.customer in ("", charge.customer)

    return page(mode, mode.charges.shelf, form, call, "charge", key, keep)


async def find_charges(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "charge", many=True)
    return search(mode, mode.charges.shelf, form, call, _SEARCHED, _look)


async def create_refund(mode: Mode, call: Call) -> Reply:
    form = taken(RefundCreate, call, "refund")
    if form.origin is None:
        return one(mode, mode.refunds.create(**said(form, "currency", "customer", "origin")), form.expand)
    for name in ("customer", "amount", "currency"):
        if not getattr(form, name):
            raise Refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return one(mode, mode.returns.create(**said(form, "origin", "charge", "payment_intent")), form.expand)


async def retrieve_refund(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "refund")
    return one(mode, mode.refunds.take(call.params["refund"]), form.expand)


async def update_refund(mode: Mode, call: Call) -> Reply:
    form = taken(MetadataOnly, call, "refund")
    refund = mode.refunds.take(call.params["refund"])
    if "metadata" in form.model_fields_set:
        mode.refunds.update(refund, form.metadata)
    return one(mode, refund, form.expand)


async def cancel_refund(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "refund")
    return one(mode, mode.refunds.cancel(mode.refunds.take(call.params["refund"])), form.expand)


async def expire_refund(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "refund")
    return one(mode, mode.refunds.expire(mode.refunds.take(call.params["refund"])), form.expand)


async def list_refunds(mode: Mode, call: Call) -> Reply:
    form = taken(RefundList, call, "refund", many=True)

    def keep(refund: Refund) -> bool:
        return form.payment_intent in ("", refund.intent)

    return page(mode, mode.refunds.shelf, form, call, "refund", _about(mode, form), keep)


async def list_charge_refunds(mode: Mode, call: Call) -> Reply:
    form = taken(RefundList, call, "refund", many=True)
    charge = _charge(mode, call)
    return page(mode, mode.refunds.shelf, form, call, "refund", ("charge", charge.id))


async def retrieve_dispute(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "dispute")
    return one(mode, mode.disputes.take(call.params["dispute"]), form.expand)


async def update_dispute(mode: Mode, call: Call) -> Reply:
    form = taken(DisputeUpdate, call, "dispute")
    changes = said(form)
    if "evidence" in changes:
        changes["evidence"] = changes["evidence"] or {}
        for name in FILES:
            if changes["evidence"].get(name):
                mode.files.evidence(changes["evidence"][name], f"evidence[{name}]")
    return one(mode, mode.disputes.update(mode.disputes.take(call.params["dispute"]), changes), form.expand)


async def close_dispute(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "dispute")
    return one(mode, mode.disputes.close(mode.disputes.take(call.params["dispute"])), form.expand)


async def list_disputes(mode: Mode, call: Call) -> Reply:
    form = taken(RefundList, call, "dispute", many=True)
    return page(mode, mode.disputes.shelf, form, call, "dispute", _about(mode, form))


async def retrieve_warning(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "radar.early_fraud_warning")
    warning = mode.disputes.warnings.get(call.params["early_fraud_warning"])
    if warning is None:
        raise no_such("issuer fraud record", call.params["early_fraud_warning"], "id", path=True)
    return one(mode, warning, form.expand)


async def list_warnings(mode: Mode, call: Call) -> Reply:
    form = taken(RefundList, call, "radar.early_fraud_warning", many=True)
    return page(mode, mode.disputes.warnings, form, call, "issuer fraud record", _about(mode, form))


def _about(mode: Mode, form: RefundList) -> Key:
    """The list of what belongs to a charge or a payment intent."""
    if form.charge:
        return ("charge", mode.charges.take(form.charge, "charge").id)
    if form.payment_intent:
        return ("intent", mode.intents.take(form.payment_intent, "payment_intent").id)
    return ()


def _look(charge: Charge, name: str) -> str | int | None:
    """What a charge shows to search."""
    if name in ("disputed", "refunded"):
        held = charge.disputed if name == "disputed" else charge.refunded == charge.amount
        return "true" if held else "false"
    if name == "billing_details.address.postal_code":
        address: Any = charge.billing_details.get("address") or {}
        code: str | None = address.get("postal_code")
        return code
    if name.startswith("payment_method_details.card."):
        return _look_at_card(charge, name.rpartition(".")[2])
    return look(charge, name)


def _look_at_card(charge: Charge, name: str) -> str | int | None:
    if charge.instrument.type != "card":
        return None
    if name.startswith("exp_"):
        return charge.expires[name == "exp_year"]
    shown: str | None = charge.fingerprint if name == "fingerprint" else getattr(charge.instrument, name)
    return shown


def _charge(mode: Mode, call: Call) -> Charge:
    return mode.charges.take(call.params["charge"], path=True)
