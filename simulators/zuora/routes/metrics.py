"""Paths about one rate plan, one action of an order, and what an order changed in value."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import orders
from simulators.zuora.rules.documents import Invoice, Item
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire.changing import OrderFields
from simulators.zuora.wire.metering import item as usage_item
from simulators.zuora.wire.previewing import delta_metrics
from simulators.zuora.wire.shape import read


async def get_rate_plan(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/rateplans/{ratePlanId}: a rate plan of a subscription."""
    key = call.params["ratePlanId"]
    for sold in rules.state.subscriptions:
        for plan in sold.plans:
            if key in (plan.id, plan.number):
                source = plan.source
                shown = {
                    "success": True,
                    "id": plan.id,
                    "lastChangeType": plan.last_change,
                    "productId": source.product.id,
                    "productName": source.product.name,
                    "productSku": source.product.sku,
                    "productRatePlanId": source.id,
                    "ratePlanName": source.name,
                    "subscriptionId": sold.id,
                    "subscriptionVersion": sold.version,
                    "order": {"orderNumber": sold.orders[-1]},
                    **plan.custom,
                }
                return json_reply(200, shown)
    raise not_found("rate plan", key)


async def update_order_action(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orderActions/{id}: its custom fields."""
    key, given = call.params["id"], read(OrderFields, call).checked()
    for order in rules.state.orders:
        for ordered in order.subscriptions:
            for id_, action in ordered.actions:
                if id_ == key:
                    orders.note_fields(rules.state, order, action, given)
                    return json_reply(200, {"success": True})
    raise not_found("order action", key)


async def order_metrics(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/deltaMetrics/{orderNumber}."""
    order = orders.find(rules.state, call.params["orderNumber"])
    pairs = []
    for ordered in order.subscriptions:
        past = {version.version: version for version in rules.state.versions_of.get(ordered.number, [])}
        if ordered.new_version in past:
            pairs.append((past[ordered.new_version], past.get(ordered.base_version)))
    shown = {"success": True, "generationStatus": "Completed", "orderDeltaMetrics": delta_metrics(pairs)}
    return json_reply(200, shown)


async def usage_rate_detail(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/invoice-item/{id}/usage-rate-detail."""
    invoice, item = _item(rules, call.params["id"])
    readings = item.entry.readings if item.entry else ()
    data: dict[str, Any] = {
        "chargeNumber": item.charge.number,
        "invoiceNumber": invoice.number,
        "invoiceItemId": item.id,
        "serviceStartDate": item.start.isoformat(),
        "amountWithoutTax": major(item.net, invoice.currency),
        "quantity": item.quantity,
        "uom": item.charge.source.unit,
        "rateDetail": "; ".join(f"{u.quantity} {u.unit} on {u.on}" for u in readings),
        "usages": [usage_item(reading) for reading in readings],
    }
    return json_reply(200, {"success": True, "data": data})


def _item(rules: Sandbox, key: str) -> tuple[Invoice, Item]:
    for invoice in rules.state.invoices:
        found = invoice.items.get(key)
        if found is not None:
            return invoice, found
    raise not_found("invoice item", key)


TABLE = (
    Route("GET", "/v1/rateplans/{ratePlanId}", "get_rate_plan", get_rate_plan, "a subscribed rate plan"),
    Route(
        "PUT",
        "/v1/orderActions/{id}",
        "update_order_action",
        update_order_action,
        "custom fields of an order action",
        OrderFields,
    ),
    Route(
        "GET",
        "/v1/orders/deltaMetrics/{orderNumber}",
        "get_order_delta_metrics",
        order_metrics,
        "what an order changed in value",
    ),
    Route(
        "GET",
        "/v1/invoices/invoice-item/{id}/usage-rate-detail",
        "get_usage_rate_detail",
        usage_rate_detail,
        "the usage that an invoice item bills",
    ),
)
