"""Placing an order: all of it, or nothing."""

from __future__ import annotations

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.billing import bill
from simulators.zuora.rules.callouts import ORDERED, SUBSCRIBED
from simulators.zuora.rules.changes import Work, change, create
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.invoices import post
from simulators.zuora.rules.ledger import Ledger
from simulators.zuora.rules.memos import post as post_memo
from simulators.zuora.rules.order import Action, Billing, Create, Order, Ordered, OrderWish, SubscriptionWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State

MAX_SUBSCRIPTIONS = MAX_ACTIONS = 50  # of a synchronous order (Zuora's order limits)


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


def place(state: State, wish: OrderWish) -> Order:
    """Carry the order out. Drafts are worked out first; only when every action is good are they kept."""
    if wish.number and state.orders.get(wish.number):
        raise Refused(RULE, f"The order number {wish.number} already exists.", "orderNumber")
    account = find_account(state, wish.account)
    if account.status != "Active":
        raise wrong_state("account", account.number, account.status, "order for")
    if not 1 <= len(wish.subscriptions) <= MAX_SUBSCRIPTIONS:
        message = f"An order has 1 to {MAX_SUBSCRIPTIONS} subscriptions."
        raise Refused(INVALID, message, "subscriptions")
    number = wish.number or state.new_number("order")
    drafts: dict[str, Subscription] = {}
    done = [_draft(state, account, each, number, drafts) for each in wish.subscriptions]
    order = Order(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        account=account,
        on=wish.on,
        description=wish.description,
        category=wish.category,
        reason=wish.reason,
        created_at=state.now(),
        subscriptions=tuple(done),
        custom=dict(wish.custom),
    )
    for draft in drafts.values():
        keep(state, draft)
    state.orders.put(order, state.now())
    refs = (number, *drafts, *account.refs)
    state.history.note("order", order.id, "completed", order.status, refs=refs)
    if wish.billing is not None:
        _bill(state, order, wish.billing, drafts)
    state.callouts.announce(ORDERED, {"Order": order, "Account": account})
    return order


def keep(state: State, draft: Subscription) -> None:
    """Make a draft the latest version, and let billing know which of its charges changed."""
    before = state.subscriptions.get(draft.number)
    known = {}
    if before is not None:
        before.latest = False
        state.subscriptions.drop(before)
        known = {charge.number: charge for charge in before.charges}
    state.subscriptions.put(draft, state.now())
    state.versions[draft.id] = draft
    state.versions_of.setdefault(draft.number, []).append(draft)
    for charge in draft.charges:
        state.charges[charge.number] = (draft, charge)
        if known.get(charge.number) is charge:
            continue
        ledger = state.ledgers.get(charge.number)
        if ledger is None:
            ledger = state.ledgers[charge.number] = Ledger(charge.number, draft.account.id)
        ledger.recheck = bool(ledger.pieces)
        ledger.refresh(charge)
        state.due.add(ledger)
    state.watch_term(draft)
    event = "created" if draft.version == 1 else "changed"
    refs = (*draft.refs, draft.orders[-1])
    state.history.note("subscription", draft.original_id, event, draft.status, refs=refs)
    if draft.version == 1:
        state.callouts.announce(SUBSCRIBED, {"Subscription": draft, "Account": draft.account})


def _draft(
    state: State, account: Account, wish: SubscriptionWish, order: str, drafts: dict[str, Subscription]
) -> Ordered:
    if not 1 <= len(wish.actions) <= MAX_ACTIONS:
        raise Refused(INVALID, f"A subscription has 1 to {MAX_ACTIONS} order actions.", "orderActions")
    rest = wish.actions
    if isinstance(rest[0].act, Create):
        if wish.number:
            message = "subscriptionNumber must be absent where the first action creates the subscription."
            raise Refused(INVALID, message, "subscriptionNumber")
        draft = _created(state, account, rest[0], rest[0].act, order, drafts)
        rest = rest[1:]
    else:
        draft = drafts.get(wish.number) or _next(state, account, wish.number, order)
    for action in rest:
        change(Work(state, draft, action, order))
    if wish.notes is not None:
        draft.notes = wish.notes
    draft.custom.update(wish.custom)
    drafts[draft.number] = draft
    ids = tuple((state.new_id(), action) for action in wish.actions)
    return Ordered(draft.number, draft.version - 1, draft.version, ids)


def _created(
    state: State,
    account: Account,
    action: Action,
    act: Create,
    order: str,
    drafts: dict[str, Subscription],
) -> Subscription:
    if act.number and (state.subscriptions.get(act.number) or act.number in drafts):
        message = f"The subscription number {act.number} already exists."
        raise Refused(RULE, message, "subscriptionNumber")
    return create(state, account, act, action, order)


def _next(state: State, account: Account, number: str, order: str) -> Subscription:
    if not number:
        message = "subscriptionNumber is required unless the first action creates the subscription."
        raise Refused(MISSING, message, "subscriptionNumber")
    current = state.subscriptions.get(number)
    if current is None or current.number != number:
        raise not_found("subscription", number)
    if current.account is not account:
        message = f"Subscription {number} is not owned by account {account.number}."
        raise Refused(RULE, message, "existingAccountNumber")
    return current.next_version(state.new_id(), order)


def _bill(state: State, order: Order, wish: Billing, drafts: dict[str, Subscription]) -> None:
    target = wish.target or order.on
    made = bill(
        state, target, wish.document_date or order.on, accounts=(order.account.id,), only=frozenset(drafts)
    )
    order.invoices = tuple(invoice.number for invoice in made.invoices)
    order.memos = tuple(memo.number for memo in made.memos)
    if not wish.draft:
        for invoice in made.invoices:
            post(state, invoice)
        for memo in made.memos:
            post_memo(state, memo)
