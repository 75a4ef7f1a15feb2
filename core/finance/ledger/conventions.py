"""The company's stored conventions of its books, as far as the running core decides them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.finance.cash.disputes import LossAs, LostTax
from core.finance.ledger.policy import Fees, Revaluation


class ClosedPeriod(StrEnum):
    """What becomes of a document whose accounting period is closed."""

    NEXT_OPEN = "next_open"  # posted in the next open period
    HELD = "held"  # the controller reopens the period, or says what to do


class LateDay(StrEnum):
    """Which day of the next open period a late document gets."""

    FIRST = "first_open_day"
    POSTING = "day_of_posting"  # the day it is posted on, where that is later


class ClosingRate(StrEnum):
    """Which of the treasury's rates is the closing rate of a month."""

    LAST_DAY = "entered_for_last_day"  # none other: where it is missing the revaluation is held
    LATEST = "latest_known"  # the latest one up to the last day


@dataclass(frozen=True, slots=True)
class BookPolicy:
    """All of them. material: a late invoice or credit over so many minor units or more is the controller's
    to decide; None: every one is posted in the next open period."""

    dispute_loss: LossAs = LossAs.EXPENSE
    dispute_tax: LostTax = LostTax.LOST
    fees: Fees = Fees.GROSS
    revaluation: Revaluation = Revaluation.REVERSES
    closing_rate: ClosingRate = ClosingRate.LAST_DAY
    closed_period: ClosedPeriod = ClosedPeriod.NEXT_OPEN
    late_day: LateDay = LateDay.FIRST
    material: int | None = None

    def __post_init__(self) -> None:
        if self.material is not None and self.material < 1:
            raise ValueError(f"material: {self.material} minor units; give 1 or more, or leave it out")


USUAL = BookPolicy()
