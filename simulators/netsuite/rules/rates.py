"""Exchange rates by day, and amounts in a base currency."""

from __future__ import annotations

from bisect import bisect_right
from decimal import ROUND_HALF_UP, Decimal

from simulators.kit.money import exponent
from simulators.netsuite.rules.company import Company


def rate_on(company: Company, currency: str, base: str, on: str) -> Decimal:
    """Units of `base` for one of `currency` on a day: the latest rate entered, else the company's."""
    if currency == base:
        return Decimal(1)
    entered = company.rates.get((base, currency), [])
    at = bisect_right(entered, on, key=_day)
    if at:
        return entered[at - 1][1]
    if entered:
        return entered[0][1]
    rates = [company.currencies.get(company.currency_ids[each]) for each in (currency, base)]
    of, to = (row.rate if row else Decimal(1) for row in rates)
    return round(of / to, 8)


def enter(company: Company, base: str, currency: str, on: str, rate: Decimal) -> None:
    """A rate from a day on; one of the same day is replaced."""
    rows = [row for row in company.rates.get((base, currency), []) if row[0] != on]
    company.rates[base, currency] = sorted([*rows, (on, rate)], key=_day)


def forget(company: Company, base: str, currency: str, on: str) -> None:
    """Take a rate away."""
    rows = company.rates.get((base, currency), [])
    company.rates[base, currency] = [row for row in rows if row[0] != on]


def in_base(amount: int, currency: str, base: str, rate: Decimal) -> int:
    """Minor units of `currency` as minor units of `base`, half up."""
    exact = Decimal(amount).scaleb(exponent(base) - exponent(currency)) * rate
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(part: int, whole: int, of: int) -> int:
    """`of` × part / whole in whole units, half up; the whole of it for the whole."""
    if not whole or part == whole:
        return of if part else 0
    return int((Decimal(of) * part / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _day(row: tuple[str, Decimal]) -> str:
    return row[0]
