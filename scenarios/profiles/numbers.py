"""The numbers that a profile has: where each stands in its file, and in which range it must lie."""

from __future__ import annotations

# field: (table, key, lowest, highest)
NUMBERS: dict[str, tuple[str, str, float, float]] = {
    "customers": ("", "customers", 1, 100_000),
    "months": ("", "months", 1, 60),
    "base_share": ("start", "base_share", 0, 1),
    "evergreen": ("terms", "evergreen", 0, 1),
    "annual": ("terms", "annual", 0, 1),
    "multi_year": ("terms", "multi_year", 0, 1),
    "monthly_share": ("billing", "monthly_share", 0, 1),
    "card_share": ("payment", "card_share", 0, 1),
    "failed_card": ("payment", "failed_card", 0, 1),
    "recovered": ("payment", "recovered", 0, 1),
    "dispute": ("payment", "dispute", 0, 1),
    "dispute_won": ("payment", "dispute_won", 0, 1),
    "refund_returned": ("payment", "refund_returned", 0, 1),
    "payout_returned": ("payment", "payout_returned", 0, 1),
    # After the day due; 0: nothing is ever written off.
    "write_off_days": ("payment", "write_off_days", 0, 365),
    "pay_days_median": ("payment", "pay_days_median", 1, 365),
    "pay_days_p95": ("payment", "pay_days_p95", 1, 730),
    "never_pays": ("payment", "never_pays", 0, 1),
    # Of those who pay on an invoice, who lets it be debited; of such payments, which come back later.
    "debit_share": ("payment", "debit_share", 0, 1),
    "debit_returned": ("payment", "debit_returned", 0, 1),
    # Of those who pay on an invoice, who transfers money to our bank; of such payments, how many are too
    # little, too much, or for several invoices.
    "transfer_share": ("payment", "transfer_share", 0, 1),
    "transfer_apart": ("payment", "transfer_apart", 0, 1),
    **{
        name: ("events", name, 0, 0.5)
        for name in ("upgrade", "downgrade", "add_on", "co_term", "quantity_change", "cancel", "refund")
    },
    "renewed": ("renewal", "renewed", 0, 1),
    "uplift_mean": ("renewal", "uplift_mean", 0, 0.5),
    "seats_median": ("seats", "median", 1, 100_000),
    "seats_p95": ("seats", "p95", 1, 1_000_000),
}
# The same, of the table "usage"; all or none of them.
USAGE: dict[str, tuple[str, str, float, float]] = {
    "usage_share": ("usage", "share", 0, 1),
    "usage_events": ("usage", "events", 0, 1000),
    "usage_median": ("usage", "median", 1, 1_000_000),
    "usage_p95": ("usage", "p95", 2, 10_000_000),
    "usage_late": ("usage", "late", 0, 1),
    "usage_twice": ("usage", "twice", 0, 1),
}
# The same, of the table "bundles".
BUNDLES: dict[str, tuple[str, str, float, float]] = {
    "bundle_share": ("bundles", "share", 0, 1),
    "onboarding_off": ("bundles", "onboarding_off", 0, 1),
    "deliver_median": ("bundles", "deliver_median", 1, 365),
    "deliver_p95": ("bundles", "deliver_p95", 2, 730),
}
WHOLE = frozenset({"customers", "months", "usage_events"})
# What a profile need not say: the figures of an ordinary company (finance parameters, group "disputes";
# shares of what banks send back are ours).
DEFAULTS: dict[str, float] = {
    "dispute": 0.0015,
    "dispute_won": 0.38,
    "refund_returned": 0.01,
    "payout_returned": 0.002,
    "write_off_days": 0,
    "debit_share": 0,
    "debit_returned": 0,
    "transfer_share": 0,
    "transfer_apart": 0,
}
