"""The waterfall of a run, its roll-forward and positions, and whether ledger and own figures agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.money import Money, exponent
from core.finance.calendar import last_day
from core.finance.exact import whole
from core.finance.revenue.position import Promise, RpoPolicy, Standing, remaining_performance
from core.finance.revenue.waterfall import Roll, Row, by_contract, by_month, months_between, roll_forward
from scenarios.evidence.run import Evidence
from scenarios.metrics.facts import still_owed
from scenarios.revenue import facts
from scenarios.revenue.facts import Planned


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One figure, as worked out here from billing's documents and as the ledger has it; minor units."""

    what: str
    own: int
    ledger: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """One currency, minor units. through: the last month that was released, None if none was.

    compared: how many figures; not_yet: documents that came after the last run; rpo: remaining price of
    contracts with a term, billed and not yet; cancellable: of contracts without a term, billed.
    """

    currency: str
    through: date | None
    columns: tuple[date, ...]
    by_month: tuple[Row, ...]
    by_contract: tuple[Row, ...]
    rolls: tuple[Roll, ...]
    assets: int
    liabilities: int
    rpo_billed: int
    rpo_unbilled: int
    cancellable: int
    compared: int
    not_yet: int
    wrong: tuple[Disagreement, ...]


def waterfall(evidence: Evidence, currency: str) -> Waterfall:
    """Worked out at the end of the run."""
    plans = facts.planned(evidence, currency)
    runs = facts.runs(evidence)
    through = runs[-1][0] if runs else None
    starts = [min(plan.booked, plan.service.start) for plan in plans]
    last = max([plan.service.end - timedelta(days=1) for plan in plans], default=date.min)
    columns = months_between(min(starts), last) if plans else ()
    rows = [plan.row for plan in plans]
    known = facts.known_by(evidence, runs[-1][1]) if runs else set()
    wrong, compared = _compared(evidence, currency, plans, known, through)
    positions = _positions(plans, currency, through)
    term, open_end = _left(plans, through, facts.evergreen(evidence))
    owed = still_owed(evidence, currency, last_day(through)) if through else Fraction(0)
    promised = whole(owed * 10 ** exponent(currency))
    # What a bundle's parts are still to be earned with differs from their own prices by what was moved.
    orders = facts.orders(evidence)
    promised += sum(plan.amount for plan in term if plan.document in orders)
    return Waterfall(
        currency,
        through,
        columns,
        tuple(by_month(rows, columns)),
        tuple(by_contract(rows, columns)),
        tuple(roll_forward(rows, columns)),
        sum(standing.asset.minor for standing in positions),
        sum(standing.liability.minor for standing in positions),
        _remaining(term, currency),
        promised - _remaining(term, currency),
        _remaining(open_end, currency),
        compared,
        len({plan.document for plan in plans} - known),
        tuple(wrong),
    )


def _compared(
    evidence: Evidence, currency: str, plans: Sequence[Planned], known: set[str], through: date | None
) -> tuple[list[Disagreement], int]:
    released = facts.released(evidence, currency)
    own: defaultdict[tuple[str, date], int] = defaultdict(int)
    for plan in plans:
        if plan.document in known and through is not None:
            for month, minor in plan.by_month:
                if month <= through:
                    own[plan.document, month] += minor
    keys = sorted(own.keys() | released.keys())
    wrong = [
        Disagreement(f"revenue of {document} in {month:%Y-%m}", own[document, month], ledger)
        for document, month in keys
        if (ledger := released.get((document, month), 0)) != own[document, month]
    ]
    months = sorted({month for _, month in keys})
    for month in months:
        mine = sum(minor for (_, each), minor in own.items() if each == month)
        theirs = sum(minor for (_, each), minor in released.items() if each == month)
        if mine != theirs:
            wrong.append(Disagreement(f"revenue of {month:%Y-%m}", mine, theirs))
    posted = facts.posted(evidence)
    left = sum(plan.amount for plan in plans if plan.document in posted) - sum(released.values())
    held = -facts.balance(evidence, facts.DEFERRED, currency)
    held -= facts.balance(evidence, facts.UNBILLED, currency)
    if left != held:
        wrong.append(Disagreement("deferred revenue less contract asset", left, held))
    return wrong, len(keys) + len(months) + 1


def _positions(plans: Sequence[Planned], currency: str, through: date | None) -> list[Standing]:
    billed: defaultdict[str, int] = defaultdict(int)
    earned: defaultdict[str, int] = defaultdict(int)
    for plan in plans:
        billed[plan.contract] += plan.amount
        earned[plan.contract] += sum(m for month, m in plan.by_month if through and month <= through)
    return [Standing(currency, billed[contract], earned[contract]) for contract in sorted(billed)]


def _left(
    plans: Sequence[Planned], through: date | None, evergreen: frozenset[str]
) -> tuple[list[Planned], list[Planned]]:
    """What has a term and what has none, each plan with what is left of it."""
    found: tuple[list[Planned], list[Planned]] = ([], [])
    for plan in plans:
        left = plan.amount - sum(m for month, m in plan.by_month if through and month <= through)
        rest = Planned(plan.document, plan.contract, left, plan.service, plan.booked)
        found[plan.contract in evergreen].append(rest)
    return found


def _remaining(plans: Sequence[Planned], currency: str) -> int:
    nothing = Money(0, currency)
    promises = (Promise(Money(plan.amount, currency), nothing, nothing) for plan in plans)
    return remaining_performance(promises, currency, RpoPolicy()).minor
