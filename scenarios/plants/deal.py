"""What a clean set of books is drawn from: a few deals, and the tables they are written into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from core.canonical.money import Money
from core.close.rows.ledger import LedgerLine, PostingEvent

MONTH, BEFORE = "2026-01", "2025-12"
START, END = date(2026, 1, 1), date(2026, 2, 1)
CUT_OFF = datetime(2026, 2, 1, tzinfo=UTC)
JURISDICTION = "US-NY"

# Table of the extract -> its rows.
Books = defaultdict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Deal:
    """net and tax of a year in advance, minor units; pays: card, bank or later; refund: net given back,
    of a card payment only; quantity on the one line."""

    number: int
    currency: str
    net: int
    tax: int
    pays: str = "card"
    refund: int = 0
    disputed: bool = False
    quantity: int = 1
    entity: str = "US"

    @property
    def customer(self) -> str:
        """The key of the account."""
        return f"ACME-{self.number}"

    @property
    def contract(self) -> str:
        """Its number; obligations and items are named after it."""
        return f"K-{self.number}"

    @property
    def invoice(self) -> str:
        """Number of its one invoice."""
        return f"INV-{self.number}"

    @property
    def total(self) -> int:
        """Gross."""
        return self.net + self.tax

    def money(self, minor: int) -> Money:
        """In its currency."""
        return Money(minor, self.currency)


def moment(day: date, hour: int = 12) -> datetime:
    """On a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def post(
    books: Books, source: str, rule: str, on: date, *sides: tuple[str, Money], **dimensions: Any
) -> None:
    """One balanced entry, and the event that it answers. sides: (account, amount), debit positive."""
    entry = f"JE-{source}-{rule}"
    for account, amount in sides:
        books["ledger"].append(
            LedgerLine(
                entry=entry,
                account=account,
                amount=amount,
                on=on,
                period=on.isoformat()[:7],
                source=source,
                rule=rule,
                created_at=moment(on),
                **{"entity": "US", **dimensions},
            )
        )
    before = next((e for e in books["posting_events"] if e.id == source), None)
    if before is not None:
        books["posting_events"].remove(before)
    rules = (*(before.rules if before else ()), rule)
    books["posting_events"].append(PostingEvent(id=source, rules=rules))
