"""Orders: what a caller wishes for, as values, and the order that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.calendar import Cycle
from simulators.zuora.rules.catalogue import Until
from simulators.zuora.rules.contracts import Interval
from simulators.zuora.rules.parties import Account, AccountWish
from simulators.zuora.rules.rating import Tier

Term = tuple[int, str]  # count and unit: Month, Year, Week or Day
DRAFT, PENDING, COMPLETED = "Draft", "Pending", "Completed"
CANCELLED, SCHEDULED = "Cancelled", "Scheduled"


@dataclass(frozen=True, slots=True)
class ChargeWish:
    """key: a charge number or the id or number of a catalogue charge; None: leave as it is. pricing: the
    member of the wire's pricing that was used, kind and model; starts: a trigger event; on: a date;
    price_change, increase: what a renewal does to the price."""

    key: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    included: Decimal | None = None
    pricing: tuple[str, str] | None = None
    cycle: Cycle | None = None
    arrears: bool | None = None
    bill_cycle_type: str | None = None
    bill_cycle_day: int | None = None
    alignment: str | None = None
    starts: str | None = None
    on: date | None = None
    until: Until | None = None
    description: str | None = None
    price_change: str | None = None
    increase: Decimal | None = None
    number: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A rate plan of the catalogue to subscribe to. number: the caller's own, or ""."""

    plan: str
    charges: tuple[ChargeWish, ...] = ()
    number: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Which rate plan of the subscription: by its id, its number, or the catalogue's plan."""

    id: str = ""
    number: str = ""
    source: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """start None: the contract's effective date. period None: an evergreen subscription."""

    start: date | None = None
    period: Term | None = None
    term_type: str = "TERMED"
    auto_renew: bool = False
    renewal_setting: str = "RENEW_WITH_SPECIFIC_TERM"
    renewal_terms: tuple[Term, ...] = ()
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Create:
    """CreateSubscription. number: the caller's own, or ""; owner, payer: account numbers, or ""."""

    terms: Terms
    plans: tuple[PlanWish, ...]
    number: str = ""
    currency: str = ""
    notes: str | None = None
    owner: str = ""
    payer: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Add:
    """AddProduct."""

    plan: PlanWish


@dataclass(frozen=True, slots=True)
class Update:
    """UpdateProduct. at None: on the action's effective date; removed: keys of charges to end."""

    plan: PlanKey
    charges: tuple[ChargeWish, ...]
    at: date | None = None
    removed: tuple[str, ...] = ()
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remove:
    """RemoveProduct."""

    plan: PlanKey


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """ChangePlan: one plan out, another in. policy: when."""

    plan: PlanKey
    new: PlanWish
    policy: str = "EffectiveImmediately"
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Suspend, by policy: Today, EndOfLastInvoicePeriod, SpecificDate or FixedPeriodsFromToday."""

    policy: str
    on: date | None = None
    periods: Term | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume, by policy; extends: the term grows by the time that was lost."""

    policy: str
    on: date | None = None
    periods: Term | None = None
    extends: bool = False


@dataclass(frozen=True, slots=True)
class Renew:
    """RenewSubscription, by the renewal terms that the subscription has."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """CancelSubscription. policy: SpecificDate, EndOfCurrentTerm or EndOfLastInvoicePeriod."""

    policy: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """TermsAndConditions; None: leave as it is. last: the present term: length, type, start, end."""

    auto_renew: bool | None = None
    renewal_setting: str | None = None
    renewal_terms: tuple[Term, ...] | None = None
    last: Terms | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transfer:
    """OwnerTransfer. owner, payer: account numbers, "": stays."""

    owner: str = ""
    payer: str = ""


Act = Create | Add | Update | Remove | ChangePlan | Suspend | Resume | Renew | Cancel | ChangeTerms | Transfer


@dataclass(frozen=True, slots=True)
class Action:
    """One act of an order and its trigger dates by name; sent: the action as the caller wrote it."""

    type: str
    act: Act
    dates: Mapping[str, date]
    reason: str | None
    sent: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RampWish:
    """charges: numbers or unique tokens, none for all of the subscription; delete: take the ramp away."""

    name: str | None = None
    description: str | None = None
    intervals: tuple[Interval, ...] = ()
    charges: tuple[str, ...] = ()
    delete: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionWish:
    """number "": the first action creates a subscription."""

    number: str
    actions: tuple[Action, ...]
    notes: str | None = None
    custom: Mapping[str, object] = field(default_factory=dict)
    ramp: RampWish | None = None


@dataclass(frozen=True, slots=True)
class Billing:
    """Bill at once, as part of the order. draft: leave the documents drafts; skipped: kinds of charges;
    credit: what of the account's to put against the invoices, in that order."""

    target: date | None
    document_date: date | None
    draft: bool
    skipped: frozenset[str] = frozenset()
    credit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collecting:
    """Collect what the order's invoices come to. lenient: a declined payment does not undo the order."""

    method: str = ""
    gateway: str = ""
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class OrderWish:
    """A whole order. number "": let the vendor number it; billing None: do not bill now; opens: the
    account that it opens; when: the day of a scheduled order."""

    number: str
    on: date
    account: str
    subscriptions: tuple[SubscriptionWish, ...]
    description: str | None = None
    category: str = "NewSales"
    reason: str | None = None
    billing: Billing | None = None
    custom: Mapping[str, object] = field(default_factory=dict)
    opens: AccountWish | None = None
    collecting: Collecting | None = None
    status: str = COMPLETED
    when: date | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order did to one subscription."""

    number: str
    base_version: int
    new_version: int
    actions: tuple[tuple[str, Action], ...]
    custom: Mapping[str, object] = field(default_factory=dict)
    notes: str | None = None


@dataclass(slots=True)
class Order:
    """An order. wish: what a draft or scheduled order is to do; charge_id …: of the payment collected."""

    id: str
    seq: int
    number: str
    account: Account
    on: date
    description: str | None
    category: str
    reason: str | None
    created_at: int
    subscriptions: tuple[Ordered, ...] = ()
    custom: dict[str, object] = field(default_factory=dict)
    status: str = COMPLETED
    invoices: tuple[str, ...] = ()
    memos: tuple[str, ...] = ()
    payment: Mapping[str, object] = field(default_factory=dict)
    wish: OrderWish | None = None
    cancel_reason: str | None = None
    updated_at: int = 0
