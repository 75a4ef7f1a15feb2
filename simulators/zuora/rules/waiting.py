"""Orders that are not carried out at once, or are taken back: draft, schedule, trigger, cancel, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from simulators.kit.clock import midnight
from simulators.zuora.rules.changes import settle_status
from simulators.zuora.rules.contracts import ACTIVE, PENDING, Subscription
from simulators.zuora.rules.drafting import draft_all
from simulators.zuora.rules.keeping import keep, recheck
from simulators.zuora.rules.order import CANCELLED, COMPLETED, DRAFT, SCHEDULED, Action, Order, OrderWish
from simulators.zuora.rules.order import PENDING as PENDING_ORDER
from simulators.zuora.rules.orders import commit, entered, free_number, owner_of, undo_opening
from simulators.zuora.rules.plans import trigger
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class Triggering:
    """Trigger dates for one action of an order, by its place."""

    subscription: str
    sequence: int
    dates: Mapping[str, date]


def put_off(state: State, wish: OrderWish) -> Order:
    """Keep a draft or scheduled order without doing any of it; its account is opened all the same."""
    try:
        free_number(state, wish)
        if wish.status == SCHEDULED and wish.when is None:
            raise Refused(MISSING, "'scheduledDate' is required for a scheduled order.", "schedulingOptions")
        account = owner_of(state, wish)
    except Refused:
        undo_opening(state, wish, None)
        raise
    order = entered(state, wish, account, wish.number or state.new_number("order"))
    _wait(state, order, wish)
    return order


def _wait(state: State, order: Order, wish: OrderWish) -> None:
    order.status = wish.status
    order.wish = replace(wish, account=order.account.number, number=order.number, opens=None)
    state.orders.put(order, state.now())
    refs = (order.number, *order.account.refs)
    state.history.note("order", order.id, order.status.lower(), order.status, refs=refs)
    if wish.status == SCHEDULED and wish.when is not None:
        state.agenda.at(midnight(wish.when), run_scheduled, state, order.number, periodic=True)


def rewrite(state: State, order: Order, wish: OrderWish) -> Order:
    """Replace what a draft or scheduled order is to do."""
    if order.status not in (DRAFT, SCHEDULED):
        raise wrong_state("order", order.number, order.status, "update")
    order.on, order.description, order.category = wish.on, wish.description, wish.category
    order.reason, order.custom = wish.reason, dict(wish.custom)
    if wish.status in (DRAFT, SCHEDULED):
        _wait(state, order, wish)
        return order
    return _execute(state, order, wish)


def activate(state: State, order: Order) -> Order:
    """Carry a draft order out."""
    if order.status != DRAFT or order.wish is None:
        raise wrong_state("order", order.number, order.status, "activate")
    return _execute(state, order, order.wish)


def run_scheduled(state: State, number: str) -> None:
    """The day of a scheduled order has come; it fails where it is refused now."""
    order = state.orders.get(number)
    if order is None or order.status != SCHEDULED or order.wish is None:
        return
    try:
        _execute(state, order, order.wish)
    except Refused:
        order.status = "Failed"
        state.orders.put(order, state.now())
        state.history.note("order", order.id, "failed", order.status, refs=(order.number,))


def _execute(state: State, order: Order, wish: OrderWish) -> Order:
    drafts = draft_all(state, order.account, wish, order.number)
    return commit(state, wish, order.account, drafts)


def cancel(state: State, order: Order, reason: str | None) -> None:
    """Give up a draft or scheduled order."""
    if order.status not in (DRAFT, SCHEDULED):
        raise wrong_state("order", order.number, order.status, "cancel")
    order.status, order.cancel_reason = CANCELLED, reason
    state.orders.put(order, state.now())
    state.history.note("order", order.id, "cancelled", order.status, refs=(order.number,))


def set_triggers(state: State, order: Order, wishes: list[Triggering]) -> None:
    """Give an order the trigger dates that it waited for; all of the request or nothing."""
    if order.status != PENDING_ORDER:
        raise wrong_state("order", order.number, order.status, "update the trigger dates of")
    changed: dict[str, Subscription] = {}
    for wish in wishes:
        ordered = next((o for o in order.subscriptions if o.number == wish.subscription), None)
        if ordered is None:
            raise not_found("subscription", wish.subscription)
        if not 0 <= wish.sequence < len(ordered.actions):
            message = f"Order {order.number} has no action {wish.sequence} for {wish.subscription}."
            raise Refused(INVALID, message, "sequence")
        current = changed.get(wish.subscription) or state.subscriptions.get(wish.subscription)
        if current is None or current.orders[-1] != order.number:
            message = f"Order {order.number} is not the latest of subscription {wish.subscription}."
            raise Refused(RULE, message, "subscriptionNumber")
        action = ordered.actions[wish.sequence][1]
        changed[wish.subscription] = _triggered(current, action, wish.dates, order.number)
    for draft in changed.values():
        keep(state, draft, event="triggered")
    sold = [state.subscriptions.get(each.number) for each in order.subscriptions]
    if not any(charge.waiting for draft in sold if draft for charge in draft.charges):
        order.status = COMPLETED
    state.orders.put(order, state.now())
    state.history.note("order", order.id, "triggered", order.status, refs=(order.number, *changed))


def _triggered(current: Subscription, action: Action, dates: Mapping[str, date], order: str) -> Subscription:
    draft = replace(current, custom=dict(current.custom), extra=dict(current.extra))
    known = {"ServiceActivation": current.activated, "CustomerAcceptance": current.accepted}
    every = {**action.dates, **{name: day for name, day in known.items() if day}, **dates}
    trigger(draft, every, order)
    if draft.status in PENDING:
        settle_status(draft, replace(action, dates=every))
        if draft.status == ACTIVE:
            draft.activated = every.get("ServiceActivation", draft.activated)
    return draft


def delete(state: State, order: Order) -> None:
    """Take an order back: its subscriptions are again what they were before it.

    Refused where a later order built on it, or where something of it was billed."""
    for ordered in order.subscriptions:
        current = state.subscriptions.get(ordered.number)
        if current is None or current.version != ordered.new_version or current.orders[-1] != order.number:
            message = f"Order {order.number} is not the latest order of subscription {ordered.number}."
            raise Refused(RULE, message, "orderNumber")
        for charge in current.charges:
            ledger = state.ledgers.get(charge.number)
            billed = {piece.segment.order for piece in ledger.pieces} if ledger else set()
            if order.number in billed or (ledger and ledger.rated):
                message = f"Order {order.number} was billed and cannot be deleted."
                raise Refused(RULE, message, "orderNumber")
    for ordered in order.subscriptions:
        _back(state, ordered.number)
    state.orders.drop(order)
    state.history.note("order", order.id, "deleted", refs=(order.number, *order.account.refs))


def _back(state: State, number: str) -> None:
    current = state.subscriptions.get(number)
    if current is None:
        return
    past = state.versions_of[number]
    past.pop()
    state.subscriptions.drop(current)
    state.versions.pop(current.id, None)
    before = past[-1] if past else None
    kept = {charge.number for charge in before.charges} if before else set()
    for charge in current.charges:
        if charge.number not in kept:
            state.charges.pop(charge.number, None)
            state.ledgers.pop(charge.number, None)
    state.history.note("subscription", current.original_id, "deleted", refs=current.refs)
    if before is None:
        del state.versions_of[number]
        return
    before.latest = True
    state.subscriptions.put(before, state.now())
    for charge in before.charges:
        state.charges[charge.number] = (before, charge)
        recheck(state, before, charge)
    state.watch_term(before)


def delete_subscription(state: State, sold: Subscription) -> None:
    """Take a subscription out with all its versions; refused where something of it was billed."""
    for number in {charge.number for version in state.versions_of[sold.number] for charge in version.charges}:
        ledger = state.ledgers.get(number)
        if ledger is not None and (ledger.pieces or ledger.rated):
            message = f"Subscription {sold.number} was billed and cannot be deleted."
            raise Refused(RULE, message, "subscriptionNumber")
    while state.versions_of.get(sold.number):
        _back(state, sold.number)
