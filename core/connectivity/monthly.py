"""Jobs of a month's end: revenue, what entities owe each other, revaluation; a missed month is caught up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from core.canonical.errors import CoreError
from core.close.between import settle_between
from core.close.revalue import revalue_month
from core.connectivity.model import Parts
from core.connectivity.periodic import inline_policy, today
from core.connectivity.thresholds import Thresholds
from core.finance.calendar import add_months
from core.reliability.retry import insist
from core.revenue.bundles import allocate_bundles
from core.revenue.recognise import recognise
from core.revenue.usage import accrue_usage


def monthly_jobs(parts: Parts, *, remember: bool) -> dict[str, Callable[[], Awaitable[None]]]:
    """The jobs of a closing, and of what is looked at by the month. remember: a model with a durable memory
    also does a month that it missed."""
    settings = parts.settings
    jobs: dict[str, Callable[[], Awaitable[None]]] = {
        "recognition": lambda: monthly(
            parts, "recognise", settings.recognition_day, _recognise, remember=remember
        )
    }
    if settings.legal_entities.eliminations:
        day = settings.recognition_day
        jobs["intercompany"] = lambda: monthly(parts, "intercompany", day, _between, remember=remember)
    on = settings.revaluation_day
    if on is not None:
        jobs["revaluation"] = lambda: monthly(parts, "revalue", on, _revalue, remember=remember)
    if settings.webhooks.usage_thresholds:
        jobs["usage_thresholds"] = Thresholds(parts).run
    return jobs


async def monthly(
    parts: Parts,
    name: str,
    begins: int,
    act: Callable[[Parts, date], Awaitable[bool]],
    *,
    remember: bool,
) -> None:
    """The month before, from its day on.

    With `remember` every month since the last one that was done, in order, on each day until it is: also
    when the next month has ended meanwhile. What fails in one keeps the later ones from being counted as
    done, not from being tried: each job posts nothing twice, and a later month that was posted before an
    earlier one is put right when it is done again. A job that never ran begins with the month before.
    """
    on = today(parts)
    this = on.replace(day=1)
    if not remember:
        if on.day == begins:
            await act(parts, add_months(this, -1))
        return
    last = add_months(this, -1 if on.day >= begins else -2)
    mark = await parts.store.watermark(name)
    if not mark:
        # The starting point is remembered, or a first month that fails would be forgotten with its successor.
        first = last if on.day >= begins else add_months(last, 1)
        mark = add_months(first, -1).toordinal()
        await parts.store.move_watermark(name, mark)
    month, whole = add_months(date.fromordinal(mark), 1), True
    while month <= last:
        whole = await act(parts, month) and whole
        if whole:
            await parts.store.move_watermark(name, month.toordinal())
        month = add_months(month, 1)


async def _recognise(parts: Parts, month: date) -> bool:
    """What cannot be allocated yet does not keep the rest from being released; it is caught up later."""
    desk = parts.desk
    allocated = await _tried(
        parts,
        "allocate",
        month,
        ("SSP", "bundles of {} not allocated"),
        lambda: allocate_bundles(desk, month),
    )
    released = await _tried(
        parts,
        "recognise",
        month,
        ("REV", "revenue of {} not posted"),
        lambda: recognise(desk, month),
    )
    accrued = await _tried(
        parts, "accrue_usage", month, ("USE", "use of {} not accrued"), lambda: accrue_usage(desk, month)
    )
    return allocated and released and accrued


async def _between(parts: Parts, month: date) -> bool:
    try:
        await insist(
            lambda: settle_between(parts.desk, month), inline_policy(parts), parts.draws, "between", month
        )
    except CoreError as error:
        text = f"what entities owe each other for {month:%Y-%m} is not settled: {error.detail}"
        parts.desk.watch.alert("high", f"IC-{month:%Y-%m}", text)
        return False
    return True


async def _revalue(parts: Parts, month: date) -> bool:
    says = ("FXR", "{} not revalued")
    return await _tried(parts, "revalue", month, says, lambda: revalue_month(parts.desk, month))


async def _tried(
    parts: Parts, name: str, month: date, says: tuple[str, str], act: Callable[[], Awaitable[int]]
) -> bool:
    """With retries in memory; says: the subject and the text of the alert where all of them fail."""
    try:
        await insist(act, inline_policy(parts), parts.draws, name, month)
    except CoreError as error:
        text = f"{says[1].format(f'{month:%Y-%m}')}: {error.detail}"
        parts.desk.watch.alert("high", f"{says[0]}-{month:%Y-%m}", text)
        return False
    return True
