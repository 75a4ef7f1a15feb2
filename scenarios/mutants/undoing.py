"""Bugs where operators take a transaction back: one step left out, one twice, somebody else's instead."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.canonical.orders import Order
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port


class LeftOut(Around):
    """Of Crm."""

    async def withdraw(self, _order: Order, _key: str) -> None:
        return None


class Twice(Around):
    """Of Crm."""

    async def withdraw(self, order: Order, key: str) -> None:
        await self.real.withdraw(order, key)
        await self.real.withdraw(order, key)


@dataclass(frozen=True)
class Neighbours(Around):
    """Of Billing."""

    orders: list[Order] = field(default_factory=list)

    async def place(self, order: Order, key: str) -> None:
        await self.real.place(order, key)
        self.orders.append(order)

    async def withdraw(self, order: Order, key: str) -> None:
        other = next((each for each in self.orders if each.number != order.number), order)
        await self.real.withdraw(other, key)


UNDOING = (
    Mutant(
        "compensation_left_out",
        "a saga on its way back counts a compensation as done that was never sent",
        ("I-28",),
        in_port("crm", LeftOut),
        customers=2,
        months=2,
        story="order_taken_back",
    ),
    Mutant(
        "compensated_twice",
        "a compensation is sent again although it was answered",
        ("I-28",),
        in_port("crm", Twice),
        customers=2,
        months=2,
        story="order_taken_back",
    ),
    Mutant(
        "somebody_elses_order_taken_back",
        "the compensation finds its order by its place in a list instead of its number",
        ("I-29",),
        in_port("billing", Neighbours),
        customers=2,
        months=2,
        story="order_taken_back",
    ),
)
