"""The record types, written out: how each is called in SuiteQL, in the history and in its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.netsuite.rules.records import Transaction


@dataclass(frozen=True, slots=True)
class TransactionKind:
    """code: SuiteQL `type`; prefix: of generated numbers; locked_by_ar: an AR lock stops it.

    open and done: (status letter, display name) while an amount remains and when none does; posts:
    it has ledger lines; approved: it may have to wait for approval; numbered: numbers must not repeat.
    """

    code: str
    prefix: str
    history: str
    title: str
    locked_by_ar: bool
    open: tuple[str, str]
    done: tuple[str, str]
    posts: bool = True
    approved: bool = False
    numbered: bool = True


_APPROVED = ("B", "Approved for Posting")
# Letters as the REST catalogue lists them; those of refunds, deposits and applications are unconfirmed.
TRANSACTIONS = {
    "invoice": TransactionKind(
        "CustInvc", "INV", "invoice", "Invoice", True, ("A", "Open"), ("B", "Paid In Full"), approved=True
    ),
    "creditMemo": TransactionKind(
        "CustCred", "CM", "credit_memo", "Credit Memo", True, ("A", "Open"), ("B", "Fully Applied")
    ),
    "customerPayment": TransactionKind(
        "CustPymt", "PYMT", "receipt", "Payment", True, ("C", "Deposited"), ("C", "Deposited")
    ),
    "customerRefund": TransactionKind(
        "CustRfnd", "RFND", "customer_refund", "Customer Refund", True, ("B", "Approved"), ("B", "Approved"),
        numbered=False,
    ),
    "journalEntry": TransactionKind(
        "Journal", "JE", "journal", "Journal", False, _APPROVED, _APPROVED, approved=True
    ),
    "salesOrder": TransactionKind(
        "SalesOrd", "SO", "sales_order", "Sales Order", False, ("F", "Pending Billing"), ("G", "Billed"),
        posts=False,
    ),
    "cashSale": TransactionKind(
        "CashSale", "CS", "cash_sale", "Cash Sale", True, ("C", "Deposited"), ("C", "Deposited")
    ),
    "customerDeposit": TransactionKind(
        "CustDep", "CD", "customer_deposit", "Customer Deposit", True, ("B", "Deposited"),
        ("C", "Fully Applied"),
    ),
    "depositApplication": TransactionKind(
        "DepAppl", "DA", "deposit_application", "Deposit Application", True, ("A", "Applied"),
        ("A", "Applied"),
    ),
    "deposit": TransactionKind(
        "Deposit", "DEP", "bank_deposit", "Deposit", False, ("A", "Deposited"), ("A", "Deposited")
    ),
}  # fmt: skip

ITEMS = {
    "serviceSaleItem": "Service",
    "nonInventorySaleItem": "NonInvtPart",
    "inventoryItem": "InvtPart",
    "discountItem": "Discount",
    "otherChargeSaleItem": "OthCharge",
}

PENDING, REJECTED = ("D", "Pending Approval"), ("E", "Rejected")
_UNDEPOSITED = {
    "customerPayment": ("B", "Not Deposited"),
    "customerDeposit": ("A", "Not Deposited"),
    "cashSale": ("B", "Not Deposited"),
}
# Sales orders by the status they were given, and else by how far they are billed.
ORDER_STATUS = {
    "A": "Pending Approval",
    "B": "Pending Fulfillment",
    "C": "Cancelled",
    "H": "Closed",
}
ORDERS = {
    "A": ("A", "Pending Approval"),
    "C": ("C", "Cancelled"),
    "H": ("H", "Closed"),
}
_BILLED = {
    "": ("F", "Pending Billing"),
    "part": ("E", "Pending Billing/Partially Fulfilled"),
    "full": ("G", "Billed"),
}


def status(row: Transaction) -> tuple[str, str]:
    """(status letter, display name) of a transaction."""
    kind = TRANSACTIONS[row.kind]
    if row.kind == "salesOrder":
        return ORDERS.get(row.order) or _BILLED[row.progress]
    if row.state == "1":
        return ("A", "Pending Approval") if row.kind == "journalEntry" else PENDING
    if row.state == "3":
        return ("C", "Rejected") if row.kind == "journalEntry" else REJECTED
    if row.undeposited and not row.banked and not (row.kind == "customerDeposit" and not row.remaining):
        return _UNDEPOSITED[row.kind]
    return kind.open if row.remaining > 0 else kind.done
