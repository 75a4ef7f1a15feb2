"""Two books side by side, and what they differ by: counted row by row, with no join and no tolerance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a book under a key: minor units of a currency, or a count of something; facts: what else
    must be the same on both sides, where both books say it."""

    key: Key
    value: int
    unit: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """one_to_one: each row has one equal row in the other book; else only the sums of a key must agree."""

    left: tuple[Row, ...]
    right: tuple[Row, ...]
    one_to_one: bool = True


def books(left: Iterable[Row], right: Iterable[Row], *, one_to_one: bool = True) -> Books:
    """Of any rows."""
    return Books(tuple(left), tuple(right), one_to_one)


def differences(pair: Books) -> dict[Key, int]:
    """Left less right of each key that disagrees: 0 where only a fact, or the number of rows, differs."""
    return {
        key: found for key, left, right in _by_key(pair) if (found := _apart(pair, left, right)) is not None
    }


def _by_key(pair: Books) -> Iterator[tuple[Key, list[Row], list[Row]]]:
    place: dict[Key, tuple[list[Row], list[Row]]] = {}
    for number, side in enumerate((pair.left, pair.right)):
        for row in side:
            place.setdefault(row.key, ([], []))[number].append(row)
    for key in sorted(place):
        yield key, *place[key]


def _apart(pair: Books, left: list[Row], right: list[Row]) -> int | None:
    """The amount in the unit of the first row; None where all agrees."""
    unit = (left or right)[0].unit
    amount = sum(r.value for r in left if r.unit == unit) - sum(r.value for r in right if r.unit == unit)
    mixed = any(row.unit != unit for row in (*left, *right))
    alone = pair.one_to_one and not (len(left) == 1 and len(right) == 1)
    said = dict(left[0].facts) if left else {}
    told = [fact for row in (*left[1:], *right) for fact in row.facts]
    otherwise = bool(said) and any(said.get(name, text) != text for name, text in told)
    return amount if amount or mixed or alone or otherwise else None
