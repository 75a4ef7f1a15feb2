"""Release of a price over its service: by month, to the minor unit, and at any date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.exact import Residual, Rounding, split, whole
from core.finance.revenue.spread import Share, Spread, shares, shares_between


class Cents(StrEnum):
    """How exact shares of a price become whole minor units that add up to it."""

    CUMULATIVE = "cumulative"  # each month brings what is released to the rounded sum of the shares so far
    LAST = "last"  # each month is rounded, the last with a share takes the rest
    FIRST = "first"  # the first takes the rest
    LARGEST_REMAINDER = "largest_remainder"


@dataclass(frozen=True, slots=True)
class Rule:
    """The stored convention of a schedule."""

    spread: Spread = Spread.DAILY
    cents: Cents = Cents.LAST
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class Slice:
    """What is released in the calendar month of `days`."""

    days: Period
    amount: Money

    @property
    def month(self) -> date:
        """First of the month."""
        return self.days.start.replace(day=1)


def schedule(amount: Money, service: Period, rule: Rule) -> tuple[Slice, ...]:
    """One slice a month of the service; they add up to the amount, and none has the other sign."""
    return _slices(amount, shares(service, rule.spread), rule)


def schedule_between(amount: Money, start: datetime, end: datetime, rule: Rule) -> tuple[Slice, ...]:
    """The same for a service with instants."""
    return _slices(amount, shares_between(start, end, rule.spread), rule)


def recognised_share(service: Period, on: date, spread: Spread = Spread.DAILY) -> Fraction:
    """What share of a service is earned before the day `on` begins, exactly, from 0 to 1.

    Within a month that counts as one, its days count alike. A service without days is earned on its day.
    """
    if not service.days:
        return Fraction(1 if service.start < on else 0)
    total = Fraction(0)
    for part, share in shares(service, spread):
        if on <= part.start:
            break
        days = min(on, part.end) - part.start
        total += share * Fraction(days.days, part.days)
    return total


def recognised(amount: Money, service: Period, on: date, rule: Rule) -> Money:
    """Earned before the day `on` begins: the share of all days, rounded once."""
    share = recognised_share(service, on, rule.spread)
    return Money(whole(amount.minor * share, rule.rounding), amount.currency)


def deferred(amount: Money, service: Period, on: date, rule: Rule) -> Money:
    """Not yet earned when the day `on` begins; rounded itself, as a cut-off balance is."""
    share = 1 - recognised_share(service, on, rule.spread)
    return Money(whole(amount.minor * share, rule.rounding), amount.currency)


def released(slices: Sequence[Slice], before: date) -> int:
    """Minor units of the months that begin before `before`."""
    return sum(part.amount.minor for part in slices if part.month < before)


def _slices(amount: Money, worth: list[Share], rule: Rule) -> tuple[Slice, ...]:
    parts = [part for part, _ in worth]
    minors = _minors(amount.minor, [share for _, share in worth], rule)
    return tuple(
        Slice(part, Money(minor, amount.currency)) for part, minor in zip(parts, minors, strict=True)
    )


def _minors(total: int, worth: list[Fraction], rule: Rule) -> list[int]:
    if rule.spread is Spread.EVEN_BETWEEN and rule.cents is not Cents.CUMULATIVE and len(worth) > 2:
        ends = [whole(total * share, rule.rounding) for share in (worth[0], worth[-1])]
        alike = [Fraction(1, len(worth) - 2)] * (len(worth) - 2)
        between = _rounded(total - sum(ends), alike, replace(rule, rounding=Rounding.DOWN))
        return [ends[0], *between, ends[1]]
    return _rounded(total, worth, rule)


def _rounded(total: int, worth: list[Fraction], rule: Rule) -> list[int]:
    if rule.cents is Cents.LARGEST_REMAINDER:
        return list(split(total, worth, Residual.LARGEST_REMAINDER).parts)
    if rule.cents is Cents.FIRST:
        return _rest_last(total, worth[::-1], rule.rounding)[::-1]
    if rule.cents is Cents.LAST:
        return _rest_last(total, worth, rule.rounding)
    sums, so_far = [0], Fraction(0)
    for share in worth:
        so_far += share
        sums.append(whole(total * so_far, rule.rounding))
    return [after - before for before, after in pairwise(sums)]


def _rest_last(total: int, worth: list[Fraction], rounding: Rounding) -> list[int]:
    """No part takes more than is left: twelve times a rounded half cent would be more than there is."""
    left, sign, parts = abs(total), -1 if total < 0 else 1, []
    last = max((index for index, share in enumerate(worth) if share), default=len(worth) - 1)
    for index, share in enumerate(worth):
        part = left if index == last else min(whole(abs(total) * share, rounding), left)
        parts.append(sign * part)
        left -= part
    return parts
