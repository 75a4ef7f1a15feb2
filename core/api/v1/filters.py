"""What lists may be asked for: moments, limits, cursors and words, each read strictly."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Annotated, NoReturn

from fastapi import Query
from pydantic import AwareDatetime, BeforeValidator

from core.api.v1.problems import Fault, Wrong
from core.api.v1.reading import KEY

MOST = 200
# RFC 3339, 5.6; without it a bare number would be read as seconds since 1970.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,6}")


def _moment(value: object) -> object:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("a moment with its offset, such as 2026-01-31T00:00:00Z (a + is %2B in an address)")
    return value


def _whole(value: object) -> object:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError(f"a whole number from 1 to {MOST}")
    return value


Since = Annotated[
    AwareDatetime | None,
    BeforeValidator(_moment),
    Query(description="Only what has changed at or after; with an offset"),
]
Limit = Annotated[int, BeforeValidator(_whole), Query(ge=1, le=MOST)]
Cursor = Annotated[str | None, Query(max_length=300, description="`next` of the page before, of this list")]
# Any key of a business object: of one that there is nothing of the page is empty.
Word = Annotated[str | None, Query(pattern=KEY)]


def one_of(field: str, value: str | None, known: Iterable[str]) -> None:
    """Wrong (422) for a word that is none of those; None asks for nothing."""
    allowed = sorted(set(known))
    if value is not None and value not in allowed:
        wrong(field, value, f"there is none; there are: {', '.join(allowed)}", allowed)


def wrong(field: str, value: str, reason: str, allowed: Iterable[str] = ()) -> NoReturn:
    """422 about a query parameter."""
    fault = Fault(where="query", field=field[:100], value=value[:200], reason=reason, allowed=list(allowed))
    raise Wrong(422, "invalid", f"{fault.field}: {fault.value!r}: {reason}", faults=[fault])


def cursor_of(name: str, place: str) -> str:
    """Opaque to its reader: what comes after a place of the list `name`."""
    return base64.urlsafe_b64encode(f"{name}:{place}".encode()).decode().rstrip("=")


def place_of(name: str, cursor: str | None) -> str | None:
    """The place that a page of the list `name` begins after, None for the first page; Wrong (422) for a
    cursor of another list and for what was never given out."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        list_, _, place = raw.decode().partition(":")
    except (binascii.Error, ValueError):
        no_cursor(cursor)
    if cursor_of(list_, place) != cursor:
        no_cursor(cursor)
    if list_ != name:
        wrong("cursor", cursor, f"it is not of this list ({name}); begin without one")
    return place


def number_of(name: str, cursor: str | None) -> int:
    """Where a list is in the order of its numbers: the one that the page begins after, 0 for the first."""
    place = place_of(name, cursor)
    if place is None:
        return 0
    # A store numbers with 63 bits; a number has one way of being written.
    known = place.isascii() and place.isdecimal() and len(place) <= 19 and int(place) < 2**63
    if not known or str(int(place)) != place:
        no_cursor(str(cursor))
    return int(place)


def no_cursor(cursor: str) -> NoReturn:
    """422: we never gave that out."""
    wrong("cursor", cursor, "no cursor of ours; begin without one")
