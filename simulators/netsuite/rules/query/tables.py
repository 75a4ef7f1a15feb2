"""The virtual tables of SuiteQL: their columns, their indexes, and which record types they hold."""

from __future__ import annotations

from functools import cache

from simulators.netsuite.rules.fields.lists import PLAIN, SEGMENTS
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.query.addresses import ADDRESSES
from simulators.netsuite.rules.query.standing import STANDING

# Column types: I whole number, N number, T text, D day, M moment. The first column names the record a
# row belongs to. A column `…__df` is not for callers: shown names, and fields without a column as JSON.
_STAMPS = "externalid T, isinactive T, lastmodifieddate M, extra__df T"
_NAMED = f"id I, name T, fullname T, parent I, subsidiary T, {_STAMPS}"
_PERSON = (
    "id I, entityid T, altname T, companyname T, firstname T, lastname T, title T, email T, phone T, "
    f"company I, subsidiary I, currency I, isperson T, datecreated M, {_STAMPS}"
)
_SEGMENTS = "".join(f"{name} I, " for name in SEGMENTS)
# Of transaction lines: what is never so here.
STEADY = (
    "iscogs", "isbillable", "isfullyshipped", "isinventoryaffecting", "isfxvariance", "iscustomglline",
    "cleared", "donotdisplayline", "transactiondiscount", "fulfillable", "hasfulfillableitems",
)  # fmt: skip
TABLES: dict[str, str] = {
    "transaction": "id I, type T, recordtype T, tranid T, transactionnumber T, trandisplayname T, "
    "abbrevtype T, externalid T, entity I, trandate D, duedate D, closedate D, postingperiod I, currency I, "
    "exchangerate N, foreigntotal N, foreignamountunpaid N, foreignamountpaid N, "
    "foreignpaymentamountused N, foreignpaymentamountunused N, taxtotal N, status T, status__df T, "
    "approvalstatus I, memo T, otherrefnum T, posting T, voided T, terms I, reversal I, reversaldate D, "
    "isreversal T, typebaseddocumentnumber T, employee I, createdby I, "
    "lastmodifiedby I, daysopen I, createddate M, lastmodifieddate M, source T, extra__df T",
    "transactionline": "transaction I, id I, uniquekey I, linesequencenumber I, mainline T, taxline T, "
    "item I, itemtype T, entity I, subsidiary I, department I, class I, location I, "
    f"{_SEGMENTS}foreignamount N, "
    "netamount N, creditforeignamount N, debitforeignamount N, quantity N, quantitybilled N, rate N, "
    "memo T, createdfrom I, isclosed T, eliminate T, "
    "duetofromsubsidiary I, accountinglinetype T, expenseaccount I, linelastmodifieddate M, "
    f"documentnumber T, rateamount N, foreignamountpaid N, foreignamountunpaid N, {' T, '.join(STEADY)} T, "
    "extra__df T",
    "transactionaccountingline": "transaction I, transactionline I, account I, accountingbook I, debit N, "
    "credit N, amount N, netamount N, posting T, exchangerate N, amountpaid N, amountunpaid N, "
    "accounttype T, lastmodifieddate M",
    "nexttransactionlinelink": "nextdoc I, nextline I, previousdoc I, previousline I, foreignamount N, "
    "linktype T, nexttype T, previoustype T, nextdate D, previousdate D, lastmodifieddate M",
    "customer": "id I, entityid T, altname T, fullname T, companyname T, firstname T, lastname T, "
    "externalid T, email T, phone T, currency I, subsidiary I, terms I, isperson T, balancesearch N, "
    "overduebalancesearch N, depositbalancesearch N, unbilledorderssearch N, creditlimit N, parent I, "
    "salesrep I, receivablesaccount I, comments T, defaultaddress T, isinactive T, datecreated M, "
    "lastmodifieddate M, extra__df T",
    "entity": "id I, entityid T, altname T, entitytitle T, type T, email T, phone T, isperson T, "
    "isinactive T, customer I, vendor I, employee I, contact I, externalid T, datecreated M, "
    "lastmodifieddate M",
    "customersubsidiaryrelationship": "entity I, id I, subsidiary I, isprimarysub T, currency I",
    "item": "id I, itemid T, fullname T, externalid T, displayname T, description T, itemtype T, subtype T, "
    "recordtype T, incomeaccount I, deferredrevenueaccount I, parent I, class I, department I, location I, "
    "isinactive T, createddate M, lastmodifieddate M, extra__df T",
    "account": "id I, acctnumber T, accountsearchdisplayname T, accountsearchdisplaynamecopy T, "
    "displaynamewithhierarchy T, fullname T, accttype T, currency I, parent I, description T, issummary T, "
    f"{_STAMPS}",
    "accountingperiod": "id I, periodname T, startdate D, enddate D, closed T, arlocked T, aplocked T, "
    "alllocked T, allownonglchanges T, isposting T, isquarter T, isyear T, isadjust T, isinactive T, "
    "parent I, closedondate D, lastmodifieddate M, extra__df T",
    "revrecschedule": "id I, externalid T, name T, sourcedoc T, startdate D, enddate D, amount N, "
    "totalamount N, currency I, deferredrevenueaccount I, recognitionaccount I, createddate M, "
    "lastmodifieddate M, extra__df T",
    "currency": f"id I, symbol T, name T, exchangerate N, isbasecurrency T, displaysymbol T, {_STAMPS}",
    "subsidiary": "id I, name T, fullname T, legalname T, currency I, parent I, country T, iselimination T, "
    f"{_STAMPS}",
    "term": f"id I, name T, daysuntilnetdue I, {_STAMPS}",
    "department": _NAMED,
    "classification": _NAMED,
    "location": _NAMED,
    "paymentmethod": _NAMED,
    **dict.fromkeys(SEGMENTS.values(), _NAMED),
    "contact": _PERSON,
    "employee": f"{_PERSON}, department I, supervisor I",
    "vendor": _PERSON,
    "currencyrate": "id I, basecurrency I, transactioncurrency I, exchangerate N, effectivedate D, "
    f"{_STAMPS}",
    "billingrevenueevent": "id I, amount N, quantity N, eventdate D, startdate D, enddate D, eventpurpose T, "
    f"eventtype T, transactionline T, cumulativepercentcomplete N, {_STAMPS}",
    "revrectemplate": f"id I, name T, amortizationtype T, recurrencetype T, amortizationperiod I, {_STAMPS}",
}
TABLES |= {**ADDRESSES, **STANDING}
# The same rows under another name.
ALIASES = {
    "entityaddress": "customeraddressbookentityaddress",
    "previoustransactionlinelink": "nexttransactionlinelink",
    "transactions": "transaction",
    "transactionlines": "transactionline",
}

INDEXES = (
    ("transaction", "type, externalid"), ("transaction", "externalid"), ("transaction", "tranid"),
    ("transaction", "type, trandate"), ("transaction", "trandate"), ("transaction", "lastmodifieddate"),
    ("transaction", "entity"), ("transaction", "postingperiod"), ("transaction", "recordtype, id"),
    ("transaction", "type, id"), ("transaction", "recordtype, externalid COLLATE NOCASE"),
    ("transaction", "recordtype, tranid COLLATE NOCASE"),
    ("transactionline", "item"), ("transactionline", "entity"), ("transactionline", "createdfrom"),
    ("transactionaccountingline", "account"),
    ("nexttransactionlinelink", "previousdoc"), ("customer", "externalid"), ("customer", "entityid"),
    ("customer", "email"), ("customer", "lastmodifieddate"), ("customer", "externalid COLLATE NOCASE"),
    ("customer", "entityid COLLATE NOCASE"), ("customer", "companyname COLLATE NOCASE"),
    ("customer", "email COLLATE NOCASE"), ("item", "externalid"), ("item", "itemid"),
    ("item", "recordtype, externalid COLLATE NOCASE"),
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
    **{kind: kind.lower() for kind in PLAIN},
}

# Every table that a record of the main table has rows in.
PARTS = {
    "transaction": (
        "transaction",
        "transactionline",
        "transactionaccountingline",
        "nexttransactionlinelink",
    ),
    "customer": ("customer", "entity", "customersubsidiaryrelationship", *ADDRESSES),
    "contact": ("contact", "entity"),
    "employee": ("employee", "entity"),
    "vendor": ("vendor", "entity"),
}

# What a column of whole numbers points to, for BUILTIN.DF; by "table.column" or column.
POINTS_TO = {
    "entity": "entity",
    "customer": "entity",
    "company": "entity",
    "contact": "entity",
    "vendor": "entity",
    "employee": "entity",
    "supervisor": "entity",
    "salesrep": "entity",
    "currency": "currency",
    "basecurrency": "currency",
    "transactioncurrency": "currency",
    "subsidiary": "subsidiary",
    "duetofromsubsidiary": "subsidiary",
    "item": "item",
    "account": "account",
    "incomeaccount": "account",
    "deferredrevenueaccount": "account",
    "recognitionaccount": "account",
    "receivablesaccount": "account",
    "expenseaccount": "account",
    "postingperiod": "accountingPeriod",
    "terms": "term",
    "department": "department",
    "class": "classification",
    "location": "location",
    **SEGMENTS,
    "transaction": "transaction",
    "nextdoc": "transaction",
    "previousdoc": "transaction",
    "createdfrom": "transaction",
    "reversal": "transaction",
    "approvalstatus": "approval",
    "createdby": "user",
    "lastmodifiedby": "user",
    "deletedby": "user",
    "addressbookaddress": "text",
    "type": "type",
    "accttype": "text",
}


@cache
def columns(table: str) -> tuple[str, ...]:
    """Column names in order."""
    return tuple(each.split()[0] for each in TABLES[table].split(", "))


@cache
def sorts(table: str) -> dict[str, str]:
    """Column name -> its type."""
    names = TABLES[table].split(", ")
    return {each.split()[0]: each.split()[1] for each in names}
