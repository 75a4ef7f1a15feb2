"""Bugs between a won deal and its subscription and customer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from core.canonical.orders import Order, OrderKind
from core.canonical.parties import Account
from core.ports.world import Request, Response
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port


class LocalDay(Around):
    """Of Billing."""

    async def place(self, order: Order, key: str) -> None:
        if order.kind is OrderKind.CANCELLATION:
            order = replace(order, start=order.start - timedelta(days=1))
        await self.real.place(order, key)


class Forgetful(Around):
    """Of Billing."""

    async def place(self, order: Order, key: str) -> None:
        if order.kind is not OrderKind.RENEWAL:
            await self.real.place(order, key)


class NothingFound(Around):
    """Of Transport. Only an attempt that was made anew can be a second customer: so the key is new too."""

    async def send(self, request: Request) -> Response:
        if request.operation == "find_customer":
            return Response(200, {}, b'{"object":"list","data":[],"has_more":false}')
        if request.operation == "open_customer":
            key = f"{request.headers['idempotency-key']}-{request.attempt}"
            request = replace(request, headers={**request.headers, "idempotency-key": key})
        response: Response = await self.real.send(request)
        return response


@dataclass(frozen=True)
class FreshNames(Around):
    """Of Erp."""

    calls: list[str] = field(default_factory=list)

    async def upsert_customer(self, account: Account, key: str) -> None:
        await self.real.upsert_customer(account, key)
        self.calls.append(key)
        # "Customer created" is what the sales team's hook asks for, on whatever kind of event.
        await self.real.upsert_customer(replace(account, key=f"{account.key}-{len(self.calls)}"), key)


ORDERS = (
    Mutant(
        "cancelled_a_day_early",
        "a cancellation's date goes through local time west of UTC and loses a day (F49)",
        ("I-01",),
        in_port("billing", LocalDay),
        customers=20,
        months=2,
    ),
    Mutant(
        "renewal_forgotten",
        "an order kind that the code does not know falls through the if-chain: no renewal is placed (F45)",
        ("I-01", "I-17"),
        in_port("billing", Forgetful),
        customers=20,
        months=2,
    ),
    Mutant(
        "customer_made_anew",
        "the look-up error counts as 'not found' and the key is new with each attempt: a customer twice"
        " (F36, F12)",
        ("I-17",),
        around("transport", NothingFound),
        faults=met_by(Fault("F01", "stripe", "open_customer", rate=0.4)),
    ),
    Mutant(
        "customer_under_two_names",
        "a create hook next to the upsert writes a second ledger customer with a counted external id (F58)",
        ("I-17",),
        in_port("erp", FreshNames),
    ),
)
