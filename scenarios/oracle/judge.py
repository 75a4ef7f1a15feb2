"""Puts a case to its topic's adapter and compares every figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from core.canonical.errors import CoreError
from core.canonical.money import Money
from scenarios.oracle.case import Case, NotOffered

# An adapter sees inputs, convention and the shape of what is wanted, and never an expected figure.
Adapter = Callable[[Case], Any]
# A text or an object where the adapter looked for a number: its words are not those of the case.
_WORDS = re.compile(r": ['\"{\[].* is (no amount|not a number|no exact number);")
PASSED, FAILED, NOT_APPLICABLE = "passed", "failed", "not applicable"


@dataclass(frozen=True, slots=True)
class Figure:
    """One leaf. path: as in "first.true_up" or "retries[2]"."""

    path: str
    expected: str
    ours: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.ours


@dataclass(frozen=True, slots=True)
class Result:
    """state: passed, failed or not applicable; reason: why not applicable, or what broke."""

    case: str
    topic: str
    subtopic: str
    state: str
    figures: tuple[Figure, ...] = ()
    reason: str = ""


def judge(case: Case, topics: Mapping[str, Adapter]) -> Result:
    """Never raises for what an adapter trips over: that is a failed case with the reason."""
    if case.topic not in topics:
        near = ", ".join(sorted(topics))
        return _result(case, NOT_APPLICABLE, reason=f"topic {case.topic!r} is not one of {near}")
    blind = Case(**{**{f: getattr(case, f) for f in case.__slots__}, "expected": None})
    try:
        ours = topics[case.topic](blind)
    except NotOffered as reason:
        return _result(case, NOT_APPLICABLE, reason=str(reason))
    except CoreError as error:
        if _WORDS.search(error.detail):
            return _result(case, NOT_APPLICABLE, reason=f"not read as a number: {error.detail}")
        return _result(case, FAILED, reason=f"held: {error.detail}")
    except Exception as error:  # noqa: BLE001 - the runner: an adapter that breaks is a failed case
        return _result(case, FAILED, reason=f"{type(error).__name__}: {error}")
    figures = tuple(compare(case.expected, ours))
    agree = bool(figures) and all(figure.agrees for figure in figures)
    return _result(case, PASSED if agree else FAILED, figures)


def compare(expected: Any, ours: Any, path: str = "") -> Iterator[Figure]:
    """Leaf by leaf of what is expected; journals are compared as sets of lines."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            found = ours.get(key, _Nothing) if isinstance(ours, Mapping) else _Nothing
            yield from compare(value, found, f"{path}.{key}" if path else key)
    elif isinstance(expected, list):
        theirs, mine = expected, list(ours) if isinstance(ours, list | tuple) else []
        if _is_journal(theirs) and _is_journal(mine):
            theirs, mine = sorted(theirs, key=_line), sorted(mine, key=_line)
        for index in range(max(len(theirs), len(mine))):
            left = theirs[index] if index < len(theirs) else _Nothing
            right = mine[index] if index < len(mine) else _Nothing
            if left is _Nothing:
                yield Figure(f"{path}[{index}]", "nothing", str(right))
            else:
                yield from compare(left, right, f"{path}[{index}]")
    else:
        yield Figure(path, normal(expected), normal(ours))


class _Nothing:
    """No figure was given."""


def normal(value: Any) -> str:
    """A figure in one spelling: 15.5 and 15.50 are the same."""
    if value is _Nothing:
        return "nothing"
    if isinstance(value, Money):
        value = value.major
    if isinstance(value, Fraction):
        if value.denominator != 1:
            scaled = Decimal(value.numerator) / Decimal(value.denominator)
            return normal(scaled) if Fraction(scaled) == value else f"{value}"
        value = value.numerator
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _is_journal(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(row, Mapping) and "account" in row for row in rows)


def _line(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row["account"]), normal(row.get("debit", 0)), normal(row.get("credit", 0))


def _result(case: Case, state: str, figures: tuple[Figure, ...] = (), reason: str = "") -> Result:
    return Result(case.id, case.topic, case.subtopic, state, figures, reason)
