"""Records of permissions: setup intents, their attempts, mandates, tokens, tax ids, customers' credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.stripe.rules.banks import Bank
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.records import NEVER, CardError, Instrument, Metadata


@dataclass(slots=True)
class SetupIntent:
    """A wish to use a method later. status: see setups.MAY; pending: as of a payment intent."""

    kind: ClassVar[str] = "setup_intent"
    id: str
    created_at: int
    livemode: bool
    client_secret: str
    status: str
    customer: str = ""
    method: str = ""
    usage: str = "off_session"
    method_types: tuple[str, ...] = ("card",)
    method_options: Mapping[str, Any] = field(default_factory=dict)
    automatic_methods: Mapping[str, Any] | None = None
    attach_to_self: bool = False
    flow_directions: tuple[str, ...] | None = None
    description: str | None = None
    return_url: str | None = None
    mandate: str = ""
    attempt: str = ""
    pending: str = ""
    error: CardError | None = None
    cancellation_reason: str | None = None
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class SetupAttempt:
    """One confirmation of a setup intent. status: requires_action, succeeded, failed or abandoned."""

    kind: ClassVar[str] = "setup_attempt"
    id: str
    created_at: int
    livemode: bool
    intent: str
    method: str
    instrument: Instrument
    status: str
    usage: str
    customer: str = ""
    error: CardError | None = None
    seq: int = 0


@dataclass(slots=True)
class Mandate:
    """A permission to debit. acceptance: how and when the customer agreed; status: active or inactive."""

    kind: ClassVar[str] = "mandate"
    id: str
    created_at: int
    livemode: bool
    method: str
    instrument: Instrument
    acceptance: Mapping[str, Any]
    status: str = "active"
    amount: int = 0
    currency: str = ""
    seq: int = 0


@dataclass(slots=True)
class Token:
    """A card or account in disguise, for one use."""

    kind: ClassVar[str] = "token"
    id: str
    created_at: int
    livemode: bool
    instrument: Card | Bank
    inner: str
    expires: tuple[int, int] = NEVER
    name: str | None = None
    used: bool = False
    seq: int = 0


@dataclass(slots=True)
class TaxId:
    """A customer's tax number."""

    kind: ClassVar[str] = "tax_id"
    id: str
    created_at: int
    livemode: bool
    customer: str
    type: str
    value: str
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class CreditEntry:
    """A change of a customer's balance; ending: the balance after it."""

    kind: ClassVar[str] = "customer_balance_transaction"
    id: str
    created_at: int
    livemode: bool
    customer: str
    amount: int
    currency: str
    ending: int
    type: str = "adjustment"
    description: str | None = None
    invoice: str = ""
    credit_note: str = ""
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0
