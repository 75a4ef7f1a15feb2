"""What the Zuora mock leaves out, what no public source confirmed, and what is ours."""

from __future__ import annotations

from simulators.kit.fidelity import Fidelity

_NOT_MODELLED = (
    (
        "minimum commitments, order line items, invoice schedules",
        "orders that carry them are refused (20), so nothing that bills them can be tried",
    ),
    (
        "prepaid with drawdown in currency, with rollover, specific validity periods or depletion of funds",
        "such catalogue charges are refused",
    ),
    (
        "CreditOption, priorities and proration of prepaid units; prepaidQuantity and drawdownRate in orders",
        "they are taken and have no effect: the catalogue's figures count",
    ),
    (
        "charge models Delivery, MultiAttribute, Prerated, High Watermark, Calculated",
        "a charge of such a model is refused when it is made",
    ),
    (
        "smoothing, rollover and credit of unused units of overage charges",
        "every billing period is rated for itself",
    ),
    (
        "ramp metrics of orders, discounts in ramp metrics, object queries of ramps",
        "ramps are read by number and by subscription, at the amounts before discounts",
    ),
    (
        "rounding increments of currencies, billing rules for partial weeks, proration options of charges",
        "amounts are whole minor units, weeks go by days, and the tenant's rules hold for all charges",
    ),
    (
        "one document per billing document rule: separate invoices by subscription, bill-to or invoice group",
        "an account has one invoice, or one credit memo where the sum is negative, for each act of billing",
    ),
    (
        "refund and write-off within an order (refund, writeOff of processingOptions)",
        "they are taken and have no effect: refund the credit memo, write the invoice off",
    ),
    ("tax in previews", "a preview says taxAmount 0: taxes come from the tax engine on real documents"),
    ("usage in order previews", "as with the vendor, a preview leaves usage charges out"),
    ("Excel and zip files of usage", "an import takes CSV only, and is done when the call returns"),
    ("tenant settings that always demand activation or acceptance dates", "only charges ask for them"),
    ("reverting a completed order", "needs the vendor's single-version subscriptions"),
)
_UNCONFIRMED = (
    "that usage draws from prepaid funds when its period is billed, by date, from the fund that ends first",
    "that usage which no fund covers is rated by the drawdown charge's own price",
    "that validity periods are counted from the topup charge's start and cut off where it ends",
    "that a new quantity of a topup charge counts from the next validity period on",
    "type and source words of prepaid balance transactions; which fields of funds the vendor fills",
    "which six digits of an error code stand for which field or object, but for the few that are listed",
    "that an unknown rate plan of an order is an invalid value (20, 400), not something missing (40, 404)",
    "that a cancelled or suspended status is taken on at once, also for a day to come",
    "that an expired subscription takes a late renewal or cancellation, a suspended one a cancellation",
    "that late usage of a period already billed is rated with it, and the difference billed",
    "that usage given by account and unit alone is billed by every charge of that unit",
    "the shape of a usage file's status: importStatus and message",
    "that intervals of a ramp must follow one another and fill the present term",
    "which proration rules a new tenant has: actual days, longer periods by days alone here",
    "that with partial months not billed a begun month is charged in full and none of it given back",
    "that months of a last part are counted back from the end of its period, of other parts from their start",
    "that a renewal's percentage raises tiers like prices, and is counted on the price of the term before",
    "what a fixed discount does that exceeds the charges it is taken off: the rest is lost here",
    "the order of lists of orders: latest first",
    "that charges are counted from the bill cycle day on or after the start, the part before being a stub",
)
# Of accounts, payments, documents, callouts and queries.
_MONEY_NOT_MODELLED = (
    ("bank debits and wallets through Stripe: ACH and the like go to the test gateway", "late returns"),
    ("credit balance, payment schedules, payment authorisation, reconciliation of gateways", "their flows"),
    ("retry rules and consecutive failures of payment methods in payment runs", "dunning in the vendor"),
    ("files of documents and email", "a request is answered, but nothing is made or sent"),
    ("accounting periods, journal entries, revenue", "postings in the vendor's own ledger"),
    ("scheduled bill runs, filters by rule, invoice schedules", "runs that start by themselves"),
    ("items of applications (Invoice Item Settlement)", "amounts are put against whole documents"),
    (
        "invoices made in one transaction (useSingleTransaction of a batch)",
        "such a batch is refused: every invoice of a batch is made for itself",
    ),
    ("callouts by OAuth, NTLM or HMAC, with templates or headers of their own", "such definitions"),
    ("filter rules of notifications, custom events and email templates", "rules are kept, not applied"),
    ("what a receiver answers to a callout, but for its status", "responseContent in the history"),
    (
        "object queries of what is never made: amendments, snapshots, ratings, schedules",
        "a query of them finds nothing",
    ),
    ("action create, update and delete", "integrations that still write by SOAP-like calls"),
)
_MONEY_UNCONFIRMED = (
    "a declined electronic payment answers 200 with a payment of status Error",
    "the wording of refusals, and which six digits an error code has for a resource",
    "a gateway that does not answer leaves the payment Processing; it is asked again under the same key",
    "the gateway's token: customer and payment method in either order of tokenId and secondTokenId",
    "event category codes of payment events (2110, 2120, 2210)",
    "the names DebitMemoPosted and CreditMemoPosted of events",
    "callouts by GET and DELETE carry their parameters in the query string",
    "the second request after a 401 has a request id of its own",
    "the error codes of a resending that fails; that it answers {} where the documents say blank",
    "pageSize of object queries up to 99 (public guide); the SDK itself refuses more than 50",
    "that unknown fields in fields[] are refused",
    "that the history of callouts has one entry a notification, with its last attempt",
    "FaultCode of refused ZOQL (MALFORMED_QUERY, INVALID_FIELD, INVALID_TYPE, INVALID_VALUE)",
    "the status of older versions of subscriptions; object queries list the latest ones unless asked",
    "a refusal for too many requests in a minute carries Retry-After too, always one second",
    "InvoiceDue fires at midnight UTC of the due date, for invoices posted after somebody asked for it",
    "jobs of deleting and posting short documents are over when the call returns",
    "an account with posted invoices or debit memos is not deleted",
    "a debit memo from an invoice may come to more than the invoice's line, and leaves it as it is",
    "items of drafts that a subscription billed keep their amounts; memos from invoices take no new items",
    "that documents in bulk are done each for itself, and the call says success whatever became of them",
    "that settlements asked for as jobs find out what is wrong with their amounts only when carried out",
    "that a refund has one part: of the payment or credit memo that it goes out of",
    "taking amounts off without naming documents takes off all of them",
    "what a reversed credit memo credited can be credited anew, and what it billed is billable again",
    "which line of a debit memo is paid: first in, first out",
    "that GET of an account shows organizationLabel among the basic information",
    "any organizationLabel is an org unit of the tenant; the headers Zuora-Org-Ids limit nothing",
)
_OURS = (
    "everything is made by one user, and the tenant lives in UTC",
    "asynchronous orders take order_job_seconds, bill runs bill_run_seconds",
    "ids of price tiers, which the vendor gives at random, say which tier they are",
    "ids of past charge segments, of applications and of parts of credit memos are made of their owners'",
    "callouts go to http addresses too; their history shows the notification id that resending asks for",
)

FIDELITY = Fidelity(
    not_modelled=(*_NOT_MODELLED, *_MONEY_NOT_MODELLED),
    unconfirmed=(*_UNCONFIRMED, *_MONEY_UNCONFIRMED),
    ours=_OURS,
)
