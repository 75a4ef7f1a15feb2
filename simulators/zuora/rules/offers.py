"""Charges of the catalogue: add one, change one, remove one; what cannot be billed is refused here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from simulators.zuora.rules.calendar import MONTH, WEEK, Cycle
from simulators.zuora.rules.catalogue import (
    FIXED_PERIOD,
    IN_ADVANCE,
    IN_ARREARS,
    ONE_TIME,
    ONLY_ONCE,
    PERIODS,
    RECURRING,
    TRIGGERS,
    USAGE,
    WEEKDAYS,
    Discount,
    PlanCharge,
    Until,
)
from simulators.zuora.rules.rating import (
    DISCOUNTS,
    FLAT_FEE,
    MODEL_NAMES,
    OVERAGE,
    PER_UNIT,
    PERCENT_OFF,
    TIER_MODELS,
    TIERED,
    TIERED_OVERAGE,
    VOLUME,
    Price,
    Tier,
)
from simulators.zuora.rules.refusal import (
    DEPENDENT,
    DUPLICATE,
    INVALID,
    MISSING,
    UNSUPPORTED,
    Refused,
    not_found,
)
from simulators.zuora.rules.state import State

ALIGNMENTS = ("AlignToCharge", "AlignToSubscriptionStart", "AlignToTermStart", "AlignToTermEnd")
BILL_CYCLE_TYPES = (
    "DefaultFromCustomer",
    "SpecificDayofMonth",
    "SubscriptionStartDay",
    "ChargeTriggerDay",
    "SpecificDayofWeek",
    "TermStartDay",
    "TermEndDay",
)
RATING_GROUPS = ("ByBillingPeriod", "ByUsageStartDate", "ByUsageRecord", "ByUsageUpload", "ByGroupId")
_MODELS: Mapping[str, tuple[str, ...]] = {
    ONE_TIME: (FLAT_FEE, PER_UNIT, TIERED, VOLUME, *DISCOUNTS),
    RECURRING: (FLAT_FEE, PER_UNIT, TIERED, VOLUME, *DISCOUNTS),
    USAGE: (FLAT_FEE, PER_UNIT, TIERED, VOLUME, OVERAGE, TIERED_OVERAGE),
}
_BASES: Mapping[str, Cycle] = {
    "Per Month": Cycle(1, MONTH),
    "Per Year": Cycle(12, MONTH),
    "Per Week": Cycle(1, WEEK),
}
_UP_TO = ("Billing Periods", "Days", "Weeks", "Months", "Years")


@dataclass(frozen=True, slots=True)
class TierOffer:
    """One row of the tier table, of any model."""

    currency: str
    price: Decimal | None = None
    start: Decimal | None = None
    end: Decimal | None = None
    flat: bool = False
    overage: bool = False
    percent: Decimal | None = None
    amount_off: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChargeOffer:
    """What a caller gives of a catalogue charge, by the vendor's own names of choices."""

    plan: str
    name: str
    model: str
    kind: str
    rows: tuple[TierOffer, ...]
    period: str | None = None
    specific_period: int | None = None
    bill_cycle_type: str = "DefaultFromCustomer"
    bill_cycle_day: int | None = None
    weekday: str | None = None
    trigger: str = "ContractEffective"
    alignment: str | None = None
    timing: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    included: Decimal | None = None
    until: Until = Until()
    base: str = "Per Billing Period"
    specific_base: int | None = None
    discount_to: str | None = None
    discount_level: str | None = None
    rating_group: str | None = None
    number: str = ""
    description: str | None = None
    tax_code: str | None = None
    custom: Mapping[str, object] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)


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
    _check(offer)
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
        default_quantity=_quantity(offer),
        unit=offer.unit,
        description=offer.description,
        created_at=state.now(),
        arrears=offer.kind == USAGE or offer.timing in (IN_ARREARS, "IN_ARREARS"),
        bill_cycle_day=offer.bill_cycle_day or 0,
        weekday=WEEKDAYS.index(offer.weekday) if offer.weekday else 0,
        until=offer.until,
        base=_base(offer, cycle),
        base_name=offer.base,
        discount=_discount(offer),
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


def cycle_of(period: str | None, specific: int | None) -> Cycle:
    """The billing period of that name; Refused where there is none or its length is missing."""
    if not period:
        raise Refused(MISSING, "BillingPeriod is required.", "BillingPeriod")
    cycle = PERIODS.get(period)
    if cycle is None:
        raise Refused(INVALID, f"'{period}' is not a billing period.", "BillingPeriod")
    if cycle.count == 0:
        if not specific or specific < 1:
            message = f"SpecificBillingPeriod is required with the billing period {period}."
            raise Refused(MISSING, message, "SpecificBillingPeriod")
        return Cycle(specific, cycle.unit)
    return cycle


def _keep(state: State, charge: PlanCharge, event: str) -> None:
    state.plan_charges.put(charge, state.now())
    refs = (charge.number, charge.plan.number, charge.plan.product.sku)
    state.history.note("product_rate_plan_charge", charge.id, event, refs=refs)


def _check(offer: ChargeOffer) -> None:
    choices: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
        ("ChargeType", offer.kind, tuple(_MODELS)),
        ("TriggerEvent", offer.trigger, TRIGGERS),
        ("BillCycleType", offer.bill_cycle_type, BILL_CYCLE_TYPES),
        ("BillingPeriodAlignment", offer.alignment, ALIGNMENTS),
        ("BillingTiming", offer.timing, (IN_ADVANCE, IN_ARREARS, "IN_ADVANCE", "IN_ARREARS")),
        ("RatingGroup", offer.rating_group, RATING_GROUPS),
        ("WeeklyBillCycleDay", offer.weekday, WEEKDAYS),
        ("UpToPeriodsType", offer.until.unit, _UP_TO),
    )
    for name, value, known in choices:
        if value is not None and value not in known:
            raise Refused(INVALID, f"'{value}' is not a valid value of {name}.", name)
    if offer.model not in MODEL_NAMES:
        raise Refused(
            UNSUPPORTED, f"ChargeModel '{offer.model}' is not available in this tenant.", "ChargeModel"
        )
    if offer.model not in _MODELS[offer.kind]:
        message = f"The charge model {offer.model} does not go with the charge type {offer.kind}."
        raise Refused(INVALID, message, "ChargeModel")
    if offer.bill_cycle_type == "SpecificDayofMonth" and not 1 <= (offer.bill_cycle_day or 0) <= 31:
        raise Refused(MISSING, "BillCycleDay (1 to 31) is required with SpecificDayofMonth.", "BillCycleDay")
    if offer.until.condition == FIXED_PERIOD and offer.until.count < 1:
        raise Refused(
            MISSING, "UpToPeriods is required with the end date condition FixedPeriod.", "UpToPeriods"
        )
    if offer.kind == USAGE and not offer.unit and offer.model != FLAT_FEE:
        raise Refused(MISSING, "UOM is required for a usage charge.", "UOM")
    if offer.model == FLAT_FEE and offer.kind != USAGE and offer.quantity not in (None, 0, 1):
        raise Refused(INVALID, "A flat fee has no quantity.", "DefaultQuantity")


def _quantity(offer: ChargeOffer) -> Decimal:
    if offer.kind == USAGE or offer.model in (FLAT_FEE, *DISCOUNTS):
        return Decimal(1)
    return Decimal(1) if offer.quantity is None else offer.quantity


def prices(offer: ChargeOffer) -> dict[str, Price]:
    """The tier table as a price per currency; Refused where it is empty, gapped or negative."""
    field_name = "ProductRatePlanChargeTierData"
    found: dict[str, Price] = {}
    for currency in dict.fromkeys(row.currency for row in offer.rows):
        rows = [row for row in offer.rows if row.currency == currency]
        for row in rows:
            if min(row.price or 0, row.percent or 0, row.amount_off or 0) < 0:
                raise Refused(INVALID, f"The price in {currency} must not be negative.", "Price")
        first = rows[0]
        if offer.model in DISCOUNTS:
            off = first.percent if offer.model == PERCENT_OFF else first.amount_off
            off = first.price if off is None else off
            if off is None:
                raise Refused(MISSING, f"The discount in {currency} is required.", field_name)
            if offer.model == PERCENT_OFF and off > 100:
                raise Refused(INVALID, "A discount percentage is at most 100.", "DiscountPercentage")
            found[currency] = Price(off)
        elif offer.model in TIER_MODELS:
            tiers = tuple(
                Tier(r.start or Decimal(0), r.end, r.price or Decimal(0), r.flat, r.overage) for r in rows
            )
            found[currency] = Price(tiers=checked_tiers(tiers, field_name))
        else:
            if first.price is None:
                raise Refused(MISSING, f"The price in {currency} is required.", "Price")
            found[currency] = Price(first.price, included=offer.included or Decimal(0))
    if not found:
        raise Refused(MISSING, "A charge needs a price in at least one currency.", field_name)
    return found


def checked_tiers(tiers: tuple[Tier, ...], field_name: str) -> tuple[Tier, ...]:
    """Tiers in order of their start; Refused where they overlap or one but the last has no end."""
    ordered = tuple(sorted(tiers, key=lambda tier: tier.start))
    if not ordered:
        raise Refused(MISSING, "A tiered charge needs tiers.", field_name)
    for tier, following in zip(ordered, ordered[1:], strict=False):
        if tier.price < 0 or following.price < 0:
            raise Refused(INVALID, "The price of a tier must not be negative.", field_name)
        if tier.end is None or tier.end < tier.start or tier.end > following.start:
            raise Refused(INVALID, "The tiers must follow one another without overlap.", field_name)
    return ordered


def _base(offer: ChargeOffer, cycle: Cycle) -> tuple[int, int]:
    """The list price's share of a billing period, as (times, parts)."""
    if offer.base == "Per Billing Period" or offer.kind == ONE_TIME:
        return 1, 1
    if offer.base == "Per Specific Months":
        base = Cycle(offer.specific_base or 0, MONTH)
    else:
        found = _BASES.get(offer.base)
        if found is None:
            raise Refused(INVALID, f"'{offer.base}' is not a valid value of ListPriceBase.", "ListPriceBase")
        base = found
    if base.count < 1 or base.unit != cycle.unit:
        message = f"The list price base {offer.base} does not go with the billing period."
        raise Refused(INVALID, message, "ListPriceBase")
    return cycle.count, base.count


def _discount(offer: ChargeOffer) -> Discount | None:
    if offer.model not in DISCOUNTS:
        return None
    named = offer.discount_to or "ONETIMERECURRINGUSAGE"
    kinds = frozenset(
        kind
        for kind, word in ((ONE_TIME, "ONETIME"), (RECURRING, "RECURRING"), (USAGE, "USAGE"))
        if word in named
    )
    if not kinds:
        raise Refused(INVALID, f"'{named}' is not a valid value of ApplyDiscountTo.", "ApplyDiscountTo")
    level = (offer.discount_level or "rateplan").lower()
    if level not in ("rateplan", "subscription", "account"):
        raise Refused(INVALID, f"'{level}' is not a valid value of DiscountLevel.", "DiscountLevel")
    return Discount(offer.model == PERCENT_OFF, kinds, level)


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
