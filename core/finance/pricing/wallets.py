"""Prepaid credits: grants paid and promotional, the order of drawing, expiry with breakage, what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.exact import whole


class Origin(StrEnum):
    """How a grant came about."""

    PAID = "paid"
    PROMOTIONAL = "promotional"  # no liability, no revenue


class DrawOrder(StrEnum):
    """What decides among several grants; ties: the sooner expiry, promotional first, the older, as given."""

    PRIORITY = "priority"  # the lower number first
    EXPIRY = "expiry"
    PAID_FIRST = "paid_first"
    PROMOTIONAL_FIRST = "promotional_first"
    OLDEST_FIRST = "oldest_first"


@dataclass(frozen=True, slots=True)
class Grant:
    """credits: as granted; paid: minor units without tax for all of them; used, expired: of the credits.

    since: the first day it can be drawn; expires: the day from which it cannot, None is never.
    """

    key: str
    credits: Fraction
    origin: Origin = Origin.PAID
    paid: int = 0
    priority: int = 50
    since: date = date.min
    expires: date | None = None
    used: Fraction = Fraction(0)
    expired: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.credits < 0 or self.paid < 0 or self.used + self.expired > self.credits:
            raise Held(
                f"credits: grant {self.key} has {self.credits}, {self.used} used and {self.expired} expired; "
                "correct the grant",
                owner="billing operations",
            )

        if self.paid and not self.credits:
            raise Held(f"paid: {self.paid} was paid for grant {self.key} of no credits; give their number")

    @property
    def left(self) -> Fraction:
        """Neither used nor expired."""
        return self.credits - self.used - self.expired

    @property
    def owed(self) -> int:
        """What stands as a liability for what is left, in minor units."""
        return self.paid - self.released(self.used + self.expired)

    def released(self, gone: Fraction) -> int:
        """Of the paid amount, for so many credits gone; the last credit takes what is left."""
        if self.origin is Origin.PROMOTIONAL or not self.credits:
            return 0
        return whole(self.paid * gone / self.credits)

    def open_on(self, day: date) -> bool:
        """Whether it can be drawn."""
        return self.since <= day and (self.expires is None or day < self.expires)


@dataclass(frozen=True, slots=True)
class Take:
    """From one grant: credits, and the liability that went with them in minor units."""

    grant: str
    credits: Fraction
    released: int
    origin: Origin = Origin.PAID


@dataclass(frozen=True, slots=True)
class Drawn:
    """takes: in the order of drawing; short: what no grant had, billed as overage."""

    takes: tuple[Take, ...]
    short: Fraction

    @property
    def credits(self) -> Fraction:
        """Drawn in all."""
        return sum((take.credits for take in self.takes), Fraction(0))

    @property
    def released(self) -> int:
        """Of the liability."""
        return sum(take.released for take in self.takes)


@dataclass(frozen=True, slots=True)
class Wallet:
    """The grants of one customer; values, never changed in place."""

    grants: tuple[Grant, ...] = ()
    order: DrawOrder = DrawOrder.PRIORITY

    def balance(self, day: date) -> Fraction:
        """Credits that can be drawn."""
        return sum((grant.left for grant in self.grants if grant.open_on(day)), Fraction(0))

    @property
    def owed(self) -> int:
        """The liability in minor units."""
        return sum(grant.owed for grant in self.grants)

    def granted(self, grant: Grant) -> Wallet:
        """With one more; Held for a key that is taken."""
        if any(each.key == grant.key for each in self.grants):
            raise Held(f"grant: {grant.key} is in the wallet already; give another key")
        return replace(self, grants=(*self.grants, grant))

    def draw(self, wanted: Fraction, day: date) -> tuple[Wallet, Drawn]:
        """So many credits, or as many as there are."""
        if wanted < 0:
            raise Held(f"credits: {wanted} cannot be drawn; give back with a grant")
        rest, takes, after = wanted, [], {grant.key: grant for grant in self.grants}
        for grant in self._in_order(day):
            taken = min(rest, grant.left)
            if not taken:
                continue
            used = replace(grant, used=grant.used + taken)
            takes.append(Take(grant.key, taken, grant.owed - used.owed, grant.origin))
            after[grant.key] = used
            rest -= taken
        return replace(self, grants=tuple(after.values())), Drawn(tuple(takes), rest)

    def expire(self, day: date) -> tuple[Wallet, tuple[Take, ...]]:
        """What cannot be drawn from that day on: the credits gone and the liability they free (breakage)."""
        gone, after = [], []
        for grant in self.grants:
            if grant.expires is None or day < grant.expires or not grant.left:
                after.append(grant)
                continue
            ended = replace(grant, expired=grant.expired + grant.left)
            gone.append(Take(grant.key, grant.left, grant.owed - ended.owed, grant.origin))
            after.append(ended)
        return replace(self, grants=tuple(after)), tuple(gone)

    def _in_order(self, day: date) -> Sequence[Grant]:
        usable = [grant for grant in self.grants if grant.open_on(day) and grant.left]
        return sorted(usable, key=lambda grant: (self._first(grant), *_ties(grant)))

    def _first(self, grant: Grant) -> int:
        if self.order is DrawOrder.PRIORITY:
            return grant.priority
        if self.order is DrawOrder.PAID_FIRST:
            return int(grant.origin is not Origin.PAID)
        if self.order is DrawOrder.PROMOTIONAL_FIRST:
            return int(grant.origin is not Origin.PROMOTIONAL)
        return grant.since.toordinal() if self.order is DrawOrder.OLDEST_FIRST else 0


@dataclass(frozen=True, slots=True)
class Balances:
    """In minor units. settled: after issued bills; ongoing: also less usage not billed yet, with its tax."""

    settled: int
    ongoing: int


def balances(settled: int, unbilled: Sequence[tuple[int, Fraction]]) -> Balances:
    """unbilled: (net, share of tax) by rate; the ongoing balance may fall below nothing."""
    coming = sum((net * (1 + tax) for net, tax in unbilled), Fraction(0))
    return Balances(settled, settled - whole(coming))


def _ties(grant: Grant) -> tuple[date, int, date]:
    return grant.expires or date.max, int(grant.origin is Origin.PAID), grant.since
