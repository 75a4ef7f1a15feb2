"""All metrics of a run in one currency, and each pair of them that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.calendar import Period
from core.finance.metrics import retention
from core.finance.metrics.aging import AgeFrom, aging, buckets_of
from core.finance.metrics.collection import Sales, count_back, days_outstanding
from core.finance.metrics.movements import Bridge, between, bridge, levels
from core.finance.metrics.rolls import Change, Roll, roll
from scenarios.evidence.run import Evidence
from scenarios.metrics import facts

# Ages since the invoice: the books do not say when it is due.
_EDGES = (30, 60, 90)
AGES = ("0-30", "31-60", "61-90", "91+")


@dataclass(frozen=True, slots=True)
class Month:
    """One month. nrr, grr: of its opening MRR, None where there was none; dso: None without sales."""

    period: Period
    bridge: Bridge
    nrr: Fraction | None
    grr: Fraction | None
    receivable: Fraction
    dso: Fraction | None
    dso_count_back: Fraction | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures that say the same thing and come from different books."""

    name: str
    on: date
    left: tuple[str, Fraction]
    right: tuple[str, Fraction]

    @property
    def agrees(self) -> bool:
        """To the cent."""
        return self.left[1] == self.right[1]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of one currency, major units. nrr, grr: from the first month's end to the last's."""

    currency: str
    months: tuple[Month, ...]
    nrr: Fraction | None
    grr: Fraction | None
    aging: tuple[Fraction, ...]
    deferred: tuple[Roll, ...]
    obligations: tuple[Roll, ...]
    pairs: tuple[Pair, ...]


def figures(evidence: Evidence, currency: str) -> Figures:
    """Worked out of the books at the end of the run."""
    calendar = facts.months(evidence)
    rows = facts.segments(evidence, currency)
    debts = facts.postings(evidence, facts.RECEIVABLE, currency)
    # A liability grows with credits.
    held = [
        Change(each.on, each.kind, -each.amount)
        for each in facts.postings(evidence, facts.DEFERRED, currency)
    ]
    receivables, deferred = roll(debts, calendar), roll(held, calendar)
    obligations = roll(facts.obligations(evidence, currency, calendar), calendar)
    months = [
        _month(period, bridge(rows, period), receivables[: at + 1]) for at, period in enumerate(calendar)
    ]
    last = calendar[-1].end - timedelta(days=1)
    ages = aging(facts.open_items(evidence, currency), last, buckets_of(_EDGES), AgeFrom.ISSUE)
    first = levels(rows, calendar[0].end - timedelta(days=1))
    whole = between(first, levels(rows, last), first.keys())
    pairs = [
        *_bridges(
            months, [sum(levels(rows, p.end - timedelta(days=1)).values(), Fraction(0)) for p in calendar]
        ),
        *_books(evidence, currency, last, receivables[-1], deferred[-1], sum(ages, Fraction(0))),
        *(
            Pair(
                "remaining obligations",
                each.period.end - timedelta(days=1),
                ("roll", each.closing),
                ("contracts", facts.still_owed(evidence, currency, each.period.end - timedelta(days=1))),
            )
            for each in obligations
        ),
    ]
    net, gross = _rate(whole, retention.net_retention), _rate(whole, retention.gross_retention)
    return Figures(currency, tuple(months), net, gross, ages, deferred, obligations, tuple(pairs))


def _month(period: Period, moved: Bridge, receivables: Sequence[Roll]) -> Month:
    back = [Sales(each.of("billed"), each.period.days) for each in reversed(receivables)]
    open_, sales = receivables[-1].closing, back[0]
    return Month(
        period,
        moved,
        _rate(moved, retention.net_retention),
        _rate(moved, retention.gross_retention),
        open_,
        days_outstanding(open_, sales.amount, sales.days) if sales.amount else None,
        count_back(open_, back) if any(each.amount for each in back) else None,
    )


def _rate(moved: Bridge, rule: retention.Rule) -> Fraction | None:
    try:
        return rule(moved)
    except Held:  # nothing to compare with: no rate, which is not a rate of nothing
        return None


def _bridges(months: Sequence[Month], measured: Sequence[Fraction]) -> list[Pair]:
    pairs = []
    for at, (month, level) in enumerate(zip(months, measured, strict=True)):
        on = month.period.end - timedelta(days=1)
        pairs.append(Pair("MRR", on, ("bridge", month.bridge.closing), ("contracts", level)))
        if at:
            opening, before = month.bridge.opening, months[at - 1].bridge.closing
            pairs.append(
                Pair("MRR opening", month.period.start, ("bridge", opening), ("month before", before))
            )
    return pairs


def _books(
    evidence: Evidence, currency: str, on: date, receivable: Roll, deferred: Roll, aged: Fraction
) -> list[Pair]:
    through = date.fromisoformat(evidence.billed_through)
    by_contract, by_invoice = facts.invoiced_mrr(evidence, currency, through)
    return [
        Pair("MRR invoiced", through, ("contracts", by_contract), ("invoices", by_invoice)),
        Pair("receivables", on, ("ledger 1100", receivable.closing), ("aging of billing", aged)),
        Pair(
            "deferred revenue",
            on,
            ("ledger 2100", deferred.closing),
            ("revenue plans", facts.unreleased(evidence, currency)),
        ),
    ]
