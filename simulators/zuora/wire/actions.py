"""Order actions: from the shape of the wire to the act of the rules, one entry a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulators.zuora.rules.catalogue import TRIGGERS
from simulators.zuora.rules.order import (
    Act,
    Action,
    Add,
    Cancel,
    ChangeTerms,
    Create,
    OrderWish,
    Remove,
    Renew,
    SubscriptionWish,
    Update,
)
from simulators.zuora.rules.refusal import INVALID, MISSING, UNSUPPORTED, Refused
from simulators.zuora.wire.ordering import (
    ActionShape,
    CancelShape,
    CreateShape,
    OrderShape,
    SubscriptionShape,
    TermsChange,
    terms_of,
)
from simulators.zuora.wire.pricing import PlanRef, PlanTerms, PlanUpdate


def order_wish(shape: OrderShape, sent: Mapping[str, Any]) -> OrderWish:
    """The whole order. sent: the body as it came, kept for GET /v1/orders."""
    raw = sent["subscriptions"] if shape.subscriptions else ()
    wishes = tuple(
        _subscription(each, written) for each, written in zip(shape.subscriptions, raw, strict=True)
    )
    return replace(shape.header(), subscriptions=wishes)


def _subscription(shape: SubscriptionShape, written: Mapping[str, Any]) -> SubscriptionWish:
    actions = tuple(
        _action(each, raw) for each, raw in zip(shape.orderActions, written["orderActions"], strict=True)
    )
    return SubscriptionWish(shape.subscriptionNumber or "", actions, shape.notes, shape.customFields)


def _action(shape: ActionShape, written: Mapping[str, Any]) -> Action:
    entry = _ACTS.get(shape.type)
    if entry is None:
        known = shape.type in ("ChangePlan", "Suspend", "Resume", "OwnerTransfer")
        message = f"Order action type '{shape.type}' is not " + ("available here." if known else "known.")
        raise Refused(UNSUPPORTED if known else INVALID, message, "type")
    member, make = entry
    value = getattr(shape, member)
    if value is None and member != "renewSubscription":
        raise Refused(MISSING, f"'{member}' is required.", member)
    dates = {}
    for trigger in shape.triggerDates:
        if trigger.name not in TRIGGERS:
            raise Refused(INVALID, f"'{trigger.name}' is not a trigger date.", "triggerDates")
        if trigger.triggerDate is not None:
            dates[trigger.name] = trigger.triggerDate
    return Action(shape.type, make(value), dates, shape.changeReason, written)


def _create(shape: CreateShape) -> Act:
    if shape.terms is None:
        raise Refused(MISSING, "'terms' is required.", "terms")
    plans = tuple(each.wish() for each in shape.subscribeToRatePlans)
    return Create(shape.terms.wish(), plans, shape.subscriptionNumber, shape.currency, shape.notes)


def _add(shape: PlanTerms) -> Act:
    return Add(shape.wish())


def _update(shape: PlanUpdate) -> Act:
    charges = tuple(each.wish(subscribed=True) for each in shape.chargeUpdates)
    return Update(shape.key(), charges, shape.specificUpdateDate)


def _remove(shape: PlanRef) -> Act:
    return Remove(shape.key())


def _renew(_: object) -> Act:
    return Renew()


def _cancel(shape: CancelShape) -> Act:
    return Cancel(shape.cancellationPolicy, shape.cancellationEffectiveDate)


def _terms(shape: TermsChange) -> Act:
    renewal = None if shape.renewalTerms is None else terms_of(shape.renewalTerms)
    return ChangeTerms(shape.autoRenew, shape.renewalSetting, renewal)


_ACTS: Mapping[str, tuple[str, Callable[[Any], Act]]] = {
    "CreateSubscription": ("createSubscription", _create),
    "AddProduct": ("addProduct", _add),
    "UpdateProduct": ("updateProduct", _update),
    "RemoveProduct": ("removeProduct", _remove),
    "RenewSubscription": ("renewSubscription", _renew),
    "CancelSubscription": ("cancelSubscription", _cancel),
    "TermsAndConditions": ("termsAndConditions", _terms),
}
