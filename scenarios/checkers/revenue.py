"""Revenue journals against the schedules that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scenarios.checkers.days import day, text_of
from scenarios.checkers.findings import distinct, major
from scenarios.evidence.erp import RevenueSchedule
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Witness

READING, DAY = 3_600_000_000, 86_400_000_000  # µs
EPOCH = day("1970-01-01")
# Days after a month in which its revenue has to have been recognised.
CLOSING_DAYS = 10


def revenue_month(external: str) -> str:
    """ "REV-2026-01-7" -> "2026-01"; "" for a journal that is not of a revenue run."""
    found = re.match(r"REV-(\d{4}-\d{2})-", external)
    return found[1] if found else ""


def unbilled_month(external: str) -> str:
    """ "UNB-2026-01-USD-001" -> "2026-01": of a journal of what was delivered before it was billed."""
    found = re.match(r"UNB-(\d{4}-\d{2})-", external)
    return found[1] if found else ""


def accrued_month(external: str) -> str:
    """ "USE-2026-01-USD-001" -> "2026-01": of a journal of use that was not billed at a month's end."""
    found = re.match(r"USE-(\d{4}-\d{2})-", external)
    return found[1] if found else ""


def recognised(evidence: Evidence) -> Iterator[Witness]:
    """Each line on 4000 in a revenue journal names a schedule; no schedule is recognised twice for one
    month, nor beyond what it holds; and one whose days are over is recognised in full."""
    plans = {s.external: s for s in evidence.erp.schedules if s.external}
    runs = {j.id: j.external for j in evidence.erp.journals if revenue_month(j.external)}
    done = dict.fromkeys(_used_up(evidence), 0)
    seen: dict[tuple[str, str, int], str] = {}
    for line in evidence.erp.ledger:
        if line.document not in runs or line.account != "4000":
            continue
        amount, journal = line.credit - line.debit, runs[line.document]
        name = schedule_named(line.memo, plans)
        if not name:
            said = f"{journal} recognises {major(amount, line.currency)} for no schedule ({line.memo})"
            yield Witness("orphaned", distinct(journal, line.document), said, amount, line.currency)
            continue
        done[name] = done.get(name, 0) + amount
        month = revenue_month(journal)
        if (name, month, amount) in seen:
            before = seen[name, month, amount]
            said = f"{name} is recognised twice for {month}, by {before} and {journal}"
            said += f" ({major(amount, line.currency)})"
            names = distinct(name, plans[name].source, before, journal)
            yield Witness("duplicated", names, said, amount, line.currency)
        seen.setdefault((name, month, amount), journal)
    yield from _sums(evidence, plans, done)


def _sums(
    evidence: Evidence, plans: Mapping[str, RevenueSchedule], done: Mapping[str, int]
) -> Iterator[Witness]:
    used_up = _used_up(evidence)
    for name, amount in done.items():
        plan = plans[name]
        off = amount - plan.amount
        beyond = off > 0 if plan.amount >= 0 else off < 0
        if beyond or (off and name in used_up):
            said = f"{name} of {plan.source} recognised {major(amount, plan.currency)}, "
            said += f"it holds {major(plan.amount, plan.currency)}"
            kind = "wrong_amount" if amount else "lost"
            yield Witness(kind, distinct(name, plan.source), said, off, plan.currency)


def _used_up(evidence: Evidence) -> dict[str, int]:
    """Schedules that revenue runs have to have brought to their end, with their amounts.

    By the latest run: its first journal counts, less the time for reading plans, since later ones it may
    not have known. And by the calendar, whether there was a run or not: what was planned and over in a
    month that ended ten days or more before the business did.
    """
    journals = [(revenue_month(j.external), j.created_at) for j in evidence.erp.journals]
    runs = sorted(run for run in journals if run[0])
    due = [(month, next(at for name, at in runs if name == month)) for month in {m for m, _ in runs[-1:]}]
    if evidence.billed_through:
        last = day(evidence.billed_through) - CLOSING_DAYS
        first_of_month = last - int(text_of(last)[8:]) + 1
        due.append((text_of(first_of_month - 1)[:7], (first_of_month - EPOCH) * DAY))
    return {
        s.external: s.amount
        for s in evidence.erp.schedules
        if s.external
        and s.start < s.end
        and any(s.created_at + READING <= ran_at and _last_month(s.end) <= month for month, ran_at in due)
    }


def _last_month(end: str) -> str:
    """The month of the last day of a half-open range; an open one ends in no month."""
    return text_of(day(end) - 1)[:7] if end else "9999-99"


def schedule_named(memo: str, plans: Mapping[str, RevenueSchedule]) -> str:
    """The memo is the schedule's external id, or a sentence with that id as one of its words."""
    return next((word for word in (memo, *re.split(r"[\s,;]+", memo)) if word in plans), "")
