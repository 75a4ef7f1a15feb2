"""Pages of what has changed, in the order of change and of the key: each once, by cursors of ours."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from core.api.v1.problems import Fault, Wrong

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def paged(
    read: Callable[[datetime], AsyncIterator[T]],
    key: Callable[[T], tuple[datetime, str]],
    keep: Callable[[T], bool],
    asked: tuple[str | None, datetime | None, int],
    *,
    ordered: bool,
) -> tuple[list[T], str | None]:
    """One page and the cursor of the next. asked: cursor, changed since, limit; ordered: `read` gives the
    oldest change first, so that it need not be read to its end; what changed in one moment comes in any
    order."""
    cursor, since, limit = asked
    after = _place_of(cursor)
    begin = begin_of(since)
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
    following = _cursor(page[-1][0]) if len(found) > limit else None
    return [each for _, each in page], following


def begin_of(since: datetime | None) -> datetime:
    """Nothing is older than the epoch of the lists; Wrong (422) for what no clock of a vendor shows."""
    try:
        begin = _START if since is None else max(since.astimezone(UTC), _START)
    except OverflowError:
        begin = _LAST + timedelta(days=1)
    if begin > _LAST:
        reason = f"between {_START:%Y-%m-%d} and {_LAST:%Y-%m-%d}"
        fault = Fault(where="query", field="changed_since", value=str(since), reason=reason)
        raise Wrong(422, "invalid", f"changed_since: {since}: {reason}", faults=[fault])
    return begin


def _cursor(place: tuple[int, str]) -> str:
    return base64.urlsafe_b64encode(f"at:{place[0]}:{place[1]}".encode()).decode().rstrip("=")


def _place_of(cursor: str | None) -> tuple[int, str] | None:
    """Wrong (422) for what was never given out."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        word, _, rest = raw.decode().partition(":")
        moment, _, name = rest.partition(":")
        if (
            word == "at"
            and moment.isdecimal()
            and int(moment) <= (_LAST - _EPOCH) // timedelta(microseconds=1)
        ):
            place = int(moment), name
            if _cursor(place) == cursor:
                return place
    except (binascii.Error, ValueError):
        pass
    reason = "no cursor of ours; begin without one"
    fault = Fault(where="query", field="cursor", value=cursor[:200], reason=reason)
    raise Wrong(422, "invalid", f"cursor: {cursor[:200]!r}: {reason}", faults=[fault])
