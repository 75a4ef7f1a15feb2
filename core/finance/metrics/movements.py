"""Monthly recurring revenue and what moved it, from the segments of subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.calendar import Period


@dataclass(frozen=True, slots=True)
class Segment:
    """A price in force over [start, end); end None is open. mrr: a month's recurring price, major units.

    Usage and one-time charges are no segments: they are not recurring.
    """

    customer: str
    start: date
    end: date | None
    mrr: Fraction
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Of one period; all but opening are amounts of movement, none negative."""

    opening: Fraction
    new: Fraction = Fraction(0)
    expansion: Fraction = Fraction(0)
    reactivation: Fraction = Fraction(0)
    contraction: Fraction = Fraction(0)
    churn: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for field in ("new", "expansion", "reactivation", "contraction", "churn"):
            if (amount := getattr(self, field)) < 0:
                raise Held(f"{field}: {amount} is negative; give the size of the movement", owner="FP&A")

    @property
    def closing(self) -> Fraction:
        """The identity of the bridge."""
        gained = self.new + self.expansion + self.reactivation
        return self.opening + gained - self.contraction - self.churn

    @property
    def net_new(self) -> Fraction:
        """All movements together."""
        return self.closing - self.opening


def annual(mrr: Fraction) -> Fraction:
    """ARR of an MRR."""
    return 12 * mrr


def levels(
    segments: Iterable[Segment], on: date, rates: Mapping[str, Fraction] | None = None
) -> dict[str, Fraction]:
    """MRR a customer on the evening of a day, of those who have any.

    rates: home units a unit of currency, the same on every day: so FX is never a movement. Without rates
    all segments must be of one currency; Held names one that cannot be converted.
    """
    found: dict[str, Fraction] = {}
    currencies = set()
    for segment in segments:
        currencies.add(segment.currency)
        if segment.start <= on and (segment.end is None or on < segment.end):
            home = segment.mrr * _rate(segment.currency, rates)
            found[segment.customer] = found.get(segment.customer, Fraction(0)) + home
    if rates is None and len(currencies) > 1:
        said = sorted(currencies)
        raise Held(f"currency: {said} cannot be added; give constant rates to one currency", owner="FP&A")
    return {customer: mrr for customer, mrr in found.items() if mrr}


def bridge(
    segments: Sequence[Segment], period: Period, rates: Mapping[str, Fraction] | None = None
) -> Bridge:
    """From the evening before the period to its last evening, net by customer.

    A customer who had MRR before, none at the opening and some at the closing comes back: reactivation.
    """
    eve, last = period.start - timedelta(days=1), period.end - timedelta(days=1)
    known = {s.customer for s in segments if s.start <= eve and s.mrr}
    return between(levels(segments, eve, rates), levels(segments, last, rates), known)


def between(before: Mapping[str, Fraction], after: Mapping[str, Fraction], known: Set[str]) -> Bridge:
    """From MRR a customer to MRR a customer. known: who had MRR at some time before the opening."""
    sums = dict.fromkeys(("new", "expansion", "reactivation", "contraction", "churn"), Fraction(0))
    for customer in before.keys() | after.keys():
        had, has = before.get(customer, Fraction(0)), after.get(customer, Fraction(0))
        sums[_kind(had, has, customer in known)] += abs(has - had)
    return Bridge(sum(before.values(), Fraction(0)), **sums)


def _kind(had: Fraction, has: Fraction, known: bool) -> str:
    if not had:
        return "reactivation" if known else "new"
    if not has:
        return "churn"
    return "expansion" if has >= had else "contraction"


def _rate(currency: str, rates: Mapping[str, Fraction] | None) -> Fraction:
    if rates is None:
        return Fraction(1)
    if currency not in rates:
        near = ", ".join(sorted(rates))
        raise Held(f"currency: no constant rate for {currency!r}; there are {near}", owner="FP&A")
    return rates[currency]
