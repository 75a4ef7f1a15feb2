"""What a row of the posting matrix consists of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.finance.ledger.chart import CONTRA_REVENUE, REVENUE
from core.finance.ledger.fact import Cash, Kind
from core.finance.ledger.policy import Refunds

# Accounts that the fact names: where money moved, and the item that is remeasured.
CASH, ITEM = "@cash", "@item"


class Side(StrEnum):
    """Whose books a line goes to, in an intercompany rule."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Leg:
    """Debit and credit of one part. when: switches that must stand so; signed: may be negative, which
    turns it round; books: whose. Either account is "" where only the other side is carved."""

    debit: str
    credit: str
    part: str
    when: tuple[StrEnum, ...] = ()
    signed: bool = False
    books: Side = Side.OWN


@dataclass(frozen=True, slots=True)
class Rule:
    """needs: parts that only inform; cash: where money goes unless the fact says; no_entry: why there is
    none, for facts that never post."""

    kind: Kind
    title: str
    legs: tuple[Leg, ...] = ()
    needs: tuple[str, ...] = ()
    cash: Cash = Cash.PROCESSOR
    no_entry: str = ""

    @property
    def parts(self) -> frozenset[str]:
        """Every part that the rule knows."""
        return frozenset(leg.part for leg in self.legs) | frozenset(self.needs)


def given_back(credit: str, part: str) -> tuple[Leg, ...]:
    """What was recognised and is given back: contra revenue, or out of revenue itself."""
    return (
        Leg(CONTRA_REVENUE, credit, part, (Refunds.CONTRA,)),
        Leg(REVENUE, credit, part, (Refunds.GROSS,)),
    )
