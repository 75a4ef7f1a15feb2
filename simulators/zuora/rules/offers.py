"""Charges of the catalogue: add one, change one, remove one; what cannot be billed is refused here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from simulators.zuora.rules.catalogue import (
    IN_ARREARS,
    ONE_TIME,
    ONLY_ONCE,
    USAGE,
    WEEKDAYS,
    PlanCharge,
)
from simulators.zuora.rules.offering import (
    ChargeOffer,
    base_of,
    checked,
    cycle_of,
    default_quantity,
    discount_of,
    prices,
)
from simulators.zuora.rules.prepaid import prepaid_of
from simulators.zuora.rules.refusal import (
    DEPENDENT,
    DUPLICATE,
    INVALID,
    Refused,
    not_found,
)
from simulators.zuora.rules.state import State


def find_charge(state: State, key: str) -> PlanCharge:
    """By id or number; Refused if there is none."""
    found = state.plan_charges.get(key)
    if found is None:
        raise not_found("product rate plan charge", key)
    return found


def add_charge(state: State, offer: ChargeOffer) -> PlanCharge:
    """A new charge of a rate plan."""
    plan = state.plans.get(offer.plan)
    if plan is None:
        message = f"The product rate plan id {offer.plan} is invalid."
        raise Refused(INVALID, message, "ProductRatePlanId")
    number = offer.number or state.new_number("plan_charge")
    if state.plan_charges.get(number):
        message = f"The charge number {number} already exists."
        raise Refused(DUPLICATE, message, "ProductRatePlanChargeNumber")
    checked(offer)
    cycle = cycle_of(offer.period, offer.specific_period) if offer.kind != ONE_TIME else ONLY_ONCE
    charge = PlanCharge(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        plan=plan,
        name=offer.name,
        kind=offer.kind,
        model=offer.model,
        cycle=cycle,
        trigger=offer.trigger,
        bill_cycle_type=offer.bill_cycle_type,
        alignment=offer.alignment or "AlignToSubscriptionStart",
        prices=prices(offer),
        default_quantity=default_quantity(offer),
        unit=offer.unit,
        description=offer.description,
        created_at=state.now(),
        arrears=offer.kind == USAGE or offer.timing in (IN_ARREARS, "IN_ARREARS"),
        bill_cycle_day=offer.bill_cycle_day or 0,
        weekday=WEEKDAYS.index(offer.weekday) if offer.weekday else 0,
        until=offer.until,
        base=base_of(offer, cycle),
        base_name=offer.base,
        discount=discount_of(offer),
        prepaid=prepaid_of(offer.kind, offer.unit, offer.extra),
        rating_group=offer.rating_group or "ByBillingPeriod",
        tax_code=offer.tax_code,
        custom=dict(offer.custom),
        extra=dict(offer.extra),
    )
    plan.charges.append(charge)
    _keep(state, charge, "created")
    return charge


def change_charge(state: State, charge: PlanCharge, offer: ChargeOffer) -> None:
    """Replace a charge by a new offer of it; subscriptions keep what they bought."""
    if offer.kind != charge.kind:
        raise Refused(INVALID, "The type of a charge cannot be changed.", "ChargeType")
    fresh = add_charge(state, replace(offer, plan=charge.plan.id, number=""))
    charge.plan.charges.remove(fresh)
    state.plan_charges.drop(fresh)
    for name in PlanCharge.__slots__:
        if name not in ("id", "seq", "number", "plan", "created_at", "updated_at"):
            setattr(charge, name, getattr(fresh, name))
    _keep(state, charge, "updated")


def remove_charge(state: State, charge: PlanCharge) -> None:
    """Delete a charge; refused while a subscription has it."""
    if any(used.source is charge for sold in state.versions.values() for used in sold.charges):
        message = f"Charge {charge.number} is used by a subscription and cannot be deleted."
        raise Refused(DEPENDENT, message, "Id")
    charge.plan.charges.remove(charge)
    state.plan_charges.drop(charge)
    refs = (charge.number, charge.plan.number)
    state.history.note("product_rate_plan_charge", charge.id, "deleted", refs=refs)


def _keep(state: State, charge: PlanCharge, event: str) -> None:
    state.plan_charges.put(charge, state.now())
    refs = (charge.number, charge.plan.number, charge.plan.product.sku)
    state.history.note("product_rate_plan_charge", charge.id, event, refs=refs)


def reprice(state: State, charge: PlanCharge, currency: str, place: int, price: Decimal) -> None:
    """Change the price of one row of the tier table; subscriptions keep what they bought."""
    if price < 0:
        raise Refused(INVALID, f"The price in {currency} must not be negative.", "Price")
    before = charge.prices[currency]
    if before.tiers:
        tiers = tuple(replace(t, price=price) if n == place else t for n, t in enumerate(before.tiers, 1))
        charge.prices[currency] = replace(before, tiers=tiers)
    else:
        charge.prices[currency] = replace(before, amount=price)
    _keep(state, charge, "updated")
