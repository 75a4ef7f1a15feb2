"""What NetSuite keeps. Money in minor units of the record's currency; moments in microseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

# Catalogue fields without a rule of their own, as the caller gave them: texts, numbers, references.
Extra = dict[str, object]


@dataclass(slots=True)
class Subsidiary:
    """currency: ISO code of the base currency."""

    id: str
    name: str
    currency: str
    external: str | None = None
    parent: str = ""
    inactive: bool = False
    custom: Extra = field(default_factory=dict)
    modified_at: int = 0


@dataclass(slots=True)
class Currency:
    """rate: company base currency units for one of this currency."""

    id: str
    symbol: str
    name: str
    rate: Decimal
    external: str | None = None
    inactive: bool = False
    custom: Extra = field(default_factory=dict)
    modified_at: int = 0


@dataclass(slots=True)
class Account:
    """type: the vendor's account type, as in "AcctRec" or "DeferRevenue"; currency: ISO code or ""."""

    id: str
    number: str
    name: str
    type: str
    external: str | None = None
    currency: str = ""
    inactive: bool = False
    custom: Extra = field(default_factory=dict)
    modified_at: int = 0


@dataclass(slots=True)
class Term:
    id: str
    name: str
    days: int
    external: str | None = None
    inactive: bool = False
    custom: Extra = field(default_factory=dict)
    modified_at: int = 0


@dataclass(slots=True)
class Plain:
    """A record whose fields have no rules but being there: department, contact, currencyRate …"""

    kind: str
    id: str
    external: str | None
    name: str
    inactive: bool
    custom: Extra
    created_at: int
    modified_at: int


@dataclass(slots=True)
class Item:
    """kind: record type; accounts by internal id, deferral "" if none; price: of one, None if unknown."""

    kind: str
    id: str
    external: str | None
    name: str
    display: str
    description: str
    income: str
    deferral: str
    inactive: bool
    custom: Extra
    created_at: int
    modified_at: int


@dataclass(slots=True)
class Customer:
    """currency: ISO code; others: further currencies; subsidiary, terms: internal ids (terms "" if none)."""

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
    custom: Extra
    created_at: int
    modified_at: int
    person: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line of a sale; rate may be finer than the currency, amount may not.

    order: (internal id of the sales order, its line) that this line bills.
    """

    line: int
    item: str
    quantity: Decimal
    rate: Decimal
    amount: int
    description: str
    custom: Extra
    order: tuple[str, int] | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class JournalLine:
    """account: internal id; one of debit and credit is 0; entity: a customer's id or ""."""

    line: int
    account: str
    debit: int
    credit: int
    entity: str
    memo: str
    custom: Extra


@dataclass(frozen=True, slots=True)
class CashLine:
    """A line of a bank deposit: `payment` names a document, the others an account."""

    sublist: str
    line: int
    payment: str
    account: str
    amount: int
    entity: str
    memo: str
    custom: Extra


@dataclass(frozen=True, slots=True)
class Posting:
    """One general-ledger line, in transaction currency and in the subsidiary's; line 0 is the main one."""

    line: int
    account: str
    debit: int
    credit: int
    memo: str
    item: str = ""
    entity: str = ""
    base_debit: int = 0
    base_credit: int = 0


@dataclass(slots=True)
class Transaction:
    """Every document of the ledger, as in the vendor's one transaction table.

    kind: record type; date: "YYYY-MM-DD"; period: internal id; account: bank account of money in or
    out; applied: what this document puts against others, by their id; settled: what others put
    against this one; relieved, settled_base: the same in the base currency; state: approval status
    ("1" pending, "2" approved, "3" rejected); order: status a sales order was given; progress: how far
    it is billed ("", "part", "full"); source: the document it was made from; deposit: the customer
    deposit it applies; banked: the bank deposit that took it; twin: the journal that reverses it.
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
    cash: tuple[CashLine, ...] = ()
    account: str = ""
    terms: str = ""
    due: str = ""
    reference: str = ""
    applied: dict[str, int] = field(default_factory=dict)
    settled: int = 0
    custom: Extra = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()
    base: str = ""
    base_total: int = 0
    relieved: dict[str, int] = field(default_factory=dict)
    settled_base: int = 0
    receivable: str = ""
    undeposited: bool = False
    state: str = "2"
    order: str = ""
    progress: str = ""
    source: str = ""
    deposit: str = ""
    banked: str = ""
    reversal_date: str = ""
    twin: str = ""

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
    """An accounting month, quarter or year; key: "2026-01" of a month; start and end inclusive dates."""

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
    ap_locked: bool = False
    lenient: bool = False
    parent: str = ""
    sort: str = "month"
    custom: Extra = field(default_factory=dict)


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
    custom: Extra = field(default_factory=dict)
