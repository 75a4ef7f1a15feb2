"""C28: at a month's end each contract is an asset or a liability, by what was delivered and billed of it."""

from __future__ import annotations

from collections import Counter, defaultdict

from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import Links, links, metered
from scenarios.checkers.revenue import revenue_month, schedule_named
from scenarios.evidence.erp import RevenueSchedule
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_REVENUE, _ASSET = "4000", "1150"
# (contract, currency); then what moved by period
_Whose = tuple[str, str]
_Moved = dict[_Whose, Counter[str]]


def check(evidence: Evidence) -> Verdict:
    """Month by month for which revenue was released: what the ledger has billed of a contract by then, less
    what it has released, is its deferred revenue. Where that is less than nothing, as much stands on 1150,
    and nowhere else anything; in the end all of it is billed.

    Billed: recurring lines of the documents that the ledger has, by the period of its posting, less what
    refunds, write-offs and disputes took off. Asset: lines that name a plan, of its contract.
    """
    months = sorted({j.period for j in evidence.erp.journals if revenue_month(j.external) == j.period})
    known = links(evidence)
    plans = {s.external: s for s in evidence.erp.schedules if s.external}
    billed, asset = _billed(evidence, known), _asset(evidence, plans)
    released = _released(evidence, plans)
    every = sorted({*billed, *asset, *released})
    witnesses = []
    for month in months:
        for whose in every:
            net = _until(billed, month, whose) - _until(released, month, whose)
            is_now, due = _until(asset, month, whose), max(-net, 0)
            if is_now != due:
                witnesses.append(_apart(month, whose, is_now, due))
    return judged("C28", len(months) * len(every), witnesses)


def _apart(month: str, whose: _Whose, is_now: int, due: int) -> Witness:
    contract, currency = whose
    said = f"{contract} has a contract asset of {major(is_now, currency)} at the end of {month}, "
    said += f"it was delivered {major(due, currency)} before it was billed"
    return Witness("lost" if not is_now else "wrong_amount", distinct(contract), said, is_now - due, currency)


def _until(moved: _Moved, month: str, whose: _Whose) -> int:
    return sum(amount for period, amount in moved.get(whose, {}).items() if period <= month)


def _billed(evidence: Evidence, known: Links) -> _Moved:
    by_use, erp = metered(evidence), evidence.erp
    periods = {i.external: i.period for i in erp.invoices} | {m.external: m.period for m in erp.credit_memos}
    found: _Moved = defaultdict(Counter)
    bills = [(1, i.number, i.currency, i.lines) for i in evidence.billing.invoices]
    notes = evidence.billing.credit_notes
    bills += [(-1, n.number, n.currency, n.lines) for n in notes if n.source == "bill_run"]
    for sign, number, currency, lines in bills:
        for line in lines if number in periods else ():
            if line.charge not in by_use and line.start < line.end:
                contract = known.subscriptions.get(line.subscription, line.subscription)
                found[contract, currency][periods[number]] += sign * line.net
    # What else ended revenue: its plans stand for it, in the period of its entry.
    periods |= {j.external.removesuffix("-lost"): j.period for j in erp.journals if "-lost" in j.external}
    documents = {number for _, number, _, _ in bills}
    for plan in erp.schedules:
        if plan.source not in documents and plan.source in periods:
            found[plan.contract, plan.currency][periods[plan.source]] += plan.amount
    return found


def _released(evidence: Evidence, plans: dict[str, RevenueSchedule]) -> _Moved:
    runs = {j.id for j in evidence.erp.journals if revenue_month(j.external)}
    found: _Moved = defaultdict(Counter)
    for line in evidence.erp.ledger:
        if line.account != _REVENUE or line.document not in runs:
            continue
        if plan := plans.get(schedule_named(line.memo, plans)):
            found[plan.contract, line.currency][line.period] += line.credit - line.debit
    return found


def _asset(evidence: Evidence, plans: dict[str, RevenueSchedule]) -> _Moved:
    found: _Moved = defaultdict(Counter)
    for line in evidence.erp.ledger:
        if line.account == _ASSET and (plan := plans.get(schedule_named(line.memo, plans))):
            found[plan.contract, line.currency][line.period] += line.debit - line.credit
    return found
