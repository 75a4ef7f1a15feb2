"""What was sold, what was contracted and what recurs: CRM, quoting and subscription rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from core.canonical.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """key: external key; tcv: total contract value, net; end: exclusive, None where it stays as it was."""

    key: str
    account: str
    stage: str
    closed_on: date
    tcv: Money
    entity: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What billing holds of a sale. id: one per placed order; subscription: the number it made or changed.

    terminated_on: None while it runs; booked_net: what is agreed to be billed in all, net of tax.
    """

    id: str
    opportunity: str
    account: str
    tcv: Money
    booked_on: date
    entity: str = ""
    subscription: str = ""
    start: date | None = None
    end: date | None = None
    status: str = "active"
    terminated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """An accepted line. price: net per unit and billing period, exact in major units of `currency`;
    sequence: of the amendment it belongs to, 0 for the first order."""

    id: str
    opportunity: str
    product: str
    quantity: Fraction
    price: Fraction
    currency: str
    sequence: int = 0
    start: date | None = None
    end: date | None = None
    months: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionItem:
    """The same line as billing provides it. quote_line: external key of the line it came from."""

    id: str
    subscription: str
    quote_line: str
    product: str
    quantity: Fraction
    price: Fraction
    currency: str
    sequence: int = 0
    start: date | None = None
    end: date | None = None
    months: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """A stretch [start, end) in which an item is under contract; end None: evergreen."""

    item: str
    subscription: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Days [start, end) in which an item gives no service and is not billed."""

    item: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmAccount:
    """key: the company's own id; systems: where it must have a customer; merged_into: key of the survivor."""

    key: str
    name: str = ""
    currency: str = ""
    entity: str = ""
    tax_id: str = ""
    address: str = ""
    merged_into: str = ""
    closed: bool = False
    systems: tuple[str, ...] = ("billing", "erp", "payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCustomer:
    """A customer of billing, erp or payments. account: external key; "" in a field the system lacks."""

    system: str
    id: str
    account: str
    currency: str = ""
    entity: str = ""
    tax_id: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MrrItem:
    """Monthly recurring amount of a customer's product at the end of a month, in constant currency.

    kind: recurring, usage or one_time (only the first belongs to MRR).
    """

    customer: str
    product: str
    month: str
    amount: Money
    kind: str = "recurring"


@dataclass(frozen=True, slots=True, kw_only=True)
class MrrMovement:
    """kind: new, expansion, reactivation (positive), contraction, churn (negative) or fx; amount signed;
    event: the subscription change that moved it, "" if none is known."""

    customer: str
    product: str
    month: str
    kind: str
    amount: Money
    on: date
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FxRate:
    """1 `base` = `rate` `quote`. system: who used it, "" for the treasury's table; kind: spot, average or
    closing; via: the currency through which it was crossed, "" if direct; at: when it was stored."""

    base: str
    quote: str
    on: date
    kind: str
    rate: Fraction
    system: str = ""
    via: str = ""
    at: datetime | None = None
