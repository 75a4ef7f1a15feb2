"""What the core asks of a ledger system, in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.canonical.money import Money


@dataclass(frozen=True, slots=True)
class Ended:
    """What comes off the deferred revenue of a product of a contract."""

    product: str
    contract: str
    amount: Money


Late = tuple[Ended, ...]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What a line is about; customer: the company's own key; contract: number of the subscription;
    original_period: the month ("2026-01") that a late line belongs to."""

    department: str = ""
    product: str = ""
    customer: str = ""
    contract: str = ""
    jurisdiction: str = ""
    original_period: str = ""


NOWHERE = Dimensions()


@dataclass(frozen=True, slots=True)
class JournalLine:
    """account: number of the chart of accounts; exactly one of debit and credit is not nothing; partner: key
    of the entity of ours that it is due to or from."""

    account: str
    debit: Money
    credit: Money
    memo: str = ""
    at: Dimensions = NOWHERE
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """A balanced entry; one that does not balance cannot be built. entity: whose books, "" for the only
    ones; reverse_on: the day on which the ledger is to turn it back."""

    key: str
    on: date
    currency: str
    memo: str
    lines: tuple[JournalLine, ...]
    entity: str = ""
    reverse_on: date | None = None

    def __post_init__(self) -> None:
        balance = sum(line.debit.minor - line.credit.minor for line in self.lines)
        if balance or not self.lines:
            raise ValueError(f"journal {self.key}: debits exceed credits by {balance} minor units")


@dataclass(frozen=True, slots=True)
class Posted:
    """A document in the ledger: internal id, what is open, its date."""

    id: str
    key: str
    remaining: Money
    total: Money
    on: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """A revenue plan: `amount` spread by days over [start, end); negative for a credit; product, contract:
    whose revenue it is; entity, customer: as read, those of its document."""

    key: str
    source: str
    amount: Money
    start: date
    end: date
    entity: str = ""
    product: str = ""
    contract: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class ContractMove:
    """What lines of a contract come to, a debit is positive. asset: on the contract asset, else on deferred
    revenue; on: None for all up to a day."""

    contract: str
    product: str
    customer: str
    entity: str
    amount: Money
    asset: bool
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """What an account of one entity holds against another: signed, a debit is positive. collected: what of
    it came of cash taken in or paid out for the other; charged: of fees for that."""

    account: str
    entity: str
    partner: str
    balance: Money
    collected: Money
    charged: Money


@dataclass(frozen=True, slots=True)
class ForeignBalance:
    """What an account holds in a currency that is not its entity's own: signed, a debit is positive;
    booked: the same in the entity's currency, at the rates of the documents."""

    account: str
    entity: str
    open: Money
    booked: Money
