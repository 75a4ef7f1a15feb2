"""The company's stored conventions of revenue, as switches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.finance.revenue.ahead import Netting
from core.finance.revenue.allocation import BY_WORTH, Allocation
from core.finance.revenue.earned import BY_DAYS
from core.finance.revenue.schedule import Rule


class GivenBack(StrEnum):
    """What a refund, or a credit that a person gives, is taken from."""

    SPLIT = "split"  # the share delivered is contra revenue, the rest comes off deferred, its plan ends
    CONTRA = "contra"  # goodwill: all of it contra revenue, the plans run on


class Use(StrEnum):
    """When use that is billed in arrears becomes revenue."""

    ACCRUED = "accrued"  # in the month of use: what is not billed at its end is an unbilled receivable
    AT_BILLING = "at_billing"  # when it is billed, too late by up to a month


class Late(StrEnum):
    """Where revenue of a closed month is posted; it names its own month in either."""

    OPEN_DAY = "open_day"  # where the books post whatever is late
    CATCH_UP = "catch_up"  # with the month that is being released, on its last day


@dataclass(frozen=True, slots=True)
class RevenuePolicy:
    """rule: how a service is spread over its months, and how that becomes whole minor units; allocation: who
    bears the discount of a bundle, which product has the residual for its price, who gets the odd cent."""

    rule: Rule = BY_DAYS
    given_back: GivenBack = GivenBack.SPLIT
    netting: Netting = Netting.CONTRACT
    allocation: Allocation = BY_WORTH
    use: Use = Use.ACCRUED
    late: Late = Late.OPEN_DAY


AS_DELIVERED = RevenuePolicy()
