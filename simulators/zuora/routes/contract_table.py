"""The rows of the contract half: catalogue, orders, subscriptions, usage."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.zuora.routes import (
    async_orders,
    catalogue,
    classic,
    metrics,
    orders,
    ramps,
    subscriptions,
    usage,
)

CONTRACT_TABLE: tuple[Route, ...] = (
    *catalogue.TABLE,
    *orders.TABLE,
    *async_orders.TABLE,
    *subscriptions.TABLE,
    *classic.TABLE,
    *usage.TABLE,
    *metrics.TABLE,
    *ramps.TABLE,
)
