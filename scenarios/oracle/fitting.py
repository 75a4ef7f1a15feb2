"""Gives figures the names a case asks for: by name, or by most of the words in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.finance.exact import Rounding, exactly, whole
from scenarios.oracle.case import NotOffered

# A figure's key may hold several names: "total|amount|charge".
Figures = dict[str, Any]
# With fewer of all their words in common two names may well mean two things.
_NEAR = Fraction(1, 2)


def fitted(wanted: Any, figures: Figures) -> Any:
    """An answer in the shape that is wanted; NotOffered names the figures that nothing was found for."""
    if not isinstance(wanted, Mapping):
        raise NotOffered("expected: it must be an object of named figures")
    names = {name: figure for key, figure in figures.items() for name in key.split("|")}
    found = {key: names[key] for key in wanted if key in names and _alike(wanted[key], names[key])}
    used = {id_ for key in found for id_, figure in enumerate(figures) if key in figure.split("|")}
    pairs = sorted(
        (
            (-_closeness(key, names_), at, number, key)
            for at, key in enumerate(wanted)
            for number, (names_, figure) in enumerate(figures.items())
            if key not in found and _alike(wanted[key], figure) and _near(key, names_)
        ),
    )
    values = list(figures.values())
    for _, _, number, key in pairs:
        if key not in found and number not in used:
            found[key] = values[number]
            used.add(number)
    missing = [key for key in wanted if key not in found]
    if missing:
        raise NotOffered(f"figures: {', '.join(missing)} are not among those the product gives here")
    return {key: _inner(wanted[key], found[key]) for key in wanted}


def rounded(value: Any, text: str) -> Any:
    """Every figure rounded as the case says: "exact", or as in "half_up, 2 dp" (also what is not said)."""
    if isinstance(value, Mapping):
        return {key: rounded(each, text) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each, text) for each in value]
    if not isinstance(value, Fraction) or text.startswith("exact"):
        return value
    found = re.search(r"(\d+) ?(?:dp|dec)", text)
    integer = any(word in text for word in ("integer", "whole", "nearest unit"))
    digits = int(found.group(1)) if found else 0 if integer else 2
    words = text.lower().replace("-", "_").replace(" ", "_")
    how = next((way for way in Rounding if way.value in words), Rounding.HALF_UP)
    return Fraction(whole(value * 10**digits, how), 10**digits)


def number(inputs: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    """The first of these keys that holds a number, exactly; Held where it is none."""
    for name in names:
        if name in inputs and inputs[name] is not None and not isinstance(inputs[name], list | Mapping):
            return exactly(inputs[name], name)
    return default


def needed(inputs: Mapping[str, Any], *names: str) -> Fraction:
    """The same, but Held where no such key is there."""
    found = number(inputs, *names)
    if found is None:
        raise Held(f"{names[0]}: it is not given")
    assert isinstance(found, Fraction)
    return found


def numbers(value: Any, field: str) -> list[Fraction]:
    """A list of numbers, exactly."""
    return [exactly(each, field) for each in value]


def first_key(inputs: Mapping[str, Any], *names: str) -> str:
    """Which of these keys is there, else an empty text."""
    return next((name for name in names if inputs.get(name) is not None), "")


def _inner(wanted: Any, found: Any) -> Any:
    return fitted(wanted, found) if isinstance(wanted, Mapping) else found


def _alike(wanted: Any, figure: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(figure, Mapping)
    if isinstance(wanted, list):
        return isinstance(figure, list | tuple) and len(figure) == len(wanted)
    return not isinstance(figure, Mapping | list | tuple)


def _near(key: str, names: str) -> bool:
    """Half of all words in common; or a name that the key begins with and then only explains."""
    first = _words(re.split(r"[^a-z0-9]+", key.lower())[0])
    explained = any(first <= mine <= _words(key) for mine in map(_words, names.split("|")))
    return explained or _closeness(key, names) >= _NEAR


def _closeness(key: str, names: str) -> Fraction:
    wanted = _words(key)
    return max(Fraction(len(wanted & mine), len(wanted | mine)) for mine in map(_words, names.split("|")))


def _words(name: str) -> frozenset[str]:
    words = re.split(r"[^a-z0-9]+", name.lower())
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words if word)
