"""The tenant's billing rules: what a part of a period costs, what is given back, how it is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP

from simulators.zuora.rules.calendar import ACTUAL, ACTUAL_THIRTY, THIRTY, add_months, days_between

HALF_UP, UP, DOWN = ROUND_HALF_UP, ROUND_UP, ROUND_DOWN
DAYS_IN_MONTH = (ACTUAL, THIRTY, ACTUAL_THIRTY)
ROUNDING_MODES = (HALF_UP, UP, DOWN)
NO_CHANGE, PERCENTAGE, CATALOGUE = "NoChange", "SpecificPercentageValue", "UseLatestProductCatalogPricing"
PRICE_CHANGES = (NO_CHANGE, PERCENTAGE, CATALOGUE)


@dataclass(frozen=True, slots=True)
class BillingRules:
    """As the vendor's settings have them (daysInMonth, prorationUnit, prorateRecurringMonthlyCharges,
    "Prorate recurring charges for partial period?", the currencies' rounding mode).

    by_month: periods of several months are prorated by months first, then days; else by days alone.
    partial_months False: a begun month is charged in full and never given back. partial_periods False:
    so is a begun period of several months. price_change: what a renewal does to prices whose charge
    follows the tenant, None: renewals never change prices; increase: percentage of that.
    """

    days_in_month: str = ACTUAL
    by_month: bool = False
    partial_months: bool = True
    partial_periods: bool = True
    rounding: str = HALF_UP
    price_change: str | None = None
    increase: int = 0


USUAL = BillingRules()


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole billing period [first, last) around a part. months: 0 where it is no number of months."""

    first: date
    last: date
    months: int

    @property
    def day(self) -> int:
        """The day of the month its ends are meant to be on."""
        return max(self.first.day, self.last.day)


def part(full: int, start: date, end: date, grid: Grid, rules: BillingRules, *, credit: bool = False) -> int:
    """Of the price of a whole period in minor units, what [start, end) costs or is given back for."""
    if (start, end) == (grid.first, grid.last):
        return full
    if grid.months > 1 and not rules.partial_periods:
        return 0 if credit else full
    if grid.months and (grid.months == 1 or rules.by_month or not rules.partial_months):
        whole, days, month = _months(start, end, grid, rules)
        if not rules.partial_months:
            whole, days = whole if credit or not days else whole + 1, 0
        return scaled(full, whole * month + min(days, month), grid.months * month, rules.rounding)
    if not grid.months:
        return scaled(full, (end - start).days, (grid.last - grid.first).days, rules.rounding)
    of = length(grid.first, grid.last, grid.months, rules)
    return scaled(full, min(_counted(start, end, rules), of), of, rules.rounding)


def scaled(amount: int, times: int, parts: int, mode: str) -> int:
    """amount x times / parts in whole minor units; none is negative. Nothing to share by: the amount."""
    if not parts:
        return amount
    if mode == HALF_UP:
        return (2 * amount * times + parts) // (2 * parts)
    return -(-amount * times // parts) if mode == UP else amount * times // parts


def length(first: date, last: date, months: int, rules: BillingRules) -> int:
    """Days of a whole period by the rule."""
    if rules.days_in_month == ACTUAL_THIRTY and months:
        return 30 * months
    return _counted(first, last, rules)


def _counted(start: date, end: date, rules: BillingRules) -> int:
    return days_between(start, end, THIRTY if rules.days_in_month == THIRTY else ACTUAL)


def _months(start: date, end: date, grid: Grid, rules: BillingRules) -> tuple[int, int, int]:
    """(whole months, days over, days of the month those days lie in): counted back from the end of the
    period for its last part, else on from the start of the part."""
    back = end == grid.last
    base, day, step = (grid.last, grid.day, -1) if back else (start, start.day, 1)
    if not back and start == grid.first:
        day = grid.day
    whole = 0
    while start <= add_months(base, step * (whole + 1), day) <= end:
        whole += 1
    near, far = add_months(base, step * whole, day), add_months(base, step * (whole + 1), day)
    over, month = ((start, near), (far, near)) if back else ((near, end), (near, far))
    return whole, _counted(*over, rules), length(*month, 1, rules)
