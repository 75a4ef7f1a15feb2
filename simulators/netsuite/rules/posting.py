"""From a document to its general-ledger lines, in transaction currency (no base-currency ledger yet)."""

from __future__ import annotations

from simulators.netsuite.rules import chart
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import Posting, Transaction
from simulators.netsuite.rules.refusal import user_error


def postings(company: Company, row: Transaction) -> tuple[Posting, ...]:
    """Balanced lines; those of zero are left out."""
    lines = _BY_KIND[row.kind](company, row)
    found = tuple(each for each in lines if each.debit or each.credit)
    if sum(each.debit for each in found) != sum(each.credit for each in found):
        raise user_error("Please balance transaction amounts before saving.")
    return found


def _debit(line: int, account: str, amount: int, memo: str, item: str, entity: str) -> Posting:
    # A negative amount stands on the other side: the ledger knows no negative lines.
    if amount < 0:
        return Posting(line, account, 0, -amount, memo, item, entity)
    return Posting(line, account, amount, 0, memo, item, entity)


def _sale(company: Company, row: Transaction, sign: int) -> list[Posting]:
    ids = company.account_ids
    found = [_debit(0, ids[chart.RECEIVABLE], sign * row.total, row.memo, "", row.customer)]
    for line in row.lines:
        item = company.item(line.item)
        assert item is not None
        account = item.deferral or item.income
        memo = line.description or row.memo
        found.append(_debit(line.line, account, -sign * line.amount, memo, line.item, row.customer))
    last = max((line.line for line in row.lines), default=0) + 1
    found.append(_debit(last, ids[chart.TAX], -sign * row.tax, row.memo, "", row.customer))
    return found


def _invoice(company: Company, row: Transaction) -> list[Posting]:
    return _sale(company, row, 1)


def _credit_memo(company: Company, row: Transaction) -> list[Posting]:
    # Applying it to an invoice moves nothing in the ledger: both stand in receivables.
    return _sale(company, row, -1)


def _payment(company: Company, row: Transaction) -> list[Posting]:
    ids = company.account_ids
    return [
        _debit(0, row.account, row.total, row.memo, "", row.customer),
        _debit(1, ids[chart.RECEIVABLE], -row.used, row.memo, "", row.customer),
        _debit(2, ids[chart.UNAPPLIED], -(row.total - row.used), row.memo, "", row.customer),
    ]


def _refund(company: Company, row: Transaction) -> list[Posting]:
    ids = company.account_ids
    return [
        _debit(0, row.account, -row.total, row.memo, "", row.customer),
        _debit(1, ids[chart.RECEIVABLE], row.total, row.memo, "", row.customer),
    ]


def _journal(_company: Company, row: Transaction) -> list[Posting]:
    return [
        Posting(each.line, each.account, each.debit, each.credit, each.memo or row.memo, "", each.entity)
        for each in row.entries
    ]


_BY_KIND = {
    "invoice": _invoice,
    "creditMemo": _credit_memo,
    "customerPayment": _payment,
    "customerRefund": _refund,
    "journalEntry": _journal,
}
