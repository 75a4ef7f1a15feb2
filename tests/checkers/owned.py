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


def _shown(*steps):
    """Of one invoice: what billing did ("settled", "reopened") and what its mirror showed, in this order."""
    source = {"settled", "reopened"}
    changes = tuple(
        Change(n, "zuora", "invoice", "i77", each, "Posted", n, ("INV-77",), 500, "EUR", "")
        if each in source
        else Change(n, "salesforce", "crm_invoice", "INV-77", "updated", each, n, (), 500, "EUR", "")
        for n, each in enumerate(steps, 1)
    )
    return lambda w: replace(w, changes=(*w.changes, *changes))


def _version_again(version):
    """A record of the ledger gets a version that it had."""
    late = Change(2**60, "netsuite", "invoice", "21", "updated", "Open", version, (), 12000, "EUR", "")
    return lambda w: replace(w, changes=(*w.changes, late))


_S = 1_000_000
_SOURCE_OF = {"INV-77": ("zuora", "invoice", "i77"), "C-77": ("salesforce", "account", "C-77")}
_COPY_OF = {"INV-77": ("salesforce", "crm_invoice", "INV-77"), "C-77": ("netsuite", "customer", "1077")}


def _copied(name, *steps):
    """(moment in seconds, "source", values) and (moment, "copy" or "person", values), in this order."""
    counts = {}

    def change(at, who, says):
        system, kind, id_ = (_SOURCE_OF if who == "source" else _COPY_OF)[name]
        counts[system] = counts.get(system, 0) + 1
        cause = "op7" if who == "copy" else ""
        return Change(
            int(at * _S), system, kind, id_, "updated", "Posted", counts[system], (name,), 0, "EUR", cause,
            tuple(says.items()),
        )  # fmt: skip

    return lambda w: replace(w, changes=(*w.changes, *(change(*step) for step in steps)))


def _balance(at, who, amount, versions=""):
    return at, who, {"balance": str(amount), **({"versions": versions} if who != "source" else {})}


def _party(at, who, name):
    return at, who, {"name": name, "email": "a@b.example"}


def _mirrored(*steps):
    return _copied("INV-77", *(_balance(*step) for step in steps))


def _named(*steps):
    return _copied("C-77", *(_party(*step) for step in steps))


def _deal(*steps):
    """(who, status) of a deal, in this order."""
    changes = tuple(
        Change(
            n, "salesforce", "opportunity", "OPP-77", "updated", "Closed Won", n, (), 0, "EUR",
            "op7" if who == "core" else "", (("status", status),),
        )
        for n, (who, status) in enumerate(steps, 1)
    )  # fmt: skip
    return lambda w: replace(w, changes=(*w.changes, *changes))


STALE = {
    "a deal is active again after it was withdrawn": _deal(
        ("core", "Activated"), ("core", "Withdrawn"), ("core", "Activated")
    ),
    "a balance again that billing had left": _mirrored(
        (1, "source", 100), (2, "copy", 100), (3, "source", 60), (4, "copy", 60), (5, "copy", 100)
    ),
    "the first of three balances after the last": _mirrored(
        (1, "source", 100), (2, "source", 60), (3, "source", 0), (4, "copy", 0), (5, "copy", 60)
    ),
    "an older version is carried, whatever it shows": _mirrored(
        (1, "source", 100), (2, "source", 60), (4, "copy", 60, "invoice=2.1"), (5, "copy", 60, "invoice=1.1")
    ),
    "a newer version is carried than what is shown": _mirrored(
        (1, "source", 100),
        (2, "copy", 100, "invoice=1.1"),
        (3, "source", 60),
        (5, "copy", 100, "invoice=3.1"),
    ),
    "of two states of one second the first is taken for the last": _mirrored(
        (1.2, "source", 100), (1.6, "source", 60), (5, "copy", 100, "invoice=1.1")
    ),
    "of one second, the first comes after the last": _mirrored(
        (1.2, "source", 100),
        (1.6, "source", 60),
        (1.7, "copy", 60, "invoice=1.0"),
        (1.8, "copy", 100, "invoice=1.0"),
    ),
    "the ledger gets the customer's old name again": _named(
        (1, "source", "Acme"),
        (2, "copy", "Acme"),
        (3, "source", "Acme AG"),
        (4, "copy", "Acme AG"),
        (9, "copy", "Acme"),
    ),
    "open again after paid": _shown("Posted", "settled", "Paid", "Posted"),
    "failed after paid": _shown("settled", "Paid", "Payment Failed"),
    "refunded, then open": _shown("settled", "Refunded", "Posted"),
    "twice, and billing reopened it once": _shown("settled", "Paid", "reopened", "Posted", "Paid", "Posted"),
    "a version again": _version_again(2),
    "an earlier version": _version_again(1),
}
NEWER = {
    "a deal is activated twice, then withdrawn": _deal(
        ("core", "Activated"), ("core", "Activated"), ("core", "Withdrawn"), ("sales", "Activated")
    ),
    "balances in their order, one left out": _mirrored(
        (1, "source", 100),
        (2, "copy", 100, "invoice=1.1"),
        (3, "source", 60),
        (3.5, "source", 0),
        (4, "copy", 0, "invoice=3.1 pi_1=3.4001"),
    ),
    "a balance that billing says again": _mirrored(
        (1, "source", 100),
        (2, "copy", 100),
        (3, "source", 0),
        (4, "copy", 0),
        (5, "source", 100),
        (6, "copy", 100),
        (7, "copy", 100),
    ),
    "both states of one second, in their order": _mirrored(
        (1.2, "source", 100),
        (1.4, "copy", 100, "invoice=1.0"),
        (1.6, "source", 60),
        (2.1, "copy", 60, "invoice=1.1"),
    ),
    "late, but not after anything newer": _mirrored((1, "source", 100), (3, "source", 60), (5, "copy", 100)),
    "what a person puts back is no copy": _mirrored(
        (1, "source", 100), (2, "source", 60), (3, "copy", 60), (4, "person", 100)
    ),
    "what billing never said is another law's": _mirrored((1, "source", 100), (2, "copy", 70)),
    "a customer renamed and named back": _named(
        (1, "source", "Acme"),
        (2, "copy", "Acme"),
        (3, "source", "Acme AG"),
        (4, "copy", "Acme AG"),
        (5, "source", "Acme"),
        (6, "copy", "Acme"),
    ),
    "paid and refunded": _shown("Posted", "settled", "Paid", "Refunded"),
    "sent back by the bank": _shown("settled", "Paid", "reopened", "Payment Failed", "settled", "Paid"),
    "reopened before it was shown as paid": _shown("settled", "reopened", "Paid", "Payment Failed"),
    "money taken off is told as settled too": _shown("settled", "Paid", "settled", "Posted"),
    "a next version": _version_again(3),
}
