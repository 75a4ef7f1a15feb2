"""Amounts, days and services as the cases of revenue write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.canonical.money import Money, exponent
from core.finance.calendar import Period, add_months
from core.finance.exact import Rounding, exactly, to_money
from scenarios.oracle.case import Case, NotOffered

# A currency unit without a name ("CU") is counted in hundredths, and so is what a case leaves open.
SOME = "USD"
# A year without 29 February for cases that give month and day only.
_YEAR, _LEAP_YEAR = 2023, 2024
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
FULL = "january february march april may june july august september october november december"


def words_of(key: str) -> frozenset[str]:
    """ "deferred_at_first_cutoff" -> its words."""
    return frozenset(word for word in re.split(r"[^a-z0-9]+", key.lower()) if word)


def currency_of(case: Case) -> str:
    """The case's, or two digits where it has none of its own."""
    named = str(case.inputs.get("currency") or case.currency or SOME)
    try:
        exponent(named)
    except ValueError:
        return SOME
    return named


def amount(value: object, field: str) -> Fraction:
    """Major units or a plain number; words after it ("15 minor units") are left out."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(-?[\d.]+(?:/\d+)?)\s*[^\d]*", value.replace(",", ""))
        if found is None:
            raise Held(
                f"{field}: {value!r} is no amount; give one such as '12.50'", owner="billing operations"
            )
        value = found[1]
    return exactly(value, field)


def percent(value: object, field: str) -> Fraction:
    """ "80%", "80" or 80 is 4/5; "1/3" is a third."""
    if isinstance(value, str) and "/" in value:
        return exactly(value.strip(), field)
    return amount(value, field) / 100


def money(value: object, field: str, currency: str) -> Money:
    """Major units as Money, half-up where they are finer."""
    return to_money(amount(value, field), currency)


def major(minor: int, currency: str) -> Decimal:
    """Minor units as the cases write them."""
    return Money(minor, currency).major


def day(text: object, year: int = _YEAR) -> date:
    """ "2019-01-10", "2019-01-10T00:00:00Z", or "04-01" of a year without 29 February."""
    found = re.search(r"(?:(\d{4})-)?(\d{2})-(\d{2})(?:\D|$)", str(text))
    if found is None:
        raise Held(f"date: {text!r} is no date such as 2026-03-01", owner="billing operations")
    where = int(found[1]) if found[1] else _LEAP_YEAR if found[0][:5] == "02-29" else year
    return date(where, int(found[2]), int(found[3]))


def instant(text: str) -> datetime | None:
    """ "2024-06-15T12:00:00Z" or "2024-06-15 12:00"; None for a day or its midnight."""
    found = re.search(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)", text)
    if found is None:
        return None
    at = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
    return at if at.time() != datetime.min.time() else None


def service_of(value: object, *, inclusive: bool = False) -> Period:
    """["2019-01-10", "2019-03-15 inclusive"], or {"start": …, "end": …, "inclusive": true}, as [start, end).

    inclusive: what the case's convention says of an end that does not say itself.
    """
    if isinstance(value, Mapping):
        first, last = value.get("start") or value.get("from"), value.get("end") or value.get("to")
        inclusive = bool(value.get("inclusive", inclusive))
    elif isinstance(value, list | tuple) and len(value) == 2:
        first, last = value
    elif isinstance(value, str) and len(found := re.findall(r"\d[\d-]{4,}\d", value)) == 2:
        first, last = found[0], found[1] + (" inclusive" if "inclusive" in value else "")
    else:
        raise NotOffered(f"service: {value!r} is no start and end")
    start, end = day(first), day(last)
    if end < start and not re.search(r"\d{4}", str(last)):
        end = add_months(end, 12)
    if inclusive or "inclusive" in str(last):
        end += timedelta(days=1)
    return Period(start, end)


def month_named(words: Iterable[str], key: str, starts: Iterable[date]) -> date | None:
    """The month that a key names, as "2026-03" or "mar_2021" or "august", among these first days."""
    found = re.search(r"(\d{4})-(\d{2})", key)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    numbers = [MONTHS.index(word[:3]) + 1 for word in words if word[:3] in MONTHS and _is_month(word)]
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    for first in starts if numbers else ():
        if first.month == numbers[0] and (not years or first.year == years[0]):
            return first
    return None


def rounding_of(text: str) -> Rounding:
    """ "half_up, 2 dp" names it; half-up where nothing is said."""
    said = text.lower().replace("-", "_").replace(" ", "_")
    if "half_even" in said or "banker" in said:
        return Rounding.HALF_EVEN
    if "truncat" in said or "round_down" in said or "floor" in said:
        return Rounding.DOWN
    return Rounding.HALF_UP


def only_wanted(case: Case, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures under the names that are asked for; NotOffered names one that is missing.

    A name that is not among them stands for the one figure that shares most of its words, at least half.
    """
    names = {key: key if key in figures else _nearest(key, case.wanted[key], figures) for key in case.wanted}
    missing = [key for key, name in names.items() if not name]
    if missing:
        raise NotOffered(f"{', '.join(missing)}: no figure of that name in {', '.join(sorted(case.inputs))}")
    return {key: _in_shape(case.wanted[key], figures[name]) for key, name in names.items()}


def _nearest(key: str, wanted: Any, figures: Mapping[str, Any]) -> str:
    words = words_of(key)
    near = sorted(
        (Fraction(len(words & words_of(name)), len(words | words_of(name))), name)
        for name, figure in figures.items()
        if isinstance(wanted, Mapping | list) == isinstance(figure, Mapping | list | tuple)
    )
    if not near or near[-1][0] < Fraction(1, 2):
        return ""
    best = [name for share, name in near if share == near[-1][0]]
    return best[0] if all(figures[name] == figures[best[0]] for name in best) else ""


def _in_shape(wanted: Any, figure: Any) -> Any:
    """Named figures as a list where one is wanted, and under other names if all names differ."""
    if not isinstance(figure, Mapping):
        return figure
    if isinstance(wanted, list):
        return list(figure.values())
    if isinstance(wanted, Mapping) and len(wanted) == len(figure) and not wanted.keys() & figure.keys():
        return dict(zip(wanted, figure.values(), strict=True))
    return figure


def _is_month(word: str) -> bool:
    return word in MONTHS or word in FULL.split() or word == "sept"
