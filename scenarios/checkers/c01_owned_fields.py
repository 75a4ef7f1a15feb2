"""C1: a field that one system owns is never overwritten from another, only shown where it is agreed to be."""

from __future__ import annotations

from collections.abc import Mapping, Set

from scenarios.checkers.findings import distinct
from scenarios.evidence.run import Evidence, Written
from scenarios.evidence.verdicts import Verdict, Witness, judged

_LEDGER_CUSTOMER = frozenset(
    {"entityId", "companyName", "email", "currency", "subsidiary", "custentity_source_version"}
)
# Of master data and of mirrors, field by field: (system, record) -> method -> what the core may set of it.
# What is made in the name of its owner (POST) may say more than what is changed later.
_MAY: Mapping[tuple[str, str], Mapping[str, Set[str]]] = {
    ("salesforce", "Opportunity"): {
        "PATCH": {"Subscription_Number__c", "Billing_Status__c", "Source_Version__c"}
    },
    ("salesforce", "Account"): {"PATCH": {"Stripe_Customer__c"}},
    ("salesforce", "Invoice__c"): {
        "POST": {
            "Invoice_Number__c",
            "Account__r",
            "Status__c",
            "Total__c",
            "Balance__c",
            "CurrencyIsoCode",
            "Source_Version__c",
        },
        "PATCH": {
            "Account__r",
            "Status__c",
            "Total__c",
            "Balance__c",
            "CurrencyIsoCode",
            "Source_Version__c",
        },
    },
    ("zuora", "accounts"): {
        "POST": {
            "accountNumber",
            "name",
            "currency",
            "crmId",
            "billCycleDay",
            "autoPay",
            "paymentTerm",
            "billToContact",
            "CrmAccount__c",
            "PaymentCustomer__c",
            "Segment__c",
            "SourceVersion__c",
            "taxInfo",
            "organizationLabel",
        }
    },
    ("netsuite", "customer"): {
        "POST": {"externalId", *_LEDGER_CUSTOMER},
        "PUT": _LEDGER_CUSTOMER,
    },
    ("stripe", "customers"): {"POST": {"name", "email", "address", "metadata"}},
}
# Documents that a system keeps and the core asks it to make, post, apply or tax.
_ASKED: Mapping[str, Set[str]] = {
    "zuora": {"orders", "object", "credit-memos", "debit-memos", "payments"},
    "stripe": {"payment_intents"},
    "avatax": {"transactions", "companies"},
    "netsuite": {
        "invoice",
        "creditMemo",
        "customerPayment",
        "customerRefund",
        "customerDeposit",
        "journalEntry",
        "revRecSchedule",
    },
}
# Of these only that; of an invoice in billing, a note that people read, and acts that billing carries out.
_ACTS = {"post", "reverse", "taxation-items", "write-off"}
_ROOTS = {
    "salesforce": "/services/data/v62.0/sobjects/",
    "zuora": "/v1/",
    "stripe": "/v1/",
    "avatax": "/api/v2/",
    "netsuite": "/services/rest/record/v1/",
}


def check(evidence: Evidence) -> Verdict:
    """Every kind of write that the core sent, by what it set of what. Not by what the core says it is
    for: the wire is looked at."""
    witnesses = []
    for written in evidence.written:
        strange = _strange(written)
        if strange:
            names = ", ".join(strange)
            said = (
                f"the core set {names} of {written.system} {written.path} in {written.operation}"
                f" {written.key} ({written.times} times)"
            )
            witnesses.append(Witness("other", distinct(written.key, written.id), said))
    return judged("C1", sum(written.times for written in evidence.written), witnesses)


def _strange(written: Written) -> tuple[str, ...]:
    """What it set and should not have; the record itself where no field of it may be set."""
    root = _ROOTS.get(written.system, "?")
    if not written.path.startswith(root):
        return (written.path,)
    record, *rest = written.path.removeprefix(root).split("/")
    may = _MAY.get((written.system, record))
    if may is not None:
        if written.method not in may or (written.method == "POST" and rest):
            return written.fields or (record,)
        return tuple(name for name in written.fields if name not in may[written.method])
    if (written.system, record) == ("zuora", "invoices"):
        if len(rest) == 1:
            return tuple(name for name in written.fields if name != "comments")
        return () if rest[-1] in _ACTS else (written.path,)
    return () if record in _ASKED.get(written.system, ()) else (written.path,)
