"""Progressive billing: usage is billed when it passes a threshold, and the period's bill takes that off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In minor units. once: passed one by one over a subscription's life; recurring: every so much after."""

    once: tuple[int, ...] = ()
    recurring: int | None = None

    def passed(self, before: int, after: int) -> bool:
        """Whether usage that went from `before` to `after` passed any."""
        return self._count(after) > self._count(before)

    def _count(self, usage: int) -> int:
        steps = sorted(self.once)
        count = sum(1 for step in steps if usage >= step)
        top = steps[-1] if steps else 0
        if self.recurring and usage >= top:
            count += (usage - top) // self.recurring
        return count


@dataclass(frozen=True, slots=True)
class Progress:
    """One subscription. lifetime: usage ever; period: usage of the running one; billed: of it already."""

    lifetime: int = 0
    period: int = 0
    billed: int = 0


@dataclass(frozen=True, slots=True)
class PeriodBill:
    """fees: of the period; credited: billed before; total: to pay; credit: to give back."""

    fees: int
    credited: int
    total: int
    credit: int


def use(progress: Progress, amount: int, thresholds: Thresholds) -> tuple[Progress, int]:
    """Usage of so much; what is billed at once (everything of the period not billed yet), else 0."""
    after = progress.lifetime + amount
    period = progress.period + amount
    if not thresholds.passed(progress.lifetime, after):
        return Progress(after, period, progress.billed), 0
    return Progress(after, period, period), period - progress.billed


def close_period(
    progress: Progress, subscription: int, usage: int | None = None
) -> tuple[Progress, PeriodBill]:
    """The period's bill at its end or at termination.

    usage: what the period's usage really came to; None is what was counted. Less usage than billed (late
    corrections, a volume price that fell) gives a credit.
    """
    fees = subscription + (progress.period if usage is None else usage)
    credited = min(progress.billed, fees)
    bill = PeriodBill(fees, credited, fees - credited, progress.billed - credited)
    return Progress(progress.lifetime, 0, 0), bill


def billed_over(
    amounts: Sequence[int], thresholds: Thresholds, since: Progress | None = None
) -> tuple[Progress, tuple[int, ...]]:
    """A row of usage amounts within one period: one billed amount each, 0 where no threshold was passed."""
    progress, bills = since or Progress(), []
    for amount in amounts:
        progress, billed = use(progress, amount, thresholds)
        bills.append(billed)
    return progress, tuple(bills)
