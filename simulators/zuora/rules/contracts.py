"""Subscriptions: versions, rate plans, charges, and the segments a charge is cut into by changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from simulators.zuora.rules.calendar import Cycle
from simulators.zuora.rules.catalogue import Plan, PlanCharge, Until
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.rating import Price

TERMED, EVERGREEN = "TERMED", "EVERGREEN"
ACTIVE, CANCELLED, EXPIRED, SUSPENDED = "Active", "Cancelled", "Expired", "Suspended"
PENDING_ACTIVATION, PENDING_ACCEPTANCE = "Pending Activation", "Pending Acceptance"
PENDING = (PENDING_ACTIVATION, PENDING_ACCEPTANCE)


@dataclass(frozen=True, slots=True)
class Segment:
    """[start, end) at one price and quantity; end None: for ever. amount: minor units per period."""

    number: int
    start: date
    end: date | None
    quantity: Decimal
    pricing: Price
    amount: int
    order: str

    @property
    def price(self) -> Decimal:
        """Price of a unit, fee, or what a discount takes off; 0 where tiers say it."""
        return self.pricing.amount

    def holds(self, on: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= on and (self.end is None or on < self.end)


@dataclass(frozen=True, slots=True)
class Charge:
    """A subscribed charge: same number for life. anchor, day: where its billing periods are counted from;
    ended: removed, so that a renewal does not extend it; held: what a suspension took away; fixed_end:
    where it ends whatever the term. Without segments it waits for its trigger date. price_change, increase:
    what a renewal does to its price, None: what its product charge says; rounding: of its amounts."""

    id: str
    number: str
    source: PlanCharge
    cycle: Cycle
    anchor: date
    day: int
    segments: tuple[Segment, ...]
    issued: int
    quantity: Decimal
    pricing: Price
    trigger: str
    bill_cycle_type: str
    alignment: str
    until: Until
    arrears: bool
    description: str | None
    begun_on: date | None = None
    fixed_end: date | None = None
    held: tuple[Segment, ...] = ()
    ended: bool = False
    rounding: str = ROUND_HALF_UP
    price_change: str | None = None
    increase: Decimal | None = None
    custom: Mapping[str, object] = field(default_factory=dict)

    @property
    def last(self) -> Segment | None:
        """The latest segment; None where a removal left nothing."""
        return self.segments[-1] if self.segments else None

    @property
    def months(self) -> int:
        """Months of a billing period, at least one."""
        return self.cycle.months or 1

    @property
    def waiting(self) -> bool:
        """Whether its trigger date is still to come."""
        return self.begun_on is None and not self.ended

    def period(self, on: date) -> tuple[date, date]:
        """The billing period [start, end) that holds the day, by its grid."""
        last = self.last
        whole = (last.start, last.end) if last else (on, None)
        return self.cycle.around(self.anchor, on, self.day, whole)


@dataclass(frozen=True, slots=True)
class RatePlan:
    """A subscribed rate plan. last_change: Add, Update or Remove."""

    id: str
    number: str
    source: Plan
    charges: tuple[Charge, ...]
    last_change: str = "Add"
    custom: Mapping[str, object] = field(default_factory=dict)
    original_id: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a ramp, both days inclusive."""

    start: date
    end: date
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Ramp:
    """How the term is split. charges: numbers of those that belong to it, none for all."""

    id: str
    number: str
    name: str | None
    description: str | None
    intervals: tuple[Interval, ...]
    charges: tuple[str, ...]


@dataclass(slots=True)
class Subscription:
    """One version of a subscription; an order makes the next. term_end is exclusive, None: evergreen.
    activated, accepted: trigger dates, None while awaited; payer: the invoice owner where that is not
    the account."""

    id: str
    original_id: str
    seq: int
    number: str
    version: int
    account: Account
    term_type: str
    start: date
    term_start: date
    term_end: date | None
    initial_term: tuple[int, str]
    current_term: tuple[int, str]
    renewal_setting: str
    renewal_terms: tuple[tuple[int, str], ...]
    auto_renew: bool
    created_at: int
    orders: tuple[str, ...]
    plans: tuple[RatePlan, ...] = ()
    status: str = ACTIVE
    activated: date | None = None
    accepted: date | None = None
    payer: Account | None = None
    suspended_on: date | None = None
    resumed_on: date | None = None
    cancelled_on: date | None = None
    cancel_reason: str | None = None
    notes: str | None = None
    custom: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    statuses: tuple[tuple[str, date, date | None], ...] = ()
    latest: bool = True
    ramp: Ramp | None = None
    updated_at: int = 0

    @property
    def charges(self) -> Iterator[Charge]:
        """Every charge of every plan, in order."""
        for plan in self.plans:
            yield from plan.charges

    @property
    def end(self) -> date | None:
        """Where service ends: the cancellation, else the end of the term."""
        return self.cancelled_on or self.term_end

    @property
    def owner(self) -> Account:
        """Who is invoiced."""
        return self.payer or self.account

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this subscription refers to."""
        return (self.number, self.id, *self.account.refs)

    def next_version(self, id: str, order: str) -> Subscription:  # noqa: A002 - the vendor's word
        """A copy to be changed by an order; its plans are values, so nothing is shared for writing."""
        return replace(
            self,
            id=id,
            version=self.version + 1,
            orders=(*self.orders, order),
            custom=dict(self.custom),
            extra=dict(self.extra),
        )

    def turn(self, status: str, on: date) -> None:
        """Take on a status from a day on, and remember the one before."""
        past = self.statuses
        if past and past[-1][2] is None:
            past = (*past[:-1], (past[-1][0], past[-1][1], on))
        self.status, self.statuses = status, (*past, (status, on, None))
