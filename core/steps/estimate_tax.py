"""Ask the tax engine before anything is sold: an address it cannot place holds the order."""

from __future__ import annotations

from core.canonical.money import Money
from core.canonical.orders import OrderKind
from core.ports.desk import Desk
from core.steps.cases import OrderCase


async def estimate_tax(desk: Desk, case: OrderCase) -> None:
    """Only for new business: later orders go to an address that has been placed before."""
    if case.order.kind is not OrderKind.NEW:
        return
    net = sum(line.quantity * line.price.minor for line in case.order.lines)
    await desk.tax.estimate(case.account, Money(net, case.order.currency), f"{case.key}/estimate_tax")
