"""Changes of a contract: which treatment, and what it makes of prices and schedules (IFRS 15.18-21, .90)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.revenue.allocation import Sharing, relative
from core.finance.revenue.contra import part_on, stopped
from core.finance.revenue.schedule import Rule, Slice, schedule


class Treatment(StrEnum):
    """What becomes of the old contract."""

    SEPARATE = "separate_contract"  # nothing; the addition stands by itself
    PROSPECTIVE = "prospective"  # what was not recognised and what is new is spread over what remains
    CATCH_UP = "cumulative_catch_up"  # the past is measured again
    MIXED = "mixed"  # distinct remaining goods prospectively, the rest by catch-up


class AtCancel(StrEnum):
    """What a cancellation without refund does to what is still deferred."""

    KEEP_SCHEDULE = "keep_schedule"  # access goes on to the date paid through
    RELEASE = "release"  # the obligation has ended


@dataclass(frozen=True, slots=True)
class Change:
    """remaining_distinct: whether what is left to deliver is distinct from what was delivered; None: partly.
    added_distinct and at_standalone_price: of what is added; nothing added is neither."""

    remaining_distinct: bool | None
    added_distinct: bool = False
    at_standalone_price: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """A number of alike goods at a unit price in major units."""

    count: Fraction
    price: Fraction

    @property
    def total(self) -> Fraction:
        return self.count * self.price


def treatment(change: Change) -> Treatment:
    """By the standard's questions, in its order."""
    if change.added_distinct and change.at_standalone_price:
        return Treatment.SEPARATE
    if change.remaining_distinct is None:
        return Treatment.MIXED
    return Treatment.PROSPECTIVE if change.remaining_distinct else Treatment.CATCH_UP


def blended(remaining: Sequence[Units]) -> Fraction:
    """One unit price, in major units and exact, for what is left of the old and what is new."""
    count = sum((units.count for units in remaining), Fraction(0))
    if count <= 0:
        raise Held("units: nothing remains over which a price could be spread", owner="revenue accounting")
    return sum((units.total for units in remaining), Fraction(0)) / count


def respread(
    price: Money, service: Period, on: date, added: Money, through: date, rule: Rule
) -> tuple[Slice, ...]:
    """Prospectively: earned as planned before `on`, then what was left plus `added` over [on, through).

    The sum is price + added. Held if nothing of the service remains.
    """
    if through <= on:
        raise Held(f"service: it ends on {through}, so nothing is left from {on} on", owner="deal desk")
    left = part_on(price, service, on, rule).unrecognised + added
    return stopped(price, service, on, rule) + schedule(left, Period(max(on, service.start), through), rule)


def cancel(price: Money, service: Period, on: date, policy: AtCancel, rule: Rule) -> tuple[Slice, ...]:
    """Without a refund: the schedule as it was, or all that is left in the month of `on`."""
    if policy is AtCancel.KEEP_SCHEDULE or on >= service.end:
        return schedule(price, service, rule)
    left = part_on(price, service, on, rule).unrecognised
    return (*stopped(price, service, on, rule), Slice(Period(on, on), left))


def spread_change(
    change: Money, before: Mapping[str, Fraction], merged: Mapping[str, Fraction], sharing: Sharing
) -> dict[str, Money]:
    """A change of the price that was promised before a prospective modification (IFRS 15.90 a).

    before: the obligations of the old contract with their stand-alone prices; merged: those that were
    still open when it was modified, with the new ones. The share of the open old ones goes to all of
    `merged`; that of a satisfied one is revenue at once. By name, adding up to the change.
    """
    parts = dict(
        zip(before, relative(change, list(before.values()), sharing), strict=True),
    )
    opened = [name for name in before if name in merged]
    pool = Money(sum(parts[name].minor for name in opened), change.currency)
    shared = relative(pool, list(merged.values()), sharing) if opened else ()
    found = {name: part for name, part in parts.items() if name not in merged}
    return found | dict(zip(merged, shared, strict=bool(opened)))
