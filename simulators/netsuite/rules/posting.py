"""From a document to its general-ledger lines, in transaction currency and in the subsidiary's."""

from __future__ import annotations

from collections.abc import Callable

from simulators.netsuite.rules import chart
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.rates import in_base
from simulators.netsuite.rules.records import Posting, Transaction
from simulators.netsuite.rules.refusal import user_error


class _Ledger:
    """Lines of one document on their way; amounts are debits, credits are negative."""

    def __init__(self, company: Company, row: Transaction) -> None:
        self._company, self._row = company, row
        self.lines: list[Posting] = []
        self.base = 0

    def put(
        self,
        line: int,
        account: str,
        amount: int,
        *,
        base: int | None = None,
        memo: str = "",
        item: str = "",
        entity: str | None = None,
    ) -> None:
        """One line; its base amount follows from the document's rate where it is not given."""
        row = self._row
        if base is None:
            base = in_base(amount, row.currency, row.base, row.rate)
        self.base += base
        who = row.customer if entity is None else entity
        text = memo or row.memo
        # A negative amount stands on the other side: the ledger knows no negative lines.
        self.lines.append(
            Posting(
                line, account, max(amount, 0), max(-amount, 0), text, item, who, max(base, 0), max(-base, 0)
            )
        )

    @property
    def next(self) -> int:
        return max((each.line for each in self.lines), default=-1) + 1

    def realise(self) -> None:
        """What the rates of the documents leave over is a realised gain or loss."""
        if self.base:
            account = self._company.account_ids[chart.REALISED]
            self.put(self.next, account, 0, base=-self.base)


def postings(company: Company, row: Transaction) -> tuple[Posting, ...]:
    """Lines that balance in both currencies; those of zero are left out."""
    ledger = _Ledger(company, row)
    _BY_KIND[row.kind](company, row, ledger)
    found = tuple(
        each
        for each in sorted(ledger.lines, key=_order)
        if each.debit or each.credit or each.base_debit or each.base_credit
    )
    if sum(each.debit for each in found) != sum(each.credit for each in found):
        raise user_error("Please balance transaction amounts before saving.")
    return found


def _order(line: Posting) -> int:
    return line.line


def _sold(company: Company, row: Transaction, ledger: _Ledger, sign: int, *, deferred: bool = True) -> None:
    for line in row.lines:
        item = company.item(line.item)
        assert item is not None
        account = (item.deferral if deferred else "") or item.income or company.account_ids[chart.INCOME]
        ledger.put(line.line, account, -sign * line.amount, memo=line.description, item=line.item)
    last = max((line.line for line in row.lines), default=0) + 1
    ledger.put(last, company.account_ids[chart.TAX], -sign * row.tax)


def _receivable(company: Company, row: Transaction) -> str:
    return row.receivable or company.account_ids[chart.RECEIVABLE]


def _invoice(company: Company, row: Transaction, ledger: _Ledger) -> None:
    _sold(company, row, ledger, 1)
    # The receivable takes what its lines come to, so that rounding line by line leaves nothing over.
    row.base_total = -ledger.base
    ledger.put(0, _receivable(company, row), row.total, base=row.base_total)


def _credit_memo(company: Company, row: Transaction, ledger: _Ledger) -> None:
    # Applying it to an invoice moves nothing in transaction currency: both stand in receivables.
    _sold(company, row, ledger, -1)
    row.base_total = ledger.base
    rest = row.base_total if not row.used else in_base(row.total - row.used, row.currency, row.base, row.rate)
    ledger.put(0, _receivable(company, row), -row.total, base=-(rest + sum(row.relieved.values())))
    ledger.realise()


def _cash_sale(company: Company, row: Transaction, ledger: _Ledger) -> None:
    _sold(company, row, ledger, 1)
    ledger.put(0, row.account, row.total, base=-ledger.base)


def _payment(company: Company, row: Transaction, ledger: _Ledger) -> None:
    rest = row.total - row.used
    ledger.put(0, row.account, row.total)
    ledger.put(1, _receivable(company, row), -row.used, base=-sum(row.relieved.values()))
    base = -row.base_total if not row.used else None
    ledger.put(2, company.account_ids[chart.UNAPPLIED], -rest, base=base)
    ledger.realise()


def _refund(company: Company, row: Transaction, ledger: _Ledger) -> None:
    ledger.put(0, row.account, -row.total)
    by_account: dict[str, tuple[int, int]] = {}
    for doc, amount in row.applied.items():
        source = company.transaction(doc)
        assert source is not None
        number = {"customerPayment": chart.UNAPPLIED, "customerDeposit": chart.DEPOSITS}.get(source.kind)
        account = company.account_ids[number] if number else _receivable(company, row)
        was = by_account.get(account, (0, 0))
        by_account[account] = (was[0] + amount, was[1] + row.relieved[doc])
    for account, (amount, base) in by_account.items():
        ledger.put(ledger.next, account, amount, base=base)
    ledger.realise()


def _customer_deposit(company: Company, row: Transaction, ledger: _Ledger) -> None:
    ledger.put(0, row.account, row.total)
    ledger.put(1, company.account_ids[chart.DEPOSITS], -row.total)


def _application(company: Company, row: Transaction, ledger: _Ledger) -> None:
    taken = {doc: base for doc, base in row.relieved.items() if doc in row.applied}
    ledger.put(0, _receivable(company, row), -row.used, base=-sum(taken.values()))
    ledger.put(1, company.account_ids[chart.DEPOSITS], row.used, base=row.relieved.get(row.deposit, 0))
    ledger.realise()


def _bank_deposit(company: Company, row: Transaction, ledger: _Ledger) -> None:
    ledger.put(0, row.account, row.total)
    undeposited = company.account_ids[chart.UNDEPOSITED]
    for each in row.cash:
        account = undeposited if each.sublist == "payment" else each.account
        sign = 1 if each.sublist == "cashback" else -1
        paid = company.transaction(each.payment)
        base = None if paid is None else sign * in_base(each.amount, paid.currency, paid.base, paid.rate)
        ledger.put(ledger.next, account, sign * each.amount, base=base, memo=each.memo, entity=each.entity)
    ledger.realise()


def _journal(company: Company, row: Transaction, ledger: _Ledger) -> None:
    del company
    for at, each in enumerate(row.entries):
        amount = each.debit - each.credit
        # The last line takes what rounding line by line would leave over.
        base = -ledger.base if at == len(row.entries) - 1 else None
        ledger.put(each.line, each.account, amount, base=base, memo=each.memo, entity=each.entity)


_BY_KIND: dict[str, Callable[[Company, Transaction, _Ledger], None]] = {
    "invoice": _invoice,
    "creditMemo": _credit_memo,
    "customerPayment": _payment,
    "customerRefund": _refund,
    "journalEntry": _journal,
    "cashSale": _cash_sale,
    "customerDeposit": _customer_deposit,
    "depositApplication": _application,
    "deposit": _bank_deposit,
}
