"""Create or change the subscription that an accepted quote stands for, or take that back."""

from __future__ import annotations

from core.canonical.errors import Refused
from core.canonical.orders import OrderKind
from core.ports.desk import Desk
from core.steps.cases import OrderCase
from core.steps.stale import refuse_stale


async def place_order(desk: Desk, case: OrderCase) -> None:
    """Once per order number, however often it is called."""
    await desk.billing.place(case.order, f"{case.key}/place_order")


async def activate_in_crm(desk: Desk, case: OrderCase) -> None:
    """Tell the CRM which subscription came of it, unless it was withdrawn since."""
    key = f"{case.key}/activate_in_crm"
    if not await desk.crm.activate(case.order, key):
        refuse_stale(desk, "crm", key, f"order {case.order.number} is active: it was withdrawn since")


async def announce_order(desk: Desk, case: OrderCase) -> None:
    """Tell the customer."""
    text = f"Your {case.order.kind} order {case.order.number} takes effect on {case.order.start}."
    await desk.notifier.tell(case.account, "Order confirmed", text, f"{case.key}/announce_order")


async def withdraw_order(desk: Desk, case: OrderCase) -> None:
    """A new subscription is cancelled from its first day, once; nothing if it was never placed.

    Refused for a change of a subscription: another change in the CRM takes it back, with its own prices.
    """
    if case.order.kind is not OrderKind.NEW:
        raise Refused(f"order {case.order.number}: {case.order.kind} is taken back by another quote only")
    if await desk.billing.placed(case.order.number):
        await desk.billing.withdraw(case.order, f"{case.key}/withdraw_order")


async def withdraw_in_crm(desk: Desk, case: OrderCase) -> None:
    """Tell the CRM that nothing came of it."""
    await desk.crm.withdraw(case.order, f"{case.key}/withdraw_in_crm")


async def announce_withdrawal(desk: Desk, case: OrderCase) -> None:
    """Tell the customer, if anything had been announced."""
    text = f"Your {case.order.kind} order {case.order.number} has been withdrawn; nothing is billed for it."
    await desk.notifier.tell(case.account, "Order withdrawn", text, f"{case.key}/announce_withdrawal")
