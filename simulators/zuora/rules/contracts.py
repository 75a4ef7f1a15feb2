"""Subscriptions: versions, rate plans, charges, and the segments a charge is cut into by changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.catalogue import Plan, PlanCharge
from simulators.zuora.rules.parties import Account

TERMED, EVERGREEN = "TERMED", "EVERGREEN"
ACTIVE, CANCELLED, EXPIRED = "Active", "Cancelled", "Expired"


@dataclass(frozen=True, slots=True)
class Segment:
    """[start, end) at one price and quantity; end None: for ever. amount: minor units per period."""

    number: int
    start: date
    end: date | None
    quantity: Decimal
    price: Decimal
    amount: int
    order: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A subscribed charge: same number for life. anchor: where its billing periods are counted from;
    ended: removed, so that a renewal does not extend it. All its past segments are kept."""

    id: str
    number: str
    source: PlanCharge
    months: int
    anchor: date
    segments: tuple[Segment, ...]
    issued: int
    ended: bool = False

    @property
    def last(self) -> Segment | None:
        """The latest segment; None where a removal left nothing."""
        return self.segments[-1] if self.segments else None


@dataclass(frozen=True, slots=True)
class RatePlan:
    """A subscribed rate plan. last_change: Add, Update or Remove."""

    id: str
    number: str
    source: Plan
    charges: tuple[Charge, ...]
    last_change: str = "Add"


@dataclass(slots=True)
class Subscription:
    """One version of a subscription; an order makes the next. term_end is exclusive, None: evergreen."""

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
    cancelled_on: date | None = None
    cancel_reason: str | None = None
    notes: str | None = None
    custom: dict[str, object] = field(default_factory=dict)
    latest: bool = True
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
        )
