"""Previews of orders: the request, and the documents and metrics that the answer shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.documents import Item
from simulators.zuora.rules.fields_worth import nine, segment_mrr, segment_value
from simulators.zuora.rules.previews import Preview, PreviewWish
from simulators.zuora.rules.refusal import MISSING, Refused, one_of
from simulators.zuora.rules.state import State
from simulators.zuora.wire.actions import order_wish
from simulators.zuora.wire.contract import inclusive
from simulators.zuora.wire.opening import PreviewAccount
from simulators.zuora.wire.ordering import OrderShape
from simulators.zuora.wire.shape import Day, Shape, words

TYPES = words("ChargeMetrics BillingDocs OrderDeltaMetrics OrderMetrics RampMetrics RampDeltaMetrics Funds")


class Options(Shape):
    """previewOptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("documentDate skipTax validateScheduledOrders")

    previewThruType: str | None = None
    specificPreviewThruDate: Day | None = None
    previewNumberOfPeriods: Annotated[int, Field(ge=1, le=1200)] | None = None
    previewTypes: list[str] | None = None
    chargeTypeToExclude: list[str] = Field(default_factory=list)


class PreviewShape(OrderShape):
    """POST /v1/orders/preview."""

    previewOptions: Options
    previewAccountInfo: PreviewAccount | None = None

    def preview(self, sent: Mapping[str, Any]) -> PreviewWish:
        """What the rules make of it. sent: the body as it came."""
        options, stranger = self.previewOptions, self.previewAccountInfo
        if not options.previewTypes:
            raise Refused(MISSING, "'previewOptions.previewTypes' is required.", "previewTypes")
        for name in options.previewTypes:
            if name not in TYPES:
                raise one_of("previewTypes", TYPES)
        known = self.existingAccountNumber or ("" if stranger is None else "preview")
        whole = self.model_copy(update={"existingAccountNumber": known})
        wish = order_wish(whole, sent)
        return PreviewWish(
            order=replace(wish, account=self.existingAccountNumber or ""),
            thru=options.previewThruType or "SpecificDate",
            on=options.specificPreviewThruDate,
            periods=options.previewNumberOfPeriods or 1,
            types=tuple(options.previewTypes),
            skipped=frozenset(options.chargeTypeToExclude),
            stranger=stranger.stranger() if stranger else None,
        )


def result(state: State, wish: PreviewWish, found: Preview) -> dict[str, Any]:
    """previewResult: what was asked for."""
    shown: dict[str, Any] = {}
    if "BillingDocs" in wish.types:
        shown |= documents(found.items, found.target, found.account.currency)
    if "ChargeMetrics" in wish.types:
        shown["chargeMetrics"] = [
            {"subscriptionNumber": sold.number, "charges": _charge_metrics(state, sold)}
            for sold in found.drafts.versions.values()
        ]
    if "OrderDeltaMetrics" in wish.types:
        shown["orderDeltaMetrics"] = delta_metrics(
            [(sold, _before(state, sold)) for sold in found.drafts.versions.values()]
        )
    if "OrderMetrics" in wish.types:
        shown["orderMetrics"] = [
            {
                "subscriptionNumber": done.number,
                "orderActions": [
                    {"sequence": str(n), "type": action.type, "orderItems": [], "orderMetrics": []}
                    for n, (_, action) in enumerate(done.actions)
                ],
            }
            for done in found.drafts.done
        ]
    return shown


def documents(items: list[Item], target: date, currency: str) -> dict[str, Any]:
    """One invoice, or one credit memo where the sum is negative; the tax is the tax engine's."""
    total = sum(item.net for item in items)
    shown: dict[str, Any] = {"invoices": [], "creditMemos": []}
    if not items:
        return shown
    sign = -1 if total < 0 else 1
    amount = major(sign * total, currency)
    head = {"amount": amount, "amountWithoutTax": amount, "taxAmount": 0, "targetDate": target.isoformat()}
    lines = [line(item, sign, currency) for item in items]
    if sign < 0:
        shown["creditMemos"] = [{**head, "creditMemoItems": lines}]
    else:
        shown["invoices"] = [{**head, "invoiceItems": lines}]
    return shown


def line(item: Item, sign: int, currency: str) -> dict[str, Any]:
    """A line of a previewed document."""
    source = item.charge.source
    shown = {
        "serviceStartDate": item.start.isoformat(),
        "serviceEndDate": inclusive(item.end),
        "amountWithoutTax": major(sign * item.net, currency),
        "taxAmount": 0,
        "chargeDescription": item.charge.description or "",
        "chargeName": item.name,
        "chargeNumber": item.charge.number,
        "productName": source.plan.product.name,
        "productRatePlanChargeId": source.id,
        "processingType": "Discount" if source.discount else "Charge",
        "unitPrice": item.price,
        "quantity": item.quantity,
        "unitOfMeasure": source.unit,
        "subscriptionNumber": item.subscription.number,
        "additionalInfo": {
            "quantity": item.quantity,
            "unitOfMeasure": source.unit,
            "numberOfDeliveries": 0,
        },
        "taxationItems": [],
    }
    if item.discounted is not None:
        shown["appliedToChargeNumber"] = item.discounted.charge.number
    return shown


def _charge_metrics(state: State, sold: Subscription) -> list[dict[str, Any]]:
    before = _before(state, sold)
    currency = sold.account.currency
    shown = []
    for plan in sold.plans:
        for charge in plan.charges:
            old = _find(before, charge.number)
            mrr, was = _mrr(charge, currency), _mrr(old, currency)
            tcv, had = _tcv(charge, currency), _tcv(old, currency)
            shown.append(
                {
                    "chargeNumber": charge.number,
                    "productRatePlanId": plan.source.id,
                    "productRatePlanChargeId": charge.source.id,
                    "subscriptionRatePlanNumber": plan.number,
                    "isPending": charge.waiting,
                    "cmrr": _delta(mrr, was),
                    "tcv": _delta(tcv, had),
                    "tcb": _delta(tcv, had),
                    "tax": {"amount": 0, "amountDelta": 0},
                }
            )
    return shown


def _delta(now: Decimal, before: Decimal) -> dict[str, Any]:
    return {"regular": now, "regularDelta": now - before, "discount": 0, "discountDelta": 0}


def _mrr(charge: Charge | None, currency: str) -> Decimal:
    last = charge.last if charge and not charge.ended else None
    return nine(segment_mrr(last, charge, currency)) if last and charge else Decimal(0)


def _tcv(charge: Charge | None, currency: str) -> Decimal:
    if charge is None:
        return Decimal(0)
    return major(sum(segment_value(s, charge, currency) for s in charge.segments), currency)


def _before(state: State, sold: Subscription) -> Subscription | None:
    past = state.versions_of.get(sold.number, [])
    return next((version for version in past if version.version == sold.version - 1), None)


def _find(sold: Subscription | None, number: str) -> Charge | None:
    return next((charge for charge in sold.charges if charge.number == number), None) if sold else None


def delta_metrics(pairs: Iterable[tuple[Subscription, Subscription | None]]) -> dict[str, Any]:
    """What changed in monthly value, total value and quantity, charge by charge."""
    mrr: list[dict[str, Any]] = []
    tcv: list[dict[str, Any]] = []
    quantity: list[dict[str, Any]] = []
    for sold, before in pairs:
        currency = sold.account.currency
        for charge in sold.charges:
            old, last = _find(before, charge.number), charge.last
            if not charge.segments or last is None:
                continue
            head = {
                "chargeNumber": charge.number,
                "subscriptionNumber": sold.number,
                "productRatePlanChargeId": charge.source.id,
                "startDate": last.start.isoformat(),
                "endDate": last.end.isoformat() if last.end else None,
            }
            values = (
                (mrr, _mrr(charge, currency) - _mrr(old, currency)),
                (tcv, _tcv(charge, currency) - _tcv(old, currency)),
            )
            for rows, delta in values:
                if delta:
                    rows.append({**head, "currency": currency, "grossAmount": delta, "netAmount": delta})
            was = old.last.quantity if old and old.last and not old.ended else Decimal(0)
            now = last.quantity if not charge.ended else Decimal(0)
            if now != was:
                quantity.append({**head, "quantity": now - was})
    return {"orderDeltaMrr": mrr, "orderDeltaTcv": tcv, "orderDeltaTcb": list(tcv), "orderDeltaQty": quantity}
