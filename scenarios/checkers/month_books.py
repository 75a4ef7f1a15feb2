"""Documents, receivables, tax and customers of a month, straight from the books: both sides of controls."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checkers.apart import Books, Row, books
from scenarios.checkers.days import day, month_end
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.run import Evidence

RECEIVABLE = "1100"
# Home currency alone moves; no document is open by more or less for it.
VALUATION = "FXR-"


def customers(evidence: Evidence, month: str) -> Books:
    """C03: who was sold to, against the customers of billing, ledger and processor."""
    cut = cut_off(month)
    won = {o.account for o in evidence.crm.opportunities if o.stage == "Closed Won" and o.closed_at < cut}
    live = [a for a in evidence.crm.accounts if not a.deleted]
    sold = {a.key: a.currency for a in live if a.key in won or a.id in won}
    known = {a.key for a in live}
    rows = [("billing", a.id, a.crm_account, a.currency) for a in evidence.billing.accounts]
    rows += [("erp", c.id, c.external, "") for c in evidence.erp.customers]
    rows += [("payments", c.id, c.crm_account, "") for c in evidence.payments.customers]
    return books(
        (
            Row((key, system), 1, "customers", (("currency", currency),) if currency else ())
            for key, currency in sold.items()
            for system in ("billing", "erp", "payments")
        ),
        (
            Row((key or id_, system), 1, "customers", (("currency", currency),) if currency else ())
            for system, id_, key, currency in rows
            if key in sold or key not in known
        ),
    )


def arithmetic(evidence: Evidence, month: str) -> Books:
    """C07: lines of a document against its total; what was due against what is asked for."""
    left, right = [], []
    for _, row in documents(evidence, month):
        if row.lines:
            made = sum(line.net + line.tax for line in row.lines)
            left += [Row((row.number, "total"), made, row.currency)]
            right += [Row((row.number, "total"), row.total, row.currency)]
            due = Row((row.number, "due"), max(row.total, 0), row.currency)
            left, right = [*left, due], [*right, due]
    return books(left, right)


def taxes(evidence: Evidence, month: str) -> Books:
    """C08: tax of each posted document against what the tax engine has committed for it."""
    return books(
        (
            Row((d.number, "", ""), d.tax if kind == "invoice" else -d.tax, d.currency, (("date", d.date),))
            for kind, d in documents(evidence, month)
        ),
        (
            Row((t.code, "", ""), t.tax, t.currency, (("date", t.date),))
            for t in evidence.tax.documents
            if t.status == "Committed" and t.date < month_end(month)
        ),
    )


def register(evidence: Evidence, month: str) -> Books:
    """C10: billing's documents against those of receivables: of the month, or posted in it."""
    end = month_end(month)
    numbers = {i.number for i in evidence.billing.invoices if i.date < end}
    numbers |= {n.number for n in evidence.billing.credit_notes if n.date < end}
    booked = [
        (kind, row)
        for kind, rows in (("invoice", evidence.erp.invoices), ("credit", evidence.erp.credit_memos))
        for row in rows
        if row.external in numbers or (row.date < end and not row.external)
    ]
    entered = {row.external: row.created_at for _, row in booked}
    issued = list(documents(evidence, month))
    mine = {(kind, d.number) for kind, d in issued if d.date[:7] == month}
    mine |= {(kind, row.external or row.id) for kind, row in booked if row.period == month}
    return books(
        (
            Row((kind, d.number), d.total, d.currency, _facts(d.tax, period))
            for kind, d in issued
            if (kind, d.number) in mine
            for period in (_first_open(evidence, d.date[:7], entered.get(d.number) or d.posted_at),)
        ),
        (
            Row((kind, row.external or row.id), row.total, row.currency, _facts(row.tax, row.period))
            for kind, row in booked
            if (kind, row.external or row.id) in mine
        ),
    )


def _facts(tax: int, period: str) -> tuple[tuple[str, str], ...]:
    return (("tax", str(tax)), ("period", period))


def _first_open(evidence: Evidence, month: str, entered: int) -> str:
    """The month itself or the next that was open when the document was entered; "" of no moment: itself."""
    for period in sorted(evidence.erp.periods, key=lambda p: p.start) if entered else ():
        if period.name >= month and not (period.closed and period.closed_at <= entered):
            return period.name
    return month


def receivables(evidence: Evidence, month: str) -> Books:
    """C11: what is open of documents against the control account, by entity and currency."""
    return books(_open(evidence, month), _control_account(evidence, month_end(month)), one_to_one=False)


def roll_forward(evidence: Evidence, month: str) -> Books:
    """C12: the control account at the start and what moved since, against what is open."""
    start, end = f"{month}-01", month_end(month)
    moved = (Row(key, value, key[1]) for on, key, value in _moves(evidence) if start <= on < end)
    left = [*_control_account(evidence, start), *moved]
    return books(left, _open(evidence, month), one_to_one=False)


def _open(evidence: Evidence, month: str) -> list[Row]:
    """All that moved receivables so far: what was put against what takes nothing away of their sum."""
    return [Row(key, value, key[1]) for on, key, value in _moves(evidence) if on < month_end(month)]


def _moves(evidence: Evidence) -> Iterator[tuple[str, tuple[str, str], int]]:
    erp = evidence.erp
    entity = {line.document: line.entity for line in erp.ledger}
    for invoice in erp.invoices:
        yield invoice.date, (entity.get(invoice.id, ""), invoice.currency), invoice.total
    for memo in erp.credit_memos:
        yield memo.date, (entity.get(memo.id, ""), memo.currency), -memo.total
    came_back = {journal.id: journal.date for journal in erp.journals}
    for receipt in erp.receipts:
        for part in receipt.applied:
            place = (entity.get(receipt.id, ""), receipt.currency)
            yield receipt.date, place, -part.amount
            if part.document in came_back:  # money that its payer's bank sent back: it is owed again
                yield came_back[part.document], place, part.amount
    for use in erp.deposit_uses:
        yield use.date, (entity.get(use.id, ""), use.currency), -use.amount
    deposits = {deposit.id for deposit in erp.deposits}
    for refund in erp.refunds:
        if refund.credit_memo not in deposits:  # what is paid back of a deposit was never receivable
            yield refund.date, (entity.get(refund.id, ""), refund.currency), refund.amount


def _control_account(evidence: Evidence, before: str) -> list[Row]:
    return [
        Row((line.entity, line.currency), line.debit - line.credit, line.currency)
        for line in posted(evidence, RECEIVABLE, before)
    ]


def posted(evidence: Evidence, account: str, before: str) -> Iterator[LedgerLine]:
    """Postings of an account dated before a day, without what revalues it or takes that back."""
    valued = {j.id for j in evidence.erp.journals if j.external.startswith(VALUATION)}
    for line in evidence.erp.ledger:
        mine = line.account == account and line.date < before
        if mine and line.document not in valued and not line.memo.startswith(VALUATION):
            yield line


def documents(evidence: Evidence, month: str) -> Iterator[tuple[str, BillingInvoice | BillingCreditNote]]:
    """Posted in billing, dated before the month's end."""
    billing, end = evidence.billing, month_end(month)
    for invoice in billing.invoices:
        if invoice.status == "Posted" and invoice.date < end:
            yield "invoice", invoice
    for note in billing.credit_notes:
        if note.status == "Posted" and note.date < end:
            yield "credit", note


def cut_off(month: str) -> int:
    """Microseconds of the month's end, UTC."""
    return (day(month_end(month)) - day("1970-01-01")) * 86_400_000_000
