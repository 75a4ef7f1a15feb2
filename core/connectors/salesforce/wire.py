"""Salesforce's dialect: paths, SOQL, the names of objects and fields, shapes of answers and errors.

REST API v62.0; SBQQ__* are objects of the CPQ package; Invoice__c and the fields External_Id__c,
Payment_Terms__c, Stripe_Customer__c, VAT_Number__c, Original_Opportunity__c, Service_*__c,
Subscription_Number__c, Billing_Status__c, Source_Version__c and Delivered_On__c (of a quote line) are
the org's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

ROOT = "/services/data/v62.0"
TOKEN = "/services/oauth2/token"
# Named with every call, and by the vendor in the events of what it changed: how we know our own echo
# (Change Data Capture Developer Guide, "changeOrigin": "client=" of the Sforce-Call-Options header).
CLIENT = "TieoutCore"
WON, ACCEPTED, ACTIVATED, WITHDRAWN = "Closed Won", "Accepted", "Activated", "Withdrawn"
# What a copy was made of stands beside it.
VERSIONS = "Source_Version__c"
# A charge of this type is billed once, when the contract begins.
ONCE = "One-Time"

Json = Mapping[str, Any]

_ID_OF_OPPORTUNITY = re.compile(r"006[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?")

_OPPORTUNITY = (
    "Id", "External_Id__c", "StageName", "IsWon", "Type", "CurrencyIsoCode", "CloseDate",
    "Original_Opportunity__c", "Service_Start__c", "Service_End__c", "Account.External_Id__c",
)  # fmt: skip
_QUOTE = ("SBQQ__Status__c", "SBQQ__StartDate__c", "SBQQ__EndDate__c")
_LINE = (
    "SBQQ__ProductCode__c", "SBQQ__Quantity__c", "SBQQ__PriorQuantity__c", "SBQQ__NetPrice__c",
    "SBQQ__BillingFrequency__c", "SBQQ__ChargeType__c", "SBQQ__ListPrice__c", "Delivered_On__c",
)  # fmt: skip
_ACCOUNT = (
    "Id", "External_Id__c", "Name", "CurrencyIsoCode", "BillingStreet", "BillingCity", "BillingState",
    "BillingPostalCode", "BillingCountry", "Email__c", "Payment_Terms__c", "Stripe_Customer__c",
    "VAT_Number__c", "Legal_Entity__c", "Segment__c", "SystemModstamp",
)  # fmt: skip
_WON = (
    "Id", "External_Id__c", "Type", "Subscription_Number__c", "Billing_Status__c", "SystemModstamp",
    "Account.External_Id__c",
)  # fmt: skip
_DEAL = ("Id", "SystemModstamp", "Billing_Status__c", VERSIONS)
_MIRROR = (
    "Id", "SystemModstamp", "Invoice_Number__c", "Status__c", "Balance__c", "CurrencyIsoCode", VERSIONS,
)  # fmt: skip


def select_quote(opportunity: str) -> str:
    """The primary quote of an opportunity (id or external key) with the opportunity and the lines."""
    way = "SBQQ__Opportunity2__r"
    fields = (*_QUOTE, *(f"{way}.{name}" for name in _OPPORTUNITY))
    lines = f"(SELECT {', '.join(_LINE)} FROM SBQQ__LineItems__r ORDER BY SBQQ__Number__c, Id)"
    if _ID_OF_OPPORTUNITY.fullmatch(opportunity):
        which = f"SBQQ__Opportunity2__c = {literal(opportunity)}"
    else:
        which = f"{way}.External_Id__c = {literal(opportunity)}"
    return (
        f"SELECT {', '.join(fields)}, {lines} FROM SBQQ__Quote__c WHERE {which} AND SBQQ__Primary__c = TRUE"
    )


def select_bundles() -> str:
    """Lines with a list price in the accepted primary quotes of won opportunities, each with its quote and
    opportunity, an opportunity's together."""
    quote = "SBQQ__Quote__r"
    way = f"{quote}.SBQQ__Opportunity2__r"
    fields = (*_LINE, *(f"{quote}.{name}" for name in _QUOTE), *(f"{way}.{name}" for name in _OPPORTUNITY))
    return (
        f"SELECT {', '.join(fields)} FROM SBQQ__QuoteLine__c WHERE SBQQ__ListPrice__c != NULL"
        f" AND {quote}.SBQQ__Primary__c = TRUE AND {quote}.SBQQ__Status__c = {literal(ACCEPTED)}"
        f" AND {way}.IsWon = TRUE ORDER BY {way}.External_Id__c, SBQQ__Number__c, Id"
    )


def select_opportunity(opportunity: str) -> str:
    """An opportunity by id or external key, for one without a quote."""
    field = "Id" if _ID_OF_OPPORTUNITY.fullmatch(opportunity) else "External_Id__c"
    return f"SELECT {', '.join(_OPPORTUNITY)} FROM Opportunity WHERE {field} = {literal(opportunity)}"


def select_deal_status(key: str) -> str:
    """What an opportunity, by its external key, says of its order."""
    return f"SELECT {', '.join(_DEAL)} FROM Opportunity WHERE External_Id__c = {literal(key)}"


def select_account(key: str) -> str:
    """An account by its external key."""
    return f"SELECT {', '.join(_ACCOUNT)} FROM Account WHERE External_Id__c = {literal(key)}"


def select_changed_accounts(since: datetime) -> str:
    """Accounts of ours changed at or after, oldest first."""
    return (
        f"SELECT {', '.join(_ACCOUNT)} FROM Account WHERE External_Id__c != NULL"
        f" AND SystemModstamp >= {moment(since)} ORDER BY SystemModstamp, Id"
    )


SELECT_ACCOUNTS = (
    "SELECT Id, External_Id__c, Name, CurrencyIsoCode, Email__c, SystemModstamp FROM Account"
    " WHERE External_Id__c != NULL ORDER BY Id"
)


def select_won(since: datetime) -> str:
    """Won opportunities changed at or after, oldest first."""
    return (
        f"SELECT {', '.join(_WON)} FROM Opportunity WHERE IsWon = TRUE"
        f" AND SystemModstamp >= {moment(since)} ORDER BY SystemModstamp, Id"
    )


def select_mirror(number: str) -> str:
    """One mirrored invoice."""
    return f"SELECT {', '.join(_MIRROR)} FROM Invoice__c WHERE Invoice_Number__c = {literal(number)}"


def select_mirrors(since: datetime) -> str:
    """Mirrored invoices changed at or after, oldest first."""
    return (
        f"SELECT {', '.join(_MIRROR)} FROM Invoice__c WHERE SystemModstamp >= {moment(since)}"
        " ORDER BY SystemModstamp, Id"
    )


def query(soql: str) -> str:
    """Path that runs a query."""
    return f"{ROOT}/query?{urlencode({'q': soql})}"


def by_key(kind: str, field: str, value: str, *, update_only: bool = False) -> str:
    """Path of an upsert by external id; `update_only`: 404 where there is none, instead of a new one."""
    path = f"{ROOT}/sobjects/{kind}/{field}/{quote(value, safe='')}"
    return f"{path}?updateOnly=true" if update_only else path


def http_date(at: datetime) -> str:
    """A record's stamp as an HTTP date."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def literal(text: str) -> str:
    """A string in SOQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def moment(at: datetime) -> str:
    """A moment in SOQL, whole seconds, rounded down so that nothing is missed."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def reason(body: object) -> tuple[str, str]:
    """(code, text) of an error body: a list of errors, or what the token endpoint says."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return "", ""
    code = first.get("errorCode") or first.get("error") or ""
    return str(code), str(first.get("message") or first.get("error_description") or "")
