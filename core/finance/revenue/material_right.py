"""Options that give a customer something for free: vouchers, renewals, points (IFRS 15.B39-B43)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import whole


@dataclass(frozen=True, slots=True)
class Renewal:
    """One year of a service that may be renewed. likely: that the customer is still there, given the year
    before, from 0 to 1. price and cost in major units."""

    price: Fraction
    likely: Fraction
    cost: Fraction | None = None


def voucher_value(purchase: Fraction, discount: Fraction, normal: Fraction, likely: Fraction) -> Fraction:
    """Stand-alone price of a discount on the next purchase: only what others do not get, times how likely.

    discount, normal and likely from 0 to 1; purchase: what a customer buys on average, in major units.
    """
    _share("discount", discount)
    _share("exercise probability", likely)
    return purchase * max(discount - normal, Fraction(0)) * likely


def points_value(points: Fraction, each: Fraction, likely: Fraction) -> Fraction:
    """Stand-alone price of points in major units, with the share that will be used."""
    _share("redemption", likely)
    return points * each * likely


def breakage(allocated: Money, used: Fraction, expected: Fraction, before: Money) -> Money:
    """Revenue now: in proportion to use over what is expected to be used, less what was recognised before.

    used: to date; expected: all that will be used, as estimated now. Held when nothing is expected.
    """
    if expected <= 0 or used < 0:
        raise Held(f"expected use: {expected} of which {used} so far; an estimate must be positive")
    share = min(used / expected, Fraction(1))
    return Money(whole(allocated.minor * share), allocated.currency) - before


def look_through(years: Sequence[Renewal]) -> Expected:
    """Renewals as if they were part of the contract (IFRS 15.B43): what is expected, year by year.

    The weights are expected costs where all years have one, else expected prices.
    """
    chances: list[Fraction] = []
    for year in years:
        _share("renewal", year.likely)
        chances.append((chances[-1] if chances else Fraction(1)) * year.likely)
    prices = [year.price * chance for year, chance in zip(years, chances, strict=True)]
    costs = [year.cost * chance for year, chance in zip(years, chances, strict=True) if year.cost is not None]
    weights = costs if len(costs) == len(years) else prices
    return Expected(tuple(chances), tuple(prices), tuple(weights))


@dataclass(frozen=True, slots=True)
class Expected:
    """One figure a year: how likely it is given, its expected price, its weight in the allocation."""

    chances: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]

    @property
    def total(self) -> Fraction:
        """The transaction price, in major units."""
        return sum(self.prices, Fraction(0))


def _share(what: str, value: Fraction) -> None:
    if not 0 <= value <= 1:
        raise Held(f"{what}: {value} must lie between 0 and 1", owner="revenue accounting")
