"""Order actions on the products of a subscription: add, update, remove, change plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from simulators.zuora.rules.catalogue import Plan
from simulators.zuora.rules.contracts import Charge, RatePlan, Subscription
from simulators.zuora.rules.order import (
    Action,
    Add,
    ChangePlan,
    ChargeWish,
    PlanKey,
    PlanWish,
    Remove,
    Update,
)
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, one_of
from simulators.zuora.rules.segments import begun, cut_off, resized, subscribed
from simulators.zuora.rules.state import State

EFFECTIVE_POLICIES = ("EffectiveImmediately", "EndOfLastInvoicePeriod", "SpecificDate")


@dataclass(frozen=True, slots=True)
class Work:
    """One action on one draft. order: number of the order; tokens: rate plans
    and charges of it by uniqueToken."""

    state: State
    draft: Subscription
    action: Action
    order: str
    tokens: dict[str, str]


def effective(action: Action, trigger: str = "ContractEffective") -> date:
    """The action's trigger date of that name; Refused if it was not given."""
    found = action.dates.get(trigger)
    if found is None:
        raise Refused(MISSING, f"The {trigger} trigger date of {action.type} is required.", "triggerDates")
    return found


def add(work: Work, act: Add) -> None:
    """Subscribe to one more rate plan."""
    effective(work.action)
    subscribe(work, act.plan, work.action.dates)


def subscribe(work: Work, wish: PlanWish, dates: Mapping[str, date], before: RatePlan | None = None) -> None:
    """Put a rate plan of the catalogue into the draft; charges whose trigger date is not given wait."""
    state, draft = work.state, work.draft
    source = state.plans.get(wish.plan)
    if source is None:
        message = f"The product rate plan '{wish.plan}' does not exist."
        raise Refused(INVALID, message, "productRatePlanId")
    if not source.charges:
        raise Refused(RULE, f"Rate plan {source.number} has no charges.", "productRatePlanId")
    wishes = {c.key: c for c in wish.charges}
    charges = []
    for charge in source.charges:
        own = wishes.pop(charge.id, None) or wishes.pop(charge.number, None) or ChargeWish(charge.id)
        start = own.on or dates.get(own.starts or charge.trigger)
        if start is not None:
            within(draft, start)
            _on_sale(source, start)
        fresh_charge = subscribed(state, draft, charge, own, start, work.order)
        if own.token:
            work.tokens[own.token] = fresh_charge.number
        charges.append(fresh_charge)
    for key in wishes:
        message = f"Rate plan {source.number} has no charge {key}."
        raise Refused(INVALID, message, "productRatePlanChargeId")
    number = wish.number or state.new_number("rate_plan")
    if any(plan.number == number for plan in draft.plans):
        message = f"The rate plan number {number} already exists."
        raise Refused(RULE, message, "subscriptionRatePlanNumber")
    fresh = RatePlan(state.new_id(), number, source, tuple(charges), custom=dict(wish.custom))
    if before is not None:
        fresh = replace(fresh, original_id=before.original_id or before.id)
    if wish.token:
        work.tokens[wish.token] = fresh.id
    draft.plans = (*draft.plans, fresh)


def update(work: Work, act: Update) -> None:
    """Close the charge's segment on the effective date and open the next with new figures."""
    draft = work.draft
    plan = plan_of(work, act.plan)
    on = act.at or effective(work.action)
    within(draft, on)
    if not (act.charges or act.removed or act.custom):
        raise Refused(MISSING, "updateProduct needs chargeUpdates.", "chargeUpdates")
    charges = list(plan.charges)
    for wish in act.charges:
        place = _charge_of(charges, work.tokens.get(wish.key, wish.key))
        charges[place] = resized(charges[place], wish, wish.on or on, draft, work.order)
    for key in act.removed:
        place = _charge_of(charges, key)
        charges[place] = cut_off(charges[place], on)
    custom = {**plan.custom, **act.custom}
    _put(draft, plan, replace(plan, charges=tuple(charges), last_change="Update", custom=custom))


def remove(work: Work, act: Remove) -> None:
    """End a rate plan on the effective date, for good."""
    draft = work.draft
    plan = plan_of(work, act.plan)
    on = effective(work.action)
    if draft.term_end != on:
        within(draft, on)
    _take_out(draft, plan, on)


def change_plan(work: Work, act: ChangePlan) -> None:
    """One rate plan ends where the other begins."""
    draft = work.draft
    plan = plan_of(work, act.plan)
    on = effective(work.action)
    if act.policy == "EndOfLastInvoicePeriod":
        on = max((day for c in plan.charges if (day := billed_through(work.state, c))), default=on)
    elif act.policy not in EFFECTIVE_POLICIES:
        raise one_of("effectivePolicy", EFFECTIVE_POLICIES)
    within(draft, on)
    _take_out(draft, plan, on)
    subscribe(work, act.new, dict.fromkeys(work.action.dates, on), plan)


def _take_out(draft: Subscription, plan: RatePlan, on: date) -> None:
    charges = tuple(cut_off(charge, on) for charge in plan.charges)
    _put(draft, plan, replace(plan, charges=charges, last_change="Remove"))


def trigger(draft: Subscription, dates: Mapping[str, date], order: str) -> None:
    """Let charges begin whose trigger date has come to be known."""
    plans = []
    for plan in draft.plans:
        charges = []
        for charge in plan.charges:
            start = dates.get(charge.trigger)
            if charge.waiting and start is not None:
                within(draft, start)
                charges.append(begun(charge, draft, start, order))
            else:
                charges.append(charge)
        plans.append(replace(plan, charges=tuple(charges)))
    draft.plans = tuple(plans)


def billed_through(state: State, charge: Charge) -> date | None:
    """The day after the last billed one of a charge; None if nothing is billed."""
    ledger = state.ledgers.get(charge.number)
    return ledger.billed_through() if ledger else None


def within(draft: Subscription, on: date) -> None:
    """Refused unless the day lies in the subscription's life as it is."""
    if on < draft.start or (draft.term_end is not None and on >= draft.term_end):
        message = f"{on} is outside the term of subscription {draft.number}."
        raise Refused(INVALID, message, "triggerDates")


def _on_sale(plan: Plan, on: date) -> None:
    if not (plan.start <= on <= plan.end and plan.product.start <= on <= plan.product.end):
        raise Refused(RULE, f"Rate plan {plan.number} is not effective on {on}.", "productRatePlanId")


def plan_of(work: Work, key: PlanKey) -> RatePlan:
    """The rate plan of the draft that the key names; Refused where it is none, several or removed."""
    draft = work.draft
    wanted_id = key.id or work.tokens.get(key.token, "")
    if not (wanted_id or key.number or key.source):
        message = "One of ratePlanId, subscriptionRatePlanNumber, productRatePlanNumber is required."
        raise Refused(MISSING, message, "ratePlanId")
    found = [
        plan
        for plan in draft.plans
        if (wanted_id and plan.id == wanted_id)
        or (key.number and plan.number == key.number)
        or (key.source in (plan.source.id, plan.source.number) and plan.last_change != "Remove")
    ]
    wanted = wanted_id or key.number or key.source
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
        if key in (charge.number, charge.id, charge.source.id, charge.source.number):
            return place
    raise Refused(INVALID, f"The rate plan has no charge {key}.", "chargeUpdates")


def _put(draft: Subscription, old: RatePlan, new: RatePlan) -> None:
    draft.plans = tuple(new if plan is old else plan for plan in draft.plans)
