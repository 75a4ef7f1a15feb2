"""Business events, as they come in by webhook or poll and go round inside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What happened, in the trade's words."""

    QUOTE_ACCEPTED = "quote_accepted"
    BILL_RUN_COMPLETED = "bill_run_completed"
    INVOICE_DRAFTED = "invoice_drafted"
    INVOICE_FINALIZED = "invoice_finalized"
    CREDIT_NOTE_DRAFTED = "credit_note_drafted"
    CREDIT_NOTE_FINALIZED = "credit_note_finalized"
    PAYMENT_SETTLED = "payment_settled"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_REFUNDED = "payment_refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_CLOSED = "dispute_closed"
    PAYOUT_PAID = "payout_paid"
    TRANSFER_RECEIVED = "transfer_received"
    TRANSFER_SENT = "transfer_sent"
    USAGE_REPORTED = "usage_reported"
    PAYOUT_FAILED = "payout_failed"
    SUBSCRIPTION_ACTIVATED = "subscription_activated"
    SUBSCRIPTION_AMENDED = "subscription_amended"
    SUBSCRIPTION_RENEWED = "subscription_renewed"
    SUBSCRIPTION_CANCELLED = "subscription_cancelled"
    ENTITLEMENT_CHANGED = "entitlement_changed"
    USAGE_THRESHOLD_REACHED = "usage_threshold_reached"


@dataclass(frozen=True, slots=True)
class Event:
    """id: the sender's id, the same on every redelivery; subject: the vendor's id of the object;
    channel: "crm", "billing", "payments", "product", "bank" or "batch:<job>"; at: microseconds;
    about: what the sender says that it comes of (an invoice's number, a payment's id), "" if nothing: for
    traces only, the facts are read afresh."""

    id: str
    channel: str
    topic: Topic
    subject: str
    at: int = 0
    about: str = ""
