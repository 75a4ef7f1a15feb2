"""The clean books that plants are put into: the deals that every plant needs, and any others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.close.extract import Extract
from scenarios.plants.clean import clean
from scenarios.plants.deal import Deal

# (net, tax as per mille of it) of each; what pays how is fixed, so that every plant finds its place.
Sizes = Sequence[tuple[int, int]]
NEEDED = 7


def books_of(
    sizes: Sizes,
    others: Sequence[Deal] = (),
    december: Sequence[int] = (40, 80),
    january: Sequence[int] = (30,),
    prepaid: tuple[int, int, int] = (10_000, 2_500, 700),
    foreign: int = 100_000,
) -> Extract:
    """Seven sizes, of at least 50,000 net and some tax each; others are numbered from 8."""
    deals = [
        Deal(number, currency, net, net * per_mille // 1000, pays, **_more(number, net))
        for number, ((net, per_mille), (currency, pays)) in enumerate(zip(sizes, _KINDS, strict=True), 1)
    ]
    return clean([*deals, *others], december, january, prepaid, foreign)


_KINDS = (
    ("USD", "card"),
    ("USD", "later"),
    ("USD", "card"),
    ("USD", "card"),
    ("USD", "bank"),
    ("JPY", "card"),
    ("EUR", "later"),
)


def _more(number: int, net: int) -> dict[str, Any]:
    """The third and the sixth are refunded in part, the fourth is disputed."""
    if number in (3, 6):
        return {"refund": net // 4}
    return {"disputed": True} if number == 4 else {}
