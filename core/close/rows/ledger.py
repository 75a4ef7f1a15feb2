"""Tax documents, receivables, ledger, periods: rows of the ERP and of the tax engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.canonical.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """Tax of one document line in one jurisdiction; "" for line or jurisdiction where only totals are known.

    document: the billing document's number; code: the tax engine's document; amounts of a credit are
    negative. In billing's own list `status` is the document's; in the engine's it is saved, committed or
    voided; certificate: of exemption, "" if none.
    """

    document: str
    tax: Money
    base: Money
    line: str = ""
    jurisdiction: str = ""
    rate: str = ""
    status: str = "committed"
    code: str = ""
    on: date | None = None
    ship_to: str = ""
    entity: str = ""
    exempt: bool = False
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxReturn:
    """filed: None until it is; due_on: by when; rounding: of the jurisdiction's form, minor units."""

    entity: str
    jurisdiction: str
    period: str
    currency: str
    filed: Money | None
    due_on: date
    remitted: bool = False
    rounding: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Where an entity is registered for tax, from a day on."""

    entity: str
    jurisdiction: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ErpDocument:
    """A receivables document. external: billing's number; kind: invoice, credit, void or write_off;
    status: posted or rejected; open: what remains; amounts positive."""

    id: str
    external: str
    kind: str
    customer: str
    on: date
    period: str
    tax: Money
    total: Money
    open: Money
    entity: str = ""
    status: str = "posted"
    created_at: datetime | None = None
    due_on: date | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An open receivable, signed: invoices positive, credits negative. document: the ERP's id; dunned:
    whether its customer's terms of payment have it dunned."""

    document: str
    customer: str
    amount: Money
    entity: str = ""
    invoice: str = ""
    due_on: date | None = None
    disputed: bool = False
    contract: str = ""
    dunned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A balance at the start of the period. kind: ar, deferred (key: pob), rpo (key: contract), mrr
    (key: customer), tax …; amount positive where the book is normally so."""

    kind: str
    amount: Money
    key: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArMovement:
    """What moved receivables in the period, signed. kind: invoice, credit, receipt, refund, write_off, fx …;
    on: accounting date; created_at: when it was entered; period: of the posting."""

    document: str
    kind: str
    amount: Money
    on: date
    period: str
    entity: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One posting, debit positive. entry: the journal; document: what it belongs to; source: event it was
    made from; rule: posting rule; base: in home currency; manual: entered by a person.

    processor, customer, contract, pob, jurisdiction and bank: dimensions, "" where there is none.
    """

    entry: str
    account: str
    amount: Money
    on: date
    period: str
    document: str = ""
    source: str = ""
    rule: str = ""
    entity: str = ""
    base: Money | None = None
    manual: bool = False
    reverses: str = ""
    processor: str = ""
    customer: str = ""
    contract: str = ""
    pob: str = ""
    jurisdiction: str = ""
    bank: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingEvent:
    """A source event that the ledger must answer. rules: the posting rules it calls for; none means that
    it is on the no-entry list."""

    id: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPeriod:
    """An accounting month of an entity, name "2026-01"; locked_at: None while open; zone: where its day
    ends, as hours from UTC."""

    name: str
    start: date
    end: date
    locked_at: datetime | None = None
    entity: str = ""
    zone: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedEntry:
    """Anything with an accounting date. kind: invoice, credit, refund, schedule, deferral, journal …"""

    id: str
    kind: str
    on: date
    created_at: datetime
    amount: Money | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """An entry that the controller let into a closed period."""

    id: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FxItem:
    """A foreign item of a document. kind: settled or open; rates are exact decimals as text, home currency
    per unit; monetary: False for deferred revenue and its like; partial: it was paid in part before."""

    document: str
    period: str
    kind: str
    foreign: Money
    booked_rate: str
    rate: str
    home: str
    monetary: bool = True
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Intercompany:
    """One side of a balance between two entities. side: due_from (holder is owed by other) or due_to;
    amount positive, in the pair's currency; priced: a transfer price is agreed; reason: sale or cash."""

    holder: str
    other: str
    side: str
    document: str
    amount: Money
    priced: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRate:
    """Share of an aging bucket that is expected to be lost. from_days overdue, up to and with to_days
    (None: all older); rate as exact text."""

    entity: str
    bucket: str
    from_days: int
    to_days: int | None
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificReserve:
    """An allowance for one document on top of the rates."""

    document: str
    amount: Money
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    """approved_by: "" if nobody did; tax_relief: tax that may be reclaimed and relieved: tax that was."""

    id: str
    document: str
    amount: Money
    approved_by: str
    relief_due: Money
    relieved: Money
    entity: str = ""
