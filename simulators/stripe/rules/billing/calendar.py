"""Billing periods: whole intervals counted from an anchor, days clipped to the month (UTC)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from simulators.stripe.rules.refusals import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIXED = {"day": 86_400, "week": 604_800}
LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


def moment(second: int) -> datetime:
    """The UTC moment of a unix second."""
    try:
        return _EPOCH + timedelta(seconds=second)
    except OverflowError:
        raise _beyond(second) from None


def _beyond(second: int) -> Refused:
    return Refused(f"Invalid timestamp: {second} is too far away.")


def second(of: datetime) -> int:
    """The unix second of a UTC moment."""
    return int((of - _EPOCH).total_seconds())


def step(anchor: int, interval: str, count: int, times: int) -> int:
    """`anchor` moved by `times` intervals of `count` days, weeks, months or years."""
    if interval in _FIXED:
        return anchor + _FIXED[interval] * count * times
    months = count * times * (12 if interval == "year" else 1)
    at = moment(anchor)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise _beyond(anchor)
    last = monthrange(year, month + 1)[1]
    return second(at.replace(year=year, month=month + 1, day=min(at.day, last)))


def boundary_after(anchor: int, interval: str, count: int, now: int) -> int:
    """The first boundary of the cycle that lies after `now`."""
    return step(anchor, interval, count, _periods(anchor, interval, count, now) + 1)


def boundary_until(anchor: int, interval: str, count: int, now: int) -> int:
    """The last boundary of the cycle at or before `now`."""
    return step(anchor, interval, count, _periods(anchor, interval, count, now))


def _periods(anchor: int, interval: str, count: int, now: int) -> int:
    """How many whole intervals lie between the anchor and `now`; negative before the anchor."""
    if interval in _FIXED:
        return (now - anchor) // (_FIXED[interval] * count)
    start, at = moment(anchor), moment(now)
    months = (at.year - start.year) * 12 + at.month - start.month
    span = count * (12 if interval == "year" else 1)
    guess = months // span + 1
    while step(anchor, interval, count, guess) > now:
        guess -= 1
    return guess


def length(interval: str, count: int) -> int:
    """Days of an interval, roughly, to compare intervals."""
    return {"day": 1, "week": 7, "month": 30, "year": 365}[interval] * count


def anchored(
    now: int, day: int, month: int | None, hour: int | None, minute: int | None, sec: int | None
) -> int:
    """The next moment after `now` on that day of the month (the last day if the month is shorter)."""
    at = moment(now)
    for ahead in range(26):
        year, index = divmod(at.year * 12 + at.month - 1 + ahead, 12)
        if month is not None and index + 1 != month:
            continue
        clipped = min(day, monthrange(year, index + 1)[1])
        found = at.replace(
            year=year,
            month=index + 1,
            day=clipped,
            hour=at.hour if hour is None else hour,
            minute=at.minute if minute is None else minute,
            second=at.second if sec is None else sec,
            microsecond=0,
        )
        if second(found) > now:
            return second(found)
    raise ValueError("no such day")
