"""What an order action makes of a subscription: each act on a draft version, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from simulators.zuora.rules.calendar import after
from simulators.zuora.rules.catalogue import Plan
from simulators.zuora.rules.contracts import (
    ACTIVE,
    CANCELLED,
    EVERGREEN,
    EXPIRED,
    TERMED,
    Charge,
    RatePlan,
    Subscription,
)
from simulators.zuora.rules.order import (
    Action,
    Add,
    Cancel,
    ChangeTerms,
    ChargeWish,
    Create,
    PlanKey,
    PlanWish,
    Remove,
    Renew,
    Term,
    Update,
)
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.segments import cut_off, extended, opened, resized
from simulators.zuora.rules.state import State

RENEW_TERMED, RENEW_EVERGREEN = "RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"
# Which acts a status allows. That an expired subscription takes a late renewal or cancellation is
# unconfirmed; without it a delay over the end of a term could never be made good.
MAY: Mapping[str, tuple[type, ...]] = {
    ACTIVE: (Add, Update, Remove, Renew, Cancel, ChangeTerms),
    EXPIRED: (Renew, Cancel),
    CANCELLED: (),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One action on one draft. order: number of the order that it belongs to."""

    state: State
    draft: Subscription
    action: Action
    order: str


def effective(action: Action, trigger: str = "ContractEffective") -> date:
    """The action's trigger date of that name; Refused if it was not given."""
    found = action.dates.get(trigger)
    if found is None:
        raise Refused(MISSING, f"The {trigger} trigger date of {action.type} is required.", "triggerDates")
    return found


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
            _subscribe(work, act.plan)
        case Update():
            update(work, act)
        case Remove():
            remove(work, act)
        case Renew():
            renew(work)
        case Cancel():
            cancel(work, act)
        case ChangeTerms():
            change_terms(work, act)


def create(state: State, account: Account, act: Create, action: Action, order: str) -> Subscription:
    """A new subscription, version 1."""
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
        term_end=after(start, *period) if terms.term_type == TERMED else None,
        initial_term=period,
        current_term=period,
        renewal_setting=terms.renewal_setting,
        renewal_terms=terms.renewal_terms,
        auto_renew=terms.auto_renew,
        created_at=state.now(),
        orders=(order,),
        notes=act.notes,
    )
    for wish in act.plans:
        _subscribe(Work(state, draft, action, order), wish)
    return draft


def update(work: Work, act: Update) -> None:
    """Close the charge's segment on the effective date and open the next with new figures."""
    draft = work.draft
    plan = _plan_of(draft, act.plan)
    on = act.at or effective(work.action)
    _within(draft, on)
    if not act.charges:
        raise Refused(MISSING, "updateProduct needs chargeUpdates.", "chargeUpdates")
    charges = list(plan.charges)
    for wish in act.charges:
        place = _charge_of(charges, wish.key)
        charges[place] = resized(charges[place], wish, on, draft.account.currency, work.order)
    _put(draft, plan, replace(plan, charges=tuple(charges), last_change="Update"))


def remove(work: Work, act: Remove) -> None:
    """End a rate plan on the effective date, for good."""
    draft = work.draft
    plan = _plan_of(draft, act.plan)
    on = effective(work.action)
    if draft.term_end != on:
        _within(draft, on)
    charges = tuple(cut_off(charge, on) for charge in plan.charges)
    _put(draft, plan, replace(plan, charges=charges, last_change="Remove"))


def renew(work: Work) -> None:
    """Begin the next term where the present one ends; charges that ran to its end run on."""
    draft = work.draft
    effective(work.action)
    if draft.term_end is None:
        raise Refused(RULE, f"Subscription {draft.number} is evergreen and cannot be renewed.", "type")
    old_end = draft.term_end
    if draft.renewal_setting == RENEW_EVERGREEN:
        draft.term_type, draft.term_end = EVERGREEN, None
    else:
        draft.current_term = draft.renewal_terms[0] if draft.renewal_terms else draft.initial_term
        draft.term_end = after(old_end, *draft.current_term)
    draft.term_start, draft.status = old_end, ACTIVE
    draft.plans = tuple(
        replace(plan, charges=tuple(extended(c, old_end, draft.term_end) for c in plan.charges))
        for plan in draft.plans
    )


def cancel(work: Work, act: Cancel) -> None:
    """End the whole subscription; what was billed beyond that day becomes a credit."""
    draft = work.draft
    effective(work.action)
    on = _cancel_date(work.state, draft, act)
    if on < draft.start or (draft.term_end is not None and on > draft.term_end):
        message = f"The cancellation date {on} is outside the term of subscription {draft.number}."
        raise Refused(INVALID, message, "cancellationEffectiveDate")
    draft.status, draft.cancelled_on, draft.cancel_reason = CANCELLED, on, work.action.reason
    draft.plans = tuple(
        replace(plan, charges=tuple(cut_off(charge, on) for charge in plan.charges)) for plan in draft.plans
    )


def change_terms(work: Work, act: ChangeTerms) -> None:
    """Change how the subscription is to renew."""
    draft = work.draft
    effective(work.action)
    if act.auto_renew is not None:
        draft.auto_renew = act.auto_renew
    if act.renewal_setting is not None:
        draft.renewal_setting = act.renewal_setting
    if act.renewal_terms is not None:
        draft.renewal_terms = act.renewal_terms


def _cancel_date(state: State, draft: Subscription, act: Cancel) -> date:
    if act.policy == "SpecificDate":
        if act.on is None:
            message = "cancellationEffectiveDate is required with the policy SpecificDate."
            raise Refused(MISSING, message, "cancellationEffectiveDate")
        return act.on
    if act.policy == "EndOfCurrentTerm":
        if draft.term_end is None:
            message = "An evergreen subscription has no current term to end."
            raise Refused(INVALID, message, "cancellationPolicy")
        return draft.term_end
    if act.policy == "EndOfLastInvoicePeriod":
        ledgers = [state.ledgers[c.number] for c in draft.charges if c.number in state.ledgers]
        billed = [day for ledger in ledgers if (day := ledger.billed_through())]
        return max(billed, default=draft.start)
    raise Refused(INVALID, f"'{act.policy}' is not a cancellation policy.", "cancellationPolicy")


def _subscribe(work: Work, wish: PlanWish) -> None:
    state, draft = work.state, work.draft
    source = state.plans.get(wish.plan)
    if source is None:
        raise not_found("product rate plan", wish.plan)
    if not source.charges:
        raise Refused(RULE, f"Rate plan {source.number} has no charges.", "productRatePlanId")
    wishes = {c.key: c for c in wish.charges}
    charges = []
    for charge in source.charges:
        own = wishes.pop(charge.id, None) or wishes.pop(charge.number, None) or ChargeWish(charge.id)
        start = effective(work.action, charge.trigger)
        _within(draft, start)
        _on_sale(source, start)
        charges.append(opened(state, draft, charge, own, start, work.order))
    for key in wishes:
        message = f"Rate plan {source.number} has no charge {key}."
        raise Refused(INVALID, message, "productRatePlanChargeId")
    number = wish.number or state.new_number("rate_plan")
    if any(plan.number == number for plan in draft.plans):
        message = f"The rate plan number {number} already exists."
        raise Refused(RULE, message, "subscriptionRatePlanNumber")
    draft.plans = (*draft.plans, RatePlan(state.new_id(), number, source, tuple(charges)))


def _within(draft: Subscription, on: date) -> None:
    if on < draft.start or (draft.term_end is not None and on >= draft.term_end):
        message = f"{on} is outside the term of subscription {draft.number}."
        raise Refused(INVALID, message, "triggerDates")


def _on_sale(plan: Plan, on: date) -> None:
    if not (plan.start <= on <= plan.end and plan.product.start <= on <= plan.product.end):
        raise Refused(RULE, f"Rate plan {plan.number} is not effective on {on}.", "productRatePlanId")


def _plan_of(draft: Subscription, key: PlanKey) -> RatePlan:
    if not (key.id or key.number or key.source):
        message = "One of ratePlanId, subscriptionRatePlanNumber, productRatePlanNumber is required."
        raise Refused(MISSING, message, "ratePlanId")
    found = [
        plan
        for plan in draft.plans
        if (key.id and plan.id == key.id)
        or (key.number and plan.number == key.number)
        or (key.source in (plan.source.id, plan.source.number) and plan.last_change != "Remove")
    ]
    wanted = key.id or key.number or key.source
    if not found:
        raise Refused(INVALID, f"Subscription {draft.number} has no rate plan {wanted}.", "ratePlanId")
    if len(found) > 1:
        message = f"Subscription {draft.number} has several rate plans of {wanted}; name one by ratePlanId."
        raise Refused(INVALID, message, "ratePlanId")
    if found[0].last_change == "Remove":
        raise Refused(RULE, f"Rate plan {found[0].number} was removed.", "ratePlanId")
    return found[0]


def _charge_of(charges: list[Charge], key: str) -> int:
    for place, charge in enumerate(charges):
        if key in (charge.number, charge.source.id, charge.source.number):
            return place
    raise Refused(INVALID, f"The rate plan has no charge {key}.", "chargeUpdates")


def _put(draft: Subscription, old: RatePlan, new: RatePlan) -> None:
    draft.plans = tuple(new if plan is old else plan for plan in draft.plans)


def term_of(count: int, unit: str) -> Term:
    """A term's length; Refused where it is none."""
    if unit not in ("Month", "Year", "Week", "Day") or count < 1:
        raise Refused(INVALID, f"{count} {unit} is not a term.", "period")
    return count, unit
