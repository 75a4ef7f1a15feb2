"""Whether a body is JSON that every reader takes alike; where two could differ, nobody acts on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

# What a double bears (IEEE 754), and with it every reader that has nothing wider.
_MOST_DIGITS = 308


def ill_formed(body: bytes) -> str | None:
    """Why these bytes are no such text, None if they are, or are empty.

    RFC 8259 leaves to its reader what a name that is there twice means, RFC 7493 (I-JSON) forbids it, and
    lone surrogates too: no store and no log can write them down. NUL is refused because PostgreSQL's text
    has none.
    """
    if not body:
        return None
    if body.startswith(b"\xef\xbb\xbf"):
        return "a byte order mark before the text"
    try:
        found = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
        )
    except UnicodeDecodeError:
        return "it is no UTF-8"
    except json.JSONDecodeError as error:
        return f"it is no JSON: {error}"
    except RecursionError:
        return "it is nested too deep"
    except _Ambiguous as error:
        return str(error)
    except ValueError:
        # More digits than Python reads.
        return "a number that is too large"
    return _unwritable(found)


class _Ambiguous(Exception):
    """What readers take differently."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Ambiguous(f"{name[:50]!r} is there twice")
            seen.add(name)
    return made


def _no_number(word: str) -> NoReturn:
    raise _Ambiguous(f"{word} is no number")


def _finite(text: str) -> Decimal:
    # Only looked at: what the number is, is for the reader of the resource.
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("Infinity")
    if not found.is_finite() or found.adjusted() >= _MOST_DIGITS:
        raise _Ambiguous(f"{text[:50]} is too large a number")
    return found


def _unwritable(found: object) -> str | None:
    """By a list of what is still to be looked at: a text may be nested as deep as its reader bears."""
    left: list[object] = [found]
    while left:
        each = left.pop()
        if isinstance(each, str):
            if "\x00" in each:
                return "NUL within a text"
            if any("\ud800" <= letter <= "\udfff" for letter in each):
                return "a lone surrogate within a text"
        elif isinstance(each, dict):
            left += _both(each)
        elif isinstance(each, list):
            left += each
    return None


def _both(found: dict[str, object]) -> Iterable[object]:
    yield from found
    yield from found.values()
