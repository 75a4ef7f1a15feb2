"""Facts for the ledger: true-ups, prepaid credits sold, drawn and expired, and credit notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Residual, split, whole
from core.finance.ledger.fact import Fact, Kind, amounts
from core.finance.ledger.policy import CreditOrder
from core.finance.pricing.commitments import TrueUp
from core.finance.pricing.credit_notes import CreditNote, Settlement
from core.finance.pricing.wallets import Drawn, DrawOrder, Grant, Origin, Take

# The books' switch of which credits go first, as a wallet's order.
ORDERS = {
    CreditOrder.PAID_FIRST: DrawOrder.PAID_FIRST,
    CreditOrder.PROMOTIONAL_FIRST: DrawOrder.PROMOTIONAL_FIRST,
    CreditOrder.EARLIEST_EXPIRY: DrawOrder.EXPIRY,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Where a fact comes from. id: of the source event; entity: whose books."""

    id: str
    on: date
    entity: str
    currency: str

    def fact(self, kind: Kind, **named: int) -> Fact:
        """Of amounts in minor units; nothing is left out."""
        parts = amounts({name: Money(minor, self.currency) for name, minor in named.items() if minor})
        return Fact(kind, self.id, self.on, self.entity, parts)


def minimum_billed(event: Event, true_up: TrueUp, tax: int = 0) -> Fact:
    """The shortfall of a minimum commitment, with the tax on it (P09)."""
    return event.fact(Kind.MINIMUM_TRUE_UP, shortfall=true_up.due, tax=tax)


def credits_sold(event: Event, grant: Grant, tax: int = 0) -> Fact:
    """What was paid for a grant is owed in service (P10); Held for a promotional one, which nobody buys."""
    if grant.origin is Origin.PROMOTIONAL:
        raise Held(f"grant: {grant.key} is promotional and cannot be sold; it posts when it is used")
    return event.fact(Kind.CREDITS_SOLD, net=grant.paid, tax=tax)


def credits_drawn(event: Event, drawn: Drawn, breakage: int = 0) -> tuple[Fact, ...]:
    """Paid credits earn what was paid for them (P11); promotional ones post nothing (P12).

    breakage: of the liability with this use, where the books take it pro rata.
    """
    facts = []
    if drawn.released or breakage:
        facts.append(event.fact(Kind.CREDITS_DRAWN, used=drawn.released, breakage=breakage))
    if any(take.origin is Origin.PROMOTIONAL for take in drawn.takes):
        facts.append(event.fact(Kind.PROMOTION_USED))
    return tuple(facts)


def credits_expired(event: Event, gone: Sequence[Take], taken: int = 0) -> Fact:
    """The liability that expiry frees (P13), less what breakage with use took before."""
    return event.fact(Kind.CREDITS_EXPIRED, expired=sum(take.released for take in gone) - taken)


def breakage_with_use(grant: Grant, expected: Fraction) -> int:
    """Of what was paid, the breakage that use so far has earned, when a share is expected never to be used.

    In proportion to the use of the rest (IFRS 15 B46), and never more than is not earned by use itself.
    """
    if not 0 <= expected < 1:
        raise Held(f"breakage: a share of {expected} is expected not to be used; it must be below 1")
    if grant.origin is Origin.PROMOTIONAL or not grant.credits:
        return 0
    used = min(Fraction(1), grant.used / grant.credits / (1 - expected))
    return min(whole(grant.paid * expected * used), grant.paid - grant.released(grant.used))


def credited(event: Event, note: CreditNote, recognised: Fraction, settled: Settlement) -> tuple[Fact, ...]:
    """A credit note: what lowers the open invoice (P33) and what the customer keeps (P34).

    recognised: the share of the credited service that is earned already; that goes to contra revenue.
    """
    if not 0 <= recognised <= 1:
        raise Held(f"recognised: {recognised} must lie between 0 and 1")
    earned = whole(note.net * recognised)
    named = {"recognised": earned, "unrecognised": note.net - earned, "tax": note.tax}
    if not note.total:
        return ()
    parts = {
        name: split(minor, (settled.open, settled.balance), Residual.LARGEST_REMAINDER).parts
        for name, minor in named.items()
    }
    # Each part is cut by itself; what rounding moved between the two comes back out of the largest part.
    over = sum(cut[0] for cut in parts.values()) - settled.open
    largest = max(parts, key=lambda name: abs(named[name]))
    parts[largest] = (parts[largest][0] - over, parts[largest][1] + over)
    kinds = (Kind.CREDIT_MEMO_OPEN, Kind.CREDIT_MEMO_PAID)
    facts = [
        event.fact(kind, **{name: cut[n] for name, cut in parts.items()}) for n, kind in enumerate(kinds)
    ]
    return tuple(fact for fact in facts if fact.parts)
