"""Order actions on the life of a subscription: renew, cancel, suspend, resume, terms, owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.calendar import after
from simulators.zuora.rules.contracts import (
    ACTIVE,
    CANCELLED,
    EVERGREEN,
    SUSPENDED,
    TERMED,
    Charge,
    Subscription,
)
from simulators.zuora.rules.order import Cancel, ChangeTerms, Resume, Suspend, Term, Terms, Transfer
from simulators.zuora.rules.plans import Work, billed_through, effective
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, one_of
from simulators.zuora.rules.segments import cut_off, extended, held_back, repriced, taken_up
from simulators.zuora.rules.state import State
from simulators.zuora.rules.uplift import renewal_price

RENEW_TERMED, RENEW_EVERGREEN = "RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"
RENEWALS = (RENEW_TERMED, RENEW_EVERGREEN)

SUSPEND_POLICIES = ("Today", "EndOfLastInvoicePeriod", "FixedPeriodsFromToday", "SpecificDate")
RESUME_POLICIES = (
    "Today",
    "FixedPeriodsFromSuspendDate",
    "SpecificDate",
    "FixedPeriodsFromToday",
    "SuspendDate",
)
CANCELLATION_POLICIES = ("EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate")

UNITS = ("Month", "Year", "Week", "Day")
# The longest term by unit: a hundred years.
MOST = {"Month": 1200, "Year": 100, "Week": 5200, "Day": 36500}

_T = TypeVar("_T")


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
    draft.term_start = old_end
    if draft.status != ACTIVE:
        draft.turn(ACTIVE, old_end)
    rules = work.state.rules
    if rules.price_change is None or draft.term_end is None:
        _each(draft, lambda charge: extended(charge, old_end, draft.term_end))
        return
    _each(draft, lambda charge: _renewed(charge, old_end, work))


def _renewed(charge: Charge, old_end: date, work: Work) -> Charge:
    """The charge in the new term, at the price that a renewal gives it."""
    draft, last = work.draft, charge.last
    pricing = None if last is None else renewal_price(charge, last, work.state.rules, draft.account.currency)
    if pricing is None:
        return extended(charge, old_end, draft.term_end)
    return repriced(charge, old_end, draft.term_end, pricing, draft, work.order)


def cancel(work: Work, act: Cancel) -> None:
    """End the whole subscription; what was billed beyond that day becomes a credit."""
    draft = work.draft
    effective(work.action)
    on = _cancel_date(work.state, draft, act)
    if on < draft.start or (draft.term_end is not None and on > draft.term_end):
        message = f"The cancellation date {on} is outside the term of subscription {draft.number}."
        raise Refused(INVALID, message, "cancellationEffectiveDate")
    draft.cancelled_on, draft.cancel_reason = on, work.action.reason
    draft.turn(CANCELLED, on)
    _each(draft, lambda charge: cut_off(charge, on))


def suspend(work: Work, act: Suspend) -> None:
    """Let the subscription rest from a day on: nothing is billed for the gap."""
    draft, today = work.draft, work.state.today()
    effective(work.action)
    if act.policy == "Today":
        on = today
    elif act.policy == "SpecificDate":
        on = _given(act.on, "suspendSpecificDate", act.policy)
    elif act.policy == "FixedPeriodsFromToday":
        on = after(today, *_given(act.periods, "suspendPeriods", act.policy))
    elif act.policy == "EndOfLastInvoicePeriod":
        on = _last_billed(work.state, draft)
    else:
        raise one_of("suspendPolicy", SUSPEND_POLICIES)
    if on < draft.start or (draft.term_end is not None and on >= draft.term_end):
        message = f"The suspend date {on} is outside the term of subscription {draft.number}."
        raise Refused(INVALID, message, "suspendSpecificDate")
    draft.suspended_on, draft.resumed_on = on, None
    draft.turn(SUSPENDED, on)
    _each(draft, lambda charge: held_back(charge, on))


def resume(work: Work, act: Resume) -> None:
    """Take a resting subscription up again; the term may grow by the time that was lost."""
    draft, today = work.draft, work.state.today()
    effective(work.action)
    resting = draft.suspended_on or draft.start
    if act.policy == "Today":
        on = today
    elif act.policy.lower() == "suspenddate":
        on = resting
    elif act.policy == "SpecificDate":
        on = _given(act.on, "resumeSpecificDate", act.policy)
    elif act.policy == "FixedPeriodsFromSuspendDate":
        on = after(resting, *_given(act.periods, "resumePeriods", act.policy))
    elif act.policy == "FixedPeriodsFromToday":
        on = after(today, *_given(act.periods, "resumePeriods", act.policy))
    else:
        raise one_of("resumePolicy", RESUME_POLICIES)
    old_end = draft.term_end
    if on < resting:
        message = f"The resume date {on} is before the suspend date {resting}."
        raise Refused(INVALID, message, "resumeSpecificDate")
    if old_end is not None and on > old_end and not act.extends:
        message = f"The resume date {on} is after the end of the term of subscription {draft.number}."
        raise Refused(INVALID, message, "resumeSpecificDate")
    shift = on - resting if act.extends and old_end is not None else timedelta(0)
    if old_end is not None:
        draft.term_end = old_end + shift
    draft.resumed_on = on
    draft.turn(ACTIVE, on)
    _each(draft, lambda charge: taken_up(charge, on, shift, old_end, work.order))


def change_terms(work: Work, act: ChangeTerms) -> None:
    """Change the present term, and how the subscription is to renew."""
    draft = work.draft
    effective(work.action)
    if act.auto_renew is not None:
        draft.auto_renew = act.auto_renew
    if act.renewal_setting is not None:
        draft.renewal_setting = act.renewal_setting
    if act.renewal_terms is not None:
        draft.renewal_terms = act.renewal_terms
    draft.extra.update(act.extra)
    if act.last is not None:
        _change_term(draft, act.last)


def _change_term(draft: Subscription, last: Terms) -> None:
    old_end = draft.term_end
    if last.start is not None:
        if last.start < draft.start:
            raise Refused(INVALID, f"The term cannot start before {draft.start}.", "lastTerm")
        draft.term_start = last.start
    if last.term_type == EVERGREEN:
        draft.term_type, draft.term_end = EVERGREEN, None
    else:
        if last.end is not None:
            draft.term_end = last.end
            draft.current_term = (last.end - draft.term_start).days, "Day"
        elif last.period is not None:
            draft.current_term = last.period
            draft.term_end = after(draft.term_start, *last.period)
        elif old_end is None:
            raise Refused(MISSING, "lastTerm of type TERMED needs a period.", "lastTerm")
        draft.term_type = TERMED
        if draft.term_end is not None and draft.term_end <= draft.term_start:
            raise Refused(INVALID, "The term must end after it starts.", "lastTerm")
    new_end = draft.term_end
    if new_end is not None and (old_end is None or new_end < old_end):
        # A charge that was removed stays so, one that runs on may be extended again.
        _each(draft, lambda charge: replace(cut_off(charge, new_end), ended=charge.ended))
    elif old_end is not None:
        _each(draft, lambda charge: extended(charge, old_end, new_end))


def transfer(work: Work, act: Transfer) -> None:
    """Another account owns the subscription, or is invoiced for it."""
    draft, state = work.draft, work.state
    effective(work.action)
    if not (act.owner or act.payer):
        raise Refused(MISSING, "'destinationAccountNumber' is required.", "destinationAccountNumber")
    for key in filter(None, (act.owner, act.payer)):
        account = find_account(state, key)
        if account.status != "Active":
            message = f"Account {account.number} is not active."
            raise Refused(RULE, message, "destinationAccountNumber")
        if account.currency != draft.account.currency:
            message = (
                f"Account {account.number} is billed in {account.currency}, not {draft.account.currency}."
            )
            raise Refused(RULE, message, "destinationAccountNumber")
    if act.owner:
        draft.account = find_account(state, act.owner)
        draft.payer = None
    if act.payer:
        payer = find_account(state, act.payer)
        draft.payer = None if payer is draft.account else payer


def _given(value: _T | None, name: str, policy: str) -> _T:
    if value is None:
        raise Refused(MISSING, f"'{name}' is required with the policy {policy}.", name)
    return value


def _cancel_date(state: State, draft: Subscription, act: Cancel) -> date:
    if act.policy == "SpecificDate":
        return _given(act.on, "cancellationEffectiveDate", act.policy)
    if act.policy == "EndOfCurrentTerm":
        if draft.term_end is None:
            message = "An evergreen subscription has no current term to end."
            raise Refused(INVALID, message, "cancellationPolicy")
        return draft.term_end
    if act.policy == "EndOfLastInvoicePeriod":
        return _last_billed(state, draft)
    raise one_of("cancellationPolicy", CANCELLATION_POLICIES)


def _last_billed(state: State, draft: Subscription) -> date:
    return max((day for c in draft.charges if (day := billed_through(state, c))), default=draft.start)


def _each(draft: Subscription, turn: Callable[[Charge], Charge]) -> None:
    draft.plans = tuple(
        replace(plan, charges=tuple(turn(charge) for charge in plan.charges)) for plan in draft.plans
    )


def term_of(count: int, unit: str) -> Term:
    """A term's length; Refused where it is none."""
    if unit not in UNITS or not 1 <= count <= MOST[unit]:
        raise Refused(INVALID, f"{count} {unit} is not a term.", "period")
    return count, unit
