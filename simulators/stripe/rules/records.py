"""What Stripe stores. Moments in microseconds, money in minor units, currencies in lower case.

Metadata and other mappings are replaced on change and never altered, so that a rendered snapshot
may share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.stripe.rules.banks import Bank
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.declines import Decline
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import Transfer

Metadata = Mapping[str, str]
# What pays: a card, a bank account that is debited, or money that the customer sends.
Instrument = Card | Bank | Transfer
NOTHING: Metadata = {}
# When test cards run out whose number nobody typed in, whatever year a simulation plays in.
NEVER = (8, 2099)
# How much above an authorisation may be captured; ours, since it differs by network and trade.
_OVER_PERCENT = 20


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
    """default_method: id of the payment method for invoices, or ""; default_source: of legacy charges.

    balance: minor units of `currency`, negative when it is the customer's credit. invoice_settings: all
    of them but the default method; tax_numbers: types and values, as invoices show them; billing: what
    billing keeps with the customer.
    """

    kind: ClassVar[str] = "customer"
    id: str
    created_at: int
    livemode: bool
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    address: Mapping[str, str | None] | None = None
    shipping: Mapping[str, Any] | None = None
    business_name: str | None = None
    individual_name: str | None = None
    default_method: str = ""
    default_source: str = ""
    invoice_settings: Mapping[str, Any] = field(default_factory=dict)
    invoice_prefix: str = ""
    next_invoice_sequence: int = 1
    preferred_locales: tuple[str, ...] = ()
    tax_exempt: str = "none"
    tax: Mapping[str, Any] = field(default_factory=dict)
    tax_numbers: tuple[tuple[str, str], ...] = ()
    balance: int = 0
    currency: str = ""
    delinquent: bool = False
    test_clock: str = ""
    billing: Any = None
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class PaymentMethod:
    """A card or a bank account. customer: "" while unattached; spent: may not be used again unless
    attached.

    set_up: its holder has authenticated it for later use off session; verified: of a bank account,
    whether its holder has proved to own it; mandate: id of the permission to debit it, or "";
    expires: month and year of a card; holder: account_holder_type and account_type of a US account.
    """

    kind: ClassVar[str] = "payment_method"
    id: str
    created_at: int
    livemode: bool
    instrument: Instrument
    fingerprint: str
    customer: str = ""
    spent: bool = False
    set_up: bool = False
    verified: bool = True
    mandate: str = ""
    expires: tuple[int, int] = NEVER
    holder: tuple[str, str] = ("individual", "checking")
    allow_redisplay: str = "unspecified"
    billing_details: Mapping[str, Any] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0

    @property
    def type(self) -> str:
        return self.instrument.type


@dataclass(frozen=True, slots=True)
class CardError:
    """Why the last attempt failed; method: as it was then."""

    code: str
    decline_code: str
    message: str
    charge: str
    method: PaymentMethod
    advice: str = ""
    network: str = ""
    type: str = "card_error"
    param: str = ""


@dataclass(slots=True)
class Intent:
    """A payment intent. method, charge: ids or ""; see intent_life.MAY for status.

    mandate: of a bank debit, given or agreed to with it; pending: what the customer has to do while
    it requires_action: "authenticate", "microdeposits" or "transfer"; funded: what his cash has paid of
    it so far; reference: what he is to write on a transfer.
    """

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
    capture_method: str = "automatic_async"
    confirmation_method: str = "automatic"
    method_types: tuple[str, ...] = ("card",)
    method_options: Mapping[str, Any] = field(default_factory=dict)
    automatic_methods: Mapping[str, Any] | None = None
    setup_future_usage: str | None = None
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    shipping: Mapping[str, Any] | None = None
    transfer_group: str | None = None
    return_url: str | None = None
    metadata: Metadata = field(default_factory=dict)
    error: CardError | None = None
    mandate: str = ""
    pending: str = ""
    funded: int = 0
    reference: str = ""
    canceled_at: int = 0
    cancellation_reason: str | None = None
    seq: int = 0


@dataclass(slots=True)
class Charge:
    """One attempt at a card or an account: pending, succeeded or failed. entry: id of its balance
    transaction or "".

    expired: an authorisation that was let go; direct: made without a payment intent; due_at: when
    the bank's answer is expected; capture_before: when an authorisation ends, 0 without one; features: what
    may be done with it beyond one capture, see charges.FEATURES; increments: how often it has grown.
    """

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
    instrument: Instrument
    fingerprint: str
    billing_details: Mapping[str, Any]
    expires: tuple[int, int] = NEVER
    holder: tuple[str, str] = ("individual", "checking")
    captured: bool = False
    captured_amount: int = 0
    refunded: int = 0
    entry: str = ""
    disputed: bool = False
    mandate: str = ""
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    shipping: Mapping[str, Any] | None = None
    transfer_group: str | None = None
    fraud_details: Mapping[str, str] = field(default_factory=dict)
    failure: Decline | None = None
    direct: bool = False
    authenticated: bool = False
    capture_before: int = 0
    features: tuple[str, ...] = ()
    increments: int = 0
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0

    @property
    def most(self) -> int:
        """How much may be captured at once, in minor units."""
        over = self.amount * _OVER_PERCENT // 100 if "overcapture" in self.features else 0
        return self.amount + over


@dataclass(slots=True)
class Refund:
    """status: see refunds.MAY. entry, failure_entry: balance transactions or "".

    type: of the instrument that the money goes back to; origin: customer_balance where cash that has paid
    for nothing is sent back (charge is "" then), else "".
    """

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
    type: str = "card"
    entry: str = ""
    failure_entry: str = ""
    failure_reason: str = ""
    instructions_email: str | None = None
    origin: str = ""
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0
