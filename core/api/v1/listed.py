"""What the lists give: one line of each, and their pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from core.api.v1.asking import Page
from core.canonical.erp import JournalLine
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.payments import PaymentRequest

DocumentStatus = Literal["draft", "posted", "reversed"]
SubscriptionStatus = Literal["draft", "pending", "active", "suspended", "cancelled", "expired"]


class Changed(BaseModel):
    """changed_at: when its owner last changed it."""

    changed_at: datetime


class OrderListed(Changed):
    """A won quote. status: what was written back to the CRM, "" for nothing yet."""

    number: str
    customer: str
    kind: str
    subscription: str
    status: str


class DocumentListed(Changed):
    """A document of a register, whose whole is read by its number."""

    number: str
    customer: str
    status: str
    total: Money
    open: Money


class JournalListed(Changed):
    """A journal of the ledger, by the key that the core posted it under, "" for another's. entity: whose
    books, "" for the only ones."""

    key: str
    number: str
    total: Money
    on: date
    entity: str
    memo: str
    lines: list[JournalLine]


class SubscriptionListed(Changed):
    """A subscription, whose terms are read by its number."""

    number: str
    customer: str
    status: str


class CustomerListed(Changed):
    """A customer, as the CRM has it."""

    customer: Account


class Orders(Page):
    """In the order of change."""

    items: list[OrderListed]


class Documents(Page):
    """In the order of change."""

    items: list[DocumentListed]


class Journals(Page):
    """In the order of change."""

    items: list[JournalListed]


class Subscriptions(Page):
    """In the order of change."""

    items: list[SubscriptionListed]


class Customers(Page):
    """In the order of change."""

    items: list[CustomerListed]


class PaymentsListed(Page):
    """In the order of the day of the charge."""

    items: list[PaymentRequest]


class ItemListed(BaseModel):
    """What is sold. key: the SKU."""

    key: str
    name: str


class Items(Page):
    """By key."""

    items: list[ItemListed]
