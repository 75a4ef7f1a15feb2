"""Lines of one period: what is billed after what was billed, within a minimum and a maximum spend."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.finance.usage.prices import Price, rate


@dataclass(frozen=True, slots=True)
class Spend:
    """Limits of a whole period in major units; None is no limit."""

    minimum: Fraction | None = None
    maximum: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SplitLine:
    """Major units. gross: rated; off: the percentage discount; capped: taken off by the maximum; top_up:
    added by the minimum."""

    gross: Fraction
    off: Fraction
    capped: Fraction
    top_up: Fraction

    @property
    def discount(self) -> Fraction:
        """Everything that is taken off."""
        return self.off + self.capped

    @property
    def net(self) -> Fraction:
        """Of the usage itself, without the top-up."""
        return self.gross - self.discount

    @property
    def total(self) -> Fraction:
        """With the top-up."""
        return self.net + self.top_up


def split_line(
    price: Price,
    before: Fraction | None,
    total: Fraction,
    *,
    spend: Spend | None = None,
    billed: Fraction | None = None,
    last: bool = False,
    off_pct: Fraction = Fraction(0),
) -> SplitLine:
    """rate(total) - rate(before): before is the quantity of the period already billed, None if none was.

    billed: what the period has been billed so far, where that is not rate(before); off_pct: a discount
    in percent, taken before the limits; last: the minimum is topped up on the period's last line only.
    """
    keep = 1 - off_pct * Fraction(1, 100)
    earlier = Fraction(0) if before is None else rate(price, before)
    gross = rate(price, total) - earlier
    so_far = earlier * keep if billed is None else billed
    return limited(gross, so_far, spend or Spend(), last=last, off=gross * off_pct * Fraction(1, 100))


def limited(
    gross: Fraction, billed: Fraction, spend: Spend, *, last: bool = True, off: Fraction = Fraction(0)
) -> SplitLine:
    """A rated amount after what was billed; a line that gives money back is never cut by a limit."""
    net, capped = gross - off, Fraction(0)
    if spend.maximum is not None and net > 0:
        capped = net - min(net, max(spend.maximum - billed, Fraction(0)))
        net -= capped
    top_up = Fraction(0)
    if last and spend.minimum is not None:
        top_up = max(spend.minimum - billed - net, Fraction(0))
    return SplitLine(gross, off, capped, top_up)


def late_delta(price: Price, billed_at: Fraction, then: Fraction) -> Fraction:
    """What late or corrected usage adds to the current period; negative over a cliff."""
    return rate(price, then) - rate(price, billed_at)
