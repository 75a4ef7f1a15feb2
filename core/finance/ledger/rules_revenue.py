"""Posting rules of contracts, invoices, usage and revenue: P01 to P24."""

from __future__ import annotations

from core.finance.ledger.chart import (
    BREAKAGE,
    CREDIT_BALANCE,
    DEFERRED,
    MINIMUM_REVENUE,
    PREPAID,
    RECEIVABLE,
    REVENUE,
    TAX,
    UNBILLED,
    USAGE_REVENUE,
)
from core.finance.ledger.fact import Kind
from core.finance.ledger.policy import Breakage, Cancelled, ShortInvoices, Suspension
from core.finance.ledger.rule import Leg, Rule, given_back

_TAX = Leg(RECEIVABLE, TAX, "tax")
_DEFERRED = Leg(RECEIVABLE, DEFERRED, "net")
# Lines whose service is a month or less: earned with the invoice where the policy says so.
_SHORT = (
    Leg(RECEIVABLE, DEFERRED, "short_net", (ShortInvoices.DEFERRED,)),
    Leg(RECEIVABLE, REVENUE, "short_net", (ShortInvoices.AT_INVOICE,)),
)

RULES = (
    Rule(Kind.ORDER_BOOKED, "Order booked", no_entry="bookings are memo figures, no right to money yet"),
    Rule(Kind.INVOICE_IN_ADVANCE, "Invoice issued in advance", (_DEFERRED, *_SHORT, _TAX)),
    Rule(Kind.INVOICE_IN_ARREARS, "Invoice in arrears", (Leg(RECEIVABLE, REVENUE, "net"), _TAX)),
    Rule(Kind.REVENUE_RELEASED, "Revenue release", (Leg(DEFERRED, REVENUE, "released", signed=True),)),
    Rule(Kind.REVENUE_AHEAD_OF_BILLING, "Revenue ahead of billing", (Leg(UNBILLED, REVENUE, "excess"),)),
    Rule(
        Kind.RECOGNISED_BEFORE_BILLED,
        "Billing of an amount already recognised",
        (Leg(RECEIVABLE, UNBILLED, "asset_billed"), Leg(RECEIVABLE, DEFERRED, "rest"), _TAX),
        needs=("net", "asset"),
    ),
    Rule(Kind.USAGE_ACCRUED, "Usage accrual", (Leg(UNBILLED, USAGE_REVENUE, "rated"),)),
    Rule(
        Kind.USAGE_CORRECTED, "Late or corrected usage", (Leg(UNBILLED, USAGE_REVENUE, "delta", signed=True),)
    ),
    Rule(Kind.MINIMUM_TRUE_UP, "Minimum true-up", (Leg(RECEIVABLE, MINIMUM_REVENUE, "shortfall"), _TAX)),
    Rule(Kind.CREDITS_SOLD, "Prepaid credits sold", (Leg(RECEIVABLE, PREPAID, "net"), _TAX)),
    Rule(
        Kind.CREDITS_DRAWN,
        "Prepaid drawdown",
        (Leg(PREPAID, USAGE_REVENUE, "used"), Leg(PREPAID, BREAKAGE, "breakage", (Breakage.PRO_RATA,))),
    ),
    Rule(
        Kind.PROMOTION_USED,
        "Promotional credits used",
        no_entry="free credits are no revenue and no liability; they lower the price of what is paid",
    ),
    # Under pro rata breakage only what was not taken with use is left to expire.
    Rule(Kind.CREDITS_EXPIRED, "Credits expire", (Leg(PREPAID, BREAKAGE, "expired"),)),
    Rule(
        Kind.PRICE_ALLOCATED,
        "Allocation difference",
        (Leg("", DEFERRED, "carve", signed=True), Leg("", UNBILLED, "carve_unbilled", signed=True)),
    ),
    Rule(
        Kind.PLAN_CHANGED,
        "Upgrade or downgrade inside a period",
        (
            Leg(DEFERRED, RECEIVABLE, "unused_net"),
            Leg(TAX, RECEIVABLE, "unused_tax"),
            Leg(RECEIVABLE, DEFERRED, "new_net"),
            Leg(RECEIVABLE, TAX, "new_tax"),
            # Worked out: what is credited beyond the new charge is kept for the customer (P17).
            Leg(RECEIVABLE, CREDIT_BALANCE, "kept"),
        ),
    ),
    Rule(Kind.ADD_ON, "Add-on, co-termed stub", (_DEFERRED, _TAX)),
    Rule(
        Kind.CREDIT_KEPT,
        "Net credit kept for the customer",
        (
            Leg(DEFERRED, CREDIT_BALANCE, "unused_net"),
            *given_back(CREDIT_BALANCE, "recognised"),
            Leg(TAX, CREDIT_BALANCE, "tax"),
        ),
    ),
    Rule(Kind.RENEWED, "Renewal with uplift", (_DEFERRED, _TAX)),
    Rule(
        Kind.SUSPENDED,
        "Suspension",
        (Leg(DEFERRED, CREDIT_BALANCE, "unserved", (Suspension.CREDITS,)),),
    ),
    Rule(Kind.MODIFIED_SEPARATE, "Modification: separate contract", no_entry="nothing on the old contract"),
    Rule(
        Kind.MODIFIED_PROSPECTIVE,
        "Modification: prospective",
        no_entry="what remains of the price is spread anew; no catch-up",
    ),
    Rule(
        Kind.MODIFIED_CATCH_UP,
        "Modification: cumulative catch-up",
        (
            Leg(DEFERRED, REVENUE, "catch_up", signed=True),
            Leg(UNBILLED, REVENUE, "catch_up_unbilled", signed=True),
        ),
    ),
    Rule(
        Kind.CANCELLED_WITH_CREDIT,
        "Cancel with credit before payment",
        (
            Leg(DEFERRED, RECEIVABLE, "unused_net"),
            *given_back(RECEIVABLE, "recognised"),
            Leg(TAX, RECEIVABLE, "tax"),
        ),
    ),
    Rule(
        Kind.CANCELLED_WITHOUT_REFUND,
        "Cancel without refund",
        (Leg(DEFERRED, REVENUE, "remaining", (Cancelled.RELEASES,)),),
    ),
)
