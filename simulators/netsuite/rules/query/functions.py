"""What SuiteQL's functions do: exact sums, decimal arithmetic, Oracle's date formats."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

Number = int | float | str | None

# Oracle's date elements as (pattern, strftime code).
_ELEMENTS = {
    "YYYY": (r"(?P<Y>\d{4})", "%Y"),
    "MM": (r"(?P<m>\d{1,2})", "%m"),
    "DD": (r"(?P<d>\d{1,2})", "%d"),
    "HH24": (r"(?P<H>\d{1,2})", "%H"),
    "MI": (r"(?P<M>\d{1,2})", "%M"),
    "SS": (r"(?P<S>\d{1,2})", "%S"),
}
_TOKEN = re.compile(r'YYYY|HH24|MM|MI|DD|SS|"[^"]*"|[^A-Za-z"]+|.', re.IGNORECASE)


def install(base: sqlite3.Connection) -> None:
    """Teach the functions to a database."""
    for name, act in (("ns_add", _add), ("ns_sub", _sub), ("ns_mul", _mul), ("ns_div", _div)):
        base.create_function(name, 2, _exact(act), deterministic=True)
    base.create_function("ns_to_date", 2, to_date, deterministic=True)
    base.create_function("ns_to_char", 2, to_char, deterministic=True)
    base.create_aggregate("ns_sum", 1, _Sum)  # type: ignore[arg-type]


def to_date(text: str | None, pattern: str | None) -> str | None:
    """TO_DATE: a day without a time of day, else a moment, both as the tables write them."""
    if text is None or pattern is None:
        return None
    expression, timed = "", False
    for token in _TOKEN.findall(pattern):
        element = _ELEMENTS.get(token.upper())
        expression += element[0] if element else re.escape(token.strip('"'))
        timed = timed or token.upper() in ("HH24", "MI", "SS")
    found = re.fullmatch(expression, text)
    if found is None:
        raise ValueError(f"{text!r} is not written as {pattern!r}")
    part = {"m": "1", "d": "1", "H": "0", "M": "0", "S": "0", **found.groupdict()}
    value = datetime(*(int(part[key]) for key in ("Y", "m", "d", "H", "M", "S")))  # type: ignore[arg-type]  # noqa: DTZ001
    return value.strftime("%Y-%m-%dT%H:%M:%SZ" if timed else "%Y-%m-%d")


def to_char(value: str | float | None, pattern: str | None) -> str | None:
    """TO_CHAR of a day or a moment."""
    if value is None or pattern is None:
        return None
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    found = ""
    for token in _TOKEN.findall(pattern):
        element = _ELEMENTS.get(token.upper())
        found += moment.strftime(element[1]) if element else token.strip('"')
    return found


class _Sum:
    """SUM without the drift of binary fractions."""

    def __init__(self) -> None:
        self._total: Decimal | None = None

    def step(self, value: Number) -> None:
        if value is not None:
            self._total = (self._total or Decimal(0)) + Decimal(str(value))

    def finalize(self) -> Number:
        return None if self._total is None else _number(self._total)


def _exact(act: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Number, Number], Number]:
    def run(left: Number, right: Number) -> Number:
        if left is None or right is None:
            return None
        try:
            return _number(act(Decimal(str(left)), Decimal(str(right))))
        except InvalidOperation as error:
            raise ValueError(f"{left!r} and {right!r} are not both numbers") from error

    return run


def _add(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def _sub(left: Decimal, right: Decimal) -> Decimal:
    return left - right


def _mul(left: Decimal, right: Decimal) -> Decimal:
    return left * right


def _div(left: Decimal, right: Decimal) -> Decimal:
    return left / right


def _number(value: Decimal) -> Number:
    # The nearest binary number of an exact decimal prints as that decimal, up to 15 digits.
    return int(value) if value == value.to_integral_value() else float(value)
