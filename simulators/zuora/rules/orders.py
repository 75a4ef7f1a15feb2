"""Placing an order: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulators.zuora.rules import methods
from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.accounts import open_account, undo
from simulators.zuora.rules.billing import Made, bill
from simulators.zuora.rules.callouts import ACTION_DONE, ORDERED
from simulators.zuora.rules.contracts import PENDING as PENDING_STATUSES
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.crediting import apply_credit
from simulators.zuora.rules.drafting import MAX_SUBSCRIPTIONS, Drafts, draft_all
from simulators.zuora.rules.invoices import post
from simulators.zuora.rules.keeping import keep
from simulators.zuora.rules.memos import post as post_memo
from simulators.zuora.rules.order import COMPLETED, PENDING, Action, Billing, Order, OrderWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.query_objects import actions_of
from simulators.zuora.rules.refusal import MISSING, RULE, Refused, not_found
from simulators.zuora.rules.state import State


def find(state: State, key: str) -> Order:
    """By number or id; Refused if there is none."""
    order = state.orders.get(key)
    if order is None:
        raise not_found("order", key)
    return order


def find_subscription(state: State, key: str) -> Subscription:
    """By number (the latest version) or by a version's id; Refused if there is none."""
    found = state.subscriptions.get(key) or state.versions.get(key)
    if found is None:
        raise not_found("subscription", key)
    return found


def place(state: State, wish: OrderWish, limit: int = MAX_SUBSCRIPTIONS) -> Order:
    """Carry the order out. Drafts are worked out first; only when every action is good are they kept."""
    account: Account | None = None
    try:
        free_number(state, wish)
        account = owner_of(state, wish)
        drafts = draft_all(state, account, wish, wish.number or state.new_number("order"), limit)
    except Refused:
        undo_opening(state, wish, account)
        raise
    return commit(state, wish, account, drafts)


def undo_opening(state: State, wish: OrderWish, account: Account | None) -> None:
    """An order was refused: nothing is left of the account that it was to open. None: it opened none yet."""
    if wish.opens is None:
        return
    if account is not None:
        undo(state, account)
    elif wish.opens.method and (method := methods.find(state, wish.opens.method)).account is None:
        methods.forget(state, method)


def free_number(state: State, wish: OrderWish) -> None:
    """Refused where the order's number is taken."""
    if wish.number and state.orders.get(wish.number):
        raise Refused(RULE, f"The order number {wish.number} already exists.", "orderNumber")


def owner_of(state: State, wish: OrderWish) -> Account:
    """The account that orders; opened now where the order says so."""
    if wish.opens is not None:
        if wish.account:
            message = "Only one of existingAccountNumber and newAccount may be given."
            raise Refused(RULE, message, "newAccount")
        return open_account(state, wish.opens)
    if not wish.account:
        raise Refused(MISSING, "'existingAccountNumber' is required.", "existingAccountNumber")
    return find_account(state, wish.account)


def commit(state: State, wish: OrderWish, account: Account, drafts: Drafts) -> Order:
    """Keep what was worked out, and bill it where that is wished."""
    pending = drafts.waiting or any(d.status in PENDING_STATUSES for d in drafts.versions.values())
    order = state.orders.get(drafts.order)
    if order is None:
        order = entered(state, wish, account, drafts.order)
    order.subscriptions = tuple(drafts.done)
    order.status = PENDING if pending else COMPLETED
    order.wish = None
    for draft in drafts.versions.values():
        keep(state, draft)
    state.orders.put(order, state.now())
    refs = (order.number, *drafts.versions, *account.refs)
    state.history.note("order", order.id, order.status.lower(), order.status, refs=refs)
    if wish.billing is not None:
        bill_order(state, order, wish.billing, frozenset(drafts.versions))
    state.callouts.announce(ORDERED, {"Order": order, "Account": account})
    for action in actions_of(state, order):
        version = drafts.versions[action.more[0].number]
        objects = {"OrderAction": action, "Order": order, "Account": account, "Subscription": version}
        state.callouts.announce(ACTION_DONE, objects)
    return order


def entered(state: State, wish: OrderWish, account: Account, number: str) -> Order:
    """The order itself, before anything is done."""
    return Order(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        account=account,
        on=wish.on,
        description=wish.description,
        category=wish.category,
        reason=wish.reason,
        created_at=state.now(),
        custom=dict(wish.custom),
    )


def bill_order(state: State, order: Order, wish: Billing, only: frozenset[str]) -> Made:
    """Bill the order's subscriptions, and post the documents unless drafts are wished."""
    target = wish.target or order.on
    owners = {sold.owner.id for number in only if (sold := state.subscriptions.get(number))}
    made = bill(
        state,
        target,
        wish.document_date or order.on,
        accounts=tuple(sorted(owners)),
        only=only,
        skipped=wish.skipped,
    )
    order.invoices = tuple(invoice.number for invoice in made.invoices)
    order.memos = tuple(memo.number for memo in made.memos)
    if not wish.draft:
        for invoice in made.invoices:
            post(state, invoice)
        for memo in made.memos:
            post_memo(state, memo)
        if wish.credit:
            apply_credit(state, order.account, made.invoices, wish.credit, frozenset(order.memos))
    return made


def find_version(state: State, key: str, version: str | None) -> Subscription:
    """A version by its number or `latest-active`; None: as find_subscription."""
    current = find_subscription(state, key)
    if version is None:
        return current
    for each in reversed(state.versions_of[current.number]):
        if str(each.version) == version or (version == "latest-active" and each.status == "Active"):
            return each
    raise not_found("subscription version", version)


def note_fields(state: State, order: Order, action: Action, given: Mapping[str, object]) -> None:
    """Put custom fields on one action of an order."""
    before = action.sent.get("customFields")
    whole = {**(before if isinstance(before, Mapping) else {}), **given}
    fresh = replace(action, sent={**action.sent, "customFields": whole})
    order.subscriptions = tuple(
        replace(each, actions=tuple((key, fresh if old is action else old) for key, old in each.actions))
        for each in order.subscriptions
    )
    state.orders.put(order, state.now())
