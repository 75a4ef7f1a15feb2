"""I-14: nothing is posted into an accounting period that was closed when it was posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scenarios.checkers.findings import distinct, major
from scenarios.evidence.erp import Period
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# kind, id, external id, period, created, amount, currency
_Document = tuple[str, str, str, str, int, int, str]


def check(evidence: Evidence) -> Verdict:
    """Every document by its own period and moment, and every ledger line by the period of its document.

    A period that was reopened counts as open: when it had been closed is not kept.
    """
    closed = {p.name: p for p in evidence.erp.periods if p.closed}
    documents = list(_documents(evidence))
    period_of = {(kind, id_): period for kind, id_, _, period, *_ in documents}
    witnesses = list(_late(documents, closed))
    lines = 0
    for line in evidence.erp.ledger:
        lines += 1
        own = period_of.get((line.kind, line.document), line.period)
        if line.period != own or line.date[:7] != own:
            said = f"a line of {line.kind} {line.document} on {line.account} is dated {line.date} in "
            said += f"{line.period}, its document is in {own}"
            amount = line.debit - line.credit
            witnesses.append(Witness("other", distinct(line.document), said, amount, line.currency))
    return judged("I-14", len(documents) + lines, witnesses)


def _late(documents: list[_Document], closed: Mapping[str, Period]) -> Iterator[Witness]:
    for kind, id_, external, name, created, amount, currency in documents:
        period = closed.get(name)
        if period is not None and created > period.closed_at:
            said = f"{kind} {external or id_} was posted into {name} after it was closed"
            said += f" ({major(amount, currency)})" if amount else ""
            yield Witness("other", distinct(external, id_, name), said, amount, currency)


def _documents(evidence: Evidence) -> Iterator[_Document]:
    erp = evidence.erp
    for i in erp.invoices:
        yield "invoice", i.id, i.external, i.period, i.created_at, i.total, i.currency
    for r in erp.receipts:
        yield "customerPayment", r.id, r.external, r.period, r.created_at, r.amount, r.currency
    for m in erp.credit_memos:
        yield "creditMemo", m.id, m.external, m.period, m.created_at, m.total, m.currency
    for d in erp.deposits:
        yield "customerDeposit", d.id, d.external, d.period, d.created_at, d.amount, d.currency
    for u in erp.deposit_uses:
        yield "depositApplication", u.id, u.external, u.period, u.created_at, u.amount, u.currency
    for f in erp.refunds:
        yield "customerRefund", f.id, f.external, f.period, f.created_at, f.amount, f.currency
    for j in erp.journals:
        yield "journalEntry", j.id, j.external, j.period, j.created_at, 0, j.currency
