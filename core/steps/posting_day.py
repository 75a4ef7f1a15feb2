"""Cut-off: a document of a closed period is posted on the first day that is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from core.canonical.errors import Held, PeriodClosed
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.ledger.conventions import ClosedPeriod, LateDay
from core.ports.desk import Desk


async def post_in_open_period(
    desk: Desk, on: date, post: Callable[[date], Awaitable[None]], amount: Money | None = None
) -> None:
    """Try the document's own day; where its period is closed, the next open one (bounded: twice).

    Held for the controller where the company's books hold what is late, or what is material: `amount`.
    """
    try:
        await post(on)
        return
    except PeriodClosed as closed:
        _may_be_late(desk, on, amount, closed)
        desk.watch.count("posted_in_later_period")
    first = await desk.erp.first_open_day(on)
    if desk.books.late_day is LateDay.POSTING:
        # Never in a period that is yet to come: the first open one may be later than today.
        first = max(first, min(desk.today, last_day(first)))
    await post(first)


def _may_be_late(desk: Desk, on: date, amount: Money | None, closed: PeriodClosed) -> None:
    policy = desk.books
    if policy.closed_period is ClosedPeriod.HELD:
        raise Held(f"period: {on:%Y-%m} is closed; reopen it or post by hand", owner="controller") from closed
    if policy.material is not None and amount is not None and abs(amount.minor) >= policy.material:
        raise Held(
            f"amount: {amount} late for {on:%Y-%m} is material (from {policy.material} minor units on); "
            "reopen the period or post by hand",
            owner="controller",
        ) from closed


def takes_in(desk: Desk, currency: str) -> str:
    """Key of the legal entity that a currency at the processor and in the bank is of; "" where there is
    only one company. Held where nobody takes it in."""
    return desk.routing.cashier(currency).key if desk.routing.entities else ""
