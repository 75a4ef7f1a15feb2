"""What the CRM holds at the end of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """key: the company's own external id of the account, the one every system is linked by; entity: key of
    the legal entity of ours that sells to it, "" where there is only one."""

    id: str
    key: str
    name: str
    currency: str
    deleted: bool
    created_at: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class BundleLine:
    """A quote line that shows what it is worth alone. quantity: after the deal, prior: before it; price,
    alone: of one and a billing period; months: of it, 0 for what is delivered once; delivered: that day."""

    product: str
    quantity: int
    prior: int
    price: int
    alone: int
    months: int
    delivered: str


@dataclass(frozen=True, slots=True)
class CrmOpportunity:
    """kind: new, amendment, renewal, cancellation, suspension or resumption; `original`: key of the
    opportunity that began it.

    status: what the core wrote back ("" | "Activated" | …); subscription: the number it wrote back.
    start and end: the agreed service dates (end exclusive, "" where it stays as it was); lines: of a
    bundle, none of any other deal.
    """

    id: str
    key: str
    account: str
    kind: str
    stage: str
    closed_at: int
    currency: str
    original: str
    start: str
    end: str
    subscription: str
    status: str
    lines: tuple[BundleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmInvoice:
    """The mirror of a billing invoice in the CRM. status: Posted, Paid, Refunded, Payment Failed."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    total: int
    balance: int


@dataclass(frozen=True, slots=True)
class CrmQuoteLine:
    """A line of an opportunity's primary quote. quantity: as the deal leaves it, prior: as it found it;
    price: minor units of one and `months` of service, 0 months for what is sold once."""

    id: str
    opportunity: str
    product: str
    quantity: int
    prior: int
    price: int
    months: int


@dataclass(frozen=True, slots=True)
class CrmBooks:
    """Salesforce."""

    accounts: tuple[CrmAccount, ...] = ()
    opportunities: tuple[CrmOpportunity, ...] = ()
    invoices: tuple[CrmInvoice, ...] = ()
    quote_lines: tuple[CrmQuoteLine, ...] = ()
