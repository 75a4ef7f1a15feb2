"""What happened, as a value that the posting rules take: one kind a row of the posting matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.erp import NOWHERE, Dimensions
from core.canonical.money import Money
from core.finance.ledger.chart import BANK, CLEARING, RECEIVABLE


class Kind(StrEnum):
    """The rows of the posting matrix; the value is the rule's id."""

    ORDER_BOOKED = "P01"
    INVOICE_IN_ADVANCE = "P02"
    INVOICE_IN_ARREARS = "P03"
    REVENUE_RELEASED = "P04"
    REVENUE_AHEAD_OF_BILLING = "P05"
    RECOGNISED_BEFORE_BILLED = "P06"
    USAGE_ACCRUED = "P07"
    USAGE_CORRECTED = "P08"
    MINIMUM_TRUE_UP = "P09"
    CREDITS_SOLD = "P10"
    CREDITS_DRAWN = "P11"
    PROMOTION_USED = "P12"
    CREDITS_EXPIRED = "P13"
    PRICE_ALLOCATED = "P14"
    PLAN_CHANGED = "P15"
    ADD_ON = "P16"
    CREDIT_KEPT = "P17"
    RENEWED = "P18"
    SUSPENDED = "P19"
    MODIFIED_SEPARATE = "P20"
    MODIFIED_PROSPECTIVE = "P21"
    MODIFIED_CATCH_UP = "P22"
    CANCELLED_WITH_CREDIT = "P23"
    CANCELLED_WITHOUT_REFUND = "P24"
    BANK_RECEIPT = "P25"
    CARD_PAYMENT = "P26"
    PAYMENT_FAILED = "P27"
    OVERPAID = "P28"
    CREDIT_APPLIED = "P29"
    PAYOUT = "P30"
    PROCESSOR_CONVERSION = "P31"
    RESERVE = "P32"
    CREDIT_MEMO_OPEN = "P33"
    CREDIT_MEMO_PAID = "P34"
    REFUND = "P35"
    REFUND_AT_OTHER_RATE = "P36"
    VOID = "P37"
    ALLOWANCE_CHANGED = "P38"
    WRITTEN_OFF = "P39"
    RECOVERED = "P40"
    DISPUTE_OPENED = "P41"
    DISPUTE_WON = "P42"
    DISPUTE_LOST = "P43"
    SETTLED_AT_OTHER_RATE = "P44"
    REVALUED = "P45"
    TAX_REMITTED = "P46"
    TAX_ASSESSED = "P47"
    TAX_WITHHELD = "P48"
    APPLICATION_FEE = "P49"
    COMMISSION = "P50"
    INTERCOMPANY_SERVICE = "P51"
    INTERCOMPANY_CASH = "P52"
    VARIABLE_CONSIDERATION = "P53"
    ROUNDING_DIFFERENCE = "P54"
    LATE_CORRECTION = "P55"


class Cash(StrEnum):
    """Through which account money came or went."""

    BANK = BANK
    PROCESSOR = CLEARING


@dataclass(frozen=True, slots=True)
class Part:
    """A named amount of a fact. at: dimensions of its own; account: of an item that is remeasured;
    debit_as, credit_as: the same amount in the currency of either side, where that is another."""

    name: str
    amount: Money
    at: Dimensions | None = None
    account: str = RECEIVABLE
    debit_as: Money | None = None
    credit_as: Money | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """id: of the source event; entity: whose books; counterparty: the other entity of an intercompany
    fact; cash: through which account, where the rule leaves it open; corrects: the late fact of a P55."""

    kind: Kind
    id: str
    on: date
    entity: str
    parts: tuple[Part, ...] = ()
    at: Dimensions = NOWHERE
    counterparty: str = ""
    cash: Cash | None = None
    corrects: Fact | None = None


def amounts(named: Mapping[str, Money]) -> tuple[Part, ...]:
    """Parts of plain amounts, by their names."""
    return tuple(Part(name, amount) for name, amount in named.items())
