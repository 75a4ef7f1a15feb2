"""Between entities: what stands one-sided, and the entry that eliminates the rest in consolidation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.canonical.erp import JournalLine
from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.ledger.chart import CLEARING, DUE_FROM, DUE_TO, FEE_REVENUE, INTERCOMPANY_COST, REVENUE
from core.finance.ledger.entry import Entry, netted
from core.finance.ledger.fact import Kind

ELIMINATIONS = "eliminations"
_BALANCES = (DUE_FROM, DUE_TO)
# In a service between entities the cost of one is the revenue of the other.
_SERVICE = (*_BALANCES, INTERCOMPANY_COST, REVENUE)


@dataclass(frozen=True, slots=True)
class OneSided:
    """An event of which one entity knows more than the other. difference: due from less due to, in minor
    units."""

    event: str
    currency: str
    difference: int
    entities: tuple[str, ...]


def one_sided(entries: Iterable[Entry]) -> list[OneSided]:
    """By source event and currency: what is due from one entity must be due to the other."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    who: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        for line in entry.lines:
            if line.account in _BALANCES:
                where = entry.event, line.amount.currency
                sums[where] += line.amount.minor
                who[where].add(line.entity)
    return [
        OneSided(event, currency, rest, tuple(sorted(who[event, currency])))
        for (event, currency), rest in sorted(sums.items())
        if rest
    ]


def elimination(entries: Sequence[Entry], event: str, on: date) -> Entry | None:
    """Takes intercompany balances, and cost against revenue of services between entities, out of the group.

    Held while anything stands one-sided.
    """
    open_ends = one_sided(entries)
    if open_ends:
        first = open_ends[0]
        raise Held(
            f"intercompany: {first.event} differs by {first.difference} {first.currency} between "
            f"{' and '.join(first.entities)}; book the other side"
        )
    lines = netted(
        replace(line, entity=ELIMINATIONS, amount=-line.amount, foreign=None)
        for entry in entries
        for line in entry.lines
        if line.account in (_SERVICE if entry.rule == Kind.INTERCOMPANY_SERVICE else _BALANCES)
    )
    return Entry(event, "ELIM", on, lines, "Elimination") if lines else None


@dataclass(frozen=True, slots=True)
class Side:
    """What one entity books of a fact between two."""

    entity: str
    currency: str
    memo: str
    lines: tuple[JournalLine, ...]


def passed_on(amount: Money, owner: str, cashier: str, what: str) -> tuple[Side, Side]:
    """P52: the owner's claim on the processor becomes one on the entity that took the money in, which has
    the money and owes it. A negative amount is money paid out."""
    memo = f"{what} taken in by {cashier} for {owner}"
    return (
        _side(owner, memo, (DUE_FROM, amount, cashier), (CLEARING, -amount, "")),
        _side(cashier, memo, (CLEARING, amount, ""), (DUE_TO, -amount, owner)),
    )


def charged(fee: Money, owner: str, cashier: str, memo: str) -> tuple[Side, Side]:
    """P51: what the one that takes money in is paid for it, at the agreed transfer price."""
    return (
        _side(owner, memo, (INTERCOMPANY_COST, fee, cashier), (DUE_TO, -fee, cashier)),
        _side(cashier, memo, (DUE_FROM, fee, owner), (FEE_REVENUE, -fee, owner)),
    )


def set_off(amount: Money, one: str, other: str, memo: str) -> tuple[Side, Side]:
    """What each owes the other goes against what it is owed."""
    return (
        _side(one, memo, (DUE_TO, amount, other), (DUE_FROM, -amount, other)),
        _side(other, memo, (DUE_TO, amount, one), (DUE_FROM, -amount, one)),
    )


def taken_out(held: Iterable[tuple[str, str, Money]], entity: str, memo: str) -> Side | None:
    """Of (account, partner, signed balance) the opposite, in the books of the eliminating entity; None where
    there is nothing. Held where the sides do not mirror each other."""
    turned = [(account, -amount, partner) for account, partner, amount in held if amount]
    if not turned:
        return None
    rest = sum(amount.minor for _, amount, _ in turned)
    currency = turned[0][1].currency
    if rest:
        raise Held(
            f"intercompany: {memo} leaves {Money(-rest, currency)} on one side; book the other side",
            owner="group accounting",
        )
    return _side(entity, memo, *turned)


def _side(entity: str, memo: str, *postings: tuple[str, Money, str]) -> Side:
    currency = postings[0][1].currency
    nothing = Money(0, currency)
    lines = tuple(
        JournalLine(account, amount, nothing, memo, partner=partner)
        if amount.minor > 0
        else JournalLine(account, nothing, -amount, memo, partner=partner)
        for account, amount, partner in postings
        if amount
    )
    return Side(entity, currency, memo, lines)
