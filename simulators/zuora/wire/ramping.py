"""Ramps on the wire: their definition in orders, and how they and their figures are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.contracts import Interval, Ramp, Subscription
from simulators.zuora.rules.order import RampWish
from simulators.zuora.rules.proration import BillingRules
from simulators.zuora.rules.ramps import Worth, members, worths
from simulators.zuora.wire.shape import Day, Shape

Name = Annotated[str, Field(max_length=150)]
Text = Annotated[str, Field(max_length=500)]


class IntervalShape(Shape):
    """An entry of intervals; its end is inclusive."""

    startDate: Day
    endDate: Day
    name: Name | None = None
    description: Text | None = None


class RampCharge(Shape):
    """An entry of charges: one of the two names it."""

    chargeNumber: str | None = None
    uniqueToken: str | None = None


class RampShape(Shape):
    """ramp of an order's subscription."""

    name: Name | None = None
    description: Text | None = None
    intervals: list[IntervalShape] = Field(default_factory=list)
    charges: list[RampCharge] = Field(default_factory=list)
    delete: bool = False

    def wish(self) -> RampWish:
        """What the rules make of it."""
        return RampWish(
            name=self.name,
            description=self.description,
            intervals=tuple(
                Interval(each.startDate, each.endDate, each.name, each.description) for each in self.intervals
            ),
            charges=tuple(key for c in self.charges if (key := c.chargeNumber or c.uniqueToken)),
            delete=self.delete,
        )


def _interval(each: Interval) -> dict[str, Any]:
    return {
        "name": each.name,
        "description": each.description,
        "startDate": each.start.isoformat(),
        "endDate": each.end.isoformat(),
    }


def _head(ramp: Ramp) -> dict[str, Any]:
    return {"number": ramp.number, "name": ramp.name, "description": ramp.description}


def shown(sold: Subscription, ramp: Ramp) -> dict[str, Any]:
    """A ramp as it is."""
    return {
        "id": ramp.id,
        **_head(ramp),
        "subscriptionNumber": sold.number,
        "charges": [{"chargeNumber": charge.number} for charge in members(sold, ramp)],
        "intervals": [_interval(each) for each in ramp.intervals],
    }


def metrics(sold: Subscription, ramp: Ramp, rules: BillingRules) -> dict[str, Any]:
    """What it is worth, interval by interval and charge by charge; discounts are not counted."""
    rows = []
    every: list[Worth] = []
    for interval in ramp.intervals:
        found = [w for charge in members(sold, ramp) for w in worths(charge, interval, rules)]
        every += found
        detail = [_charge(sold, worth) for worth in found]
        rows.append({**_interval(interval), **_sums(found, sold), "intervalMetrics": detail})
    return {**_head(ramp), **_sums(every, sold), "intervals": rows}


def _sums(found: Iterable[Worth], sold: Subscription) -> dict[str, Any]:
    rows, currency = list(found), sold.account.currency
    tcv = major(sum(worth.tcv for worth in rows), currency)
    tcb = major(sum(worth.tcb for worth in rows), currency)
    return {
        "grossTcv": tcv,
        "netTcv": tcv,
        "discountTcv": 0,
        "grossTcb": tcb,
        "netTcb": tcb,
        "discountTcb": 0,
    }


def _charge(sold: Subscription, worth: Worth) -> dict[str, Any]:
    mrr = major(worth.mrr, sold.account.currency)
    dates = {"startDate": worth.start.isoformat(), "endDate": (worth.end - timedelta(days=1)).isoformat()}
    return {
        "chargeNumber": worth.charge.number,
        "ratePlanChargeId": worth.charge.id,
        "productRatePlanChargeId": worth.charge.source.id,
        "subscriptionNumber": sold.number,
        "quantity": worth.quantity,
        **dates,
        **_sums([worth], sold),
        "mrr": [{**dates, "gross": mrr, "net": mrr, "discount": 0}],
    }
