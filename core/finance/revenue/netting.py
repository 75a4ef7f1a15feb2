"""The subledger of one obligation: unbilled receivable and contract liability, netted when billed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from core.canonical.errors import Held
from core.finance.revenue.position import Entry

RECEIVABLE, UNBILLED, LIABILITY, REVENUE = (
    "accounts_receivable",
    "unbilled_receivable",
    "contract_liability",
    "revenue",
)


class Route(StrEnum):
    """How billed amounts meet what was recognised before."""

    THROUGH_REVENUE = "through_revenue"  # revenue is turned out of unbilled and back out of the liability
    DIRECT = "direct"  # the liability of the invoice settles the unbilled receivable


@dataclass(frozen=True, slots=True)
class Posting:
    """One balanced entry of a named kind; amounts in minor units, debits positive."""

    kind: str
    lines: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Balances to date, in minor units."""

    unbilled: int = 0
    liability: int = 0
    receivable: int = 0
    revenue: int = 0

    def deliver(self, amount: int) -> tuple[Line, tuple[Posting, ...]]:
        """What was delivered, first out of what was billed for it ("release"), the rest to unbilled."""
        _positive("delivered", amount)
        released = min(amount, self.liability)
        rest = amount - released
        after = replace(
            self,
            liability=self.liability - released,
            unbilled=self.unbilled + rest,
            revenue=self.revenue + amount,
        )
        return after, (
            *_posting("release", LIABILITY, REVENUE, released),
            *_posting("unbilled", UNBILLED, REVENUE, rest),
        )

    def bill(self, amount: int, route: Route) -> tuple[Line, tuple[Posting, ...]]:
        """An invoice against the liability ("billing"), then what of it was delivered before ("netting")."""
        _positive("billed", amount)
        met = min(amount, self.unbilled)
        after = replace(
            self,
            receivable=self.receivable + amount,
            liability=self.liability + amount - met,
            unbilled=self.unbilled - met,
        )
        netting = (
            (
                *_posting("netting_unbilled", REVENUE, UNBILLED, met),
                *_posting("netting_liability", LIABILITY, REVENUE, met),
            )
            if route is Route.THROUGH_REVENUE
            else _posting("netting", LIABILITY, UNBILLED, met)
        )
        return after, (*_posting("billing", RECEIVABLE, LIABILITY, amount), *netting)


def _posting(kind: str, debit: str, credit: str, amount: int) -> tuple[Posting, ...]:
    return (Posting(kind, (Entry(debit, amount), Entry(credit, -amount))),) if amount else ()


def _positive(what: str, amount: int) -> None:
    if amount < 0:
        raise Held(f"{what}: {amount} is negative; reverse the entry that it takes back", owner="controller")
