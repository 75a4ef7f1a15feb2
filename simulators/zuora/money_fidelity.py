"""What the money half of the Zuora mock leaves out, and what no public source confirmed."""

from __future__ import annotations

NOT_MODELLED: tuple[tuple[str, str], ...] = (
    ("debit memos, and the reversal and write-off of credit memos that make them", "corrections upwards"),
    ("bank debits and wallets through Stripe: ACH and the like go to the test gateway", "late returns"),
    ("credit balance, payment schedules, payment authorisation, reconciliation of gateways", "their flows"),
    ("retry rules and consecutive failures of payment methods in payment runs", "dunning in the vendor"),
    ("files of documents and email", "a request is answered, but nothing is made or sent"),
    ("accounting periods, journal entries, revenue", "postings in the vendor's own ledger"),
    ("scheduled bill runs, filters by rule, invoice schedules", "runs that start by themselves"),
    ("items of applications (Invoice Item Settlement)", "amounts are put against whole documents"),
    ("callouts by GET, PUT or DELETE, by OAuth, NTLM or HMAC, with filter rules", "such definitions"),
    ("action create, update and delete", "integrations that still write by SOAP-like calls"),
)
UNCONFIRMED: tuple[str, ...] = (
    "a declined electronic payment answers 200 with a payment of status Error",
    "the wording of refusals, and which six digits an error code has for a resource",
    "a gateway that does not answer leaves the payment Processing; it is asked again under the same key",
    "the gateway's token: customer and payment method in either order of tokenId and secondTokenId",
    "event category codes of payment events (1510, 1520, 1530)",
    "InvoiceDue fires at midnight UTC of the due date, for invoices posted after somebody asked for it",
    "jobs of deleting and posting short documents are over when the call returns",
    "an account with posted invoices is not deleted",
)
