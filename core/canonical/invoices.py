"""Invoices and credit notes of the billing system, in the core's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.canonical.money import Money
from core.canonical.versions import UNKNOWN, UNTOLD, Version


@dataclass(frozen=True, slots=True)
class Line:
    """One charge; net is negative for a credit inside an invoice; service is [start, end).

    metered: priced by what was used, after it was used; once: delivered at a point in time.
    """

    id: str
    subscription: str
    product: str
    description: str
    net: Money
    tax: Money
    start: date
    end: date
    metered: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """A receivable of billing. status: draft, posted or reversed; version: of what billing said."""

    id: str
    number: str
    account: str
    status: str
    on: date
    due: date
    net: Money
    tax: Money
    total: Money
    balance: Money
    lines: tuple[Line, ...]
    version: Version = field(default=UNKNOWN, compare=False, metadata=UNTOLD)


@dataclass(frozen=True, slots=True)
class CreditNote:
    """Amounts are positive. source: "bill_run", "refund" when made out of one, "adjustment" when a person
    in accounts receivable gave it on an invoice."""

    id: str
    number: str
    account: str
    invoice: str
    source: str
    status: str
    on: date
    net: Money
    tax: Money
    total: Money
    unapplied: Money
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Tax of one invoice line in one jurisdiction."""

    line: str
    name: str
    jurisdiction: str
    rate: str
    tax: Money


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What the tax engine says of a document."""

    code: str
    tax: Money
    lines: tuple[TaxLine, ...]
