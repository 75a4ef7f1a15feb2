"""Usage, invoices, credit notes, what is owed to customers: rows of billing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from core.canonical.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEvent:
    """at: when the use happened; received_at: when the source took it."""

    id: str
    customer: str
    meter: str
    item: str
    at: datetime
    received_at: datetime
    quantity: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedUsage:
    """What billing did with an event. status: rated or rejected; reviewed: a person has seen a rejection;
    period: in which it is priced, as `period_of` names it, "" for the month it lies in."""

    event: str
    customer: str
    meter: str
    item: str
    on: date
    quantity: Fraction
    status: str = "rated"
    reason: str = ""
    reviewed: bool = False
    period: str = ""


def period_of(start: date) -> str:
    """Name of the pricing period that begins on a day: a month, or the day where it is another one's."""
    return start.isoformat()[:7] if start.day == 1 else start.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Units up to `up_to` (None: all the rest) at `unit`, and `flat` once on entry; major units, exact."""

    up_to: Fraction | None
    unit: Fraction
    flat: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceVersion:
    """Prices of an item's meter on days [start, end). mode: graduated or volume; least and most in major
    units per period, None where there is none."""

    item: str
    meter: str
    version: str
    start: date
    end: date | None
    currency: str
    tiers: tuple[Tier, ...]
    mode: str = "graduated"
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """kind: recurring, usage, one_time or credit (net negative, or days given back inside an invoice).

    discount: this line's share, positive, not yet taken off `net`; start and end: service, half-open.
    reversing: True if it does the opposite of its document: days given back on an invoice, charged on a
    credit note.
    """

    id: str
    net: Money
    tax: Money
    item: str = ""
    product: str = ""
    subscription: str = ""
    pob: str = ""
    meter: str = ""
    kind: str = "recurring"
    discount: Money | None = None
    start: date | None = None
    end: date | None = None
    reversing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingDocument:
    """An invoice, credit note (kind "credit", amounts positive), void or write-off of billing.

    discount: of the whole document; credited: credit balance used on it when it was issued;
    due_amount: what was to be paid then; original: the invoice that a credit, void or write-off is of;
    refund: the processor's refund it was made for; status: draft, posted or void; tax_date, ship_to and
    exempt: what the tax was asked with.
    """

    id: str
    number: str
    kind: str
    customer: str
    status: str
    on: date
    net: Money
    tax: Money
    total: Money
    due_amount: Money
    lines: tuple[InvoiceLine, ...] = ()
    entity: str = ""
    contract: str = ""
    discount: Money | None = None
    credited: Money | None = None
    due_on: date | None = None
    posted_at: datetime | None = None
    original: str = ""
    refund: str = ""
    ship_to: str = ""
    exempt: bool = False
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBalance:
    """Credit that a customer holds, positive."""

    customer: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditUse:
    """A part of a credit put against an invoice. credit: what was issued, in `issued`."""

    credit: str
    customer: str
    invoice: str
    amount: Money
    issued: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Prepaid credits of a wallet over the period, at value. kind: paid or promotional."""

    id: str
    wallet: str
    customer: str
    opening: Money
    purchased: Money
    consumed: Money
    expired: Money
    refunded: Money
    kind: str = "paid"
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """Rated usage met by a grant; event: the rating it came from. overage: the part that no credit
    covered, and invoiced: what of that was billed."""

    grant: str
    event: str
    amount: Money
    overage: Money | None = None
    invoiced: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dunning:
    """state: active, dunning, blocked or closed; attempts so far; next_on: the next act."""

    customer: str
    invoice: str
    currency: str
    state: str
    attempts: int = 0
    next_on: date | None = None
