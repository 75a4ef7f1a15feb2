"""A subscribed charge as the subscription answers show it: its terms, its segments, its metrics."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.catalogue import ONE_TIME, RECURRING, USAGE, period_name
from simulators.zuora.rules.contracts import Charge, Segment, Subscription
from simulators.zuora.rules.fields_worth import nine, segment_mrr, segment_value
from simulators.zuora.rules.rating import DISCOUNTS, FLAT_FEE, MODEL_NAMES, OVERAGE, PERCENT_OFF, TIER_MODELS
from simulators.zuora.rules.state import State
from simulators.zuora.wire.catalog import billing_day, end_condition, tier


def charged(
    state: State, s: Subscription, c: Charge, detail: str, as_of: date | None
) -> dict[str, Any] | None:
    """A charge by `charge-detail`; None where it has nothing to show on that day."""
    source, currency = c.source, s.account.currency
    ledger = state.ledgers.get(c.number)
    through = ledger.billed_through() if ledger else None
    name = (
        period_name(source.cycle)
        if c.cycle == source.cycle or source.cycle.unit == "Term"
        else period_name(c.cycle)
    )
    shown: dict[str, Any] = {
        "id": c.id,
        "originalChargeId": c.id,
        "number": c.number,
        "name": source.name,
        "productRatePlanChargeId": source.id,
        "productRatePlanChargeNumber": source.number,
        "type": source.kind,
        "model": MODEL_NAMES[source.model],
        "uom": source.unit,
        "currency": currency,
        "description": c.description,
        "version": c.issued,
        "billingPeriod": name,
        "specificBillingPeriod": c.cycle.count if (name or "").startswith("Specific") else None,
        "billingPeriodAlignment": None if source.kind == ONE_TIME else c.alignment,
        "billingTiming": None if source.kind != RECURRING else "IN_ARREARS" if c.arrears else "IN_ADVANCE",
        "billingDay": billing_day(c.bill_cycle_type, c.day),
        "listPriceBase": source.base_name.replace(" ", "_"),
        "triggerEvent": c.trigger,
        "triggerDate": c.begun_on.isoformat() if c.begun_on else None,
        "endDateCondition": end_condition(c.until.condition),
        "upToPeriods": c.until.count or None,
        "upToPeriodsType": c.until.unit.replace(" ", "_") if c.until.count else None,
        "specificEndDate": c.until.on.isoformat() if c.until.on else None,
        "taxable": source.tax_code is not None,
        "taxCode": source.tax_code,
        "ratingGroup": source.rating_group if source.kind == USAGE else None,
        "discountLevel": source.discount.level if source.discount else None,
        "chargedThroughDate": through.isoformat() if through else None,
        "processedThroughDate": through.isoformat() if through else None,
        "isLastSegment": True,
        **c.custom,
    }
    if detail == "all-segments":
        shown["chargeSegments"] = [_segment(segment, c, currency) for segment in c.segments]
    wanted = _wanted(state, c, detail, as_of)
    if wanted is None:
        return None if c.segments else shown
    return {**shown, **_segment(wanted, c, currency)}


def _wanted(state: State, c: Charge, detail: str, as_of: date | None) -> Segment | None:
    if not c.segments:
        return None
    if detail in ("current-segment", "specific-segment"):
        on = as_of if detail == "specific-segment" and as_of else state.today()
        return next((segment for segment in c.segments if segment.holds(on)), None)
    return c.segments[-1]


def _segment(s: Segment, c: Charge, currency: str) -> dict[str, Any]:
    model = c.source.model
    plain = model not in (*TIER_MODELS, *DISCOUNTS, OVERAGE)
    off = model in DISCOUNTS
    return {
        "segment": s.number,
        "effectiveStartDate": s.start.isoformat(),
        "effectiveEndDate": s.end.isoformat() if s.end else None,
        "quantity": None if off or model == FLAT_FEE or c.source.kind == USAGE else s.quantity,
        "price": s.price if plain else None,
        "tiers": [tier(n, t) for n, t in enumerate(s.pricing.tiers, 1)] or None,
        "includedUnits": s.pricing.included if model == OVERAGE else None,
        "overagePrice": s.price if model == OVERAGE else None,
        "discountPercentage": s.price if model == PERCENT_OFF else None,
        "discountAmount": s.price if off and model != PERCENT_OFF else None,
        "mrr": nine(segment_mrr(s, c, currency)),
        "tcv": major(segment_value(s, c, currency), currency),
        "amendedByOrderOn": None,
        "isLastSegment": s == c.last,
    }
