"""Pages of what has changed, in the order of change and of the key: each once, by cursors of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from core.api.v1.filters import cursor_of, no_cursor, place_of, wrong

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MOST_US = (_LAST - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is wanted. list: its name, by which it knows its own cursors; since: of the change."""

    list: str
    cursor: str | None
    since: datetime | None
    limit: int


async def paged(
    read: Callable[[datetime], AsyncIterator[T]],
    key: Callable[[T], tuple[datetime, str]],
    keep: Callable[[T], bool],
    asked: Asked,
    *,
    ordered: bool,
) -> tuple[list[T], str | None]:
    """One page and the cursor of the next. ordered: `read` gives the oldest change first, so that it need not
    be read to its end; what changed in one moment comes in any order."""
    after, limit = _place_of(asked), asked.limit
    begin = begin_of(asked.since)
    if after is not None:
        begin = max(begin, _EPOCH + timedelta(microseconds=after[0]))
    found: list[tuple[tuple[int, str], T]] = []
    async for each in read(begin):
        moment, name = key(each)
        place = (moment - _EPOCH) // timedelta(microseconds=1), name
        if ordered and len(found) > limit and place[0] > found[-1][0][0]:
            break
        if moment >= begin and (after is None or place > after) and keep(each):
            found.append((place, each))
    found.sort(key=lambda each: each[0])
    page = found[:limit]
    following = cursor_of(asked.list, "{}:{}".format(*page[-1][0])) if len(found) > limit else None
    return [each for _, each in page], following


def begin_of(since: datetime | None) -> datetime:
    """Nothing is older than the epoch of the lists; Wrong (422) for what no clock of a vendor shows."""
    try:
        begin = _START if since is None else max(since.astimezone(UTC), _START)
    except OverflowError:
        begin = _LAST + timedelta(days=1)
    if begin > _LAST:
        wrong("changed_since", str(since), f"between {_START:%Y-%m-%d} and {_LAST:%Y-%m-%d}")
    return begin


def _place_of(asked: Asked) -> tuple[int, str] | None:
    """Wrong (422) for what was never given out, or by another list."""
    place = place_of(asked.list, asked.cursor)
    if place is None:
        return None
    moment, parted, name = place.partition(":")
    if not (parted and moment.isascii() and moment.isdecimal()) or int(moment[:20]) > _MOST_US:
        no_cursor(str(asked.cursor))
    return int(moment), name
