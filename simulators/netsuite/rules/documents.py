"""The five transactions: what each takes from a wish and what it insists on."""

from __future__ import annotations

from dataclasses import replace as changed

from simulators.netsuite.rules.amounts import whole
from simulators.netsuite.rules.chart import CLEARING
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.periods import later
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.refusal import invalid_value, missing, user_error
from simulators.netsuite.rules.sublists import applications, item_lines, journal_lines, need_lines
from simulators.netsuite.rules.transactions import (
    Fill,
    blank,
    commit,
    customer,
    exchange,
    heading,
    money_terms,
)
from simulators.netsuite.rules.wishes import TransactionWish


def create(company: Company, kind: str, wish: TransactionWish) -> Transaction:
    """A new document, posted at once."""
    draft = blank(company, kind)
    _FILLS[kind](company, draft, wish, frozenset())
    commit(company, None, draft)
    return draft


def update(company: Company, row: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    """Change what the wish names; `replace`: sublists that the request gives in full."""
    draft = changed(row)
    _FILLS[row.kind](company, draft, wish, replace)
    commit(company, row, draft)


def _sale(company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    buyer = customer(company, draft, wish.get("entity"), "entity")
    heading(company, draft, wish)
    money_terms(company, draft, wish, buyer)
    if sublist := wish.get("item"):
        draft.lines = item_lines(company, draft.lines, sublist["items"], draft.currency, "item" in replace)
    need_lines(draft.lines, "Items")
    tax = wish.get("taxTotal")
    if tax is not None:
        draft.tax = whole(tax, draft.currency, "taxTotal")
    draft.reference = wish.get("otherRefNum", draft.reference) or ""
    draft.total = sum(line.amount for line in draft.lines) + draft.tax
    if draft.total < 0:
        raise user_error("The total of this transaction must not be negative.")


def _invoice(company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    _sale(company, draft, wish, replace)
    if "terms" in wish:
        ref = wish["terms"]
        draft.terms = company.refer(ref, "terms", "term") if ref else ""
    elif not draft.id:
        buyer = company.customers.get(draft.customer)
        draft.terms = buyer.terms if buyer else ""
    due = wish.get("dueDate")
    if due:
        draft.due = due
    elif draft.terms and (not draft.id or "terms" in wish):
        term = company.terms.get(draft.terms)
        draft.due = later(draft.date, term.days if term else 0)


def _credit_memo(
    company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]
) -> None:
    _sale(company, draft, wish, replace)
    if sublist := wish.get("apply"):
        draft.applied = applications(
            company,
            draft.applied,
            sublist["items"],
            "apply" in replace,
            to="invoice",
            currency=draft.currency,
            available=draft.total - draft.settled,
        )


def _payment(company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    payer = customer(company, draft, wish.get("customer"), "customer")
    heading(company, draft, wish)
    money_terms(company, draft, wish, payer)
    _bank(company, draft, wish)
    paid = wish.get("payment")
    if paid is not None:
        draft.total = whole(paid, draft.currency, "payment")
    known = paid is not None or bool(draft.id)
    if sublist := wish.get("apply"):
        draft.applied = applications(
            company,
            draft.applied,
            sublist["items"],
            "apply" in replace,
            to="invoice",
            currency=draft.currency,
            available=draft.total if known else None,
        )
    if not known:
        draft.total = draft.used
    if draft.total <= 0:
        raise missing("Payment Amount") if not known else invalid_value("payment", paid)


def _refund(company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    payee = customer(company, draft, wish.get("customer"), "customer")
    heading(company, draft, wish)
    money_terms(company, draft, wish, payee)
    _bank(company, draft, wish)
    if sublist := wish.get("apply"):
        draft.applied = applications(
            company,
            draft.applied,
            sublist["items"],
            "apply" in replace,
            to="creditMemo",
            currency=draft.currency,
            available=None,
        )
    if not draft.applied:
        raise user_error("A customer refund must be applied to at least one credit memo.")
    draft.total = draft.used


def _bank(company: Company, draft: Transaction, wish: TransactionWish) -> None:
    if ref := wish.get("account"):
        draft.account = company.refer(ref, "account", "account")
    elif not draft.account:
        draft.account = company.account_ids[CLEARING]


def _journal(company: Company, draft: Transaction, wish: TransactionWish, replace: frozenset[str]) -> None:
    heading(company, draft, wish)
    if ref := wish.get("subsidiary"):
        draft.subsidiary = company.refer(ref, "subsidiary", "subsidiary")
    if not draft.subsidiary:
        raise missing("Subsidiary")
    if ref := wish.get("currency"):
        draft.currency = company.symbol(ref)
    elif not draft.currency:
        home = company.subsidiaries.get(draft.subsidiary)
        assert home is not None
        draft.currency = home.currency
    exchange(company, draft, wish)
    if sublist := wish.get("line"):
        draft.entries = journal_lines(
            company, draft.entries, sublist["items"], draft.currency, "line" in replace
        )
    need_lines(draft.entries, "Lines")
    # Refused here, before anything is posted: an unbalanced journal cannot exist.
    debits, credits_ = (sum(each.debit for each in draft.entries), sum(each.credit for each in draft.entries))
    if debits != credits_:
        raise user_error("The amounts in a journal entry must balance: debits differ from credits.")


_FILLS: dict[str, Fill] = {
    "invoice": _invoice,
    "creditMemo": _credit_memo,
    "customerPayment": _payment,
    "customerRefund": _refund,
    "journalEntry": _journal,
}
