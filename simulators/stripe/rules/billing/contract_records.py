"""What has been agreed: subscriptions and their items, schedules, and the clocks of tests.

Moments are unix seconds, but for created_at (microseconds).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.stripe.rules.billing.catalog_records import Discount, Metadata, Price, TaxRate
from simulators.stripe.rules.billing.timeline import Timeline
from simulators.stripe.rules.records import Customer


@dataclass(slots=True)
class Item:
    """One price of a subscription, with a period of its own; billed: the line that billed it last."""

    kind: ClassVar[str] = "subscription_item"
    id: str
    created_at: int
    subscription: str
    price: Price
    quantity: int | None
    period: tuple[int, int] = (0, 0)
    discounts: tuple[Discount, ...] = ()
    tax_rates: tuple[TaxRate, ...] = ()
    metadata: Metadata = field(default_factory=dict)
    billed: tuple[str, str, int, int, int] | None = None
    usage_from: int = 0
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class Subscription:
    """status: see subscription_life.MAY. anchor: what its periods are counted from.

    pause: (behavior, resumes_at) of paused collection; pending: a change that waits to be
    paid, or None; timers: what it is waiting for, by name.
    """

    kind: ClassVar[str] = "subscription"
    id: str
    created_at: int
    livemode: bool
    customer: str
    currency: str
    status: str
    start: int
    anchor: int
    items: list[Item] = field(default_factory=list)
    collection_method: str = "charge_automatically"
    days_until_due: int | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    reason: str | None = None
    comment: str | None = None
    feedback: str | None = None
    default_payment_method: str = ""
    default_tax_rates: tuple[TaxRate, ...] = ()
    discounts: tuple[Discount, ...] = ()
    description: str | None = None
    latest_invoice: str = ""
    metadata: Metadata = field(default_factory=dict)
    pause: tuple[str, int | None] | None = None
    trial: tuple[int, int] | None = None
    missing_method: str = "create_invoice"
    billing_mode: str = "flexible"
    anchor_config: Mapping[str, Any] | None = None
    invoice_settings: Mapping[str, Any] = field(default_factory=dict)
    payment_settings: Mapping[str, Any] = field(default_factory=dict)
    pending_interval: tuple[str, int] | None = None
    setup_intent: str = ""
    schedule: str = ""
    test_clock: str = ""
    paused_because: tuple[str, int] | None = None
    pending: Any = None
    timers: dict[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def period(self) -> tuple[int, int]:
        """From the latest start to the earliest end of its items' periods."""
        return max(i.period[0] for i in self.items), min(i.period[1] for i in self.items)


@dataclass(slots=True)
class Phase:
    """A stretch of a schedule; items: (price, quantity, tax rates, metadata, discounts)."""

    start: int
    end: int
    items: tuple[Mapping[str, Any], ...]
    add_invoice_items: tuple[Mapping[str, Any], ...] = ()
    proration: str = "create_prorations"
    trial_end: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    discounts: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Schedule:
    """A subscription's future in phases."""

    kind: ClassVar[str] = "subscription_schedule"
    id: str
    created_at: int
    livemode: bool
    customer: str
    phases: list[Phase]
    end_behavior: str = "release"
    status: str = "not_started"
    subscription: str = ""
    released_subscription: str = ""
    canceled_at: int | None = None
    completed_at: int | None = None
    released_at: int | None = None
    current: int = -1
    settings: Mapping[str, Any] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)
    test_clock: str = ""
    timers: dict[str, Any] = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class TestClock:
    """A time of its own for some customers. target: where it is being advanced to, or None."""

    kind: ClassVar[str] = "test_helpers.test_clock"
    id: str
    created_at: int
    livemode: bool
    frozen: int
    name: str | None = None
    status: str = "ready"
    target: int | None = None
    deletes_after: int = 0
    deleted: bool = False
    timeline: Timeline = field(default_factory=Timeline)
    customers: list[str] = field(default_factory=list)
    seq: int = 0


@dataclass(slots=True)
class Wallet:
    """What billing has of a customer beside the customer's own record: a discount, a clock."""

    owner: Customer
    discount: Discount | None = None
    clock: TestClock | None = None

    @property
    def balance(self) -> int:
        """What the customer owes; negative: is owed."""
        return self.owner.balance

    @property
    def currency(self) -> str:
        """What the customer is billed in, once it has been."""
        return self.owner.currency

    def number(self) -> str:
        """The number of the customer's next invoice."""
        sequence = self.owner.next_invoice_sequence
        self.owner.next_invoice_sequence += 1
        return f"{self.owner.invoice_prefix}-{sequence:04d}"
