"""Members of what a control call asks for; what is wrong is named with field, value and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Wish = Mapping[str, Any]
_MOST = 10**15


def only(wish: Wish, known: Iterable[str]) -> None:
    """ValueError for a member that there is not."""
    there = tuple(known)
    for name in wish:
        if name not in there:
            raise ValueError(f"{name}: unknown; there are: {', '.join(there) or 'none'}")


def text(wish: Wish, name: str, usual: str | None = None, *, most: int = 200) -> str:
    """A text; `usual` where there is none, and then it may be empty too."""
    value = wish.get(name, usual)
    least = 1 if usual is None else 0
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise ValueError(f"{name}: {value!r} must be a text of {least} to {most} characters")
    return value


def whole(wish: Wish, name: str, usual: int | None = None, *, least: int = 0, most: int = _MOST) -> int:
    """A whole number, or one written out (as queries do)."""
    value = wish.get(name, usual)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name}: {value!r} must be a whole number from {least} to {most}")
    return value


def number(wish: Wish, name: str, usual: float | None = None, *, least: float = 0, most: float) -> float:
    """A number, with a fraction or without."""
    value = wish.get(name, usual)
    # A number with a fraction comes out of JSON as an exact decimal.
    is_number = isinstance(value, int | float) or hasattr(value, "as_tuple")
    if not is_number or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name}: {value!r} must be a number from {least} to {most}")
    return float(value)


def flag(wish: Wish, name: str, *, usual: bool = False) -> bool:
    """true or false."""
    value = wish.get(name, usual)
    if not isinstance(value, bool):
        raise ValueError(f"{name}: {value!r} must be true or false")
    return value


def texts(wish: Wish, name: str, *, least: int = 1) -> list[str]:
    """A list of texts."""
    value = wish.get(name)
    found = value if isinstance(value, list) else None
    if found is None or len(found) < least or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{name}: {value!r} must be a list of at least {least} texts")
    return found


def mapping(wish: Wish, name: str, usual: Wish | None = None) -> dict[str, Any]:
    """An object."""
    value = wish.get(name, usual)
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: {value!r} must be an object")
    return dict(value)
