"""Ask the tax engine before anything is sold: an address it cannot place holds the order."""

from __future__ import annotations

from core.canonical.money import Money
from core.canonical.orders import OrderKind
from core.ports.desk import Desk
from core.steps.cases import OrderCase


async def estimate_tax(desk: Desk, case: OrderCase) -> None:
    """Only for new business that sells anything: later orders go to an address that was placed before."""
    if case.order.kind is not OrderKind.NEW or not case.order.lines:
        return
    net: dict[str, int] = {}
    for line in case.order.lines:
        net[line.product] = net.get(line.product, 0) + line.quantity * line.price.minor
    worth = {product: Money(minor, case.order.currency) for product, minor in net.items()}
    await desk.tax.estimate(case.account, worth, f"{case.key}/estimate_tax")
