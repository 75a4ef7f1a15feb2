"""What Stripe stores. Moments in microseconds, money in minor units, currencies in lower case.

Metadata and other mappings are replaced on change and never altered, so that a rendered snapshot
may share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.kit.webhooks import Delivery
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.refusals import Refused

Metadata = Mapping[str, str]
NOTHING: Metadata = {}


def merged(old: Metadata, given: Metadata | None) -> Metadata:
    """Metadata after an update: new keys win, "" deletes a key, None deletes all."""
    if given is None:
        return NOTHING
    both = {key: value for key, value in {**old, **given}.items() if value != ""}
    if len(both) > 50:
        raise Refused("You can only have 50 metadata keys on an object.", param="metadata")
    return both


@dataclass(slots=True)
class Customer:
    """default_method: id of the payment method for invoices, or ""."""

    kind: ClassVar[str] = "customer"
    id: str
    created_at: int
    livemode: bool
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    address: Mapping[str, str | None] | None = None
    default_method: str = ""
    invoice_prefix: str = ""
    # What billing knows of the customer (a Wallet), once it knows something.
    billing: Any = None
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class PaymentMethod:
    """A card. customer: "" while unattached; spent: may not be used again unless attached.

    set_up: its holder has authenticated it for later use off session.
    """

    kind: ClassVar[str] = "payment_method"
    id: str
    created_at: int
    livemode: bool
    card: Card
    fingerprint: str
    customer: str = ""
    spent: bool = False
    set_up: bool = False
    billing_details: Mapping[str, Any] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class CardError:
    """Why the last attempt of an intent failed; method: as it was then."""

    code: str
    decline_code: str
    message: str
    charge: str
    method: PaymentMethod


@dataclass(slots=True)
class Intent:
    """A payment intent. method, charge: ids or ""; see intents.MAY for status."""

    kind: ClassVar[str] = "payment_intent"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    client_secret: str
    status: str
    customer: str = ""
    method: str = ""
    charge: str = ""
    received: int = 0
    capturable: int = 0
    capture_method: str = "automatic"
    method_types: tuple[str, ...] = ("card",)
    automatic_methods: Mapping[str, Any] | None = None
    setup_future_usage: str | None = None
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    return_url: str | None = None
    metadata: Metadata = field(default_factory=dict)
    error: CardError | None = None
    canceled_at: int = 0
    cancellation_reason: str | None = None
    seq: int = 0


@dataclass(slots=True)
class Charge:
    """One attempt at a card: succeeded or failed. entry: id of its balance transaction or ""."""

    kind: ClassVar[str] = "charge"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    status: str
    intent: str
    customer: str
    method: str
    card: Card
    fingerprint: str
    billing_details: Mapping[str, Any]
    captured: bool = False
    captured_amount: int = 0
    refunded: int = 0
    entry: str = ""
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    failure_code: str = ""
    failure_message: str = ""
    decline_code: str = ""
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class Refund:
    """status: pending, succeeded, failed. entry, failure_entry: balance transactions or ""."""

    kind: ClassVar[str] = "refund"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    status: str
    charge: str
    intent: str
    customer: str = ""
    method: str = ""
    reason: str | None = None
    entry: str = ""
    failure_entry: str = ""
    failure_reason: str = ""
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class BalanceTransaction:
    """One entry of the balance; net = amount - fee, signed; payout: id once paid out, or ""."""

    kind: ClassVar[str] = "balance_transaction"
    id: str
    created_at: int
    available_at: int
    type: str
    source: str
    amount: int
    fee: int
    currency: str
    description: str | None = None
    payout: str = ""
    seq: int = 0

    @property
    def net(self) -> int:
        return self.amount - self.fee


@dataclass(slots=True)
class Payout:
    """status: see payouts.MAY. arrival_at: midnight of the day on which the bank has it."""

    kind: ClassVar[str] = "payout"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    status: str
    automatic: bool
    arrival_at: int
    paid_at: int = 0
    entry: str = ""
    failure_entry: str = ""
    failure_code: str = ""
    failure_message: str = ""
    description: str | None = None
    statement_descriptor: str | None = None
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class Event:
    """Something that happened; snapshot: the object as it looked then, in the vendor's shape.

    created_at may be a test clock's moment; logged_at is the mock's own.
    """

    kind: ClassVar[str] = "event"
    id: str
    created_at: int
    livemode: bool
    type: str
    snapshot: Mapping[str, Any]
    previous: Mapping[str, Any] | None
    request: str
    idempotency_key: str
    deliveries: list[Delivery] = field(default_factory=list)
    logged_at: int = 0
    seq: int = 0


@dataclass(slots=True)
class Endpoint:
    """A subscriber. secrets: (text, microseconds until which it signs, 0 = for good)."""

    kind: ClassVar[str] = "webhook_endpoint"
    id: str
    created_at: int
    livemode: bool
    url: str
    enabled_events: tuple[str, ...]
    secrets: tuple[tuple[str, int], ...]
    description: str | None = None
    api_version: str | None = None
    metadata: Metadata = field(default_factory=dict)
    disabled: bool = False
    deleted: bool = False
    seq: int = 0
