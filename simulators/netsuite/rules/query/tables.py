"""The virtual tables of SuiteQL: their columns, and the rows that one record gives.

Amounts are given as decimals in transaction currency; SQLite keeps them as numbers good to 15 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.clock import SECOND, at
from simulators.kit.money import major
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS, status
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Schedule,
    Subsidiary,
    Term,
    Transaction,
)

Row = tuple[object, ...]

# Column types: I whole number, N number, T text. The first column names the record a row belongs to.
TABLES: dict[str, str] = {
    "transaction": "id I, type T, recordtype T, tranid T, externalid T, entity I, trandate T, duedate T, "
    "postingperiod I, currency I, exchangerate N, foreigntotal N, foreignamountunpaid N, "
    "foreignamountpaid N, foreignpaymentamountunused N, taxtotal N, status T, memo T, otherrefnum T, "
    "posting T, createddate T, lastmodifieddate T",
    "transactionline": "transaction I, id I, linesequencenumber I, mainline T, item I, entity I, "
    "foreignamount N, quantity N, rate N, memo T",
    "transactionaccountingline": "transaction I, transactionline I, account I, debit N, credit N, "
    "amount N, posting T",
    "nexttransactionlinelink": "nextdoc I, previousdoc I, foreignamount N, linktype T, nexttype T, "
    "previoustype T",
    "customer": "id I, entityid T, companyname T, externalid T, email T, phone T, currency I, terms I, "
    "isinactive T, datecreated T, lastmodifieddate T",
    "item": "id I, itemid T, externalid T, displayname T, itemtype T, recordtype T, incomeaccount I, "
    "deferredrevenueaccount I, isinactive T, createddate T, lastmodifieddate T",
    "account": "id I, acctnumber T, accountsearchdisplayname T, fullname T, accttype T, externalid T, "
    "isinactive T",
    "accountingperiod": "id I, periodname T, startdate T, enddate T, closed T, arlocked T, alllocked T, "
    "isposting T, isquarter T, isyear T, closedondate T, lastmodifieddate T",
    "revrecschedule": "id I, externalid T, name T, sourcedoc T, startdate T, enddate T, amount N, "
    "currency I, deferredrevenueaccount I, recognitionaccount I, createddate T, lastmodifieddate T",
    "currency": "id I, symbol T, name T, exchangerate N, externalid T",
    "subsidiary": "id I, name T, currency I, externalid T",
    "term": "id I, name T, daysuntilnetdue I, externalid T",
}

INDEXES = (
    ("transaction", "type, externalid"), ("transaction", "externalid"), ("transaction", "tranid"),
    ("transaction", "type, trandate"), ("transaction", "trandate"), ("transaction", "lastmodifieddate"),
    ("transaction", "entity"), ("transaction", "postingperiod"), ("transaction", "recordtype"),
    ("transactionline", "item"), ("transactionaccountingline", "account"),
    ("nexttransactionlinelink", "previousdoc"), ("customer", "externalid"), ("customer", "entityid"),
    ("customer", "lastmodifieddate"), ("item", "externalid"), ("item", "itemid"),
    ("revrecschedule", "externalid"), ("revrecschedule", "sourcedoc"), ("account", "acctnumber"),
)  # fmt: skip

# Which table a record type's collection is read from.
TABLE_OF = {
    "customer": "customer",
    "accountingPeriod": "accountingperiod",
    "revRecSchedule": "revrecschedule",
    "account": "account",
    "currency": "currency",
    "subsidiary": "subsidiary",
    "term": "term",
    **dict.fromkeys(TRANSACTIONS, "transaction"),
    **dict.fromkeys(ITEMS, "item"),
}

# Every table that a record of the main table has rows in.
PARTS = {
    "transaction": (
        "transaction",
        "transactionline",
        "transactionaccountingline",
        "nexttransactionlinelink",
    )
}


def columns(table: str) -> list[str]:
    """Column names in order."""
    return [each.split()[0] for each in TABLES[table].split(", ")]


def rows_of(company: Company, kind: str, row: Any) -> dict[str, list[Row]]:
    """The rows of one record, by table."""
    return _ROWS[kind](company, row)


def _transaction(company: Company, row: Transaction) -> dict[str, list[Row]]:
    kind, open_item = TRANSACTIONS[row.kind], row.kind == "invoice"
    unused = row.kind in ("customerPayment", "creditMemo")
    remaining = _money(row.remaining, row.currency)
    main = (
        int(row.id), kind.code, row.kind.lower(), row.number, row.external, _id(row.customer), row.date,
        row.due or None, int(row.period), _id(company.currency_ids[row.currency]), str(row.rate),
        _money(row.total, row.currency), remaining if open_item else None,
        _money(row.settled, row.currency) if open_item else None, remaining if unused else None,
        _money(row.tax, row.currency), status(row)[0], row.memo or None, row.reference or None, "T",
        _moment(row.created_at), _moment(row.modified_at),
    )  # fmt: skip
    lines: list[Row] = []
    ledger: list[Row] = []
    sold = {line.line: line for line in row.lines}
    for each in row.postings:
        amount = _money(each.debit - each.credit, row.currency)
        line = sold.get(each.line)
        lines.append(
            (
                int(row.id), each.line, each.line, "F" if each.line else "T", _id(each.item),
                _id(each.entity), amount, str(line.quantity) if line else None,
                str(line.rate) if line else None, each.memo or None,
            )
        )  # fmt: skip
        ledger.append(
            (
                int(row.id), each.line, int(each.account),
                _money(each.debit, row.currency) if each.debit else None,
                _money(each.credit, row.currency) if each.credit else None, amount, "T",
            )
        )  # fmt: skip
    links: list[Row] = []
    for doc, value in row.applied.items():
        target = company.transaction(doc)
        previous = TRANSACTIONS[target.kind].code if target else None
        links.append((int(row.id), int(doc), _money(value, row.currency), "Payment", kind.code, previous))
    return {
        "transaction": [main],
        "transactionline": lines,
        "transactionaccountingline": ledger,
        "nexttransactionlinelink": links,
    }


def _customer(company: Company, row: Customer) -> dict[str, list[Row]]:
    return {
        "customer": [
            (
                int(row.id), row.entity_id, row.name, row.external, row.email or None, row.phone or None,
                _id(company.currency_ids[row.currency]), _id(row.terms), _flag(row.inactive),
                _moment(row.created_at), _moment(row.modified_at),
            )
        ]
    }  # fmt: skip


def _item(_: Company, row: Item) -> dict[str, list[Row]]:
    return {
        "item": [
            (
                int(row.id), row.name, row.external, row.display or None, ITEMS[row.kind], row.kind.lower(),
                _id(row.income), _id(row.deferral), _flag(row.inactive), _moment(row.created_at),
                _moment(row.modified_at),
            )
        ]
    }  # fmt: skip


def _account(_: Company, row: Account) -> dict[str, list[Row]]:
    shown = f"{row.number} {row.name}"
    return {"account": [(int(row.id), row.number, shown, row.name, row.type, row.external, "F")]}


def _period(_: Company, row: Period) -> dict[str, list[Row]]:
    return {
        "accountingperiod": [
            (
                int(row.id), row.name, row.start, row.end, _flag(row.closed), _flag(row.ar_locked),
                _flag(row.all_locked), "T", "F", "F", _moment(row.closed_at) if row.closed else None,
                _moment(row.modified_at),
            )
        ]
    }  # fmt: skip


def _schedule(company: Company, row: Schedule) -> dict[str, list[Row]]:
    return {
        "revrecschedule": [
            (
                int(row.id), row.external, row.name or None, row.source, row.start, row.end,
                _money(row.amount, row.currency), _id(company.currency_ids[row.currency]),
                _id(row.deferral), _id(row.recognition), _moment(row.created_at), _moment(row.modified_at),
            )
        ]
    }  # fmt: skip


def _currency(_: Company, row: Currency) -> dict[str, list[Row]]:
    return {"currency": [(int(row.id), row.symbol, row.name, str(row.rate), row.external)]}


def _subsidiary(company: Company, row: Subsidiary) -> dict[str, list[Row]]:
    currency = _id(company.currency_ids[row.currency])
    return {"subsidiary": [(int(row.id), row.name, currency, row.external)]}


def _term(_: Company, row: Term) -> dict[str, list[Row]]:
    return {"term": [(int(row.id), row.name, row.days, row.external)]}


def _money(amount: int, currency: str) -> str:
    return format(major(amount, currency), "f")


def _id(text: str) -> int | None:
    return int(text) if text else None


def _flag(value: bool) -> str:
    return "T" if value else "F"


def _moment(at_us: int) -> str:
    return at(at_us // SECOND * SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


_ROWS: dict[str, Callable[[Company, Any], dict[str, list[Row]]]] = {
    "customer": _customer,
    "accountingPeriod": _period,
    "revRecSchedule": _schedule,
    "account": _account,
    "currency": _currency,
    "subsidiary": _subsidiary,
    "term": _term,
    **dict.fromkeys(TRANSACTIONS, _transaction),
    **dict.fromkeys(ITEMS, _item),
}
