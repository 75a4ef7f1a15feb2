"""Cut-off: a document of a closed period is posted on the first day that is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from core.canonical.errors import PeriodClosed
from core.ports.desk import Desk


async def post_in_open_period(desk: Desk, on: date, post: Callable[[date], Awaitable[None]]) -> None:
    """Try the document's own day; where its period is closed, the next open one (bounded: twice)."""
    try:
        await post(on)
        return
    except PeriodClosed:
        desk.watch.count("posted_in_later_period")
    await post(await desk.erp.first_open_day(on))


def takes_in(desk: Desk, currency: str) -> str:
    """Key of the legal entity that a currency at the processor and in the bank is of; "" where there is
    only one company. Held where nobody takes it in."""
    return desk.routing.cashier(currency).key if desk.routing.entities else ""
