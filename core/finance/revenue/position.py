"""Where a contract stands: contract asset or liability, never both, and what remains to be performed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.canonical.money import Money

RECEIVABLE, UNBILLED, DEFERRED = "1100", "1150", "2100"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: minor units, positive in debit, negative in credit. role: an account by what it is for."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one contract in one currency, to date: billed and credited net of tax, recognised."""

    currency: str
    billed: int = 0
    recognised: int = 0

    @property
    def asset(self) -> Money:
        """Recognised and not billed (1150)."""
        return Money(max(self.recognised - self.billed, 0), self.currency)

    @property
    def liability(self) -> Money:
        """Billed and not recognised (2100)."""
        return Money(max(self.billed - self.recognised, 0), self.currency)

    def bill(self, net: Money) -> tuple[Standing, tuple[Entry, ...]]:
        """An invoice (P02, P06), or a credit if net is negative: first against the asset, then deferred."""
        after = replace(self, billed=self.billed + self._same(net))
        return after, _entries(RECEIVABLE, net.minor, self, after)

    def recognise(self, amount: Money, revenue: str) -> tuple[Standing, tuple[Entry, ...]]:
        """Revenue (P04, P05), or its reversal: first out of what is deferred, the rest is not yet billed."""
        after = replace(self, recognised=self.recognised + self._same(amount))
        return after, _entries(revenue, -amount.minor, self, after)

    def _same(self, money: Money) -> int:
        return (money - Money(0, self.currency)).minor


def _entries(account: str, amount: int, before: Standing, after: Standing) -> tuple[Entry, ...]:
    moves = (
        Entry(account, amount),
        Entry(UNBILLED, after.asset.minor - before.asset.minor),
        Entry(DEFERRED, before.liability.minor - after.liability.minor),
    )
    return tuple(move for move in moves if move.amount)


@dataclass(frozen=True, slots=True)
class Promise:
    """One obligation of a contract. usage: its price depends on use; cancellable: what of the price the
    customer may still walk away from."""

    price: Money
    recognised: Money
    cancellable: Money
    usage: bool = False


@dataclass(frozen=True, slots=True)
class RpoPolicy:
    """Stored: whether what can be cancelled, and what depends on use, counts as remaining."""

    with_cancellable: bool = False
    with_usage: bool = False


def remaining_performance(promises: Iterable[Promise], currency: str, policy: RpoPolicy) -> Money:
    """RPO: promised and not yet recognised (IFRS 15.120)."""
    total = Money(0, currency)
    for promise in promises:
        if promise.usage and not policy.with_usage:
            continue
        left = promise.price - promise.recognised
        total += left if policy.with_cancellable else left - promise.cancellable
    return total
