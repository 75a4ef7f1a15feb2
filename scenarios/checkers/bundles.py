"""What a bundle's quotes say: what each obligation is worth alone and is charged for, from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scenarios.checkers.days import day, months_later
from scenarios.evidence.crm import BundleLine, CrmOpportunity
from scenarios.evidence.run import Evidence


@dataclass(frozen=True, slots=True)
class Bundle:
    """A contract of bundled obligations: its won deals by the day they take effect."""

    subscription: str
    deals: tuple[CrmOpportunity, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """The contract once a deal has taken effect, [on, end): lines by product, with what was agreed for the
    whole of them. separate: the deal only adds, at stand-alone prices; over: it ends the contract."""

    deal: CrmOpportunity
    on: int
    begun: int
    end: int
    lines: Mapping[str, BundleLine]
    separate: bool = False
    over: bool = False

    @property
    def order(self) -> str:
        """Number of its order in billing."""
        return f"O-{self.deal.key}"

    def charged(self, product: str) -> int:
        """What the contract's own prices give from the day on, in minor units, a half rounded up."""
        line = self.lines[product]
        exact = line.price * line.quantity * self._periods(line)
        return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)

    def alone(self, product: str) -> Fraction:
        """The same at stand-alone prices, exact; nothing for what is delivered or taken out."""
        line = self.lines[product]
        return line.alone * line.quantity * self._periods(line)

    def _periods(self, line: BundleLine) -> Fraction:
        if not line.months:
            fresh = self.on == self.begun
            return Fraction(1 if fresh or not line.delivered or day(line.delivered) >= self.on else 0)
        total, n = Fraction(0), 0
        while (first := months_later(self.begun, n * line.months)) < self.end:
            after = months_later(self.begun, (n + 1) * line.months)
            days = min(after, self.end) - max(first, self.on)
            total += Fraction(max(days, 0), after - first)
            n += 1
        return total


def bundles(evidence: Evidence) -> Iterator[Bundle]:
    """Whatever was won with stand-alone prices on its lines, and has come to billing."""
    placed = {order for sold in evidence.billing.subscriptions for order in sold.orders}
    found: dict[str, list[CrmOpportunity]] = {}
    for deal in evidence.crm.opportunities:
        if deal.lines and deal.stage == "Closed Won":
            found.setdefault(f"S-{deal.original or deal.key}", []).append(deal)
    for subscription, deals in sorted(found.items()):
        deals.sort(key=lambda deal: (deal.start, deal.key))
        if deals[0].kind == "new" and f"O-{deals[0].key}" in placed:
            yield Bundle(subscription, tuple(deals))


def stages(deals: Sequence[CrmOpportunity]) -> Iterator[Stage]:
    """The contract deal by deal; nothing after the one that ends it."""
    now: Stage | None = None
    for deal in deals:
        on = day(deal.start)
        if deal.kind in ("new", "renewal"):
            once = {n: x for n, x in now.lines.items() if not x.months} if now else {}
            lines = {line.product: line for line in deal.lines if line.quantity}
            now = Stage(deal, on, on, day(deal.end), {**once, **lines})
        elif now is not None and deal.kind == "cancellation":
            yield replace(now, deal=deal, on=on, separate=False, over=True)
            return
        elif now is not None:
            changed = [x for x in deal.lines if _changes(x, now.lines.get(x.product))]
            lines = {**now.lines, **{line.product: line for line in deal.lines}}
            adds = bool(changed) and all(_adds(x, now.lines.get(x.product)) for x in changed)
            now = replace(now, deal=deal, on=on, lines=lines, separate=adds)
        if now is not None:
            yield now


def _changes(line: BundleLine, held: BundleLine | None) -> bool:
    return held is None or (line.quantity, line.price) != (line.prior, held.price)


def _adds(line: BundleLine, held: BundleLine | None) -> bool:
    return line.quantity > line.prior and line.price == line.alone and (not held or held.price == line.price)
