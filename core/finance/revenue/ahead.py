"""Revenue ahead of billing: what is a contract asset at a month's end, and what of it each bill meets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.erp import ContractMove
from core.finance.exact import Residual, split


class Netting(StrEnum):
    """Within what an asset and a liability are set off before they are shown."""

    CONTRACT = "contract"  # one contract, one position: an asset or a liability (IFRS 15.105)
    OBLIGATION = "obligation"  # each product by itself: a contract may show both


@dataclass(frozen=True, slots=True)
class Reclass:
    """From deferred revenue to the contract asset, in minor units; negative: back. on: posting date."""

    entity: str
    currency: str
    contract: str
    product: str
    customer: str
    minor: int
    on: date


# (entity, currency, contract, product where it is netted by product)
_Whose = tuple[str, str, str, str]
_WHOSE: dict[Netting, Callable[[ContractMove], str]] = {
    Netting.CONTRACT: lambda _: "",
    Netting.OBLIGATION: lambda move: move.product,
}


def reclassified(moves: Iterable[ContractMove], end: date, netting: Netting) -> list[Reclass]:
    """What has still to be posted for a month that ends with `end`.

    moves: of deferred revenue and of the asset; up to the end without a day, and after it the bills and what
    was taken back of this month's asset, by day. At the end the asset is what was released beyond what was
    billed (P05); on the day of a bill it is what the bill leaves of it (P06). Lines of no contract are left.
    """
    groups: defaultdict[_Whose, list[ContractMove]] = defaultdict(list)
    for move in moves:
        if move.contract:
            whose = (move.entity, move.amount.currency, move.contract, _WHOSE[netting](move))
            groups[whose].append(move)
    return [each for _, group in sorted(groups.items()) for each in _of_group(group, end)]


def _of_group(group: list[ContractMove], end: date) -> list[Reclass]:
    # By product: deferred revenue and asset together, and the asset alone; debits positive.
    net: Counter[str] = Counter()
    asset: Counter[str] = Counter()
    back: Counter[str] = Counter()
    bills: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for move in group:
        minor = move.amount.minor
        if move.on is None:
            net[move.product] += minor
            asset[move.product] += minor if move.asset else 0
        elif move.asset:
            back[move.product] += minor
        else:
            bills[move.on][move.product] += minor
    due = _target(net, None)
    found = _moves(group[0], {p: due[p] - asset[p] for p in {*due, *asset}}, end)
    standing, stood = Counter(due), back
    for day, billed in sorted(bills.items()):
        net.update(billed)
        left = _target(net, sum(standing.values()))
        # Taken back already, perhaps on a later day where this one was closed: never twice.
        gone = {p: min(left[p] - due[p] - stood[p], 0) for p in {*left, *due, *stood}}
        found += _moves(group[0], gone, day)
        stood = Counter({p: stood[p] + gone.get(p, 0) for p in {*stood, *gone}})
        standing = left
    return found


def _target(net: Counter[str], most: int | None) -> Counter[str]:
    """The asset by product: what the contract is ahead by, on the products that are."""
    whole = max(sum(net.values()), 0)
    whole = whole if most is None else min(whole, most)
    ahead = [(product, minor) for product, minor in sorted(net.items()) if minor > 0]
    if not whole:
        return Counter()
    parts = split(whole, [minor for _, minor in ahead], Residual.LARGEST_REMAINDER).parts
    return Counter({product: part for (product, _), part in zip(ahead, parts, strict=True)})


def _moves(of: ContractMove, minors: dict[str, int], on: date) -> list[Reclass]:
    return [
        Reclass(of.entity, of.amount.currency, of.contract, product, of.customer, minor, on)
        for product, minor in sorted(minors.items())
        if minor
    ]
