"""Every switch of billing that changes a figure, stored with the contract and never chosen on the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.finance.calendar import DayCount
from core.finance.exact import Residual, Rounding


class ChangeDay(StrEnum):
    """To which plan the day of a change belongs."""

    NEW_PLAN = "new_plan"  # Kill Bill, flexprice, a Lago upgrade
    OLD_PLAN = "old_plan"  # a Lago termination: the day counts as used


class EndDate(StrEnum):
    """What the written end of a stretch means."""

    HALF_OPEN = "half_open"  # the first day without service
    INCLUSIVE = "inclusive"  # the last day with service


class Unused(StrEnum):
    """What becomes of what was billed and will not be used."""

    ACCOUNT_CREDIT = "account_credit"  # set against the same bill; what is over is kept for later ones
    CREDIT_NOTE = "credit_note"  # a document of its own; the bill is due in full, less notes still open
    REFUND = "refund"  # money back for what is over, up to what was paid; the rest is a credit
    NEXT_INVOICE = "next_invoice"  # both halves of the change wait for the next bill
    NOTHING = "nothing"  # forgone: the new plan is charged, the old one is not given back


class UnusedCount(StrEnum):
    """How the unused part of an item is measured."""

    COUNTED = "counted"  # its own days over the day count, never more than is left of the item
    REST = "rest"  # what is left of the item less the value of the days used


class RoundingPlace(StrEnum):
    """Where an exact amount becomes whole minor units."""

    LINE = "line"
    DOCUMENT = "document"  # the total is right; what the lines differ stands on a rounding line


class Align(StrEnum):
    """Where the period of a new plan begins when its length is not that of the old one."""

    CYCLE_DAY = "cycle_day"  # on the latest bill cycle day: the first one is a part (Kill Bill)
    ANNIVERSARY = "anniversary"  # counted from the day of subscription (Lago)
    RESTART = "restart"  # on the day of the change: the first one is whole (Stripe)


class Suspended(StrEnum):
    """What days without service do."""

    CREDITED = "credited"
    EXTENDS = "extends"  # the end of the contract moves, no entry
    BILLED = "billed"


class Trial(StrEnum):
    """What free first days do to the first bill."""

    CUT_OUT = "cut_out"  # the period stands, its free days are taken out of the price (Lago)
    SHIFTS = "shifts"  # billing begins the day after


class Timing(StrEnum):
    """When a period is billed."""

    ADVANCE = "advance"  # on its first day
    ARREARS = "arrears"  # on the day after its last


class Partial(StrEnum):
    """What part of a period at the start or end of a contract is charged."""

    PRORATED = "prorated"
    FULL = "full"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class BillingConvention:
    """All switches of one contract.

    share_digits: decimals to which the share of a period is rounded before the price is multiplied,
    None for the exact share. cap_credit: a credit never exceeds what is left of the item it repairs.
    residual: which part of a split gets the cent that is left over.
    """

    day_count: DayCount = DayCount.ACTUAL
    change_day: ChangeDay = ChangeDay.NEW_PLAN
    end_date: EndDate = EndDate.HALF_OPEN
    unused: Unused = Unused.ACCOUNT_CREDIT
    unused_count: UnusedCount = UnusedCount.COUNTED
    place: RoundingPlace = RoundingPlace.LINE
    rounding: Rounding = Rounding.HALF_UP
    residual: Residual = Residual.LAST
    align: Align = Align.CYCLE_DAY
    suspended: Suspended = Suspended.CREDITED
    trial: Trial = Trial.CUT_OUT
    timing: Timing = Timing.ADVANCE
    partial: Partial = Partial.PRORATED
    share_digits: int | None = None
    cap_credit: bool = True
