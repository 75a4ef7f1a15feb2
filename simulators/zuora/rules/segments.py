"""Charge segments: opened, resized, cut off, held, extended; a charge is a value, each act makes another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from simulators.zuora.rules.calendar import (
    DAY,
    DAYS,
    MONTH,
    ONCE,
    TERM,
    Cycle,
    after,
    first_on,
    first_weekday,
)
from simulators.zuora.rules.catalogue import (
    FIXED_PERIOD,
    ONE_TIME,
    RECURRING,
    SPECIFIC_END,
    USAGE,
    PlanCharge,
)
from simulators.zuora.rules.contracts import Charge, Segment, Subscription
from simulators.zuora.rules.order import ChargeWish
from simulators.zuora.rules.rating import DISCOUNTS, FLAT_FEE, TIER_MODELS, Price, cost, rounded
from simulators.zuora.rules.refusal import INVALID, RULE, Refused
from simulators.zuora.rules.state import State

_UNITS = {"Days": "Day", "Weeks": "Week", "Months": "Month", "Years": "Year"}


def subscribed(
    state: State, draft: Subscription, source: PlanCharge, wish: ChargeWish, start: date | None, order: str
) -> Charge:
    """A charge of the subscription; with its first segment, to the end of the term, once it has a start."""
    currency = draft.account.currency
    if currency not in source.prices:
        message = f"Charge {source.number} has no price in {currency}."
        raise Refused(RULE, message, "currency")
    number = wish.number or state.new_number("charge")
    if wish.number and wish.number in state.charges:
        raise Refused(RULE, f"The charge number {wish.number} already exists.", "chargeNumber")
    cycle = source.cycle if source.kind == ONE_TIME else wish.cycle or source.cycle
    charge = Charge(
        id=state.new_id(),
        number=number,
        source=source,
        cycle=_real(cycle, draft),
        anchor=draft.start,
        day=wish.bill_cycle_day or source.bill_cycle_day,
        segments=(),
        issued=0,
        quantity=_quantity(source, wish.quantity, source.default_quantity),
        pricing=_priced(source, wish, source.prices[currency]),
        trigger=wish.starts or source.trigger,
        bill_cycle_type=wish.bill_cycle_type or source.bill_cycle_type,
        alignment=wish.alignment or source.alignment,
        until=wish.until or source.until,
        arrears=source.arrears if wish.arrears is None or source.kind == USAGE else wish.arrears,
        description=wish.description if wish.description is not None else source.description,
        rounding=state.rules.rounding,
        price_change=wish.price_change,
        increase=wish.increase,
        custom=dict(wish.custom),
    )
    return charge if start is None else begun(charge, draft, start, order)


def begun(charge: Charge, draft: Subscription, start: date, order: str) -> Charge:
    """The charge with its first segment, from its trigger date on."""
    anchor, day = _grid(charge, draft, start)
    placed = replace(charge, anchor=anchor, day=day, begun_on=start)
    fixed = _fixed_end(placed, start)
    if charge.source.kind == ONE_TIME:
        end: date | None = start + DAY
    else:
        end = earlier(draft.term_end, fixed)
    segment = _segment(placed, 1, start, end, charge.quantity, charge.pricing, draft, order)
    return replace(placed, segments=(segment,), issued=1, fixed_end=fixed)


def _real(cycle: Cycle, draft: Subscription) -> Cycle:
    """A billing period of one term as months or days of the present term."""
    if cycle.unit != TERM:
        return cycle
    if draft.term_end is None:
        message = "An evergreen subscription cannot be billed by the subscription term."
        raise Refused(RULE, message, "billingPeriod")
    count, unit = draft.current_term
    if unit in ("Month", "Year"):
        return Cycle(count * (12 if unit == "Year" else 1), MONTH)
    return Cycle((draft.term_end - draft.term_start).days, DAYS)


def _grid(charge: Charge, draft: Subscription, start: date) -> tuple[date, int]:
    """(anchor, day of the month) of the billing periods of a charge that starts on that day."""
    if charge.cycle.unit == ONCE:
        return start, start.day
    if charge.source.cycle.unit == TERM:
        return draft.term_start, draft.term_start.day
    bases = {
        "AlignToSubscriptionStart": draft.start,
        "AlignToTermStart": draft.term_start,
        "AlignToTermEnd": draft.term_end or start,
    }
    base = bases.get(charge.alignment, start)
    if charge.cycle.unit != MONTH:
        weekly = charge.bill_cycle_type == "SpecificDayofWeek"
        return (first_weekday(base, charge.source.weekday) if weekly else base), base.day
    days = {
        "DefaultFromCustomer": draft.account.bill_cycle_day or base.day,
        "SpecificDayofMonth": charge.day or base.day,
        "SubscriptionStartDay": draft.start.day,
        "ChargeTriggerDay": start.day,
        "TermStartDay": draft.term_start.day,
        "TermEndDay": draft.term_end.day if draft.term_end else base.day,
    }
    if charge.bill_cycle_type == "ChargeTriggerDay":
        base = start
    day = days.get(charge.bill_cycle_type, base.day)
    return first_on(base, day), day


def _fixed_end(charge: Charge, start: date) -> date | None:
    until = charge.until
    if until.condition == SPECIFIC_END:
        return until.on
    if until.condition != FIXED_PERIOD:
        return None
    if until.unit.replace("_", " ") == "Billing Periods":
        cycle = charge.cycle
        if cycle.unit == MONTH:
            return after(start, until.count * cycle.count, "Month")
        return after(start, until.count * cycle.count, "Week" if cycle.unit == "Week" else "Day")
    return after(start, until.count, _UNITS[until.unit])


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends; None: never."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def _quantity(source: PlanCharge, wanted: Decimal | None, before: Decimal) -> Decimal:
    if source.model in (FLAT_FEE, *DISCOUNTS) or source.kind == USAGE:
        return Decimal(1)
    return before if wanted is None else wanted


def _priced(source: PlanCharge, wish: ChargeWish, before: Price) -> Price:
    """The price with what the caller overrode."""
    if wish.pricing is not None and wish.pricing != (_kind(source), source.model):
        what = f"a {source.kind} charge of model {source.model}"
        message = f"The pricing given does not go with charge {source.number}, {what}."
        raise Refused(INVALID, message, "pricing")
    fresh = before
    if wish.price is not None:
        if wish.price < 0:
            raise Refused(INVALID, "Quantity and price must not be negative.", "pricing")
        fresh = replace(fresh, amount=wish.price)
    if wish.tiers:
        fresh = replace(fresh, tiers=wish.tiers)
    if wish.included is not None:
        fresh = replace(fresh, included=wish.included)
    if source.model in TIER_MODELS and wish.price is not None:
        raise Refused(INVALID, "A tiered charge is priced by its tiers.", "pricing")
    return fresh


def _kind(source: PlanCharge) -> str:
    return "Discount" if source.model in DISCOUNTS else source.kind


def _segment(
    charge: Charge,
    number: int,
    start: date,
    end: date | None,
    quantity: Decimal,
    pricing: Price,
    draft: Subscription,
    order: str,
) -> Segment:
    if quantity < 0 or pricing.amount < 0:
        raise Refused(INVALID, "Quantity and price must not be negative.", "pricing")
    source = charge.source
    if source.kind == USAGE or (source.discount and source.discount.percent):
        amount = 0
    else:
        times, parts = _base(charge)
        exact = cost(source.model, pricing, quantity) * times / parts
        amount = rounded(exact, draft.account.currency, charge.rounding)
    return Segment(number, start, end, quantity, pricing, amount, order)


def _base(charge: Charge) -> tuple[int, int]:
    """How the list price is turned into one of a billing period, for a period that was overridden too."""
    times, parts = charge.source.base
    if charge.source.base_name == "Per Billing Period" or charge.source.kind != RECURRING:
        return 1, 1
    if charge.cycle != charge.source.cycle:
        return charge.cycle.count, parts
    return times, parts


def resized(charge: Charge, wish: ChargeWish, on: date, draft: Subscription, order: str) -> Charge:
    """Close the segment of a day on that day and open the next with new figures, up to where the closed
    one ended: segments that begin later stay as they are (for those unconfirmed)."""
    if charge.ended:
        raise Refused(RULE, f"Charge {charge.number} was removed.", "chargeUpdates")
    if wish.price_change is not None or wish.increase is not None:
        charge = replace(
            charge,
            price_change=charge.price_change if wish.price_change is None else wish.price_change,
            increase=charge.increase if wish.increase is None else wish.increase,
        )
    if wish.description is not None or wish.custom:
        shown = charge.description if wish.description is None else wish.description
        charge = replace(charge, description=shown, custom={**charge.custom, **wish.custom})
    place = next((i for i, s in enumerate(charge.segments) if s.holds(on)), None)
    if place is None:
        raise Refused(INVALID, f"Charge {charge.number} is not effective on {on}.", "triggerDates")
    old = charge.segments[place]
    quantity = _quantity(charge.source, wish.quantity, old.quantity)
    pricing = _priced(charge.source, wish, old.pricing)
    number = charge.issued + 1
    fresh = _segment(charge, number, on, old.end, quantity, pricing, draft, order)
    closed = () if on == old.start else (replace(old, end=on),)
    segments = (*charge.segments[:place], *closed, fresh, *charge.segments[place + 1 :])
    return replace(charge, segments=segments, issued=number)


def cut_off(charge: Charge, on: date) -> Charge:
    """End the charge on a day for good; segments that would begin later are dropped."""
    return replace(charge, segments=_before(charge, on), held=(), ended=True)


def _before(charge: Charge, on: date) -> tuple[Segment, ...]:
    kept = [segment for segment in charge.segments if segment.start < on]
    if kept and (kept[-1].end is None or kept[-1].end > on):
        kept[-1] = replace(kept[-1], end=on)
    return tuple(kept)


def held_back(charge: Charge, on: date) -> Charge:
    """Let the charge rest from a day on; what it loses is kept for the resumption."""
    if charge.ended or charge.source.kind == ONE_TIME:
        return charge
    lost = tuple(
        segment if segment.start >= on else replace(segment, start=on)
        for segment in charge.segments
        if segment.end is None or segment.end > on
    )
    return replace(charge, segments=_before(charge, on), held=lost)


def taken_up(charge: Charge, on: date, shift: timedelta, old_end: date | None, order: str) -> Charge:
    """Let a resting charge go on from a day. shift: by how much a term that ended on old_end grew."""
    if not charge.held:
        return charge
    segments, issued = list(charge.segments), charge.issued
    for lost in charge.held:
        end = lost.end + shift if lost.end is not None and lost.end == old_end else lost.end
        start = max(lost.start, on)
        if end is None or start < end:
            issued += 1
            segments.append(replace(lost, number=issued, start=start, end=end, order=order))
    return replace(charge, segments=tuple(segments), issued=issued, held=())


def repriced(
    charge: Charge, old_end: date, new_end: date | None, pricing: Price, draft: Subscription, order: str
) -> Charge:
    """The same as `extended`, but the days of the new term are a segment of their own at another price."""
    last = charge.last
    if last is None or extended(charge, old_end, new_end) is charge:
        return charge
    end = earlier(new_end, charge.fixed_end)
    if end is not None and end <= old_end:
        return charge
    number = charge.issued + 1
    fresh = _segment(charge, number, old_end, end, last.quantity, pricing, draft, order)
    return replace(charge, segments=(*charge.segments, fresh), issued=number)


def extended(charge: Charge, old_end: date, new_end: date | None) -> Charge:
    """Let a charge that ran to the old end of the term run to the new one, or to its own end."""
    last = charge.last
    if charge.ended or last is None or last.end != old_end or charge.source.kind == ONE_TIME:
        return charge
    end = earlier(new_end, charge.fixed_end)
    return replace(charge, segments=(*charge.segments[:-1], replace(last, end=end)))
