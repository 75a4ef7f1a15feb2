"""Customers, items, accounts, periods and the other lists, as the vendor shows them."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.netsuite.rules.chart import BASE_CURRENCY
from simulators.netsuite.rules.kinds import ITEMS
from simulators.netsuite.rules.receivables import Balance, balances
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Schedule,
    Subsidiary,
    Term,
)
from simulators.netsuite.wire.references import References
from simulators.netsuite.wire.shapes import Shown, moment

# How record types call the moment of their making, where they show it.
_CREATED = {"contact": "dateCreated", "employee": "dateCreated", "vendor": "dateCreated"}


def stamps(row: Any, kind: str) -> Shown:
    """When it was made and last changed."""
    found: Shown = {"lastModifiedDate": moment(row.modified_at)}
    if kind in _CREATED:
        found[_CREATED[kind]] = moment(row.created_at)
    return found


def show_customer(refs: References, row: Customer) -> Shown:
    own = balances(refs.company, row)[row.currency]
    names = ("aging", "aging1", "aging2", "aging3", "aging4")
    return {
        "entityId": row.entity_id,
        "companyName": None if row.person else row.name,
        "isPerson": row.person,
        "email": row.email,
        "phone": row.phone,
        "currency": refs.currency(row.currency),
        "subsidiary": refs.named("subsidiary", row.subsidiary),
        "terms": refs.named("term", row.terms),
        "defaultAddress": row.address,
        "comments": row.comments,
        "isInactive": row.inactive,
        "balance": major(own.balance, row.currency),
        "overdueBalance": major(own.overdue, row.currency),
        "depositBalance": major(own.deposits, row.currency),
        "unbilledOrders": major(own.unbilled, row.currency),
        "daysOverdue": own.days,
        **{name: major(each, row.currency) for name, each in zip(names, own.aging, strict=True)},
        **_consolidated(own, row.currency),
        "dateCreated": moment(row.created_at),
        "lastModifiedDate": moment(row.modified_at),
    }


def _consolidated(own: Balance, currency: str) -> Shown:
    # Without sub-customers in the sums: what is consolidated is the customer's own.
    names = ("consolAging", "consolAging1", "consolAging2", "consolAging3", "consolAging4")
    return {
        "consolBalance": major(own.balance, currency),
        "consolOverdueBalance": major(own.overdue, currency),
        "consolDepositBalance": major(own.deposits, currency),
        "consolUnbilledOrders": major(own.unbilled, currency),
        "consolDaysOverdue": own.days,
        **{name: major(each, currency) for name, each in zip(names, own.aging, strict=True)},
    }


def show_item(refs: References, row: Item) -> Shown:
    return {
        "itemId": row.name,
        "internalId": int(row.id),
        "itemType": {"id": ITEMS[row.kind], "refName": ITEMS[row.kind]},
        "displayName": row.display,
        "salesDescription": row.description,
        "incomeAccount": refs.account(row.income),
        "deferredRevenueAccount": refs.account(row.deferral),
        "isInactive": row.inactive,
        "createdDate": moment(row.created_at),
        "lastModifiedDate": moment(row.modified_at),
    }


def show_schedule(refs: References, row: Schedule) -> Shown:
    amount = major(row.amount, row.currency)
    return {
        "name": row.name,
        "sourceDoc": row.source,
        "startDate": row.start,
        "endDate": row.end,
        "amount": amount,
        "totalAmount": amount,
        "currency": refs.currency(row.currency),
        "deferredRevenueAccount": refs.account(row.deferral),
        "recognitionAccount": refs.account(row.recognition),
        "createdDate": moment(row.created_at),
        "lastModifiedDate": moment(row.modified_at),
        **_source(refs, row),
    }


def _source(refs: References, row: Schedule) -> Shown:
    source = row.custom.get("sourceTran")
    return {"sourceTran": refs.transaction(str(source["id"]))} if isinstance(source, dict) else {}


def show_period(refs: References, row: Period) -> Shown:
    return {
        "periodName": row.name,
        "startDate": row.start,
        "endDate": row.end,
        "closed": row.closed,
        "closedOnDate": moment(row.closed_at)[:10] if row.closed else None,
        "arLocked": row.ar_locked,
        "apLocked": row.ap_locked,
        "allLocked": row.all_locked,
        "allowNonGLChanges": row.lenient,
        "isPosting": row.sort == "month",
        "isYear": row.sort == "year",
        "isQuarter": row.sort == "quarter",
        "isAdjust": False,
        "isInactive": False,
        "parent": refs.named("accountingPeriod", row.parent),
        "lastModifiedDate": moment(row.modified_at),
    }


def show_subsidiary(refs: References, row: Subsidiary) -> Shown:
    return {
        "name": row.name,
        "fullName": row.name,
        "currency": refs.currency(row.currency),
        "parent": refs.named("subsidiary", row.parent),
        "isElimination": False,
        "isInactive": row.inactive,
        "lastModifiedDate": moment(row.modified_at),
    }


def show_currency(_: References, row: Currency) -> Shown:
    return {
        "name": row.name,
        "symbol": row.symbol,
        "exchangeRate": row.rate,
        "isBaseCurrency": row.symbol == BASE_CURRENCY,
        "isInactive": row.inactive,
        "lastModifiedDate": moment(row.modified_at),
    }


def show_account(refs: References, row: Account) -> Shown:
    shown = f"{row.number} {row.name}".strip()
    return {
        "acctNumber": row.number,
        "acctName": row.name,
        "fullName": row.name,
        "accountSearchDisplayName": shown,
        "displayNameWithHierarchy": shown,
        "acctType": {"id": row.type, "refName": row.type},
        "balance": major(_balance(refs, row), BASE_CURRENCY),
        "currency": refs.currency(row.currency),
        "isInactive": row.inactive,
        "lastModifiedDate": moment(row.modified_at),
    }


_CREDITED = frozenset(
    {"AcctPay", "OthCurrLiab", "LongTermLiab", "DeferRevenue", "Equity", "Income", "OthIncome", "CredCard"}
)


def _balance(refs: References, row: Account) -> int:
    # Accounts that grow by credits show what stands in them as positive.
    found = refs.company.balances.get(row.id, 0)
    return -found if row.type in _CREDITED else found


def show_term(_: References, row: Term) -> Shown:
    return {"name": row.name, "daysUntilNetDue": row.days, "isInactive": row.inactive}
