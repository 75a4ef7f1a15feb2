"""Accounts that cash entries touch, by number of the chart, and entries written as signed amounts."""

from __future__ import annotations

from core.canonical.erp import JournalLine
from core.canonical.money import Money

BANK, CLEARING, TRANSIT = "1000", "1010", "1020"
RECEIVABLE, ALLOWANCE = "1100", "1110"
DISPUTED, RESERVE = "1200", "1210"
TAX, DEFERRED = "2000", "2100"
CREDIT_BALANCE, REFUNDS_PAYABLE, UNAPPLIED = "2200", "2310", "2500"
REVENUE, CONTRA_REVENUE = "4000", "4900"
FEES, DISPUTE_LOSSES, DISPUTE_FEES = "6000", "6100", "6110"
BAD_DEBT, RECOVERIES = "6200", "6210"

# (account, minor units: a debit is positive, memo)
Posting = tuple[str, int, str]


def lines(currency: str, *postings: Posting) -> tuple[JournalLine, ...]:
    """Journal lines of signed postings; what is nothing has no line. ValueError if they do not balance."""
    balance = sum(minor for _, minor, _ in postings)
    if balance:
        raise ValueError(f"postings: debits exceed credits by {balance} minor units of {currency}")
    nothing = Money(0, currency)
    return tuple(
        JournalLine(
            account,
            Money(minor, currency) if minor > 0 else nothing,
            Money(-minor, currency) if minor < 0 else nothing,
            memo,
        )
        for account, minor, memo in postings
        if minor
    )
