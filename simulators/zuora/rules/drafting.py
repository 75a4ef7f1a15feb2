"""An order worked out on drafts: nothing is kept until every action is good."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.changes import change, create
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.order import Action, Create, Ordered, OrderWish, SubscriptionWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.plans import Work
from simulators.zuora.rules.ramps import define
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State

MAX_SUBSCRIPTIONS = MAX_ACTIONS = 50  # of a synchronous order (Zuora's order limits)
MAX_ASYNC = 300


@dataclass(slots=True)
class Drafts:
    """The next versions by number, and what was done to each."""

    order: str
    versions: dict[str, Subscription] = field(default_factory=dict)
    done: list[Ordered] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def waiting(self) -> bool:
        """Whether a trigger date is still to come."""
        return any(charge.waiting for draft in self.versions.values() for charge in draft.charges)


def draft_all(
    state: State, account: Account, wish: OrderWish, order: str, limit: int = MAX_SUBSCRIPTIONS
) -> Drafts:
    """Every subscription of the order as it is to be; Refused where one action is."""
    if account.status != "Active":
        raise wrong_state("account", account.number, account.status, "order for")
    if not 1 <= len(wish.subscriptions) <= limit:
        message = f"An order has 1 to {limit} subscriptions."
        raise Refused(INVALID, message, "subscriptions")
    drafts = Drafts(order)
    for each in wish.subscriptions:
        drafts.done.append(_draft(state, account, each, drafts, limit))
    return drafts


def _draft(state: State, account: Account, wish: SubscriptionWish, drafts: Drafts, limit: int) -> Ordered:
    if not 1 <= len(wish.actions) <= limit:
        raise Refused(INVALID, f"A subscription has 1 to {limit} order actions.", "orderActions")
    rest = wish.actions
    if isinstance(rest[0].act, Create):
        if wish.number:
            message = "subscriptionNumber must be absent where the first action creates the subscription."
            raise Refused(INVALID, message, "subscriptionNumber")
        draft = _created(state, account, rest[0], rest[0].act, drafts)
        rest = rest[1:]
    else:
        draft = drafts.versions.get(wish.number) or _next(state, account, wish.number, drafts.order)
    for action in rest:
        change(Work(state, draft, action, drafts.order, drafts.tokens))
    if wish.notes is not None:
        draft.notes = wish.notes
    draft.custom.update(wish.custom)
    if wish.ramp is not None:
        draft.ramp = define(state, draft, wish.ramp, drafts.tokens)
    drafts.versions[draft.number] = draft
    ids = tuple((state.new_id(), action) for action in wish.actions)
    return Ordered(draft.number, draft.version - 1, draft.version, ids, dict(wish.custom), wish.notes)


def _created(state: State, account: Account, action: Action, act: Create, drafts: Drafts) -> Subscription:
    if act.number and (state.subscriptions.get(act.number) or act.number in drafts.versions):
        message = f"The subscription number {act.number} already exists."
        raise Refused(RULE, message, "subscriptionNumber")
    owner = find_account(state, act.owner) if act.owner else account
    return create(state, owner, act, action, drafts.order, drafts.tokens)


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
