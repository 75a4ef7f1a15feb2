"""Requests that change something of an order or a subscription without a new order."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.catalogue import TRIGGERS
from simulators.zuora.rules.refusal import INVALID, UNKNOWN_FIELD, Refused
from simulators.zuora.rules.waiting import Triggering
from simulators.zuora.wire.shape import Day, Shape, is_custom, words


class CancelOrder(Shape):
    """PUT /v1/orders/{orderNumber}/cancel."""

    cancelReason: str | None = None


class NamedDate(Shape):
    """A trigger date."""

    name: str
    triggerDate: Day


class ActionDates(Shape):
    """Trigger dates of one action, by its place."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("charges")

    sequence: int
    triggerDates: list[NamedDate] = Field(default_factory=list)

    def dates(self) -> dict[str, date]:
        """The dates by name."""
        for each in self.triggerDates:
            if each.name not in TRIGGERS:
                raise Refused(INVALID, f"'{each.name}' is not a trigger date.", "triggerDates")
        return {each.name: each.triggerDate for each in self.triggerDates}


class SubscriptionDates(Shape):
    """Trigger dates of one subscription's actions."""

    subscriptionNumber: str
    orderActions: list[ActionDates] = Field(default_factory=list)


class TriggerDates(Shape):
    """PUT /v1/orders/{orderNumber}/triggerDates."""

    subscriptions: list[SubscriptionDates]

    def wishes(self) -> list[Triggering]:
        """What the rules make of it."""
        return [
            Triggering(sold.subscriptionNumber, each.sequence, each.dates())
            for sold in self.subscriptions
            for each in sold.orderActions
        ]


class OrderFields(Shape):
    """PUT /v1/orders/{orderNumber}/customFields."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("subscriptions")

    customFields: dict[str, Any] = Field(default_factory=dict)

    def checked(self) -> dict[str, Any]:
        """The custom fields; Refused where a name is none of one."""
        for name in self.customFields:
            if not is_custom(name):
                raise Refused(UNKNOWN_FIELD, f"Unknown field 'customFields.{name}'.", name)
        return self.customFields


class SubscriptionFields(OrderFields):
    """PUT /v1/subscriptions/{key}/customFields."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("ratePlans")
