"""The books as the checkers read them: plain JSON values, money in minor units."""

from __future__ import annotations

from simulators.netsuite.rules import dimensions
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import status
from simulators.netsuite.rules.periods import later
from simulators.netsuite.rules.records import Posting, Subsidiary, Transaction

Row = dict[str, object]


def books(company: Company) -> dict[str, list[Row]]:
    """Every collection of the ERP's books."""
    of = company.transactions
    items = {row.id: row.external or row.name for shelf in company.items.values() for row in shelf}
    month = {"": "", **{row.id: row.key for row in company.periods}}
    return {
        "customers": [
            {
                "id": row.id,
                "external": row.external or "",
                "name": row.name,
                "currency": row.currency,
                "created_at": row.created_at,
                "entity": row.subsidiary,
                "number": row.entity_id,
                "email": row.email,
            }
            for row in company.customers
        ],
        "invoices": [_invoice(row, month, items) for row in of["invoice"]],
        "receipts": [_receipt(row, month) for row in of["customerPayment"]],
        "credit_memos": [_credit_memo(row, month) for row in of["creditMemo"]],
        "refunds": [_refund(row, month) for row in of["customerRefund"]],
        "deposits": [_deposit(row, month) for row in of["customerDeposit"]],
        "deposit_uses": [_use(row, month) for row in of["depositApplication"]],
        "journals": [_journal(row, month) for row in of["journalEntry"]],
        "ledger": _ledger(company, month),
        "base_ledger": _base_ledger(company, month),
        "periods": [
            {
                "name": row.key,
                "start": row.start,
                "end": later(row.end, 1),
                "closed": row.closed,
                "closed_at": row.closed_at,
            }
            for row in company.months.values()
        ],
        "schedules": [
            {
                "id": row.id,
                "external": row.external or "",
                "source": row.source,
                "currency": row.currency,
                "start": row.start,
                "end": later(row.end, 1),
                "amount": row.amount,
                "created_at": row.created_at,
                "product": str(row.custom.get("custrecord_product") or ""),
                "contract": str(row.custom.get("custrecord_contract") or ""),
            }
            for row in company.schedules
        ],
        "entities": [_subsidiary(row) for row in company.subsidiaries],
        "rates": [
            {"base": base, "currency": currency, "date": on, "rate": str(rate)}
            for (base, currency), rows in sorted(company.rates.items())
            for on, rate in rows
        ],
    }


def _subsidiary(row: Subsidiary) -> Row:
    return {
        "id": row.id,
        "name": row.name,
        "currency": row.currency,
        "key": row.external or "",
        "eliminates": row.custom.get("isElimination") is True,
    }


def _document(row: Transaction, month: dict[str, str]) -> Row:
    return {
        "id": row.id,
        "external": row.external or "",
        "currency": row.currency,
        "date": row.date,
        "period": month[row.period],
        "created_at": row.created_at,
    }


def _invoice(row: Transaction, month: dict[str, str], items: dict[str, str]) -> Row:
    return {
        **_document(row, month),
        "number": row.number,
        "customer": row.customer,
        "status": status(row)[1],
        "tax": row.tax,
        "total": row.total,
        "remaining": row.remaining,
        "due": row.due,
        "items": ",".join(sorted({items[line.item] for line in row.lines})),
    }


def _receipt(row: Transaction, month: dict[str, str]) -> Row:
    return {
        **_document(row, month),
        "customer": row.customer,
        "amount": row.total,
        "unapplied": row.remaining,
        "applied": _applied(row),
    }


def _deposit(row: Transaction, month: dict[str, str]) -> Row:
    return {
        **_document(row, month),
        "customer": row.customer,
        "amount": row.total,
        "unapplied": row.remaining,
    }


def _use(row: Transaction, month: dict[str, str]) -> Row:
    return {
        **_document(row, month),
        "customer": row.customer,
        "deposit": row.deposit,
        "amount": row.total,
        "applied": _applied(row),
    }


def _credit_memo(row: Transaction, month: dict[str, str]) -> Row:
    return {
        **_document(row, month),
        "number": row.number,
        "customer": row.customer,
        "tax": row.tax,
        "total": row.total,
        "remaining": row.remaining,
        "applied": _applied(row),
    }


def _refund(row: Transaction, month: dict[str, str]) -> Row:
    # A refund of several memos names the first; the others stand in its history.
    return {
        **_document(row, month),
        "customer": row.customer,
        "amount": row.total,
        "credit_memo": next(iter(row.applied), ""),
    }


def _journal(row: Transaction, month: dict[str, str]) -> Row:
    return {**_document(row, month), "memo": row.memo, "reverses": row.source}


def _applied(row: Transaction) -> list[Row]:
    return [{"document": doc, "amount": amount} for doc, amount in row.applied.items()]


def _posted(company: Company) -> list[tuple[Transaction, Posting]]:
    every = sorted((row for shelf in company.transactions.values() for row in shelf), key=_by_id)
    return [(row, each) for row in every for each in row.postings]


def _by_id(row: Transaction) -> int:
    return int(row.id)


def _dimensions(company: Company, row: Transaction, posting: Posting) -> Row:
    """Names as people know them: of the department and the location, external ids of class and customer."""
    at = dimensions.of(row, posting)
    who = company.customers.get(posting.entity)
    line = company.plain["classification"].get(at["class"])
    return {
        "department": _named(company, "department", at["department"]),
        "product": (line.external or line.name) if line else "",
        "location": _named(company, "location", at["location"]),
        "customer": (who.external or "") if who else "",
        "contract": dimensions.text_of(row, posting, "custcol_contract"),
        "partner": dimensions.partner_of(row, posting),
    }


def _named(company: Company, kind: str, id_: str) -> str:
    row = company.plain[kind].get(id_)
    return row.name if row else ""


def _ledger(company: Company, month: dict[str, str]) -> list[Row]:
    numbers = {row.id: row.number for row in company.accounts}
    return [
        {
            "kind": row.kind,
            "document": row.id,
            "account": numbers[each.account],
            "currency": row.currency,
            "debit": each.debit,
            "credit": each.credit,
            "date": row.date,
            "period": month[row.period],
            "memo": each.memo,
            "entity": row.subsidiary,
            **_dimensions(company, row, each),
        }
        for row, each in _posted(company)
        # Exchange differences stand in the base currency alone.
        if each.debit or each.credit
    ]


def _base_ledger(company: Company, month: dict[str, str]) -> list[Row]:
    numbers = {row.id: row.number for row in company.accounts}
    return [
        {
            "kind": row.kind,
            "document": row.id,
            "account": numbers[each.account],
            "currency": row.base,
            "debit": each.base_debit,
            "credit": each.base_credit,
            "date": row.date,
            "period": month[row.period],
            "memo": each.memo,
            "entity": row.subsidiary,
            **_dimensions(company, row, each),
        }
        for row, each in _posted(company)
        if each.base_debit or each.base_credit
    ]
