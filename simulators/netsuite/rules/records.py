"""What NetSuite keeps. Money in minor units of the record's currency; moments in microseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Subsidiary:
    id: str
    name: str
    currency: str
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Currency:
    """rate: base currency units for one of this currency."""

    id: str
    symbol: str
    name: str
    rate: Decimal
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """type: the vendor's account type, as in "AcctRec" or "DeferRevenue"."""

    id: str
    number: str
    name: str
    type: str
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    name: str
    days: int
    external: str | None = None


@dataclass(slots=True)
class Item:
    """kind: serviceSaleItem or nonInventorySaleItem; accounts by internal id, deferral "" if none."""

    kind: str
    id: str
    external: str | None
    name: str
    display: str
    description: str
    income: str
    deferral: str
    inactive: bool
    custom: dict[str, object]
    created_at: int
    modified_at: int


@dataclass(slots=True)
class Customer:
    """currency: ISO code; subsidiary, terms: internal ids (terms "" if none)."""

    id: str
    external: str | None
    entity_id: str
    name: str
    email: str
    phone: str
    currency: str
    subsidiary: str
    terms: str
    address: str
    comments: str
    inactive: bool
    custom: dict[str, object]
    created_at: int
    modified_at: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line of an invoice or credit memo; rate may be finer than the currency, amount may not."""

    line: int
    item: str
    quantity: Decimal
    rate: Decimal
    amount: int
    description: str
    custom: dict[str, object]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """account: internal id; one of debit and credit is 0; entity: a customer's id or ""."""

    line: int
    account: str
    debit: int
    credit: int
    entity: str
    memo: str
    custom: dict[str, object]


@dataclass(frozen=True, slots=True)
class Posting:
    """One general-ledger line, in transaction currency; line 0 is the main line."""

    line: int
    account: str
    debit: int
    credit: int
    memo: str
    item: str = ""
    entity: str = ""


@dataclass(slots=True)
class Transaction:
    """Every document of the ledger, as in the vendor's one transaction table.

    kind: record type; date: "YYYY-MM-DD"; period: internal id; account: bank account of money in or
    out; applied: what this document puts against others, by their id; settled: what others put
    against this one.
    """

    kind: str
    id: str
    external: str | None
    number: str
    customer: str
    date: str
    period: str
    currency: str
    subsidiary: str
    rate: Decimal
    memo: str
    created_at: int
    modified_at: int
    total: int = 0
    tax: int = 0
    lines: tuple[ItemLine, ...] = ()
    entries: tuple[JournalLine, ...] = ()
    account: str = ""
    terms: str = ""
    due: str = ""
    reference: str = ""
    applied: dict[str, int] = field(default_factory=dict)
    settled: int = 0
    custom: dict[str, object] = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()

    @property
    def used(self) -> int:
        """What this document has put against others."""
        return sum(self.applied.values())

    @property
    def remaining(self) -> int:
        """Open amount of an invoice; what is left to apply or refund of a payment or a credit memo."""
        return self.total - self.settled - self.used


@dataclass(slots=True)
class Period:
    """An accounting month; key: "2026-01"; start and end inclusive dates."""

    id: str
    key: str
    name: str
    start: str
    end: str
    closed: bool = False
    ar_locked: bool = False
    all_locked: bool = False
    closed_at: int = 0
    modified_at: int = 0
    external: str | None = None


@dataclass(slots=True)
class Schedule:
    """A revenue schedule: our simplification of advanced revenue management. end is inclusive."""

    id: str
    external: str | None
    name: str
    source: str
    start: str
    end: str
    amount: int
    currency: str
    deferral: str
    recognition: str
    created_at: int
    modified_at: int
