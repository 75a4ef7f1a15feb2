"""C28: at a month's end each contract is an asset or a liability, by what was delivered and billed of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import Links, links, metered
from scenarios.checkers.revenue import revenue_month, schedule_named, unbilled_month
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_REVENUE, _ASSET = "4000", "1150"
# (contract, currency)
_Whose = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Moved:
    """An amount with its posting day and period; made: when the document came into the ledger."""

    on: str
    period: str
    amount: int
    made: int = 0


_Book = defaultdict[_Whose, list[_Moved]]


def check(evidence: Evidence) -> Verdict:
    """Month by month for which revenue was released: what the ledger has billed of a contract by then, less
    what it has released, is its deferred revenue. Where that is less than nothing, as much stands on 1150,
    and nowhere else anything. A bill that came before the month's revenue was released has met it.

    Billed: recurring lines of the documents that the ledger has, less what refunds, write-offs and disputes
    took off. Asset: what journals of the unbilled have put on the contract.
    """
    runs = [(revenue_month(j.external), j) for j in evidence.erp.journals]
    months: dict[str, int] = {}
    for month, journal in runs:
        if month and month == journal.period:
            months.setdefault(month, journal.created_at)
    billed, released, asset = _billed(evidence, links(evidence)), _released(evidence), _asset(evidence)
    every = sorted({*billed, *released, *asset})
    witnesses: list[Witness] = []
    for whose in every:
        of = (billed.get(whose, []), released.get(whose, []), asset.get(whose, []))
        for month, ran in sorted(months.items()):
            witnesses += _at_end(month, whose, *of)
            witnesses += _met(month, ran, whose, *of)
    return judged("C28", len(months) * len(every), witnesses)


def _at_end(
    month: str, whose: _Whose, billed: Sequence[_Moved], released: Sequence[_Moved], asset: Sequence[_Moved]
) -> Iterator[Witness]:
    net, is_now = (
        sum(x.amount for x in book if x.period <= month) for book in ([*billed, *_less(released)], asset)
    )
    due = max(-net, 0)
    if is_now != due:
        contract, currency = whose
        said = f"{contract} has a contract asset of {major(is_now, currency)} at the end of {month}, "
        said += f"it was delivered {major(due, currency)} before it was billed"
        kind = "wrong_amount" if is_now else "lost"
        yield Witness(kind, distinct(contract), said, is_now - due, currency)


def _met(
    month: str,
    ran: int,
    whose: _Whose,
    billed: Sequence[_Moved],
    released: Sequence[_Moved],
    asset: Sequence[_Moved],
) -> Iterator[Witness]:
    known = [x.on for x in billed if x.period > month and 0 < x.made < ran]
    if not known:
        return
    day = max(known)
    net = sum(x.amount for x in [*billed, *_less(released)] if x.on <= day)
    is_now, due = sum(x.amount for x in asset if x.on <= day), max(-net, 0)
    if is_now > due:
        contract, currency = whose
        said = f"{contract} still has a contract asset of {major(is_now, currency)} after its bill of {day}, "
        said += f"which leaves {major(due, currency)} of it"
        yield Witness("other", distinct(contract), said, is_now - due, currency)


def _less(moved: Sequence[_Moved]) -> list[_Moved]:
    return [_Moved(x.on, x.period, -x.amount) for x in moved]


def _billed(evidence: Evidence, known: Links) -> _Book:
    by_use, erp = metered(evidence), evidence.erp
    # By external id: posting day, period, when it came.
    posted = {i.external: (i.date, i.period, i.created_at) for i in erp.invoices}
    posted |= {m.external: (m.date, m.period, m.created_at) for m in erp.credit_memos}
    posted |= {
        j.external.removesuffix("-lost"): (j.date, j.period, 0)
        for j in erp.journals
        if j.external.endswith("-lost")
    }
    found: _Book = defaultdict(list)
    notes = evidence.billing.credit_notes
    bills = [(1, i.number, i.currency, i.lines) for i in evidence.billing.invoices]
    bills += [(-1, n.number, n.currency, n.lines) for n in notes if n.source == "bill_run"]
    for sign, number, currency, lines in bills:
        if number not in posted:
            continue
        on, period, made = posted[number]
        for line in lines:
            if line.charge not in by_use and line.start < line.end:
                contract = known.subscriptions.get(line.subscription, line.subscription)
                found[contract, currency].append(_Moved(on, period, sign * line.net, made))
    # What else ended revenue: its plans stand for it, on the day of its entry.
    by_lines = {number for _, number, _, _ in bills}
    for plan in erp.schedules:
        if plan.source in posted and plan.source not in by_lines:
            on, period, _ = posted[plan.source]
            found[plan.contract, plan.currency].append(_Moved(on, period, plan.amount))
    return found


def _released(evidence: Evidence) -> _Book:
    plans = {s.external: s for s in evidence.erp.schedules if s.external}
    runs = {j.id for j in evidence.erp.journals if revenue_month(j.external)}
    found: _Book = defaultdict(list)
    for line in evidence.erp.ledger:
        if line.account != _REVENUE or line.document not in runs:
            continue
        if plan := plans.get(schedule_named(line.memo, plans)):
            moved = _Moved(line.date, line.period, line.credit - line.debit)
            found[plan.contract, line.currency].append(moved)
    return found


def _asset(evidence: Evidence) -> _Book:
    # Use is accrued there too, by journals of its own.
    runs = {j.id for j in evidence.erp.journals if unbilled_month(j.external)}
    found: _Book = defaultdict(list)
    for line in evidence.erp.ledger:
        if line.account == _ASSET and line.document in runs:
            found[line.contract, line.currency].append(
                _Moved(line.date, line.period, line.debit - line.credit)
            )
    return found
