"""Which payments a bank transfer pays (docs.stripe.com/payments/customer-balance/reconciliation).

By reference first, an invoice's number before an intent's; then a group of up to five that awaits the exact
amount; then invoices that can be paid in full, oldest first; then intents, oldest first, also in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

_GROUP_MOST = 5
# Of so many open payments, oldest first, groups are looked for; the vendor's bound is not published.
_LOOKED_AT = 20

Plan = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Claim:
    """What awaits money: an intent, or an invoice by its intent. left: minor units; at: since when."""

    intent: str
    left: int
    at: int
    reference: str
    invoice: bool = False


def planned(claims: Sequence[Claim], cash: int, sent: int = 0, reference: str = "") -> Plan:
    """(intent, amount) in the order in which they are paid; no invoice in part.

    cash: all that is there; sent: what has just come, 0 if nothing has; reference: what came with it.
    """
    if reference:
        meant = _meant(claims, reference)
        if meant is not None:
            if meant.left > cash and meant.invoice:
                # Underpaid: the money waits with its owner for the rest (unconfirmed).
                return []
            paid = min(meant.left, cash)
            others = [c for c in claims if c is not meant]
            return [(meant.intent, paid), *planned(others, cash - paid)]
    for amount in (sent, cash):
        group = _exactly(claims, amount) if 0 < amount <= cash else ()
        if group:
            others = [c for c in claims if c not in group]
            return [*((c.intent, c.left) for c in group), *planned(others, cash - amount)]
    return _oldest_first(claims, cash)


def _meant(claims: Sequence[Claim], reference: str) -> Claim | None:
    """The one claim that the reference names."""
    for invoices in (True, False):
        named = [c for c in claims if c.invoice is invoices and c.reference and c.reference in reference]
        if len(named) == 1:
            return named[0]
    return None


def _exactly(claims: Sequence[Claim], amount: int) -> Sequence[Claim]:
    """The smallest group that awaits just this amount; of those the one with most invoices, or the oldest."""
    looked_at = sorted(claims, key=_age)[:_LOOKED_AT]
    for size in range(1, _GROUP_MOST + 1):
        groups = [g for g in combinations(looked_at, size) if sum(c.left for c in g) == amount]
        if groups:
            return min(groups, key=_preference)
    return ()


def _preference(group: Sequence[Claim]) -> tuple[int, list[int]]:
    return -sum(c.invoice for c in group), sorted(c.at for c in group)


def _oldest_first(claims: Sequence[Claim], cash: int) -> Plan:
    plan: Plan = []
    for claim in sorted(claims, key=lambda c: (not c.invoice, *_age(c))):
        paid = min(claim.left, cash)
        if paid == 0 or (claim.invoice and paid < claim.left):
            continue
        plan.append((claim.intent, paid))
        cash -= paid
    return plan


def _age(claim: Claim) -> tuple[int, str]:
    return claim.at, claim.intent
