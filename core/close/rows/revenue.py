"""Obligations, allocation, schedules, accruals: rows of revenue; and the events that link systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from core.canonical.money import Money


class Spread(StrEnum):
    """How a line's revenue is spread over its service."""

    DAILY = "daily"  # by days; cumulative, rounded down at each month's end, the rest in the last
    DAILY_NEAREST = "daily_nearest"  # each month by its days, rounded half up, the rest in the last
    MONTHS_EVEN = "months_even"  # the same for each calendar month touched, the rest in the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Pob:
    """A performance obligation. allocated: its share of the price; progress: done so far, 0 to 1;
    cancelled_on: when it ended early; recognised_at_end: what had been recognised by then."""

    id: str
    contract: str
    allocated: Money
    progress: Fraction
    entity: str = ""
    product: str = ""
    cancelled_on: date | None = None
    recognised_at_end: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One period of a plan. source: the billed line or plan it spreads; journal: of its posting, "" until
    then; posted: what was posted."""

    id: str
    source: str
    period: str
    amount: Money
    pob: str = ""
    contract: str = ""
    journal: str = ""
    posted: Money | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenuePlan:
    """What is to be spread, as the billed line says: amount signed, service [start, end)."""

    source: str
    amount: Money
    start: date
    end: date
    spread: Spread = Spread.DAILY
    pob: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredMovement:
    """What moved deferred revenue of an obligation, signed. kind: billed, recognised, credited or
    modification."""

    pob: str
    contract: str
    kind: str
    amount: Money
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationLine:
    """Stand-alone price and share of one obligation in a version of a contract; carve = allocated - stated.

    ssp None: no price is held; [ssp_from, ssp_to): when it holds; book: the list it is from.
    """

    contract: str
    version: int
    pob: str
    stated: Money
    allocated: Money
    carve: Money
    ssp: Money | None
    ssp_from: date
    ssp_to: date | None
    book: str
    discountable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVersion:
    """price: transaction price; book: the list that holds on `on`."""

    contract: str
    version: int
    on: date
    price: Money
    book: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractProgress:
    """To date, net of tax. deferred: what the ledger shows as liability of the contract; unconditional: the
    right to payment depends on time alone, so that what is unbilled is a receivable; accrued_before: of the
    month before, to be reversed."""

    contract: str
    recognised: Money
    billed: Money
    deferred: Money
    customer: str = ""
    accrued_before: Money | None = None
    unconditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageAccrual:
    """Unbilled usage of a service month, accrued at its end."""

    item: str
    meter: str
    month: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageBilled:
    """What was invoiced for that month later. causes: (what moved it, amount); `late usage`, …"""

    item: str
    meter: str
    month: str
    amount: Money
    causes: tuple[tuple[str, Money], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RpoMovement:
    """kind: booking, recognised, modification, cancellation or fx; signed as it moves what remains."""

    contract: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RemainingLine:
    """What is still to be recognised of a contract. kind: fixed, cancellable, early_renewal or usage (only
    the first belongs to RPO)."""

    contract: str
    amount: Money
    kind: str = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealToCash:
    """All identities of one contract, each figure from the book that owns it. booked None: not known, and
    its identity not tried.

    Net: booked (CRM), billed, credited, to_bill (billing), recognised, deferred, asset (ledger).
    Gross: billed_gross, credited_gross (billing), cash (cash application), credit_used, written_off,
    disputed_lost, open_ar (receivables).
    """

    contract: str
    booked: Money | None
    billed: Money
    credited: Money
    to_bill: Money
    billed_gross: Money
    credited_gross: Money
    cash: Money
    credit_used: Money
    written_off: Money
    disputed_lost: Money
    open_ar: Money
    recognised: Money
    deferred: Money
    asset: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """An event of a source. consumers: who must process it; digest: of its content; sequence: order in
    its stream."""

    id: str
    source: str
    kind: str
    at: datetime
    consumers: tuple[str, ...]
    digest: str = ""
    stream: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenEvent:
    """What a consumer made of a delivery. outcome: processed, duplicate (known and dropped), dead (parked,
    `reason`) or rejected; at: when."""

    id: str
    consumer: str
    outcome: str
    at: datetime
    digest: str = ""
    reason: str = ""
