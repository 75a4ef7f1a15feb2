"""Between entities: what stands one-sided, and the entry that eliminates the rest in consolidation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.canonical.errors import Held
from core.finance.ledger.chart import DUE_FROM, DUE_TO, INTERCOMPANY_COST, REVENUE
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
