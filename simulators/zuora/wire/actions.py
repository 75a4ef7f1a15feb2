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
    ChangePlan,
    ChangeTerms,
    Create,
    OrderWish,
    Remove,
    Renew,
    Resume,
    SubscriptionWish,
    Suspend,
    Transfer,
    Update,
)
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, one_of
from simulators.zuora.wire.ordering import ActionShape, OrderShape, SubscriptionShape
from simulators.zuora.wire.pricing import PlanChange, PlanRef, PlanTerms, PlanUpdate
from simulators.zuora.wire.terming import (
    CancelShape,
    CreateShape,
    ResumeShape,
    SuspendShape,
    TermsChange,
    TransferShape,
    terms_of,
)


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
    ramp = shape.ramp.wish() if shape.ramp else None
    return SubscriptionWish(shape.subscriptionNumber or "", actions, shape.notes, shape.customFields, ramp)


def _action(shape: ActionShape, written: Mapping[str, Any]) -> Action:
    entry = _ACTS.get(shape.type)
    if entry is None:
        raise one_of("type", _ACTS)
    member, make = entry
    value = getattr(shape, member)
    if value is None and member != "renewSubscription":
        raise Refused(MISSING, f"'{member}' is required.", member)
    dates = {}
    for trigger in shape.triggerDates or ():
        if trigger.name not in TRIGGERS:
            raise one_of("name", TRIGGERS)
        if trigger.triggerDate is not None:
            dates[trigger.name] = trigger.triggerDate
    return Action(shape.type, make(value), dates, shape.changeReason, written)


def _create(shape: CreateShape) -> Act:
    if shape.terms is None:
        raise Refused(MISSING, "'terms' is required.", "terms")
    if shape.newSubscriptionOwnerAccount is not None:
        message = "Open the subscription owner's account first."
        raise Refused(INVALID, message, "newSubscriptionOwnerAccount")
    return Create(
        terms=shape.terms.wish(),
        plans=tuple(each.wish() for each in shape.subscribeToRatePlans),
        number=shape.subscriptionNumber or "",
        currency=shape.currency or "",
        notes=shape.notes,
        owner=shape.subscriptionOwnerAccountNumber or "",
        payer=shape.invoiceOwnerAccountNumber or "",
        extra=shape.settings(),
    )


def _add(shape: PlanTerms) -> Act:
    return Add(shape.wish())


def _update(shape: PlanUpdate) -> Act:
    charges = tuple(each.wish(subscribed=True) for each in shape.chargeUpdates)
    removed = tuple(each.chargeNumber for each in shape.chargeRemovals)
    return Update(shape.key(), charges, shape.specificUpdateDate, removed, shape.customFields)


def _remove(shape: PlanRef) -> Act:
    return Remove(shape.key())


def _change_plan(shape: PlanChange) -> Act:
    policy = shape.effectivePolicy or "EffectiveImmediately"
    return ChangePlan(shape.key(), shape.newProductRatePlan.wish(), policy, shape.subType)


def _suspend(shape: SuspendShape) -> Act:
    return Suspend(shape.suspendPolicy, shape.suspendSpecificDate, shape.periods())


def _resume(shape: ResumeShape) -> Act:
    return Resume(shape.resumePolicy, shape.resumeSpecificDate, shape.periods(), bool(shape.extendsTerm))


def _renew(_: object) -> Act:
    return Renew()


def _cancel(shape: CancelShape) -> Act:
    return Cancel(shape.cancellationPolicy, shape.cancellationEffectiveDate)


def _terms(shape: TermsChange) -> Act:
    renewal = None if shape.renewalTerms is None else terms_of(shape.renewalTerms)
    last = shape.lastTerm.whole() if shape.lastTerm else None
    return ChangeTerms(shape.autoRenew, shape.renewalSetting, renewal, last, shape.settings())


def _transfer(shape: TransferShape) -> Act:
    return Transfer(shape.destinationAccountNumber or "", shape.destinationInvoiceAccountNumber or "")


_ACTS: Mapping[str, tuple[str, Callable[[Any], Act]]] = {
    "CreateSubscription": ("createSubscription", _create),
    "AddProduct": ("addProduct", _add),
    "UpdateProduct": ("updateProduct", _update),
    "RemoveProduct": ("removeProduct", _remove),
    "RenewSubscription": ("renewSubscription", _renew),
    "CancelSubscription": ("cancelSubscription", _cancel),
    "TermsAndConditions": ("termsAndConditions", _terms),
    "ChangePlan": ("changePlan", _change_plan),
    "Suspend": ("suspend", _suspend),
    "Resume": ("resume", _resume),
    "OwnerTransfer": ("ownerTransfer", _transfer),
}
