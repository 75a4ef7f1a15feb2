"""Answers about orders and subscriptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.fields_worth import monthly, total_value
from simulators.zuora.rules.order import Order
from simulators.zuora.rules.state import State
from simulators.zuora.wire.charges import charged

USER = "402881e522cf4f9b0122cf5d82860002"  # who makes everything here (ours)


def placed(state: State, order: Order, *, with_ids: bool) -> dict[str, Any]:
    """Answer of POST /v1/orders; ids of orders and subscriptions only with `returnIds=true`."""
    subscriptions = []
    for ordered in order.subscriptions:
        current = state.subscriptions.get(ordered.number)
        entry: dict[str, Any] = {
            "subscriptionNumber": ordered.number,
            "status": current.status if current else None,
        }
        if current:
            entry["subscriptionOwnerNumber"] = current.account.number
        if with_ids and current:
            entry["subscriptionId"] = current.id
            entry["subscriptionOwnerId"] = current.account.id
            entry["orderActions"] = [{"id": key, "type": action.type} for key, action in ordered.actions]
        subscriptions.append(entry)
    answer: dict[str, Any] = {
        "success": True,
        "orderNumber": order.number,
        "accountNumber": order.account.number,
        "status": order.status,
        "subscriptions": subscriptions,
    }
    ramps = [
        {"rampNumber": sold.ramp.number, "subscriptionNumber": sold.number}
        for ordered in order.subscriptions
        if (sold := state.subscriptions.get(ordered.number)) is not None and sold.ramp is not None
    ]
    if ramps:
        answer["ramps"] = ramps
    if order.invoices:
        answer["invoiceNumbers"] = list(order.invoices)
    if order.memos:
        answer["creditMemoNumbers"] = list(order.memos)
    answer |= {k: v for k, v in order.payment.items() if k != "paymentId" or with_ids}
    if with_ids:
        answer |= {"orderId": order.id, "accountId": order.account.id}
        answer["subscriptionIds"] = [e["subscriptionId"] for e in subscriptions if "subscriptionId" in e]
        found = [state.invoices.get(number) for number in order.invoices]
        if found:
            answer["invoiceIds"] = [invoice.id for invoice in found if invoice]
        notes = [state.memos.get(number) for number in order.memos]
        if notes:
            answer["creditMemoIds"] = [memo.id for memo in notes if memo]
    return answer


def order(o: Order, *, details: bool = False) -> dict[str, Any]:
    """The order of GET /v1/orders/{number}."""
    shown: dict[str, Any] = {
        "orderNumber": o.number,
        "orderDate": o.on.isoformat(),
        "existingAccountNumber": o.account.number,
        "currency": o.account.currency,
        "status": o.status,
        "category": o.category,
        "description": o.description,
        "reasonCode": o.reason,
        "customFields": o.custom,
        "cancelReason": o.cancel_reason,
        "createdBy": USER,
        "createdDate": stamp(o.created_at),
        "updatedBy": USER,
        "updatedDate": stamp(o.updated_at),
        "orderLineItems": [],
        "subscriptions": [],
    }
    if o.wish is not None and o.wish.when is not None:
        shown["schedulingOptions"] = {
            "scheduledDate": o.wish.when.isoformat(),
            "scheduledDatePolicy": "SpecificDate",
        }
    if details:
        account = o.account
        shown["existingAccountDetails"] = {
            "basicInfo": {"id": account.id, "name": account.name, "accountNumber": account.number}
        }
    if o.wish is not None:
        shown["subscriptions"] = [
            {
                "subscriptionNumber": wish.number or None,
                "sequence": place,
                "notes": wish.notes,
                "customFields": dict(wish.custom),
                "orderActions": [{"sequence": at, **a.sent} for at, a in enumerate(wish.actions)],
            }
            for place, wish in enumerate(o.wish.subscriptions)
        ]
        return shown
    shown["subscriptions"] = [
        {
            "subscriptionNumber": ordered.number,
            "subscriptionOwnerAccountNumber": o.account.number,
            "baseVersion": ordered.base_version,
            "newVersion": ordered.new_version,
            "sequence": place,
            "notes": ordered.notes,
            "customFields": dict(ordered.custom),
            "orderActions": [
                {"id": key, "sequence": at, **action.sent} for at, (key, action) in enumerate(ordered.actions)
            ],
        }
        for place, ordered in enumerate(o.subscriptions)
    ]
    return shown


def subscription(
    state: State, s: Subscription, *, detail: str = "last-segment", as_of: Any = None, bare: bool = False
) -> dict[str, Any]:
    """A subscription version of GET /v1/subscriptions/{key}; without `success`.

    detail: as `charge-detail`; as_of: the day of current-segment; bare: without plans that have no charge."""
    account, owner = s.account, s.owner
    renewal = s.renewal_terms[0] if s.renewal_terms else (None, None)
    mrr = monthly(s)
    return {
        "id": s.id,
        "accountId": account.id,
        "accountNumber": account.number,
        "accountName": account.name,
        "invoiceOwnerAccountId": owner.id,
        "invoiceOwnerAccountNumber": owner.number,
        "invoiceOwnerAccountName": owner.name,
        "subscriptionNumber": s.number,
        "version": s.version,
        "revision": f"{s.version}.0",
        "isLatestVersion": s.latest,
        "status": s.status,
        "statusHistory": [
            {"status": status, "startDate": _iso(start), "endDate": _iso(end)}
            for status, start, end in s.statuses
        ],
        "currency": account.currency,
        "termType": s.term_type,
        "contractEffectiveDate": s.start.isoformat(),
        "serviceActivationDate": _iso(s.activated),
        "customerAcceptanceDate": _iso(s.accepted),
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
        "invoiceSeparately": s.extra.get("invoiceSeparately", False),
        "paymentTerm": s.extra.get("paymentTerm"),
        "invoiceGroupNumber": s.extra.get("invoiceGroupNumber"),
        "orderNumber": s.orders[-1],
        "lastBookingDate": s.start.isoformat(),
        "createTime": stamp(s.created_at),
        "updateTime": stamp(s.updated_at),
        "contractedMrr": mrr,
        "contractedNetMrr": mrr,
        "totalContractedValue": major(total_value(s), account.currency),
        **s.custom,
        "ratePlans": _plans(state, s, detail, as_of, bare),
    }


def _plans(state: State, s: Subscription, detail: str, as_of: Any, bare: bool) -> list[dict[str, Any]]:
    plans = []
    for plan in s.plans:
        charges = [shown for c in plan.charges if (shown := charged(state, s, c, detail, as_of)) is not None]
        if bare and not charges:
            continue
        plans.append(
            {
                "id": plan.id,
                "subscriptionRatePlanNumber": plan.number,
                "lastChangeType": plan.last_change,
                "productId": plan.source.product.id,
                "productName": plan.source.product.name,
                "productSku": plan.source.product.sku,
                "productRatePlanId": plan.source.id,
                "productRatePlanNumber": plan.source.number,
                "ratePlanName": plan.source.name,
                "originalRatePlanId": plan.original_id or plan.id,
                "subscriptionProductFeatures": [],
                **plan.custom,
                "ratePlanCharges": charges,
            }
        )
    return plans


def inclusive(end: date) -> str:
    """The last day of service, as invoice items state it (`serviceEndDate` is inclusive)."""
    return (end - timedelta(days=1)).isoformat()


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
