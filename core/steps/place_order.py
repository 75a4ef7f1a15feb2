"""Create or change the subscription that an accepted quote stands for."""

from __future__ import annotations

from core.ports.desk import Desk
from core.steps.cases import OrderCase


async def place_order(desk: Desk, case: OrderCase) -> None:
    """Once per order number, however often it is called."""
    await desk.billing.place(case.order, f"{case.key}/place_order")


async def activate_in_crm(desk: Desk, case: OrderCase) -> None:
    """Tell the CRM which subscription came of it."""
    await desk.crm.activate(case.order, f"{case.key}/activate_in_crm")


async def announce_order(desk: Desk, case: OrderCase) -> None:
    """Tell the customer."""
    text = f"Your {case.order.kind} order {case.order.number} takes effect on {case.order.start}."
    await desk.notifier.tell(case.account, "Order confirmed", text, f"{case.key}/announce_order")
