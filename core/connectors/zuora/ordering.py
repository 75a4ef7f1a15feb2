"""Our orders as Zuora's order actions; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.canonical.errors import Missing, Refused
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.connectors.shapes import day, number
from core.connectors.zuora import wire
from core.connectors.zuora.mapping import account_number
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import kind_of
from core.mappings.document import Document
from core.mappings.shipped import SHIPPED

SYSTEM = "zuora"
_PERIODS = SHIPPED["billing_periods"]
_TRIGGERS = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a SKU is sold by: its rate plan and that plan's one charge. metered: it is billed by use, at the
    catalogue's prices; once: when the contract begins."""

    rate_plan: str
    charge: str
    metered: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A product as the subscription holds it now. charge: the charge's number."""

    rate_plan: str
    charge: str
    quantity: Decimal
    price: Decimal
    metered: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a subscription that changes need: its products by SKU and its terms."""

    products: Mapping[str, Subscribed]
    term_end: date | None
    renewal: tuple[int, str]


def standing(body: Json) -> Standing:
    """GET /v1/subscriptions/{number}, latest version; removed plans are left out."""
    products = {}
    for plan in body["ratePlans"] or ():
        charges = plan["ratePlanCharges"] or ()
        if plan.get("lastChangeType") == "Remove" or not charges:
            continue
        charge = charges[0]
        products[str(plan["productSku"])] = Subscribed(
            str(plan["id"]),
            str(charge["number"]),
            _figure(charge, "quantity"),
            _figure(charge, "price"),
            kind_of(charge) == wire.USAGE,
        )
    end = body["termEndDate"]
    return Standing(
        products,
        day(end, "termEndDate", SYSTEM) if end else None,
        (int(body.get("renewalTerm") or 0), str(body.get("renewalTermPeriodType") or "")),
    )


def _figure(charge: Json, name: str) -> Decimal:
    """Of a charge; one that is billed by use has none of its own."""
    value = charge.get(name) if kind_of(charge) == wire.USAGE else charge[name]
    return number(value, name, SYSTEM)


def new_order(order: Order, plans: Mapping[str, Plan], periods: Document = _PERIODS) -> dict[str, Any]:
    """Body that creates the subscription under its caller-given number. periods: the mapping
    `billing_periods`; Held for a length that it lacks."""
    terms: dict[str, Any] = {"autoRenew": False}
    if order.end is None:
        terms["initialTerm"] = {"termType": "EVERGREEN", "startDate": order.start.isoformat()}
    else:
        period, unit = term(order.start, order.end)
        terms["initialTerm"] = {
            "termType": "TERMED",
            "startDate": order.start.isoformat(),
            "period": period,
            "periodType": unit,
        }
        terms["renewalSetting"] = "RENEW_WITH_SPECIFIC_TERM"
        terms["renewalTerms"] = [{"period": period, "periodType": unit}]
    create = {
        "subscriptionNumber": order.subscription,
        "terms": terms,
        "subscribeToRatePlans": [
            _added(line, plans[line.product], periods) for line in order.lines if line.quantity > 0
        ],
    }
    action = _action(order, "CreateSubscription", createSubscription=create)
    return _order(order, {"orderActions": [action]})


def change_order(
    order: Order, plans: Mapping[str, Plan], now: Standing, periods: Document = _PERIODS
) -> dict[str, Any]:
    """Body that amends, renews, rests, resumes or cancels; Missing where the subscription lacks a product."""
    actions: list[dict[str, Any]] = []
    if order.kind is OrderKind.CANCELLATION:
        cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": order.start.isoformat()}
        actions.append(_action(order, "CancelSubscription", cancelSubscription=cancel))
        return _order(order, {"subscriptionNumber": order.subscription, "orderActions": actions})
    if order.kind in (OrderKind.SUSPENSION, OrderKind.RESUMPTION):
        return _order(order, {"subscriptionNumber": order.subscription, "orderActions": [_rest(order)]})
    if order.kind is OrderKind.RENEWAL:
        actions += _renewal(order, now)
    changes = [line for line in order.lines if _changes(line, now)]
    # An amendment that changes nothing is still placed as asked: the vendor wants one action at least.
    if not changes and not actions:
        changes = list(order.lines)
    moved = [line for line in changes if line.quantity or line.prior]
    actions += [_line_action(order, line, plans, now, periods) for line in moved]
    return _order(order, {"subscriptionNumber": order.subscription, "orderActions": actions})


def withdrawal(order: Order) -> dict[str, Any]:
    """Body that cancels the subscription of a new order from its first day."""
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": order.start.isoformat()}
    action = _action(order, "CancelSubscription", cancelSubscription=cancel)
    body = _order(order, {"subscriptionNumber": order.subscription, "orderActions": [action]})
    return {**body, "orderNumber": withdrawal_number(order)}


def withdrawal_number(order: Order) -> str:
    """The number of the order that takes this one back: the same for every attempt."""
    return f"{order.number}-WITHDRAWN"


def term(start: date, end: date) -> tuple[int, str]:
    """Length and unit of a term over [start, end): months where that is exact, else days."""
    if end <= start:
        raise Refused(f"term: {start} to {end} is no term", system=SYSTEM)
    months = (end.year - start.year) * 12 + end.month - start.month
    # Days after the 28th are counted in days: months of different length would move the end.
    if months > 0 and start.day == end.day <= 28:
        return months, "Month"
    return (end - start).days, "Day"


def _rest(order: Order) -> dict[str, Any]:
    """Service stops on a day, or goes on; a resumption that names an end adds the rest to the term."""
    on = order.start.isoformat()
    if order.kind is OrderKind.SUSPENSION:
        return _action(order, "Suspend", suspend={"suspendPolicy": "SpecificDate", "suspendSpecificDate": on})
    resume = {
        "resumePolicy": "SpecificDate",
        "resumeSpecificDate": on,
        "extendsTerm": order.end is not None,
    }
    return _action(order, "Resume", resume=resume)


def _renewal(order: Order, now: Standing) -> list[dict[str, Any]]:
    actions = []
    if order.end is None:
        terms: dict[str, Any] = {"renewalSetting": "RENEW_TO_EVERGREEN"}
        actions.append(_action(order, "TermsAndConditions", termsAndConditions=terms))
    else:
        period, unit = term(now.term_end or order.start, order.end)
        if (period, unit) != now.renewal:
            terms = {
                "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
                "renewalTerms": [{"period": period, "periodType": unit}],
            }
            actions.append(_action(order, "TermsAndConditions", termsAndConditions=terms))
    actions.append(_action(order, "RenewSubscription", renewSubscription={}))
    return actions


def _changes(line: OrderLine, now: Standing) -> bool:
    held = now.products.get(line.product)
    if held is not None and held.metered:
        return line.quantity == 0  # it has neither a number of seats nor a price of its own
    if held is None or line.quantity != line.prior:
        return line.quantity > 0 or line.prior > 0
    return (held.quantity, held.price) != (Decimal(line.quantity), line.price.major)


def _line_action(
    order: Order, line: OrderLine, plans: Mapping[str, Plan], now: Standing, periods: Document
) -> dict[str, Any]:
    held = now.products.get(line.product)
    if line.prior == 0 and held is None:
        return _action(order, "AddProduct", addProduct=_added(line, plans[line.product], periods))
    if held is None:
        raise Missing(f"{order.subscription} does not hold {line.product}", system=SYSTEM)
    if line.quantity == 0:
        return _action(order, "RemoveProduct", removeProduct={"ratePlanId": held.rate_plan})
    update = {
        "ratePlanId": held.rate_plan,
        "chargeUpdates": [
            {
                "chargeNumber": held.charge,
                "pricing": {"recurringPerUnit": _price(line.price, line.quantity)},
            }
        ],
    }
    return _action(order, "UpdateProduct", updateProduct=update)


def _added(line: OrderLine, plan: Plan, periods: Document) -> dict[str, Any]:
    if plan.metered:
        return {"productRatePlanId": plan.rate_plan}
    if plan.once:
        pricing = {"oneTimePerUnit": _price(line.price, line.quantity)}
        override = {"productRatePlanChargeId": plan.charge, "pricing": pricing}
        return {"productRatePlanId": plan.rate_plan, "chargeOverrides": [override]}
    return {
        "productRatePlanId": plan.rate_plan,
        "chargeOverrides": [
            {
                "productRatePlanChargeId": plan.charge,
                "billing": {"billingPeriod": periods.look(months=str(line.months))["period"]},
                "pricing": {"recurringPerUnit": _price(line.price, line.quantity)},
            }
        ],
    }


def _price(price: Money, quantity: int) -> dict[str, Any]:
    return {"listPrice": price.major, "quantity": quantity}


def _action(order: Order, kind: str, **body: Any) -> dict[str, Any]:
    on = order.start.isoformat()
    return {"type": kind, "triggerDates": [{"name": name, "triggerDate": on} for name in _TRIGGERS], **body}


def _order(order: Order, subscription: dict[str, Any]) -> dict[str, Any]:
    # The order date is the effective date, not today: every attempt must send the same body.
    return {
        "orderNumber": order.number,
        "orderDate": order.start.isoformat(),
        "existingAccountNumber": account_number(order.account),
        "subscriptions": [subscription],
        "processingOptions": {"runBilling": False, "collectPayment": False},
    }
