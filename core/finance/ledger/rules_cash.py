"""Posting rules of payments, payouts, credits, refunds, write-offs and disputes: P25 to P43."""

from __future__ import annotations

from core.finance.ledger.chart import (
    ALLOWANCE,
    BAD_DEBT,
    CLEARING,
    CONTRA_REVENUE,
    CREDIT_BALANCE,
    DEFERRED,
    DISPUTE_FEES,
    DISPUTE_LOSS,
    DISPUTED,
    FEES,
    INPUT_TAX,
    REALISED,
    RECEIVABLE,
    RECOVERIES,
    REFUNDS_IN_FLIGHT,
    RESERVE,
    REVENUE,
    TAX,
    TRANSIT,
    UNAPPLIED,
)
from core.finance.ledger.fact import Cash, Kind
from core.finance.ledger.policy import DisputeLoss, TaxRelief, WriteOff
from core.finance.ledger.policy import Fees as FeesShown
from core.finance.ledger.rule import CASH, Leg, Rule, given_back


def _fee(part: str = "fee", against: str = CLEARING) -> tuple[Leg, ...]:
    return (
        Leg(FEES, against, part, (FeesShown.GROSS,)),
        Leg(REVENUE, against, part, (FeesShown.NET,)),
    )


def _credited(credit: str) -> tuple[Leg, ...]:
    return (
        *given_back(credit, "recognised"),
        Leg(DEFERRED, credit, "unrecognised"),
        Leg(TAX, credit, "tax"),
    )


RULES = (
    Rule(
        Kind.BANK_RECEIPT,
        "Payment by bank transfer",
        (
            Leg(CASH, RECEIVABLE, "matched"),
            Leg(CASH, UNAPPLIED, "unmatched"),
            Leg(UNAPPLIED, RECEIVABLE, "identified"),
        ),
        cash=Cash.BANK,
    ),
    Rule(
        Kind.CARD_PAYMENT,
        "Card payment succeeded",
        # The tax that a foreign processor does not charge: owed and recovered at once.
        (Leg(CASH, RECEIVABLE, "gross"), *_fee(against=CASH), Leg(INPUT_TAX, TAX, "reverse_charge")),
    ),
    Rule(
        Kind.PAYMENT_FAILED,
        "Payment failed; a direct debit returned after success",
        (Leg(RECEIVABLE, CASH, "returned"), *_fee("return_fee", CASH)),
        no_entry="an attempt is a log line; only what was booked and came back posts",
    ),
    Rule(Kind.OVERPAID, "Overpayment", (Leg(CASH, CREDIT_BALANCE, "excess"),), cash=Cash.BANK),
    Rule(Kind.CREDIT_APPLIED, "Credit balance applied", (Leg(CREDIT_BALANCE, RECEIVABLE, "applied"),)),
    Rule(
        Kind.PAYOUT,
        "Payout sent and received",
        (Leg(TRANSIT, CLEARING, "sent", signed=True), Leg(Cash.BANK, TRANSIT, "received", signed=True)),
    ),
    Rule(
        Kind.PROCESSOR_CONVERSION,
        "Processor converts currency",
        (
            Leg(CLEARING, CLEARING, "booked"),
            *_fee("conversion_fee"),
            Leg(REALISED, CLEARING, "rate_difference", signed=True),
        ),
    ),
    Rule(
        Kind.RESERVE,
        "Reserve withheld or released",
        (Leg(RESERVE, CLEARING, "withheld"), Leg(CLEARING, RESERVE, "released")),
    ),
    Rule(Kind.CREDIT_MEMO_OPEN, "Credit memo before payment", _credited(RECEIVABLE)),
    Rule(Kind.CREDIT_MEMO_PAID, "Credit memo after payment", _credited(CREDIT_BALANCE)),
    Rule(
        Kind.REFUND,
        "Refund",
        (*_credited(REFUNDS_IN_FLIGHT), Leg(REFUNDS_IN_FLIGHT, CASH, "settled")),
    ),
    Rule(
        Kind.REFUND_AT_OTHER_RATE,
        "Refund at another rate",
        (
            Leg(REFUNDS_IN_FLIGHT, CASH, "settled"),
            Leg(REALISED, REFUNDS_IN_FLIGHT, "rate_difference", signed=True),
        ),
    ),
    Rule(
        Kind.VOID,
        "Void of an unpaid invoice",
        # In the period of the invoice the original accounts are turned back, later it is contra revenue.
        (*_credited(RECEIVABLE), Leg(REVENUE, RECEIVABLE, "recognised_this_period")),
    ),
    Rule(Kind.ALLOWANCE_CHANGED, "Allowance change", (Leg(BAD_DEBT, ALLOWANCE, "change", signed=True),)),
    Rule(
        Kind.WRITTEN_OFF,
        "Write-off",
        (
            Leg(ALLOWANCE, RECEIVABLE, "recognised", (WriteOff.ALLOWANCE,)),
            Leg(BAD_DEBT, RECEIVABLE, "recognised", (WriteOff.DIRECT,)),
            Leg(DEFERRED, RECEIVABLE, "undelivered"),
            Leg(TAX, RECEIVABLE, "tax", (TaxRelief.RELIEF,)),
            Leg(ALLOWANCE, RECEIVABLE, "tax", (TaxRelief.NONE, WriteOff.ALLOWANCE)),
            Leg(BAD_DEBT, RECEIVABLE, "tax", (TaxRelief.NONE, WriteOff.DIRECT)),
        ),
    ),
    Rule(
        Kind.RECOVERED,
        "Recovery after write-off",
        (Leg(CASH, RECOVERIES, "recognised"), Leg(CASH, REVENUE, "served_since"), Leg(CASH, TAX, "tax")),
    ),
    Rule(
        Kind.DISPUTE_OPENED,
        "Dispute: funds withdrawn",
        (
            Leg(DISPUTED, CLEARING, "amount"),
            Leg(DISPUTE_FEES, CLEARING, "fee"),
            Leg(REALISED, CLEARING, "rate_difference", signed=True),
        ),
    ),
    Rule(
        Kind.DISPUTE_WON,
        "Dispute won",
        (
            Leg(CLEARING, DISPUTED, "amount"),
            Leg(CLEARING, DISPUTE_FEES, "fee_returned"),
            Leg(CLEARING, REALISED, "rate_difference", signed=True),
        ),
    ),
    Rule(
        Kind.DISPUTE_LOST,
        "Dispute lost",
        (
            Leg(DISPUTE_LOSS, DISPUTED, "delivered", (DisputeLoss.EXPENSE,)),
            Leg(CONTRA_REVENUE, DISPUTED, "delivered", (DisputeLoss.CONTRA,)),
            Leg(DEFERRED, DISPUTED, "undelivered"),
            Leg(TAX, DISPUTED, "tax"),
        ),
    ),
)
