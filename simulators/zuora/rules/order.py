"""Orders: what a caller wishes for, as values, and the order that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.parties import Account

Term = tuple[int, str]  # count and unit: Month, Year, Week or Day


@dataclass(frozen=True, slots=True)
class ChargeWish:
    """key: a charge number or the id or number of a catalogue charge; None: leave as it is."""

    key: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A rate plan of the catalogue to subscribe to. number: the caller's own, or ""."""

    plan: str
    charges: tuple[ChargeWish, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Which rate plan of the subscription: by its id, its number, or the catalogue's plan."""

    id: str = ""
    number: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """start None: the contract's effective date. period None: an evergreen subscription."""

    start: date | None = None
    period: Term | None = None
    term_type: str = "TERMED"
    auto_renew: bool = False
    renewal_setting: str = "RENEW_WITH_SPECIFIC_TERM"
    renewal_terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """CreateSubscription. number: the caller's own, or ""."""

    terms: Terms
    plans: tuple[PlanWish, ...]
    number: str = ""
    currency: str = ""
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """AddProduct."""

    plan: PlanWish


@dataclass(frozen=True, slots=True)
class Update:
    """UpdateProduct. at None: on the action's effective date."""

    plan: PlanKey
    charges: tuple[ChargeWish, ...]
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """RemoveProduct."""

    plan: PlanKey


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
    """TermsAndConditions, as far as renewal goes; None: leave as it is."""

    auto_renew: bool | None = None
    renewal_setting: str | None = None
    renewal_terms: tuple[Term, ...] | None = None


Act = Create | Add | Update | Remove | Renew | Cancel | ChangeTerms


@dataclass(frozen=True, slots=True)
class Action:
    """One act of an order and its trigger dates by name; sent: the action as the caller wrote it."""

    type: str
    act: Act
    dates: Mapping[str, date]
    reason: str | None
    sent: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SubscriptionWish:
    """number "": the first action creates a subscription."""

    number: str
    actions: tuple[Action, ...]
    notes: str | None = None
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Billing:
    """Bill at once, as part of the order. draft: leave the documents drafts."""

    target: date | None
    document_date: date | None
    draft: bool


@dataclass(frozen=True, slots=True)
class OrderWish:
    """A whole order. number "": let the vendor number it; billing None: do not bill now."""

    number: str
    on: date
    account: str
    subscriptions: tuple[SubscriptionWish, ...]
    description: str | None = None
    category: str = "NewSales"
    reason: str | None = None
    billing: Billing | None = None
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order did to one subscription."""

    number: str
    base_version: int
    new_version: int
    actions: tuple[tuple[str, Action], ...]


@dataclass(slots=True)
class Order:
    """A completed order."""

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
    status: str = "Completed"
    invoices: tuple[str, ...] = ()
    memos: tuple[str, ...] = ()
    updated_at: int = 0
