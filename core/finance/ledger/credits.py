"""Which prepaid credits pay for usage, and the facts that follow: paid ones earn, promotional ones do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.ledger.policy import CreditOrder

_NEVER = date.max


@dataclass(frozen=True, slots=True)
class Grant:
    """left: its unused value; paid: sold, not given; granted orders what is otherwise alike."""

    id: str
    left: Money
    paid: bool
    granted: date
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """taken: by grant; paid and promotional: the parts of P11 and P12; short: what no credit covers."""

    taken: tuple[tuple[str, Money], ...]
    paid: Money
    promotional: Money
    short: Money


def use(grants: Sequence[Grant], amount: Money, on: date, order: CreditOrder) -> Used:
    """Take `amount` out of grants that have not expired. Held for a grant that is overdrawn."""

    def rank(grant: Grant) -> tuple[object, ...]:
        first = grant.expires or _NEVER
        if order is CreditOrder.EARLIEST_EXPIRY:
            return first, grant.granted, grant.id
        return grant.paid is not (order is CreditOrder.PAID_FIRST), first, grant.granted, grant.id

    taken: list[tuple[str, Money]] = []
    nothing = Money(0, amount.currency)
    sums = {True: nothing, False: nothing}
    rest = amount
    for grant in sorted(grants, key=rank):
        if grant.left.minor < 0:
            raise Held(f"grant {grant.id}: {grant.left} is less than nothing; find what used it twice")
        if grant.expires is not None and grant.expires <= on:
            continue
        part = Money(min(rest.minor, grant.left.minor), amount.currency)
        if part:
            taken.append((grant.id, part))
            sums[grant.paid] += part
            rest -= part
    return Used(tuple(taken), sums[True], sums[False], rest)
