"""Acts on the catalogue: add products, rate plans and charges, and find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.catalogue import (
    FLAT_FEE,
    PER_UNIT,
    PERIODS,
    TRIGGERS,
    Plan,
    PlanCharge,
    Product,
)
from simulators.zuora.rules.refusal import INVALID, RULE, UNSUPPORTED, Refused, not_found
from simulators.zuora.rules.state import State

ALIGNMENTS = {"AlignToSubscriptionStart": False, "AlignToCharge": True}


@dataclass(frozen=True, slots=True)
class ChargeOffer:
    """What a caller gives of a catalogue charge. prices: per currency, per period and unit."""

    plan: str
    name: str
    model: str
    type: str
    period: str
    bill_cycle_type: str
    prices: Mapping[str, Decimal]
    trigger: str = "ContractEffective"
    alignment: str = "AlignToSubscriptionStart"
    timing: str = "In Advance"
    quantity: Decimal | None = None
    unit: str | None = None
    number: str = ""
    description: str | None = None
    tax_code: str | None = None
    custom: Mapping[str, object] = field(default_factory=dict)


def add_product(
    state: State,
    name: str,
    sku: str,
    start: date,
    end: date,
    *,
    number: str = "",
    description: str | None = None,
    category: str | None = None,
    custom: Mapping[str, object] | None = None,
) -> Product:
    """A new product; its SKU and number must be free."""
    if end < start:
        raise Refused(INVALID, "EffectiveEndDate must not be before EffectiveStartDate.", "EffectiveEndDate")
    number = number or state.new_number("product")
    if state.products.get(number):
        raise Refused(RULE, f"The product number {number} already exists.", "ProductNumber")
    sku = sku or f"SKU-{state.ids.count('number/sku'):08d}"
    if any(product.sku == sku for product in state.products):
        raise Refused(RULE, f"The SKU {sku} already exists.", "SKU")
    product = Product(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        name=name,
        sku=sku,
        start=start,
        end=end,
        description=description,
        category=category,
        created_at=state.now(),
        custom=dict(custom or {}),
    )
    state.products.put(product, state.now())
    state.history.note("product", product.id, "created", refs=(product.number, product.sku))
    return product


def add_plan(
    state: State,
    product_id: str,
    name: str,
    start: date | None = None,
    end: date | None = None,
    *,
    number: str = "",
    description: str | None = None,
    custom: Mapping[str, object] | None = None,
) -> Plan:
    """A new rate plan of a product."""
    product = state.products.get(product_id)
    if product is None:
        raise not_found("product", product_id)
    number = number or state.new_number("plan")
    if state.plans.get(number):
        raise Refused(RULE, f"The rate plan number {number} already exists.", "ProductRatePlanNumber")
    plan = Plan(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        product=product,
        name=name,
        start=start or product.start,
        end=end or product.end,
        description=description,
        created_at=state.now(),
        custom=dict(custom or {}),
    )
    product.plans.append(plan)
    state.plans.put(plan, state.now())
    state.history.note("product_rate_plan", plan.id, "created", refs=(plan.number, product.sku))
    return plan


def add_charge(state: State, offer: ChargeOffer) -> PlanCharge:
    """A new charge of a rate plan; what this sandbox cannot bill is refused here already."""
    plan = state.plans.get(offer.plan)
    if plan is None:
        raise not_found("product rate plan", offer.plan)
    _check(offer)
    number = offer.number or state.new_number("plan_charge")
    if state.plan_charges.get(number):
        message = f"The charge number {number} already exists."
        raise Refused(RULE, message, "ProductRatePlanChargeNumber")
    charge = PlanCharge(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        plan=plan,
        name=offer.name,
        model=offer.model,
        months=PERIODS[offer.period],
        trigger=offer.trigger,
        bill_cycle_type=offer.bill_cycle_type,
        to_charge=ALIGNMENTS[offer.alignment],
        prices=dict(offer.prices),
        default_quantity=Decimal(1) if offer.quantity is None else offer.quantity,
        unit=offer.unit,
        description=offer.description,
        created_at=state.now(),
        tax_code=offer.tax_code,
        custom=dict(offer.custom),
    )
    plan.charges.append(charge)
    state.plan_charges.put(charge, state.now())
    refs = (charge.number, plan.number, plan.product.sku)
    state.history.note("product_rate_plan_charge", charge.id, "created", refs=refs)
    return charge


def _check(offer: ChargeOffer) -> None:
    modelled: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("ChargeModel", offer.model, (PER_UNIT, FLAT_FEE)),
        ("ChargeType", offer.type, ("Recurring",)),
        ("BillingPeriod", offer.period, tuple(PERIODS)),
        ("BillCycleType", offer.bill_cycle_type, ("SubscriptionStartDay", "ChargeTriggerDay")),
        ("BillingPeriodAlignment", offer.alignment, tuple(ALIGNMENTS)),
        ("BillingTiming", offer.timing, ("In Advance", "IN_ADVANCE")),
        ("TriggerEvent", offer.trigger, TRIGGERS),
    )
    for name, value, known in modelled:
        if value not in known:
            raise Refused(UNSUPPORTED, f"{name} '{value}' is not available in this tenant.", name)
    if not offer.prices:
        field_name = "ProductRatePlanChargeTierData"
        raise Refused(INVALID, "A charge needs a price in at least one currency.", field_name)
    for currency, price in offer.prices.items():
        if price < 0:
            raise Refused(INVALID, f"The price in {currency} must not be negative.", "Price")
    if offer.model == FLAT_FEE and offer.quantity not in (None, 1):
        raise Refused(INVALID, "A flat fee has no quantity.", "DefaultQuantity")
