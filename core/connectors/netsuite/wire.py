"""NetSuite's dialect: paths, record types, error texts and the queries in SuiteQL.

Sources: Oracle's online help for SuiteTalk REST web services, the 2026.1 record catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

Json = Mapping[str, Any]

RECORDS = "/services/rest/record/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
TOKEN = "/services/rest/auth/oauth2/v1/token"
# The company's own field of a customer: what it was made of.
VERSIONS = "custentity_source_version"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# A sublist that the request gives in full must be named, or a second PUT adds its lines once more.
SUBLIST = {
    "invoice": "item",
    "creditMemo": "item",
    "customerPayment": "apply",
    "customerRefund": "apply",
    "journalEntry": "line",
}
TYPES = {
    "invoice": "CustInvc",
    "creditMemo": "CustCred",
    "customerPayment": "CustPymt",
    "customerRefund": "CustRfnd",
    "journalEntry": "Journal",
}
# Where the open amount of a document stands in the transaction table; "" where there is none.
OPEN_COLUMN = {
    "invoice": "foreignamountunpaid",
    "creditMemo": "foreignpaymentamountunused",
    "customerPayment": "foreignpaymentamountunused",
    "customerRefund": "",
}

CLEARING, BANK = "1010", "1000"

# REST folds business rules into USER_ERROR, so the text decides (the wording of a closed period in
# REST is unconfirmed; SOAP has TRAN_PERIOD_CLOSED and TRAN_PRD_CLOSED).
_CLOSED = re.compile(r"(?=.*period)(?=.*(?:closed|locked))|TRAN_(?:PERIOD|PRD)_CLOSED", re.I | re.S)
_TAKEN = re.compile(r"already (?:exist|been used|in use)|duplicate", re.I)
_ABSENT = re.compile(r"invalid (?:field value|reference)|does not exist|not found", re.I)
_BUSY = re.compile(r"record has been changed|CONCURRENCY|REQUEST_LIMIT", re.I)

# A property or a column that does not exist; a field that has become mandatory.
_UNFIT = re.compile(
    r"invalid property|invalid search query|please enter value\(s\) for:"
    r"|field '[^']*'.* (?:does not exist|was not found)",
    re.I | re.S,
)

_STAMP = "YYYY-MM-DD HH24:MI:SS"
_DAY = "YYYY-MM-DD"


def record_path(kind: str, external_id: str, query: str = "") -> str:
    """Path of a record by external id."""
    return f"{RECORDS}/{kind}/eid:{quote(external_id, safe='')}" + (f"?{query}" if query else "")


def reason(body: object) -> tuple[str, str]:
    """(code, text) of an error body; the token endpoint speaks RFC 6749."""
    if not isinstance(body, dict):
        return "", ""
    details = body.get("o:errorDetails")
    if isinstance(details, list) and details and isinstance(details[0], dict):
        return str(details[0].get("o:errorCode", "")), str(details[0].get("detail", ""))
    return str(body.get("error", "")), str(body.get("error_description", body.get("title", "")))


def says_unfit(text: str) -> bool:
    """Whether a refusal says that the shape of the request is not the record's, or not any more."""
    return bool(_UNFIT.search(text))


def says_closed(code: str, text: str) -> bool:
    """Whether the posting date's period takes no more postings."""
    return bool(_CLOSED.search(text) or _CLOSED.search(code))


def says_taken(text: str) -> bool:
    """Whether the external id or number is in use."""
    return bool(_TAKEN.search(text))


def says_absent(text: str) -> bool:
    """Whether a reference names nothing."""
    return bool(_ABSENT.search(text))


def says_busy(code: str, text: str) -> bool:
    """Whether somebody else is at the record, or at the limit: nothing happened."""
    return bool(_BUSY.search(code) or _BUSY.search(text))


ACCOUNTS = "SELECT a.id, a.acctnumber AS name FROM account a"
DEPARTMENTS = "SELECT d.id, d.name FROM department d WHERE d.isinactive = 'F'"
CURRENCIES = "SELECT c.id, c.symbol AS name FROM currency c"
SUBSIDIARIES = (
    "SELECT s.id, s.name, c.symbol AS currency FROM subsidiary s JOIN currency c ON c.id = s.currency"
)
RATES = (
    f"SELECT b.symbol AS base, c.symbol AS currency, r.exchangerate AS rate, "
    f"TO_CHAR(r.effectivedate, '{_DAY}') AS day FROM currencyrate r "
    "JOIN currency b ON b.id = r.basecurrency JOIN currency c ON c.id = r.transactioncurrency "
    "ORDER BY r.effectivedate, r.id"
)
PERIODS = (
    f"SELECT p.id, TO_CHAR(p.startdate, '{_DAY}') AS first, TO_CHAR(p.enddate, '{_DAY}') AS last, "
    "p.closed, p.arlocked, p.alllocked FROM accountingperiod p "
    "WHERE p.isyear = 'F' AND p.isquarter = 'F' AND p.isposting = 'T' ORDER BY p.startdate"
)


def documents_changed(kind: str, since: datetime, after: int, rows: int) -> str:
    """Transactions of a type by ascending id above `after`: offsets would shift under new rows."""
    still_open = OPEN_COLUMN.get(kind)
    column = f"t.{still_open}" if still_open else "0"
    return (
        "SELECT t.id, t.tranid, t.externalid, t.status, t.currency, t.foreigntotal AS total, "
        f"{column} AS remaining, TO_CHAR(t.lastmodifieddate, '{_STAMP}') AS changed, "
        f"TO_CHAR(t.trandate, '{_DAY}') AS day, "
        "e.externalid AS customer FROM transaction t LEFT JOIN customer e ON e.id = t.entity "
        f"WHERE {_changed(kind, since)} AND t.id > {after} ORDER BY t.id FETCH FIRST {rows} ROWS ONLY"
    )


def journals_changed(since: datetime, after: int, rows: int) -> str:
    """Journal entries likewise; their total is the sum of the debits."""
    columns = "t.id, t.tranid, t.externalid, t.status, t.currency, t.lastmodifieddate"
    return (
        "SELECT t.id, t.tranid, t.externalid, t.status, t.currency, "
        "SUM(CASE WHEN l.foreignamount > 0 THEN l.foreignamount ELSE 0 END) AS total, 0 AS remaining, "
        f"TO_CHAR(t.lastmodifieddate, '{_STAMP}') AS changed "
        "FROM transaction t JOIN transactionline l ON l.transaction = t.id "
        f"WHERE {_changed('journalEntry', since)} AND t.id > {after} "
        f"GROUP BY {columns} ORDER BY t.id FETCH FIRST {rows} ROWS ONLY"
    )


# What a line may be about, by the name of the dimension, as a column and the table that it refers to.
DIMENSIONS = {
    "department": ("d.name", "LEFT JOIN department d ON d.id = l.department "),
    "product": ("c.externalid", "LEFT JOIN classification c ON c.id = l.class "),
    "contract": ("l.custcol_contract", ""),
    "customer": ("e.externalid", "LEFT JOIN customer e ON e.id = l.entity "),
}


def journal_lines(ids: Sequence[str], carries: Collection[str], *, several: bool) -> str:
    """Lines of journals by internal id, in order; a debit is positive. carries: which dimensions lines have,
    for a column that the company has not is refused; the customer is always there. several: whether other
    subsidiaries of the company's may be partners."""
    about = {name: each for name, each in DIMENSIONS.items() if name in carries or name == "customer"}
    more = "".join(f", {column} AS {name}" for name, (column, _) in about.items())
    return (
        f"SELECT t.id, t.externalid, TO_CHAR(t.trandate, '{_DAY}') AS day, t.currency, t.memo AS says, "
        f"TO_CHAR(t.reversaldate, '{_DAY}') AS turned, n.acctnumber AS account, l.memo, l.subsidiary, "
        f"l.foreignamount AS amount{more}{', l.duetofromsubsidiary AS partner' if several else ''} "
        "FROM transactionline l JOIN transaction t ON t.id = l.transaction "
        "JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id "
        f"JOIN account n ON n.id = a.account {''.join(join for _, join in about.values())}"
        f"WHERE t.type = '{TYPES['journalEntry']}' AND t.id IN ({', '.join(ids)}) ORDER BY t.id, l.id"
    )


def schedules_between(
    first: date,
    last: date,
    after: int,
    rows: int,
    *,
    with_entity: bool = False,
    own: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Revenue schedules that touch the days [first, last]. with_entity: also whose document it is; own:
    further columns of the company's own, by the name they are to have."""
    more = "".join(f", s.{column} AS {name}" for name, column in own.items())
    column = ", (SELECT MAX(l.subsidiary) FROM transaction t JOIN transactionline l ON l.transaction = t.id "
    column += "WHERE t.tranid = s.sourcedoc AND t.type IN ('CustInvc', 'CustCred')) AS subsidiary"
    return (
        f"SELECT s.id, s.externalid, s.sourcedoc, TO_CHAR(s.startdate, '{_DAY}') AS first, "
        f"TO_CHAR(s.enddate, '{_DAY}') AS last, s.amount, s.currency{more}{column if with_entity else ''} "
        "FROM revrecschedule s "
        f"WHERE s.startdate <= {_day(last)} AND s.enddate >= {_day(first)} "
        f"AND s.id > {after} ORDER BY s.id FETCH FIRST {rows} ROWS ONLY"
    )


def released_by_plan(account: str) -> str:
    """What journals have put on an account, by the memo of the line: a credit is negative."""
    return (
        # The accounting line has the subsidiary's base currency, the line that of the transaction.
        "SELECT l.memo, t.currency, SUM(l.foreignamount) AS amount FROM transactionline l "
        "JOIN transaction t ON t.id = l.transaction "
        "JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id "
        f"WHERE t.type = 'Journal' AND a.account = {account} GROUP BY l.memo, t.currency ORDER BY l.memo"
    )


_OF_CONTRACT = (
    "FROM transactionline l JOIN transaction t ON t.id = l.transaction "
    "JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id "
    "LEFT JOIN classification c ON c.id = l.class LEFT JOIN customer e ON e.id = l.entity "
)
_WHOSE = "l.custcol_contract AS contract, c.externalid AS product, a.account, l.subsidiary, t.currency"
_BY_WHOSE = "l.custcol_contract, c.externalid, a.account, l.subsidiary, t.currency"
_SUMS = "MAX(e.externalid) AS customer, SUM(l.foreignamount) AS amount"


def contracts_until(end: date, deferred: str, asset: str) -> str:
    """Deferred revenue and asset (internal ids) by contract and product, up to a day."""
    return (
        f"SELECT {_WHOSE}, {_SUMS} {_OF_CONTRACT}"
        f"WHERE t.trandate <= {_day(end)} AND (a.account = {deferred} OR (a.account = {asset} "
        f"AND t.externalid LIKE 'UNB-%')) GROUP BY {_BY_WHOSE} ORDER BY {_BY_WHOSE}"
    )


def bills_after(end: date, deferred: str, asset: str, prefix: str) -> str:
    """The same by day after it: of deferred revenue what documents bill and credit, of the asset what
    journals have that begin with the prefix."""
    return (
        f"SELECT {_WHOSE}, TO_CHAR(t.trandate, '{_DAY}') AS day, {_SUMS} {_OF_CONTRACT}"
        f"WHERE t.trandate > {_day(end)} AND ((a.account = {deferred} "
        f"AND t.type IN ('CustInvc', 'CustCred')) OR (a.account = {asset} "
        f"AND t.externalid LIKE '{prefix}%')) "
        f"GROUP BY {_BY_WHOSE}, t.trandate ORDER BY {_BY_WHOSE}, t.trandate"
    )


def balances(on: date, accounts: Sequence[str]) -> str:
    """What accounts (internal ids) hold by subsidiary and currency, in that and in the books' currency."""
    return (
        "SELECT a.account, l.subsidiary, t.currency, SUM(l.foreignamount) AS open, SUM(a.amount) AS booked "
        "FROM transactionline l JOIN transaction t ON t.id = l.transaction "
        "JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id "
        f"WHERE t.trandate <= {_day(on)} AND a.account IN ({', '.join(accounts)}) "
        "GROUP BY a.account, l.subsidiary, t.currency ORDER BY a.account, l.subsidiary, t.currency"
    )


def between(on: date, accounts: Sequence[str]) -> str:
    """What accounts (internal ids) hold against other subsidiaries, and what of it came of which journals."""
    column = "SUM(CASE WHEN t.externalid LIKE '{}%' THEN l.foreignamount ELSE 0 END) AS {}"
    parts = f"{column.format('IC-CASH-', 'collected')}, {column.format('IC-FEE-', 'charged')}"
    group = "a.account, l.subsidiary, l.duetofromsubsidiary, t.currency"
    return (
        "SELECT a.account, l.subsidiary, l.duetofromsubsidiary AS partner, t.currency, "
        f"SUM(l.foreignamount) AS balance, {parts} "
        "FROM transactionline l JOIN transaction t ON t.id = l.transaction "
        "JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id "
        f"WHERE t.trandate <= {_day(on)} AND a.account IN ({', '.join(accounts)}) "
        f"AND l.duetofromsubsidiary IS NOT NULL GROUP BY {group} ORDER BY {group}"
    )


def customers_after(after: int, rows: int) -> str:
    """Customers that carry an external id."""
    return (
        "SELECT c.id, c.externalid, c.companyname, c.email, c.currency, "
        f"TO_CHAR(c.lastmodifieddate, '{_STAMP}') AS changed FROM customer c "
        f"WHERE c.id > {after} ORDER BY c.id FETCH FIRST {rows} ROWS ONLY"
    )


def _changed(kind: str, since: datetime) -> str:
    # Times of the query are taken as UTC: the integration's role is set to that zone.
    stamp = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"t.type = '{TYPES[kind]}' AND t.lastmodifieddate >= TO_DATE('{stamp}', '{_STAMP}')"


def _day(of: date) -> str:
    return f"TO_DATE('{of.isoformat()}', '{_DAY}')"
