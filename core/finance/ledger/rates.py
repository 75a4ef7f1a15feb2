"""Exchange rates: a dated table by type, crossed where need be, never 1 for want of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Rounding, to_major, to_money

OWNER = "treasury"
# How many rates before and after one say what is usual.
_AROUND = 3


class RateType(StrEnum):
    """What a rate is for."""

    SPOT = "spot"  # of a day: documents, payments
    AVERAGE = "average"  # of a month: income and expense in translation
    CLOSING = "closing"  # of a month's last day: what is open is remeasured at it


class Quotation(StrEnum):
    """How a rate is quoted."""

    HOME_PER_FOREIGN = "home value = fx * rate"
    FOREIGN_PER_HOME = "home value = fx / rate"


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `of` is `value` units of `into`, from `on` until the next."""

    of: str
    into: str
    on: date
    value: Fraction
    type: RateType = RateType.SPOT

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise Held(f"rate {self.of}/{self.into} of {self.on}: {self.value} is no rate", owner=OWNER)


class Rates:
    """The table of a company. pivot: the currency that others are crossed by ("" for none); stale_days: a
    spot rate older than this is none."""

    def __init__(self, rows: Iterable[Rate], pivot: str = "", stale_days: int = 7) -> None:
        self._pivot, self._stale = pivot, stale_days
        self._rows: dict[tuple[str, str, RateType], list[Rate]] = {}
        for row in rows:
            self._rows.setdefault((row.of, row.into, row.type), []).append(row)
        for found in self._rows.values():
            found.sort(key=lambda row: row.on)

    def rate(self, of: str, into: str, on: date, type_: RateType = RateType.SPOT) -> Fraction:
        """Units of `into` for one of `of`: as quoted, else the reciprocal, else crossed by the pivot.

        Held, for the treasury, where there is none: a missing rate is never 1.
        """
        if of == into:
            return Fraction(1)
        found = self._quoted(of, into, on, type_)
        if found is None and self._pivot and self._pivot not in (of, into):
            first = self._quoted(of, self._pivot, on, type_)
            second = self._quoted(self._pivot, into, on, type_)
            found = None if first is None or second is None else first * second
        if found is None:
            raise Held(
                f"rate: no {type_} rate {of}/{into} for {on}; enter it in the rates table", owner=OWNER
            )
        return found

    def convert(
        self,
        amount: Money,
        into: str,
        on: date,
        type_: RateType = RateType.SPOT,
        rounding: Rounding = Rounding.HALF_UP,
    ) -> Money:
        """In another currency, rounded once."""
        return to_money(to_major(amount) * self.rate(amount.currency, into, on, type_), into, rounding)

    def _quoted(self, of: str, into: str, on: date, type_: RateType) -> Fraction | None:
        straight = self._at(of, into, on, type_)
        if straight is not None:
            return straight
        back = self._at(into, of, on, type_)
        return None if back is None else 1 / back

    def _at(self, of: str, into: str, on: date, type_: RateType) -> Fraction | None:
        rows = [row for row in self._rows.get((of, into, type_), ()) if row.on <= on]
        if not rows:
            return None
        last = rows[-1]
        if type_ is RateType.SPOT:
            return last.value if (on - last.on).days <= self._stale else None
        return last.value if (last.on.year, last.on.month) == (on.year, on.month) else None

    def inverted(self) -> Iterator[Rate]:
        """Rates that stand upside down: nearer to the reciprocal of the median around them. Two others
        at least are needed to say which is wrong."""
        for rows in self._rows.values():
            for index, row in enumerate(rows):
                around = rows[max(index - _AROUND, 0) : index] + rows[index + 1 : index + 1 + _AROUND]
                if len(around) < 2:
                    continue
                middle = sorted(other.value for other in around)[len(around) // 2]
                if _apart(row.value, 1 / middle) < _apart(row.value, middle):
                    yield row


def triangulated(first: Fraction, second: Fraction, quoted: Fraction) -> Fraction:
    """How far a quoted cross rate is from the one by way of a third currency; 0 where they agree."""
    return quoted - first * second


def home_value(fx: Fraction, rate: Fraction, quotation: Quotation = Quotation.HOME_PER_FOREIGN) -> Fraction:
    """In home currency, exactly; Held for a rate that is none."""
    if rate <= 0:
        raise Held(f"rate: {rate} must be more than nothing", owner=OWNER)
    return fx * rate if quotation is Quotation.HOME_PER_FOREIGN else fx / rate


def _apart(one: Fraction, other: Fraction) -> Fraction:
    """Distance as a ratio, 1 or more."""
    return max(one, other) / min(one, other)
