"""Transactions, as the vendor shows them."""

from __future__ import annotations

from simulators.kit.money import major
from simulators.netsuite.rules.kinds import ORDER_STATUS, TRANSACTIONS, status
from simulators.netsuite.rules.receivables import balances, deferred
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.transactions import APPROVAL
from simulators.netsuite.wire.references import References
from simulators.netsuite.wire.shapes import Shown, moment


def _transaction(refs: References, row: Transaction) -> Shown:
    letter, name = status(row)
    return {
        "tranId": row.number,
        "transactionNumber": row.number,
        "tranDate": row.date,
        "postingPeriod": refs.named("accountingPeriod", row.period),
        "currency": refs.currency(row.currency),
        "subsidiary": refs.named("subsidiary", row.subsidiary),
        "exchangeRate": row.rate,
        "primaryBookBaseCurrency": refs.currency(row.base),
        "memo": row.memo,
        "total": major(row.total, row.currency),
        "status": {"id": letter, "refName": name},
        "createdFrom": refs.transaction(row.source),
        "createdDate": moment(row.created_at),
        "lastModifiedDate": moment(row.modified_at),
    }


def _sale(refs: References, row: Transaction) -> Shown:
    held = deferred(refs.company, row)
    kind = TRANSACTIONS[row.kind]
    return {
        **_transaction(refs, row),
        "entity": refs.customer(row.customer),
        "otherRefNum": row.reference,
        "subtotal": major(row.total - row.tax, row.currency),
        "taxTotal": major(row.tax, row.currency),
        "deferredRevenue": major(abs(held), row.currency) if row.postings else None,
        "recognizedRevenue": major(row.total - row.tax - abs(held), row.currency) if row.postings else None,
        "source": {"id": "restWebServices", "refName": "REST Web Services"},
        "type": {"id": kind.code, "refName": kind.title},
        "terms": refs.named("term", row.terms),
        "dueDate": row.due,
    }


def _funds(row: Transaction) -> Shown:
    return {"id": "T", "refName": "Undep. Funds"} if row.undeposited else {"id": "F", "refName": "Account"}


def _receivable(refs: References, row: Transaction) -> Shown | None:
    return refs.account(row.receivable or next((each.account for each in row.postings if each.line == 0), ""))


def show_invoice(refs: References, row: Transaction) -> Shown:
    return {
        **_sale(refs, row),
        "account": _receivable(refs, row),
        "amountPaid": major(row.settled, row.currency),
        "amountRemaining": major(row.remaining, row.currency),
        "amountRemainingTotalBox": major(row.remaining, row.currency),
        "approvalStatus": {"id": row.state, "refName": APPROVAL[row.state]},
    }


def show_credit_memo(refs: References, row: Transaction) -> Shown:
    return {
        **_sale(refs, row),
        "account": _receivable(refs, row),
        "amountPaid": major(row.total - row.remaining, row.currency),
        "amountRemaining": major(row.remaining, row.currency),
        "applied": major(row.total - row.remaining, row.currency),
        "unapplied": major(row.remaining, row.currency),
    }


def show_order(refs: References, row: Transaction) -> Shown:
    order = row.order or "B"
    return {**_sale(refs, row), "orderStatus": {"id": order, "refName": ORDER_STATUS[order]}}


def show_cash_sale(refs: References, row: Transaction) -> Shown:
    return {**_sale(refs, row), "account": refs.account(row.account), "undepFunds": _funds(row)}


def _paid(refs: References, row: Transaction) -> Shown:
    who = refs.company.customers.get(row.customer)
    found = {
        **_transaction(refs, row),
        "customer": refs.customer(row.customer),
        "account": refs.account(row.account),
    }
    if who is not None:
        owed = balances(refs.company, who).get(row.currency)
        found["balance"] = major(owed.balance, row.currency) if owed else None
    return found


def show_payment(refs: References, row: Transaction) -> Shown:
    return {
        **_paid(refs, row),
        "arAcct": refs.account(row.receivable or refs.company.account_ids["1100"]),
        "payment": major(row.total, row.currency),
        "applied": major(row.used + row.settled, row.currency),
        "unapplied": major(row.remaining, row.currency),
        "undepFunds": _funds(row),
    }


def show_refund(refs: References, row: Transaction) -> Shown:
    return _paid(refs, row)


def show_deposit(refs: References, row: Transaction) -> Shown:
    found = _paid(refs, row)
    found.pop("createdFrom")
    return {
        **found,
        "payment": major(row.total, row.currency),
        "undepFunds": _funds(row),
        "salesOrder": refs.transaction(row.source),
    }


def show_application(refs: References, row: Transaction) -> Shown:
    source = refs.company.transaction(row.deposit)
    found = _paid(refs, row)
    found.pop("account")
    found.pop("createdFrom")
    return {
        **found,
        "deposit": refs.transaction(row.deposit),
        "depositDate": source.date if source else None,
        "applied": major(row.used, row.currency),
        "unapplied": major(source.remaining, row.currency) if source else None,
    }


def show_bank_deposit(refs: References, row: Transaction) -> Shown:
    return {
        **_transaction(refs, row),
        "account": refs.account(row.account),
        "isBaseCurrency": row.currency == row.base,
        "tranCurrencyName": row.currency,
    }


def show_journal(refs: References, row: Transaction) -> Shown:
    found = _transaction(refs, row)
    del found["total"]
    twin = refs.company.transaction(row.twin) if row.twin else None
    return {
        **found,
        "approved": row.state == "2",
        "approvalStatus": {"id": row.state, "refName": APPROVAL[row.state]},
        "isReversal": bool(row.source),
        "reversalDate": row.reversal_date,
        "reversalEntry": twin.number if twin else None,
        "reversalDefer": False if row.reversal_date else None,
        "void": False,
    }
