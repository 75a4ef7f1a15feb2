"""Answers about orders and subscriptions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.catalogue import PER_UNIT, PERIOD_NAMES
from simulators.zuora.rules.contracts import Charge, RatePlan, Segment, Subscription
from simulators.zuora.rules.order import Order
from simulators.zuora.rules.state import State


def placed(state: State, order: Order, *, with_ids: bool) -> dict[str, Any]:
    """Answer of POST /v1/orders; ids of orders and subscriptions only with `returnIds=true`."""
    subscriptions = []
    for ordered in order.subscriptions:
        current = state.subscriptions.get(ordered.number)
        entry: dict[str, Any] = {
            "subscriptionNumber": ordered.number,
            "status": current.status if current else None,
        }
        if with_ids and current:
            entry["subscriptionId"] = current.id
            entry["subscriptionOwnerId"] = current.account.id
        subscriptions.append(entry)
    answer: dict[str, Any] = {
        "success": True,
        "orderNumber": order.number,
        "accountNumber": order.account.number,
        "status": order.status,
        "subscriptions": subscriptions,
    }
    if order.invoices:
        answer["invoiceNumbers"] = list(order.invoices)
    if order.memos:
        answer["creditMemoNumbers"] = list(order.memos)
    if with_ids:
        answer |= {"orderId": order.id, "accountId": order.account.id}
    return answer


def order(o: Order) -> dict[str, Any]:
    """The order of GET /v1/orders/{number}."""
    return {
        "orderNumber": o.number,
        "orderDate": o.on.isoformat(),
        "existingAccountNumber": o.account.number,
        "currency": o.account.currency,
        "status": o.status,
        "category": o.category,
        "description": o.description,
        "reasonCode": o.reason,
        "customFields": o.custom,
        "createdDate": stamp(o.created_at),
        "updatedDate": stamp(o.updated_at),
        "orderLineItems": [],
        "subscriptions": [
            {
                "subscriptionNumber": ordered.number,
                "subscriptionOwnerAccountNumber": o.account.number,
                "baseVersion": ordered.base_version,
                "newVersion": ordered.new_version,
                "sequence": place,
                "orderActions": [
                    {"id": key, "sequence": at, **action.sent}
                    for at, (key, action) in enumerate(ordered.actions)
                ],
            }
            for place, ordered in enumerate(o.subscriptions)
        ],
    }


def subscription(state: State, s: Subscription, *, all_segments: bool = False) -> dict[str, Any]:
    """A subscription version of GET /v1/subscriptions/{key}; without `success`."""
    account = s.account
    renewal = s.renewal_terms[0] if s.renewal_terms else (None, None)
    return {
        "id": s.id,
        "accountId": account.id,
        "accountNumber": account.number,
        "accountName": account.name,
        "invoiceOwnerAccountId": account.id,
        "invoiceOwnerAccountNumber": account.number,
        "invoiceOwnerAccountName": account.name,
        "subscriptionNumber": s.number,
        "version": s.version,
        "revision": f"{s.version}.0",
        "isLatestVersion": s.latest,
        "status": s.status,
        "currency": account.currency,
        "termType": s.term_type,
        "contractEffectiveDate": s.start.isoformat(),
        "serviceActivationDate": s.start.isoformat(),
        "customerAcceptanceDate": s.start.isoformat(),
        "subscriptionStartDate": s.start.isoformat(),
        "subscriptionEndDate": _iso(s.end),
        "termStartDate": s.term_start.isoformat(),
        "termEndDate": _iso(s.end),
        "initialTerm": s.initial_term[0],
        "initialTermPeriodType": s.initial_term[1],
        "currentTerm": s.current_term[0],
        "currentTermPeriodType": s.current_term[1],
        "autoRenew": s.auto_renew,
        "renewalSetting": s.renewal_setting,
        "renewalTerm": renewal[0],
        "renewalTermPeriodType": renewal[1],
        "cancelReason": s.cancel_reason,
        "notes": s.notes,
        "orderNumber": s.orders[-1],
        "createTime": stamp(s.created_at),
        "updateTime": stamp(s.updated_at),
        "contractedMrr": _mrr(s),
        **s.custom,
        "ratePlans": [_plan(state, p, account.currency, all_segments) for p in s.plans],
    }


def _plan(state: State, p: RatePlan, currency: str, all_segments: bool) -> dict[str, Any]:
    source = p.source
    return {
        "id": p.id,
        "subscriptionRatePlanNumber": p.number,
        "lastChangeType": p.last_change,
        "productId": source.product.id,
        "productName": source.product.name,
        "productSku": source.product.sku,
        "productRatePlanId": source.id,
        "productRatePlanNumber": source.number,
        "ratePlanName": source.name,
        "originalRatePlanId": p.id,
        "subscriptionProductFeatures": [],
        "ratePlanCharges": [_charge(state, c, currency, all_segments) for c in p.charges],
    }


def _charge(state: State, c: Charge, currency: str, all_segments: bool) -> dict[str, Any]:
    source = c.source
    ledger = state.ledgers.get(c.number)
    through = ledger.billed_through() if ledger else None
    shown: dict[str, Any] = {
        "id": c.id,
        "originalChargeId": c.id,
        "number": c.number,
        "name": source.name,
        "productRatePlanChargeId": source.id,
        "productRatePlanChargeNumber": source.number,
        "type": "Recurring",
        "model": "PerUnit" if source.model == PER_UNIT else "FlatFee",
        "uom": source.unit,
        "currency": currency,
        "billingPeriod": PERIOD_NAMES[c.months],
        "billingPeriodAlignment": "AlignToCharge" if source.to_charge else "AlignToSubscriptionStart",
        "billingTiming": "IN_ADVANCE",
        "billingDay": source.bill_cycle_type,
        "triggerEvent": source.trigger,
        "endDateCondition": "Subscription_End",
        "chargedThroughDate": _iso(through),
        "processedThroughDate": _iso(through),
    }
    if c.segments:
        shown |= _segment(_current(state, c), c, currency)
    if all_segments:
        shown["chargeSegments"] = [_segment(segment, c, currency) for segment in c.segments]
    return shown


def _current(state: State, c: Charge) -> Segment:
    """The segment of today, or of the nearest day that has one."""
    today = state.today()
    for segment in c.segments:
        if segment.end is None or today < segment.end:
            return segment
    return c.segments[-1]


def _segment(s: Segment, c: Charge, currency: str) -> dict[str, Any]:
    flat = c.source.model != PER_UNIT
    return {
        "segment": s.number,
        "effectiveStartDate": s.start.isoformat(),
        "effectiveEndDate": _iso(s.end),
        "quantity": None if flat else s.quantity,
        "price": s.price,
        "mrr": _nine(major(s.amount, currency) / c.months),
        "isLastSegment": s == c.last,
    }


def _mrr(s: Subscription) -> Decimal:
    lasts = [(c, c.last) for c in s.charges if c.last and not c.ended]
    currency = s.account.currency
    total = sum((major(last.amount, currency) / c.months for c, last in lasts if last), Decimal(0))
    return _nine(total)


def _nine(value: Decimal) -> Decimal:
    """Monthly amounts are kept to nine decimals."""
    return value.quantize(Decimal("0.000000001"))


def inclusive(end: Any) -> str:
    """The last day of service, as invoice items state it (`serviceEndDate` is inclusive)."""
    return str((end - timedelta(days=1)).isoformat())


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
