"""What the NetSuite mock leaves out, adds, or could not confirm."""

from __future__ import annotations

from simulators.kit.fidelity import Fidelity

FIDELITY = Fidelity(
    not_modelled=(
        (
            "SOAP web services, RESTlets, SuiteScript, saved searches, workflows",
            "integrations that rely on them",
        ),
        (
            "record types beyond order-to-cash: estimates, purchasing, stock, fulfilment, returns, projects",
            "flows that touch them; items of every type are sold without stock",
        ),
        ("legacy tax and the SuiteTax engine", "tax comes from outside, as taxTotal or as tax details"),
        ("body discounts, shipping and handling charges, installments", "such amounts are kept, not posted"),
        ("revenue arrangements, elements and plans", "they are not in the REST catalogue of 2026.1 either"),
        ("rules of revenue schedules and templates", "their fields are kept; no journal is made from them"),
        (
            "(advanced) intercompany journals, automated eliminations, revaluation of open items",
            "a journal a side with dueToFromSubsidiary; nothing is eliminated or remeasured by itself",
        ),
        (
            "custom segments but for one (cseg_channel), filters of their values, hierarchies",
            "no other segment is a property; every value goes with every line",
        ),
        ("multi-book accounting", "there is one accounting book"),
        ("create-form, edit-form and select-options", "forms cannot be asked for"),
        ("actions on records, record locks, optimistic locking", "two writers never collide"),
        (
            "roles: one role, which may be denied record types as a whole",
            "permissions by level or subsidiary",
        ),
        ("requests per period, async processors by licence", "only calls at once are limited"),
        ("fields of the 206 record types that order-to-cash does not use, by rule", "they are kept as given"),
    ),
    unconfirmed=(
        "the wording of a posting refused for a closed or locked period (USER_ERROR)",
        "the wording for an unknown property, and how a warning of one is told (a Warning header here)",
        "the bodies of 404 for a record type or path that does not exist, of 405 and of 415",
        "letters of the status of refunds, customer deposits and deposit applications",
        "that an unapproved sales order is refused by billing with USER_ERROR, and its wording",
        "that a new order of services is at once Pending Billing",
        "how days and moments are written by SuiteQL (month first here, as an American user sees them)",
        "the sign of quantities in transactionline (that of their side of the ledger here)",
        "that q compares texts without case, and SuiteQL with",
        "that an amount finer than its currency is refused",
        "how undepFunds is shown (T and F here), and that money without an account is undeposited",
        "the answer of a task of a batch, and of a job that failed",
        "whether POST on a sublist adds a line",
        "the properties of the answers of tokeninfo and serverTime",
        "how exchange differences of an applied credit memo are posted (on the credit memo here)",
        "how credits chosen within a payment are spread over its invoices (in their order)",
        "that the credit sublist of a payment is empty when it is read",
        "that a document number must not repeat within its record type",
        "that a line without a classification takes that of the heading",
        "the wording for an inactive classification",
        "that transactionline shows dueToFromSubsidiary as a column",
    ),
    ours=(
        "revRecSchedule takes sourceDoc, amount, currency, deferredRevenueAccount, recognitionAccount",
        "overpayments stand in an account of their own (2500), not in receivables",
        "consent to an authorization code is given at once, without a page",
        "invoices and journals wait for approval where the option approvals is set",
        "callers whose clock is that of the machine are let in after the mock's time was moved",
    ),
)
