"""Orders placed under their own number, so that placing one twice places it once."""

from __future__ import annotations

from urllib.parse import quote

from core.canonical.errors import Missing, Refused
from core.canonical.orders import Order, OrderKind
from core.connectors.zuora.api import Api
from core.connectors.zuora.catalogue import Catalogue
from core.connectors.zuora.ordering import change_order, new_order, standing, withdrawal, withdrawal_number
from core.connectors.zuora.wire import Json
from core.mappings.shipped import SHIPPED, Mappings


class Orders:
    """The Orders API. The order number is the identity, so no idempotency key is sent: the vendor
    would repeat a refusal for a day after its cause (a missing account, say) is gone."""

    def __init__(self, api: Api, catalogue: Catalogue, maps: Mappings = SHIPPED) -> None:
        self._api, self._catalogue, self._periods = api, catalogue, maps["billing_periods"]

    async def place(self, order: Order, key: str) -> None:
        """Create, amend, renew or cancel; quiet if the order number was placed before."""
        try:
            body = await self._body(order)
            await self._api.post("place_order", key, "/v1/orders", body, idempotency_key=False)
        except Refused:
            # After a lost answer the vendor may complain of what the first attempt changed (a removed
            # product, a subscription that exists) before it looks at the order number.
            if await self.placed(order.number):
                return
            raise

    async def withdraw(self, order: Order, key: str) -> None:
        """Cancel from the first day, by an order of its own number; quiet if that was placed before."""
        try:
            body = withdrawal(order)
            await self._api.post("withdraw_order", key, "/v1/orders", body, idempotency_key=False)
        except Refused:
            if await self.placed(withdrawal_number(order)):
                return
            raise

    async def placed(self, number: str) -> bool:
        """Whether an order of this number exists."""
        try:
            await self._api.read("get_order", number, f"/v1/orders/{quote(number, safe='')}")
        except Missing:
            return False
        return True

    async def _body(self, order: Order) -> Json:
        plans = await self._catalogue.plans(
            line.product for line in order.lines if line.quantity and order.kind is not OrderKind.CANCELLATION
        )
        if order.kind is OrderKind.NEW:
            return new_order(order, plans, self._periods)
        path = f"/v1/subscriptions/{quote(order.subscription, safe='')}?charge-detail=last-segment"
        held = await self._api.read("get_subscription", order.subscription, path)
        return change_order(order, plans, standing(held), self._periods)
