"""What the core writes of what, as the wire saw it: what it may, and what others own."""

from dataclasses import replace

from scenarios.evidence.run import Change, Written

_SF = "/services/data/v62.0/sobjects"


def wrote(system, method, path, *fields, operation="write", key="k-1"):
    """One kind of write."""
    return Written(system, method, path, fields, operation, key, "o1", 1)


WRITTEN = (
    wrote("salesforce", "PATCH", f"{_SF}/Opportunity/External_Id__c/{{}}", "Billing_Status__c"),
    wrote("salesforce", "POST", f"{_SF}/Invoice__c", "Invoice_Number__c", "Status__c", "Balance__c"),
    wrote("salesforce", "PATCH", f"{_SF}/Invoice__c/{{}}", "Status__c", "Balance__c"),
    wrote("zuora", "POST", "/v1/accounts", "name", "currency"),
    wrote("zuora", "PUT", "/v1/invoices/{}", "comments"),
    wrote("zuora", "PUT", "/v1/invoices/{}/post"),
    wrote("zuora", "POST", "/v1/credit-memos/invoice/{}", "items"),
    wrote("stripe", "POST", "/v1/payment_intents/{}/confirm", "payment_method"),
    wrote("avatax", "POST", "/api/v2/transactions/create", "lines"),
    wrote("netsuite", "PUT", "/services/rest/record/v1/customer/{}", "companyName"),
    wrote("netsuite", "POST", "/services/rest/record/v1/journalEntry", "line"),
)


def _also(*args, **more):
    return lambda w: replace(w, written=(*w.written, wrote(*args, **more)))


BROKEN = {
    "the deal's stage": _also("salesforce", "PATCH", f"{_SF}/Opportunity/{{}}", "StageName"),
    "the customer's name in the CRM": _also("salesforce", "PATCH", f"{_SF}/Account/{{}}", "Name"),
    "a new account in the CRM": _also("salesforce", "POST", f"{_SF}/Account", "Stripe_Customer__c"),
    "another record of the CRM": _also("salesforce", "PATCH", f"{_SF}/Contact/{{}}", "Email"),
    "billing's account, changed later": _also("zuora", "PUT", "/v1/accounts/{}", "name"),
    "an invoice's due date": _also("zuora", "PUT", "/v1/invoices/{}", "comments", "dueDate"),
    "an invoice that is deleted": _also("zuora", "PUT", "/v1/invoices/{}/delete"),
    "the price list": _also("zuora", "PUT", "/v1/products/{}", "name"),
    "a customer at the processor, changed later": _also("stripe", "POST", "/v1/customers/{}", "name"),
    "a refund that only people give": _also("stripe", "POST", "/v1/refunds", "amount"),
    "terms in the ledger": _also("netsuite", "PUT", "/services/rest/record/v1/customer/{}", "terms"),
    "a period": _also("netsuite", "PATCH", "/services/rest/record/v1/accountingPeriod/{}", "closed"),
    "the tax company's own": _also("avatax", "PUT", "/api/v2/nexus/{}", "region"),
    "somewhere else": _also("netsuite", "POST", "/app/site/hosting/restlet.nl", "x"),
    "a system that is not ours": _also("hubspot", "POST", "/v1/contacts", "email"),
}


def _echoed(times, kind="opportunity", id_="OPP-1"):
    """The core writes to a record of the CRM again and again, and nothing else happens to it."""
    echoes = tuple(
        Change(n, "salesforce", kind, id_, "updated", "Closed Won", 10 + n, (), 0, "EUR", "op7")
        for n in range(times)
    )
    return lambda w: replace(w, changes=(*w.changes, *echoes))


ECHOES = {
    "a deal": _echoed(6),
    "an account that nobody touched": _echoed(6, "account", "ACC-9"),
    "a mirror of what did not change": _echoed(6, "crm_invoice", "INV-404"),
}
ENDED = {"an answer to what a write brought about": _echoed(1), "twice": _echoed(2, "account", "ACC-9")}
