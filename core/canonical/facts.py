"""What the core tells those outside: a shape a fact, in the trade's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.canonical.events import Topic
from core.canonical.money import Money
from core.canonical.orders import OrderKind

# What an order of a kind makes of its subscription.
SUBSCRIPTION_TOPICS = {
    OrderKind.NEW: Topic.SUBSCRIPTION_ACTIVATED,
    OrderKind.AMENDMENT: Topic.SUBSCRIPTION_AMENDED,
    OrderKind.RENEWAL: Topic.SUBSCRIPTION_RENEWED,
    OrderKind.CANCELLATION: Topic.SUBSCRIPTION_CANCELLED,
    OrderKind.SUSPENSION: Topic.SUBSCRIPTION_AMENDED,
    OrderKind.RESUMPTION: Topic.SUBSCRIPTION_AMENDED,
}


@dataclass(frozen=True, slots=True)
class SubscriptionChanged:
    """An order took effect in billing. kind: of the order; start: when it takes effect; end: of the term
    (exclusive), None for an evergreen one and for a change that leaves it as it is."""

    subscription: str
    customer: str
    order: str
    kind: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Entitled:
    """quantity: from the change on, 0 for no more; before: until then."""

    product: str
    quantity: int
    before: int


@dataclass(frozen=True, slots=True)
class EntitlementChanged:
    """What a customer may use from a day on. state: active, suspended or ended; products: what changes, none
    where all of the subscription does."""

    subscription: str
    customer: str
    order: str
    state: str
    since: date
    until: date | None
    products: tuple[Entitled, ...]


@dataclass(frozen=True, slots=True)
class InvoiceFinalized:
    """A bill is final and stands in the ledger. balance: what was open of it when it was told."""

    invoice: str
    customer: str
    on: date
    due: date
    total: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class PaymentChanged:
    """A payment settled or failed. payment: the processor's id; failure: why, "" if it did not; attempts:
    charges so far."""

    payment: str
    invoice: str
    customer: str
    amount: Money
    on: date
    attempts: int
    failure: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """Money given back. refund, payment: the processor's ids."""

    refund: str
    payment: str
    invoice: str
    customer: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """A payment is called back by its payer. dispute: the processor's id."""

    dispute: str
    invoice: str
    customer: str
    amount: Money
    status: str


@dataclass(frozen=True, slots=True)
class UsageThresholdReached:
    """Use of a month came to a threshold. month: "2026-01"; quantity: the month's use when it was seen."""

    subscription: str
    customer: str
    meter: str
    month: str
    threshold: Decimal
    quantity: Decimal


Told = (
    SubscriptionChanged
    | EntitlementChanged
    | InvoiceFinalized
    | PaymentChanged
    | PaymentRefunded
    | DisputeOpened
    | UsageThresholdReached
)

# Requirement C7: the eleven, each with its shape and what it says.
FACTS: dict[Topic, tuple[type[Told], str]] = {
    Topic.SUBSCRIPTION_ACTIVATED: (SubscriptionChanged, "A new subscription is in billing"),
    Topic.SUBSCRIPTION_AMENDED: (SubscriptionChanged, "A subscription was changed, suspended or resumed"),
    Topic.SUBSCRIPTION_RENEWED: (SubscriptionChanged, "A subscription has another term"),
    Topic.SUBSCRIPTION_CANCELLED: (SubscriptionChanged, "A subscription ends, or its order was taken back"),
    Topic.ENTITLEMENT_CHANGED: (EntitlementChanged, "What a customer may use changes on a day"),
    Topic.USAGE_THRESHOLD_REACHED: (UsageThresholdReached, "Use of a month came to a threshold"),
    Topic.INVOICE_FINALIZED: (InvoiceFinalized, "An invoice is final and in the ledger"),
    Topic.PAYMENT_SETTLED: (PaymentChanged, "A payment was taken in"),
    Topic.PAYMENT_FAILED: (PaymentChanged, "A charge was declined"),
    Topic.PAYMENT_REFUNDED: (PaymentRefunded, "A payment was given back, in part or whole"),
    Topic.DISPUTE_OPENED: (DisputeOpened, "A payment is called back by its payer"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """key: names it for ever, the same however often it is worked out; subject: what it is about, as a path
    under /v1; customer: whose facts are told in order."""

    topic: Topic
    key: str
    subject: str
    customer: str
    told: Told
