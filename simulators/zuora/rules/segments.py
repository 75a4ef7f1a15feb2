"""Charge segments: opened, resized, cut off, extended; a charge is a value, each act makes another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.amounts import priced
from simulators.zuora.rules.catalogue import FLAT_FEE, PlanCharge
from simulators.zuora.rules.contracts import Charge, Segment, Subscription
from simulators.zuora.rules.order import ChargeWish
from simulators.zuora.rules.refusal import INVALID, RULE, Refused
from simulators.zuora.rules.state import State


def opened(
    state: State, draft: Subscription, source: PlanCharge, wish: ChargeWish, start: date, order: str
) -> Charge:
    """A charge of the subscription with its first segment, to the end of the term."""
    currency = draft.account.currency
    if currency not in source.prices:
        message = f"Charge {source.number} has no price in {currency}."
        raise Refused(RULE, message, "currency")
    price = source.prices[currency] if wish.price is None else wish.price
    quantity = source.default_quantity if wish.quantity is None else wish.quantity
    if source.model == FLAT_FEE:
        quantity = Decimal(1)
    segment = _segment(1, start, draft.term_end, quantity, price, currency, order)
    anchor = start if source.to_charge or source.bill_cycle_type == "ChargeTriggerDay" else draft.start
    months = wish.months or source.months
    number = state.new_number("charge")
    return Charge(state.new_id(), number, source, months, anchor, (segment,), issued=1)


def _segment(
    number: int,
    start: date,
    end: date | None,
    quantity: Decimal,
    price: Decimal,
    currency: str,
    order: str,
) -> Segment:
    if quantity < 0 or price < 0:
        raise Refused(INVALID, "Quantity and price must not be negative.", "pricing")
    return Segment(number, start, end, quantity, price, priced(price, quantity, currency), order)


def resized(charge: Charge, wish: ChargeWish, on: date, currency: str, order: str) -> Charge:
    """Close the segment of a day on that day and open the next with new figures, up to where the closed
    one ended: segments that begin later stay as they are (for those unconfirmed)."""
    if charge.ended:
        raise Refused(RULE, f"Charge {charge.number} was removed.", "chargeUpdates")
    place = next((i for i, s in enumerate(charge.segments) if _holds(s, on)), None)
    if place is None:
        raise Refused(INVALID, f"Charge {charge.number} is not effective on {on}.", "triggerDates")
    old = charge.segments[place]
    quantity = old.quantity if wish.quantity is None else wish.quantity
    if charge.source.model == FLAT_FEE:
        quantity = Decimal(1)
    price = old.price if wish.price is None else wish.price
    number = charge.issued + 1
    fresh = _segment(number, on, old.end, quantity, price, currency, order)
    closed = () if on == old.start else (replace(old, end=on),)
    segments = (*charge.segments[:place], *closed, fresh, *charge.segments[place + 1 :])
    return replace(charge, segments=segments, issued=number)


def _holds(segment: Segment, on: date) -> bool:
    return segment.start <= on and (segment.end is None or on < segment.end)


def cut_off(charge: Charge, on: date) -> Charge:
    """End the charge on a day for good; segments that would begin later are dropped."""
    kept = [segment for segment in charge.segments if segment.start < on]
    if kept and (kept[-1].end is None or kept[-1].end > on):
        kept[-1] = replace(kept[-1], end=on)
    return replace(charge, segments=tuple(kept), ended=True)


def extended(charge: Charge, old_end: date, new_end: date | None) -> Charge:
    """Let a charge that ran to the old end of the term run to the new one."""
    last = charge.last
    if charge.ended or last is None or last.end != old_end:
        return charge
    return replace(charge, segments=(*charge.segments[:-1], replace(last, end=new_end)))
