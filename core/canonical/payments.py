"""Payments, refunds and payouts of the processor, in the core's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.canonical.money import Money


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment asked for. status: open, processing, paid, failed or cancelled; attempts: charges so far."""

    id: str
    customer: str
    invoice: str
    amount: Money
    status: str
    failure: str
    attempts: int
    on: date


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back by the processor. request: the payment it came out of."""

    id: str
    request: str
    invoice: str
    amount: Money
    status: str
    on: date


@dataclass(frozen=True, slots=True)
class Payout:
    """What the processor sent to the bank: gross - fees = amount."""

    id: str
    amount: Money
    gross: Money
    fees: Money
    status: str
    on: date
