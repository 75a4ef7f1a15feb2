"""The record types, written out: how each is called in SuiteQL, in the history and in its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.netsuite.rules.records import Transaction


@dataclass(frozen=True, slots=True)
class TransactionKind:
    """code: SuiteQL `type`; prefix: of generated numbers; locked_by_ar: an AR lock stops it.

    open and done: (SuiteQL status, display name) while an amount remains and when none does.
    """

    code: str
    prefix: str
    history: str
    title: str
    locked_by_ar: bool
    open: tuple[str, str]
    done: tuple[str, str]


# Status letters as SuiteQL gives them; those of payments and refunds are unconfirmed.
TRANSACTIONS = {
    "invoice": TransactionKind(
        "CustInvc", "INV", "invoice", "Invoice", True, ("A", "Open"), ("B", "Paid In Full")
    ),
    "creditMemo": TransactionKind(
        "CustCred", "CM", "credit_memo", "Credit Memo", True, ("A", "Open"), ("B", "Fully Applied")
    ),
    "customerPayment": TransactionKind(
        "CustPymt", "PYMT", "receipt", "Payment", True, ("C", "Deposited"), ("C", "Deposited")
    ),
    "customerRefund": TransactionKind(
        "CustRfnd", "RFND", "customer_refund", "Customer Refund", True, ("B", "Approved"), ("B", "Approved")
    ),
    "journalEntry": TransactionKind(
        "Journal",
        "JE",
        "journal",
        "Journal",
        False,
        ("B", "Approved for Posting"),
        ("B", "Approved for Posting"),
    ),
}

ITEMS = {"serviceSaleItem": "Service", "nonInventorySaleItem": "NonInvtPart"}

MASTERS = ("subsidiary", "currency", "account", "term", "accountingPeriod")


def status(row: Transaction) -> tuple[str, str]:
    """(SuiteQL letter, display name) of a transaction."""
    kind = TRANSACTIONS[row.kind]
    return kind.open if row.remaining > 0 else kind.done
