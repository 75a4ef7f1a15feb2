"""I-15: what is posted stands in its own period, or by the rule of the next open one, and then says so."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checkers.days import day, text_of
from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import about_invoice, about_note, links
from scenarios.checkers.revenue import revenue_month
from scenarios.evidence.erp import ErpCreditMemo, ErpInvoice
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# what, its names, own month, period, created, whether it names its own month, amount, currency
_Posted = tuple[str, tuple[str, ...], str, str, int, bool, int, str]


def check(evidence: Evidence) -> Verdict:
    """Invoices and credit memos by the date that billing has, revenue by the month that its journal's
    name has. A receipt, refund or payout has its day from the bank, and is left to other laws.

    The link of a document to its own month is its twin in billing; that of revenue posted later is the
    journal's text, which must name the month.
    """
    posted = list(_posted(evidence))
    witnesses = [*_misplaced(evidence, posted), *_late_days(evidence)]
    return judged("I-15", len(posted), witnesses)


def _late_days(evidence: Evidence) -> Iterator[Witness]:
    """The day of a late invoice or credit memo: by the convention the first of its period, or the day of
    posting where that lies in it."""
    known = links(evidence)
    starts = {period.name: (period.start, period.end) for period in evidence.erp.periods}
    rows: list[ErpInvoice | ErpCreditMemo] = [*evidence.erp.invoices, *evidence.erp.credit_memos]
    for row in rows:
        source = known.invoices.get(row.external) or known.credit_notes.get(row.external)
        if source is None or row.period == source.date[:7] or row.period not in starts:
            continue
        first, end = starts[row.period]
        due = first
        if evidence.conventions.books.late_day == "day_of_posting":
            posted = text_of(day("1970-01-01") + row.created_at // 86_400_000_000)
            due = min(max(first, posted), text_of(day(end) - 1))
        if row.date != due:
            said = f"{row.external} of {source.date} was posted late on {row.date}, should be on {due}"
            yield Witness("other", distinct(row.external, row.id), said, row.total, row.currency)


def _misplaced(evidence: Evidence, posted: list[_Posted]) -> Iterator[Witness]:
    policy = evidence.conventions.books
    for what, names, month, period, created, told, amount, currency in posted:
        due = _due(evidence, month, created)
        money = f" ({major(amount, currency)})" if amount else ""
        if period != due:
            said = f"{what} of {month} was posted in {period}, due was {due}{money}"
            yield Witness("other", names, said, amount, currency)
        elif period != month and policy.closed_period == "held":
            said = f"{what} of {month} was posted in {period}; what is late is the controller's{money}"
            yield Witness("other", names, said, amount, currency)
        elif period != month and 0 < policy.material <= abs(amount):
            said = f"{what} of {month} was posted in {period}; it is material{money}, so the controller's"
            yield Witness("other", names, said, amount, currency)
        elif period != month and not told:
            said = f"{what} of {month} was posted in {period} and does not name its own month{money}"
            yield Witness("other", names, said, amount, currency)


def _due(evidence: Evidence, month: str, created: int) -> str:
    """Its month, or the first later one that was open when it was posted; "none" if there was none."""
    later = sorted((p for p in evidence.erp.periods if p.name >= month), key=lambda p: p.name)
    open_then = [p.name for p in later if not p.closed or p.closed_at > created]
    return open_then[0] if open_then else "none" if later else month


def _posted(evidence: Evidence) -> Iterator[_Posted]:
    known = links(evidence)
    erp = evidence.erp
    for i in erp.invoices:
        if invoice := known.invoices.get(i.external):
            names = distinct(*about_invoice(known, i.external), i.id)
            told = i.external == invoice.number
            yield (
                f"ERP invoice {i.external}", names, invoice.date[:7], i.period, i.created_at, told,
                i.total, i.currency,
            )  # fmt: skip
    for m in erp.credit_memos:
        if note := known.credit_notes.get(m.external):
            names = distinct(*about_note(known, m.external), m.id)
            told = m.external == note.number
            yield (
                f"ERP credit memo {m.external}", names, note.date[:7], m.period, m.created_at, told,
                m.total, m.currency,
            )  # fmt: skip
    revenue = {line.document for line in erp.ledger if line.account == "4000"}
    for j in erp.journals:
        if (month := revenue_month(j.external)) and j.id in revenue:
            told = month in j.memo
            yield (
                f"revenue journal {j.external}", distinct(j.external, j.id), month, j.period, j.created_at,
                told, 0, j.currency,
            )  # fmt: skip
