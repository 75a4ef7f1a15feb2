"""What the mock of Stripe Billing leaves out, adds, or could not confirm."""

from __future__ import annotations

NOT_MODELLED: tuple[tuple[str, str], ...] = (
    ("Checkout, the customer portal, payment links", "subscriptions and invoices begun there"),
    ("automatic tax", "refused as in an account without an address; rates are set by hand"),
    ("billing thresholds, billing credits, alerts, feedback options, entitlements", "what stands on them"),
    ("discounts, metadata and endings in pending updates", "refused with pending_if_incomplete"),
    ("quantities with decimals, shipping costs, account tax ids on invoices", "refused or empty"),
    ("PDFs and hosted pages", "their addresses are shown and lead nowhere"),
    ("emails", "invoice.sent is told, nothing is sent"),
    ("customer balances in several currencies", "one currency a customer"),
    ("pause schedules, billing schedules, trial offers", "refused as unknown parameters"),
    ("meter events of the v2 stream, event time windows", "only /v1/billing/meter_events counts"),
)

UNCONFIRMED: tuple[str, ...] = (
    "each proration is rounded half away from zero on its own line",
    "Smart Retries: eight within two weeks is published, the days are ours (1, 3, 5, 7, 9, 11, 13, 14)",
    "after the last retry the subscription is canceled; it is a setting of the account (option dunning_ends)",
    "invoice.upcoming comes seven days before a renewal; it is a setting of the account",
    "a credit for unused time is taken from what was last billed, discounts included",
    "a prorated debit takes the percentages of the subscription's discounts, not their fixed amounts",
    "taxes are rounded line by line",
    "the first tier's flat fee is due for a quantity of zero; wordings of tier lines",
    "whole units of a metered price: a fraction is rounded up",
    "a manual finalize with auto_advance is paid an hour later",
    "items of a deleted draft are pending again",
    "payment intents and charges of a test clock's customer show the clock's time",
    "balance transactions of such charges show the account's own time",
    "a test clock has at most three customers, as published for the dashboard",
    "a schedule's first invoice is collected as a later one would be: its subscription is active at once",
    "paused collection with void or mark_uncollectible acts when the invoice is finalized",
    "a quote's upfront sum holds the first period of what recurs; revisions of quotes are copies",
    "a quote that is accepted collects as a subscription or an invoice that is made by hand",
    "wordings of refusals, where the code says so or no public text was found",
)

OURS: tuple[str, ...] = (
    "an advance of a test clock is done before the next call is served: it never keeps anyone waiting",
    "a billing_cycle_anchor is taken both as an object and as the plain word of older versions",
)
