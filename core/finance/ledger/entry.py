"""A journal entry: balanced per entity and currency, with the dimensions that reports are cut by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.canonical.erp import NOWHERE, Dimensions
from core.canonical.money import Money
from core.finance.ledger.chart import account


@dataclass(frozen=True, slots=True)
class Line:
    """amount: a debit is positive, a credit negative; foreign: the same in the currency it was made in."""

    entity: str
    account: str
    amount: Money
    at: Dimensions = NOWHERE
    foreign: Money | None = None

    @property
    def debit(self) -> Money:
        """Nothing, if it is a credit."""
        return Money(max(self.amount.minor, 0), self.amount.currency)

    @property
    def credit(self) -> Money:
        """Nothing, if it is a debit."""
        return Money(max(-self.amount.minor, 0), self.amount.currency)


@dataclass(frozen=True, slots=True)
class Entry:
    """event: id of the source event; rule: of the posting matrix; both together are its identity.

    ValueError if an entity or a currency does not balance: no such entry can be built.
    """

    event: str
    rule: str
    on: date
    lines: tuple[Line, ...]
    memo: str = ""
    reverses: str = ""

    def __post_init__(self) -> None:
        sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        for line in self.lines:
            account(line.account)
            sums[line.entity, line.amount.currency] += line.amount.minor
        wrong = {where: rest for where, rest in sums.items() if rest}
        if wrong or not self.lines:
            raise ValueError(f"entry {self.key}: debits exceed credits by {wrong or 'nothing at all'}")

    @property
    def key(self) -> str:
        """One set of lines for one event and rule."""
        return f"{self.event}/{self.rule}"


def netted(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line an entity, account, dimensions and foreign currency; what nets to nothing is left out."""
    sums: dict[tuple[object, ...], Line] = {}
    for line in lines:
        where = (
            line.entity,
            line.account,
            line.amount.currency,
            line.at,
            line.foreign.currency if line.foreign else "",
        )
        before = sums.get(where)
        sums[where] = line if before is None else _joined(before, line)
    return tuple(line for line in sums.values() if line.amount or line.foreign)


def reversed_entry(entry: Entry, event: str, on: date) -> Entry:
    """The same lines on the other side, linked to what they undo."""
    lines = tuple(
        replace(line, amount=-line.amount, foreign=None if line.foreign is None else -line.foreign)
        for line in entry.lines
    )
    return Entry(event, entry.rule, on, lines, entry.memo, reverses=entry.key)


def balances(entries: Iterable[Entry]) -> dict[tuple[str, str, str], int]:
    """Trial balance: minor units by (entity, account, currency), debits positive, without noughts."""
    sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for entry in entries:
        for line in entry.lines:
            sums[line.entity, line.account, line.amount.currency] += line.amount.minor
    return {where: amount for where, amount in sums.items() if amount}


def _joined(one: Line, other: Line) -> Line:
    foreign = one.foreign + other.foreign if one.foreign and other.foreign else one.foreign or other.foreign
    return replace(one, amount=one.amount + other.amount, foreign=foreign)
