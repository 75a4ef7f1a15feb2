"""The rows that one record gives, by table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.netsuite.rules.chart import BASE_CURRENCY
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.fields.lists import PLAIN
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.query.addresses import address_rows
from simulators.netsuite.rules.query.cells import extra, flag, moment, money, number, pick
from simulators.netsuite.rules.query.ledger import transaction_rows
from simulators.netsuite.rules.query.tables import columns
from simulators.netsuite.rules.receivables import balances
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Plain,
    Schedule,
    Subsidiary,
    Term,
)

Row = dict[str, object]
Rows = dict[str, list[Row]]


def rows_of(company: Company, kind: str, row: Any) -> dict[str, list[tuple[object, ...]]]:
    """The rows of one record, in the order of the tables' columns."""
    found = _ROWS[kind](company, row)
    return {
        table: [tuple(each.get(name) for name in columns(table)) for each in rows]
        for table, rows in found.items()
    }


def _stamped(row: Any) -> Row:
    return {
        "id": int(row.id),
        "externalid": row.external,
        "isinactive": flag(getattr(row, "inactive", False)),
        "lastmodifieddate": moment(row.modified_at),
        "createddate": moment(getattr(row, "created_at", row.modified_at)),
        "datecreated": moment(getattr(row, "created_at", row.modified_at)),
        "extra__df": extra(row.custom),
        **{
            name: pick(row.custom, name) for name in ("parent", "class", "department", "location", "salesRep")
        },
    }


def _customer(company: Company, row: Customer) -> Rows:
    owed = balances(company, row)[row.currency]
    common = {
        **_stamped(row),
        "entityid": row.entity_id,
        "altname": row.name,
        "email": row.email or None,
        "phone": row.phone or None,
        "isperson": flag(row.person),
    }
    main = {
        **common,
        "fullname": row.entity_id,
        "companyname": None if row.person else row.name,
        "firstname": row.custom.get("firstName"),
        "lastname": row.custom.get("lastName"),
        "currency": number(company.currency_ids[row.currency]),
        "subsidiary": number(row.subsidiary),
        "terms": number(row.terms),
        "balancesearch": money(owed.balance, row.currency),
        "overduebalancesearch": money(owed.overdue, row.currency),
        "depositbalancesearch": money(owed.deposits, row.currency),
        "unbilledorderssearch": money(owed.unbilled, row.currency),
        "creditlimit": row.custom.get("creditLimit") and str(row.custom["creditLimit"]),
        "salesrep": pick(row.custom, "salesRep"),
        "receivablesaccount": pick(row.custom, "receivablesAccount"),
        "comments": row.comments or None,
        "defaultaddress": row.address or None,
    }
    relation: Row = {
        "entity": int(row.id), "id": int(row.id), "subsidiary": number(row.subsidiary), "isprimarysub": "T",
        "currency": number(company.currency_ids[row.currency]),
    }  # fmt: skip
    entity = {**common, "type": "CustJob", "entitytitle": row.entity_id, "customer": int(row.id)}
    return {
        "customer": [main], "entity": [entity], "customersubsidiaryrelationship": [relation],
        **address_rows(row),
    }  # fmt: skip


def _item(_: Company, row: Item) -> Rows:
    main = {
        **_stamped(row),
        "itemid": row.name,
        "fullname": row.name,
        "displayname": row.display or None,
        "description": row.description or None,
        "itemtype": ITEMS[row.kind],
        "subtype": "Sale" if row.kind.endswith("SaleItem") else None,
        "recordtype": row.kind.lower(),
        "incomeaccount": number(row.income),
        "deferredrevenueaccount": number(row.deferral),
    }
    return {"item": [main]}


def _account(company: Company, row: Account) -> Rows:
    shown = f"{row.number} {row.name}".strip()
    main = {
        **_stamped(row),
        "acctnumber": row.number or None,
        "accountsearchdisplayname": shown,
        "accountsearchdisplaynamecopy": row.name,
        "displaynamewithhierarchy": shown,
        "fullname": row.name,
        "accttype": row.type,
        "currency": number(company.currency_ids.get(row.currency, "")),
        "description": row.custom.get("description"),
        "issummary": flag(bool(row.custom.get("isSummary"))),
    }
    return {"account": [main]}


def _period(_: Company, row: Period) -> Rows:
    main = {
        "id": int(row.id), "periodname": row.name, "startdate": row.start, "enddate": row.end,
        "closed": flag(row.closed), "arlocked": flag(row.ar_locked), "aplocked": flag(row.ap_locked),
        "alllocked": flag(row.all_locked), "allownonglchanges": flag(row.lenient),
        "isposting": flag(row.sort == "month"), "isquarter": flag(row.sort == "quarter"),
        "isyear": flag(row.sort == "year"), "isadjust": "F", "isinactive": "F", "parent": number(row.parent),
        "closedondate": moment(row.closed_at)[:10] if row.closed else None,
        "lastmodifieddate": moment(row.modified_at), "extra__df": extra(row.custom),
    }  # fmt: skip
    return {"accountingperiod": [main]}


def _schedule(company: Company, row: Schedule) -> Rows:
    amount = money(row.amount, row.currency)
    main = {
        **_stamped(row),
        "name": row.name or None,
        "sourcedoc": row.source,
        "startdate": row.start,
        "enddate": row.end,
        "amount": amount,
        "totalamount": amount,
        "currency": number(company.currency_ids[row.currency]),
        "deferredrevenueaccount": number(row.deferral),
        "recognitionaccount": number(row.recognition),
    }
    return {"revrecschedule": [main]}


def _currency(_: Company, row: Currency) -> Rows:
    main = {
        **_stamped(row),
        "symbol": row.symbol,
        "name": row.name,
        "exchangerate": str(row.rate),
        "isbasecurrency": flag(row.symbol == BASE_CURRENCY),
        "displaysymbol": row.custom.get("displaySymbol"),
    }
    return {"currency": [main]}


def _subsidiary(company: Company, row: Subsidiary) -> Rows:
    main = {
        **_stamped(row),
        "name": row.name,
        "fullname": row.name,
        "legalname": row.custom.get("legalName"),
        "currency": number(company.currency_ids[row.currency]),
        "parent": number(row.parent),
        "country": pick(row.custom, "country"),
        "iselimination": flag(bool(row.custom.get("isElimination"))),
    }
    return {"subsidiary": [main]}


def _term(_: Company, row: Term) -> Rows:
    return {"term": [{**_stamped(row), "name": row.name, "daysuntilnetdue": row.days}]}


_ENTITY_TYPES = {"contact": "Contact", "employee": "Employee", "vendor": "Vendor"}


def _plain(_: Company, row: Plain) -> Rows:
    # Fields stand under their own names in lower case; a reference or a choice as its id.
    given = {name.lower(): pick(row.custom, name) for name in row.custom}
    main = {**_stamped(row), **given, "name": row.name or None, "fullname": row.name or None}
    found: Rows = {row.kind.lower(): [main]}
    if row.kind in _ENTITY_TYPES:
        main |= {"entityid": given.get("entityid") or row.name, "altname": row.name}
        main["isperson"] = flag(bool(row.custom.get("isPerson", row.kind != "vendor")))
        entity = {**main, "type": _ENTITY_TYPES[row.kind], row.kind: int(row.id)}
        found["entity"] = [entity]
    return found


def _transaction(company: Company, row: Any) -> Rows:
    return transaction_rows(company, row)


_ROWS: dict[str, Callable[[Company, Any], Rows]] = {
    "customer": _customer,
    "accountingPeriod": _period,
    "revRecSchedule": _schedule,
    "account": _account,
    "currency": _currency,
    "subsidiary": _subsidiary,
    "term": _term,
    **dict.fromkeys(TRANSACTIONS, _transaction),
    **dict.fromkeys(ITEMS, _item),
    **dict.fromkeys(PLAIN, _plain),
}
