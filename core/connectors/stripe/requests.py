"""Payment requests: asked for once per invoice, charged, read with their charges."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from core.canonical.errors import AlreadyThere, Refused
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.payments import PaymentRequest
from core.connectors.stripe import mapping, wire
from core.connectors.stripe.api import Api
from core.connectors.stripe.judge import SYSTEM
from core.connectors.stripe.wire import Json
from core.mappings.shipped import SHIPPED, Mappings


class Requests:
    """Reads lists by customer and by intent, which are consistent; never the search, which lags."""

    def __init__(self, api: Api, maps: Mappings = SHIPPED) -> None:
        self._api, self._methods = api, maps["payment_methods"]

    async def ask(self, invoice: Invoice, customer: str, *, charge_now: bool, key: str) -> PaymentRequest:
        """Look first: the vendor forgets keys after a day, and a hold may last longer. What was sent back or
        withdrawn asks for nothing any more, so another request takes its place, under a key that names it."""
        former = await self.of_invoice(invoice.number, customer)
        if former is not None and _stands(former):
            return former
        key = f"{key}/after/{former.id}" if former is not None else key
        method = await self._default_method(customer) if charge_now else ""
        return await self._api.write(
            "ask_payment",
            key,
            wire.path("payment_intents"),
            mapping.new_intent(invoice, customer, method, self._methods),
            lambda: self._standing(invoice.number, customer),
            self._answered,
        )

    async def _standing(self, number: str, customer: str) -> PaymentRequest | None:
        found = await self.of_invoice(number, customer)
        return found if found is not None and _stands(found) else None

    async def get(self, id: str) -> PaymentRequest:  # noqa: A002
        """By id: its charges, which bring the intent along; the intent alone if there are none."""
        charges = await self._charges(id, {"expand": ["data.payment_intent"]})
        if charges:
            return mapping.request(charges[0]["payment_intent"], charges)
        return mapping.request(
            await self._api.read("get_payment", id, wire.path("payment_intents", id)), charges
        )

    async def of_invoice(self, number: str, customer: str) -> PaymentRequest | None:
        """The request for an invoice number among the customer's."""
        rows = self._api.pages("find_payment", number, "payment_intents", {"customer": customer})
        intents = [row async for row in rows if wire.metadata(row, "invoice") == number]
        return mapping.foremost([await self._with_charges(each) for each in intents])

    async def charge_again(self, request: PaymentRequest, key: str) -> PaymentRequest:
        """Refused while the customer has no default method: asking again at once would not help."""
        method = await self._default_method(request.customer)
        if not method:
            raise Refused(f"customer {request.customer} has no default payment method", system=SYSTEM)
        params = mapping.confirmation(method)
        del params["confirm"]

        async def tried() -> PaymentRequest | None:
            now = await self.get(request.id)
            return now if now.attempts > request.attempts or now.status not in ("open", "failed") else None

        where = wire.path(f"payment_intents/{request.id}/confirm")
        try:
            return await self._api.write("charge_again", key, where, params, tried, self._answered)
        except AlreadyThere:
            # It has been paid or cancelled by somebody else in the meantime.
            return await self.get(request.id)

    async def withdraw(self, request: PaymentRequest, key: str) -> None:
        """Refused where it has been paid, or is being paid."""

        async def gone() -> PaymentRequest | None:
            now = await self.get(request.id)
            return now if now.status == "cancelled" else None

        where = wire.path(f"payment_intents/{request.id}/cancel")
        params = {"cancellation_reason": "abandoned"}
        try:
            await self._api.write("withdraw_payment", key, where, params, gone, self._answered)
        except AlreadyThere as error:
            if await gone() is None:
                raise Refused(f"{request.id} cannot be withdrawn: {error.detail}", system=SYSTEM) from None

    async def reduce(self, request: PaymentRequest, amount: Money, key: str) -> None:
        """Refused by the vendor where it has been paid, or is being paid."""

        async def asks() -> PaymentRequest | None:
            now = await self.get(request.id)
            return now if now.amount == amount else None

        where = wire.path("payment_intents", request.id)
        params = {"amount": mapping.minor(amount)}
        await self._api.write("reduce_payment", key, where, params, asks, self._answered)

    async def charged_since(self, moment: datetime, status: str) -> AsyncIterator[PaymentRequest]:
        """Requests of that status with such a charge at or after, oldest charge first."""
        wanted = "succeeded" if status == "paid" else "failed"
        params = {"created": {"gte": mapping.seconds(moment)}, "expand": ["data.payment_intent"]}
        rows = self._api.pages("list_charges", status, "charges", params)
        found = [row async for row in rows if mapping.charge_state(row) == wanted]
        for each in mapping.requests_of(found, status):
            yield each

    async def _answered(self, body: Json) -> PaymentRequest:
        """An intent, or the intent that a decline names."""
        return await self._with_charges(wire.error_of(body).get("payment_intent") or body)

    async def _with_charges(self, intent: Json) -> PaymentRequest:
        charges = await self._charges(str(intent["id"]), {}) if intent["latest_charge"] else []
        return mapping.request(intent, charges)

    async def _charges(self, intent: str, more: wire.Params) -> list[Json]:
        params = {"payment_intent": intent, **more}
        return [row async for row in self._api.pages("list_charges", intent, "charges", params)]

    async def _default_method(self, customer: str) -> str:
        body = await self._api.read("get_customer", customer, wire.path("customers", customer))
        return mapping.default_method(body)


def _stands(request: PaymentRequest) -> bool:
    return not request.returned and request.status != "cancelled"
