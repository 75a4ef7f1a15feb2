"""What a caller gives of a catalogue charge, and what the vendor says no to in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from simulators.zuora.rules.calendar import MONTH, WEEK, Cycle
from simulators.zuora.rules.catalogue import (
    FIXED_PERIOD,
    IN_ADVANCE,
    IN_ARREARS,
    ONE_TIME,
    PERIODS,
    RECURRING,
    TRIGGERS,
    USAGE,
    WEEKDAYS,
    Discount,
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
    INVALID,
    MISSING,
    UNSUPPORTED,
    Refused,
    one_of,
)

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
    until: Until = field(default_factory=Until)
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


def cycle_of(period: str | None, specific: int | None) -> Cycle:
    """The billing period of that name; Refused where there is none or its length is missing."""
    if not period:
        raise Refused(MISSING, "BillingPeriod is required.", "BillingPeriod")
    cycle = PERIODS.get(period)
    if cycle is None:
        raise Refused(INVALID, f"'{period}' is not a billing period.", "BillingPeriod")
    if cycle.count == 0:
        if not specific or not 1 <= specific <= 200:
            message = f"SpecificBillingPeriod is required with the billing period {period}."
            raise Refused(MISSING, message, "SpecificBillingPeriod")
        return Cycle(specific, cycle.unit)
    return cycle


def checked(offer: ChargeOffer) -> None:
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
            raise one_of(name, known)
    if offer.model not in MODEL_NAMES:
        raise Refused(
            UNSUPPORTED, f"ChargeModel '{offer.model}' is not available in this tenant.", "ChargeModel"
        )
    if offer.model not in _MODELS[offer.kind]:
        message = f"The charge model {offer.model} does not go with the charge type {offer.kind}."
        raise Refused(INVALID, message, "ChargeModel")
    if offer.bill_cycle_type == "SpecificDayofMonth" and not 1 <= (offer.bill_cycle_day or 0) <= 31:
        raise Refused(MISSING, "BillCycleDay (1 to 31) is required with SpecificDayofMonth.", "BillCycleDay")
    if offer.until.condition == FIXED_PERIOD and not 1 <= offer.until.count <= 1200:
        raise Refused(
            MISSING, "UpToPeriods is required with the end date condition FixedPeriod.", "UpToPeriods"
        )
    if offer.kind == USAGE and not offer.unit and offer.model != FLAT_FEE:
        raise Refused(MISSING, "UOM is required for a usage charge.", "UOM")
    if offer.model == FLAT_FEE and offer.kind != USAGE and offer.quantity not in (None, 0, 1):
        raise Refused(INVALID, "A flat fee has no quantity.", "DefaultQuantity")


def default_quantity(offer: ChargeOffer) -> Decimal:
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
            # An overage price begins where the last tier ends, whether that is said or not.
            last = max((r.end for r in rows if r.end is not None and not r.overage), default=Decimal(0))
            tiers = tuple(
                Tier(
                    r.start if r.start is not None else last if r.overage else Decimal(0),
                    r.end,
                    r.price or Decimal(0),
                    r.flat,
                    r.overage,
                )
                for r in rows
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
    ordered = tuple(sorted(tiers, key=lambda tier: (tier.overage, tier.start)))
    if not ordered:
        raise Refused(MISSING, "A tiered charge needs tiers.", field_name)
    for tier, following in pairwise(ordered):
        if tier.price < 0 or following.price < 0:
            raise Refused(INVALID, "The price of a tier must not be negative.", field_name)
        if tier.end is None or tier.end < tier.start or tier.end > following.start:
            raise Refused(INVALID, "The tiers must follow one another without overlap.", field_name)
    return ordered


def base_of(offer: ChargeOffer, cycle: Cycle) -> tuple[int, int]:
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


def discount_of(offer: ChargeOffer) -> Discount | None:
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
