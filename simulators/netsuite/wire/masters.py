"""Master records as the vendor shows them, and what all records share."""

from __future__ import annotations

from typing import Any

from simulators.kit.clock import SECOND, at
from simulators.netsuite.rules.records import Account, Currency, Period, Term

Shown = dict[str, Any]


def moment(at_us: int) -> str:
    """Microseconds as the vendor writes them: UTC, whole seconds."""
    return at(at_us // SECOND * SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


def links(href: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": href}]


def show_period(row: Period) -> Shown:
    return {
        "periodName": row.name,
        "startDate": row.start,
        "endDate": row.end,
        "closed": row.closed,
        "closedOnDate": moment(row.closed_at) if row.closed else None,
        "arLocked": row.ar_locked,
        "apLocked": row.all_locked,
        "allLocked": row.all_locked,
        "allowNonGLChanges": False,
        "isPosting": True,
        "isYear": False,
        "isQuarter": False,
        "isAdjust": False,
        "lastModifiedDate": moment(row.modified_at),
    }


def show_currency(row: Currency) -> Shown:
    return {"name": row.name, "symbol": row.symbol, "exchangeRate": row.rate, "isInactive": False}


def show_account(row: Account) -> Shown:
    return {
        "acctNumber": row.number,
        "acctName": row.name,
        "acctType": {"id": row.type, "refName": row.type},
        "isInactive": False,
    }


def show_term(row: Term) -> Shown:
    return {"name": row.name, "daysUntilNetDue": row.days, "isInactive": False}
