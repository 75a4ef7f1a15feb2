"""What SuiteQL's functions do: exact sums, decimal arithmetic, Oracle's dates."""

from __future__ import annotations

import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from simulators.netsuite.rules.query.numerals import numeral

_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")
Number = int | float | str | None

# Oracle's date elements as (pattern, strftime code).
_ELEMENTS = {
    "YYYY": (r"(?P<Y>\d{4})", "%Y"),
    "YY": (r"(?P<y>\d{2})", "%y"),
    "MM": (r"(?P<m>\d{1,2})", "%m"),
    "MON": (r"(?P<b>[A-Za-z]{3})", "%b"),
    "MONTH": (r"(?P<b>[A-Za-z]+)", "%B"),
    "DD": (r"(?P<d>\d{1,2})", "%d"),
    "HH24": (r"(?P<H>\d{1,2})", "%H"),
    "HH": (r"(?P<H>\d{1,2})", "%I"),
    "MI": (r"(?P<M>\d{1,2})", "%M"),
    "SS": (r"(?P<S>\d{1,2})", "%S"),
    "Q": (r"\d", "%Q"),
    "DY": (r"[A-Za-z]{3}", "%a"),
    "DAY": (r"[A-Za-z]+", "%A"),
}
_TOKEN = re.compile(r'YYYY|YY|HH24|HH|MONTH|MON|MM|MI|DD|DAY|DY|SS|Q|"[^"]*"|[^A-Za-z"]+|.', re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def install(base: sqlite3.Connection) -> None:
    """Teach the functions to a database."""
    for name, act in (("ns_add", _add), ("ns_sub", _sub), ("ns_mul", _mul), ("ns_div", _div)):
        base.create_function(name, 2, _exact(act), deterministic=True)
    base.create_function("ns_to_date", 2, to_date, deterministic=True)
    base.create_function("ns_day", 1, _day, deterministic=True)
    base.create_function("ns_to_char", 2, to_char, deterministic=True)
    base.create_function("ns_to_number", 1, _to_number, deterministic=True)
    base.create_function("ns_trunc", 2, _trunc, deterministic=True)
    base.create_function("ns_round", 2, _round, deterministic=True)
    base.create_function("ns_add_months", 2, add_months, deterministic=True)
    base.create_function("ns_last_day", 1, _last_day, deterministic=True)
    base.create_function("ns_months_between", 2, _months_between, deterministic=True)
    base.create_function("ns_mod", 2, _exact(_modulo), deterministic=True)
    base.create_function("ns_extract", 2, _extract, deterministic=True)
    base.create_aggregate("ns_sum", 1, _Sum)  # type: ignore[arg-type]
    base.create_aggregate("ns_avg", 1, _Average)  # type: ignore[arg-type]
    base.create_aggregate("ns_listagg", 3, _Listed)  # type: ignore[arg-type]


def to_date(text: str | None, pattern: str | None) -> str | None:
    """TO_DATE: a day without a time of day, else a moment, both as the tables write them."""
    if text is None or pattern is None:
        return None
    expression, timed = "", False
    for token in _TOKEN.findall(pattern):
        element = _ELEMENTS.get(token.upper())
        expression += element[0] if element else re.escape(token.strip('"'))
        timed = timed or token.upper() in ("HH24", "HH", "MI", "SS")
    found = re.fullmatch(expression, text)
    if found is None:
        raise ValueError(f"{text!r} is not written as {pattern!r}")
    part = {"m": "1", "d": "1", "H": "0", "M": "0", "S": "0", **found.groupdict()}
    if part.get("y"):
        part["Y"] = f"20{part['y']}"
    if part.get("b"):
        part["m"] = str(_MONTHS.index(part["b"][:3].lower()) + 1)
    value = datetime(*(int(part[key]) for key in ("Y", "m", "d", "H", "M", "S")))  # type: ignore[arg-type]  # noqa: DTZ001
    return value.strftime("%Y-%m-%dT%H:%M:%SZ" if timed else "%Y-%m-%d")


def _day(value: Number) -> Number:
    """A text such as 3/15/2026 as the tables write days; anything else as it is."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value) if isinstance(value, str) else None
    if found is None:
        return value
    return f"{found.group(3)}-{int(found.group(1)):02d}-{int(found.group(2)):02d}"


@lru_cache(maxsize=1 << 15)
def to_char(value: str | float | None, pattern: str | None) -> str | None:
    """TO_CHAR of a day, a moment or a number; without a format, as text."""
    if value is None:
        return None
    if pattern is not None and (not isinstance(value, str) or _NUMERAL.fullmatch(value)):
        return numeral(Decimal(str(value)), pattern)
    if pattern is None or not isinstance(value, str):
        return str(value)
    when = _moment(value)
    found = ""
    for token in _TOKEN.findall(pattern):
        element = _ELEMENTS.get(token.upper())
        if token.upper() == "Q":
            found += str((when.month - 1) // 3 + 1)
        else:
            found += when.strftime(element[1]) if element else token.strip('"')
    return found


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


def add_months(value: str | None, months: Number) -> str | None:
    """ADD_MONTHS: the same day of another month, or its last."""
    if value is None or months is None:
        return None
    when = _moment(value)
    year, month = divmod(when.year * 12 + when.month - 1 + int(months), 12)
    most = monthrange(year, month + 1)[1]
    last = when.day == monthrange(when.year, when.month)[1]
    moved = when.replace(year=year, month=month + 1, day=most if last else min(when.day, most))
    return moved.strftime("%Y-%m-%d") + value[10:]


def _last_day(value: str | None) -> str | None:
    if value is None:
        return None
    when = _moment(value)
    return when.replace(day=monthrange(when.year, when.month)[1]).strftime("%Y-%m-%d") + value[10:]


def _months_between(late: str | None, early: str | None) -> Number:
    if late is None or early is None:
        return None
    a, b = _moment(late), _moment(early)
    months = Decimal((a.year - b.year) * 12 + a.month - b.month) + Decimal(a.day - b.day) / 31
    return _number(months)


def _extract(part: str, value: str | None) -> Number:
    if value is None:
        return None
    found: int = getattr(_moment(value), part.lower())
    return found


def _trunc(value: str | float | None, pattern: str | None) -> str | Number:
    if value is None:
        return None
    if not isinstance(value, str):
        digits = int(pattern) if pattern and pattern.lstrip("-").isdigit() else 0
        scaled = Decimal(str(value)).scaleb(digits)
        return _number(Decimal(int(scaled)).scaleb(-digits))
    when = _moment(value)
    unit = (pattern or "DD").upper()
    if unit in ("YYYY", "YEAR", "YY", "Y"):
        when = when.replace(month=1, day=1)
    elif unit == "Q":
        when = when.replace(month=(when.month - 1) // 3 * 3 + 1, day=1)
    elif unit in ("MM", "MONTH", "MON"):
        when = when.replace(day=1)
    elif unit in ("IW", "W", "WW"):
        when -= timedelta(days=when.weekday())
    return when.strftime("%Y-%m-%d")


def _round(value: Number, digits: Number) -> Number:
    if value is None:
        return None
    at = int(digits or 0)
    scaled = Decimal(str(value)).scaleb(at)
    whole = scaled.quantize(Decimal(1), rounding="ROUND_HALF_UP")
    return _number(whole.scaleb(-at))


def _to_number(value: Number) -> Number:
    if value is None:
        return None
    try:
        return _number(Decimal(str(value).strip()))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error


class _Sum:
    """SUM without the drift of binary fractions."""

    def __init__(self) -> None:
        self._total: Decimal | None = None
        self._count = 0

    def step(self, value: Number) -> None:
        if value is not None:
            self._total = (self._total or Decimal(0)) + Decimal(str(value))
            self._count += 1

    def finalize(self) -> Number:
        return None if self._total is None else _number(self._total)


class _Average(_Sum):
    """AVG likewise."""

    def finalize(self) -> Number:
        return None if self._total is None else _number(self._total / self._count)


class _Listed:
    """LISTAGG: values in the order of a key, else as they come."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []
        self._separator = ""

    def step(self, value: Number, separator: str | None, key: Number) -> None:
        if value is not None:
            self._separator = separator or ""
            self._found.append((f"{key:020}" if isinstance(key, int | float) else key or "", str(value)))

    def finalize(self) -> str | None:
        return self._separator.join(value for _, value in sorted(self._found, key=_first)) or None


def _first(pair: tuple[str, str]) -> str:
    return pair[0]


def _exact(act: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Number, Number], Number]:
    def run(left: Number, right: Number) -> Number:
        if left is None or right is None:
            return None
        dated = _dated(act, left, right)
        if dated is not None:
            return dated
        try:
            return _number(act(Decimal(str(left)), Decimal(str(right))))
        except (InvalidOperation, ZeroDivisionError) as error:
            raise ValueError(f"{left!r} and {right!r} are not both numbers") from error

    return run


def _dated(act: Callable[[Decimal, Decimal], Decimal], left: Number, right: Number) -> Number:
    """A day and a number of days, or the days between two days, as Oracle has it."""
    days = re.compile(r"\d{4}-\d{2}-\d{2}")
    if not isinstance(left, str) or not days.match(left) or act not in (_add, _sub):
        return None
    if isinstance(right, str) and days.match(right):
        return _number(Decimal((_moment(left[:10]) - _moment(right[:10])).days))
    shift = timedelta(days=int(Decimal(str(right))))
    moved = _moment(left) + shift if act is _add else _moment(left) - shift
    return moved.strftime("%Y-%m-%d") + left[10:]


def _add(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def _sub(left: Decimal, right: Decimal) -> Decimal:
    return left - right


def _mul(left: Decimal, right: Decimal) -> Decimal:
    return left * right


def _div(left: Decimal, right: Decimal) -> Decimal:
    return left / right


def _modulo(left: Decimal, right: Decimal) -> Decimal:
    return left % right if right else left


def _number(value: Decimal) -> Number:
    # The nearest binary number of an exact decimal prints as that decimal, up to 15 digits.
    return int(value) if value == value.to_integral_value() else float(value)
