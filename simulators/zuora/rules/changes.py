"""What an order action makes of a subscription: each act on a draft version, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.calendar import after
from simulators.zuora.rules.contracts import (
    ACTIVE,
    CANCELLED,
    EXPIRED,
    PENDING_ACCEPTANCE,
    PENDING_ACTIVATION,
    SUSPENDED,
    TERMED,
    Subscription,
)
from simulators.zuora.rules.order import (
    Action,
    Add,
    Cancel,
    ChangePlan,
    ChangeTerms,
    Create,
    Remove,
    Renew,
    Resume,
    Suspend,
    Transfer,
    Update,
)
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.plans import Work, add, change_plan, effective, remove, subscribe, update
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, wrong_state
from simulators.zuora.rules.state import State
from simulators.zuora.rules.terms import cancel, change_terms, renew, resume, suspend, transfer

# Which acts a status allows. That an expired subscription takes a late renewal or cancellation, and a
# suspended one a cancellation, is unconfirmed; without it a delay over the end of a term could never be
# made good.
MAY: Mapping[str, tuple[type, ...]] = {
    ACTIVE: (Add, Update, Remove, ChangePlan, Suspend, Renew, Cancel, ChangeTerms, Transfer),
    SUSPENDED: (Resume, Cancel),
    PENDING_ACTIVATION: (Cancel,),
    PENDING_ACCEPTANCE: (Cancel,),
    EXPIRED: (Renew, Cancel),
    CANCELLED: (),
}


def change(work: Work) -> None:
    """Apply the action to the draft; Refused where the subscription's status does not allow it."""
    act, draft = work.action.act, work.draft
    if isinstance(act, Create):
        message = "CreateSubscription must be the first action of its subscription."
        raise Refused(INVALID, message, "orderActions")
    if not isinstance(act, MAY[draft.status]):
        raise wrong_state("subscription", draft.number, draft.status, f"apply {work.action.type} to")
    match act:
        case Add():
            add(work, act)
        case Update():
            update(work, act)
        case Remove():
            remove(work, act)
        case ChangePlan():
            change_plan(work, act)
        case Suspend():
            suspend(work, act)
        case Resume():
            resume(work, act)
        case Renew():
            renew(work)
        case Cancel():
            cancel(work, act)
        case ChangeTerms():
            change_terms(work, act)
        case Transfer():
            transfer(work, act)


def create(
    state: State, account: Account, act: Create, action: Action, order: str, tokens: dict[str, str]
) -> Subscription:
    """A new subscription, version 1; pending while one of its charges waits for a trigger date."""
    begun = effective(action)
    terms = act.terms
    start = terms.start or begun
    if act.currency and act.currency != account.currency:
        message = f"Account {account.number} is billed in {account.currency}, not {act.currency}."
        raise Refused(RULE, message, "currency")
    if terms.term_type == TERMED and terms.period is None:
        raise Refused(MISSING, "The initial term of a TERMED subscription needs a period.", "initialTerm")
    if not act.plans:
        raise Refused(MISSING, "A subscription needs at least one rate plan.", "subscribeToRatePlans")
    period = terms.period or (12, "Month")
    new_id = state.new_id()
    draft = Subscription(
        id=new_id,
        original_id=new_id,
        seq=state.next_seq(),
        number=act.number or state.new_number("subscription"),
        version=1,
        account=account,
        term_type=terms.term_type,
        start=start,
        term_start=start,
        term_end=(terms.end or after(start, *period)) if terms.term_type == TERMED else None,
        initial_term=period,
        current_term=period,
        renewal_setting=terms.renewal_setting,
        renewal_terms=terms.renewal_terms,
        auto_renew=terms.auto_renew,
        created_at=state.now(),
        orders=(order,),
        notes=act.notes,
        extra=dict(act.extra),
    )
    if act.payer:
        payer = find_account(state, act.payer)
        draft.payer = None if payer is account else payer
    work = Work(state, draft, action, order, tokens)
    for wish in act.plans:
        subscribe(work, wish, action.dates)
    settle_status(draft, action)
    return draft


def settle_status(draft: Subscription, action: Action) -> None:
    """Active, or pending on the trigger date that its charges wait for. Only what a charge needs is
    waited for: the tenant settings that demand a date always are off here."""
    waiting = {charge.trigger for charge in draft.charges if charge.waiting}
    begun = effective(action)
    draft.activated = action.dates.get("ServiceActivation")
    draft.accepted = action.dates.get("CustomerAcceptance")
    if "ServiceActivation" in waiting:
        status = PENDING_ACTIVATION
    elif waiting:
        status = PENDING_ACCEPTANCE
    else:
        status = ACTIVE
        draft.activated = draft.activated or begun
        draft.accepted = draft.accepted or draft.activated
    draft.turn(status, begun)
