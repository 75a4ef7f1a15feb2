"""The words of a breach: small pure comparisons that yield witnesses, and the sums they stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from scenarios.evidence.verdicts import Witness

T = TypeVar("T")
EXPONENT = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "BHD": 3, "KWD": 3, "TND": 3, "OMR": 3, "JOD": 3}


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _Numbered(_Identified, Protocol):
    @property
    def number(self) -> str: ...


N = TypeVar("N", bound=_Numbered)
I = TypeVar("I", bound=_Identified)  # noqa: E741 - one letter, as for every type variable


def exactly_one(
    what: str, found: Sequence[I], subjects: tuple[str, ...], amount: int, currency: str
) -> list[Witness]:
    """None is a loss; every one too many is a duplicate."""
    if len(found) == 1:
        return []
    if not found:
        said = f"{what} is missing ({major(amount, currency)})" if currency else f"{what} is missing"
        return [Witness("lost", subjects, said, amount, currency)]
    extra = amount * (len(found) - 1)
    said = f"{what} exists {len(found)} times"
    said += f", {major(extra, currency)} too much" if currency else ""
    names = distinct(*subjects, *(item.id for item in found))
    return [Witness("duplicated", names, said, extra, currency)]


def numbered_twice(
    what: str, documents: Sequence[N], subjects: Callable[[str], tuple[str, ...]]
) -> list[Witness]:
    """A number by which other systems know a document must name one document only."""
    shared = grouped(documents, lambda document: document.number)
    return [
        Witness("duplicated", subjects(number), f"{what} number {number} is used {len(found)} times")
        for number, found in shared.items()
        if len(found) > 1
    ]


def unequal(what: str, is_now: int, due: int, currency: str, subjects: tuple[str, ...]) -> list[Witness]:
    """A figure that is not what it should be."""
    if is_now == due:
        return []
    said = f"{what} is {major(is_now, currency)}, should be {major(due, currency)}"
    return [Witness("wrong_amount", subjects, said, is_now - due, currency)]


def differs(what: str, is_now: str, due: str, subjects: tuple[str, ...]) -> list[Witness]:
    """A name or state that is not what it should be."""
    if is_now == due:
        return []
    return [Witness("other", subjects, f"{what} is {is_now or 'blank'}, should be {due or 'blank'}")]


def escalated(count: int) -> str:
    """The note of a verdict that skipped `count` objects."""
    return f"{count} escalated, waiting for a human" if count else ""


def major(amount: int, currency: str) -> str:
    """12345 EUR -> "123.45 EUR"."""
    places = EXPONENT.get(currency, 2)
    digits = str(abs(amount)).rjust(places + 1, "0")
    whole = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
    return f"{'-' if amount < 0 else ''}{whole} {currency}".rstrip()


def distinct(*names: str) -> tuple[str, ...]:
    """The names without blanks and repeats, in order."""
    return tuple(dict.fromkeys(name for name in names if name))


def grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Items by key, in their own order."""
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def totals(items: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sum per currency (or any other label)."""
    sums: dict[str, int] = {}
    for label, amount in items:
        sums[label] = sums.get(label, 0) + amount
    return sums
