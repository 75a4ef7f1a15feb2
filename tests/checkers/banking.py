"""Histories of money that comes from bank accounts: what the laws must accept and must reject."""

from dataclasses import replace

from scenarios.evidence.bank import BankLine
from scenarios.evidence.billing import Application, BillingRefund
from scenarios.evidence.erp import ErpDepositUse, ErpRefund

from .world import EUR, _posting, again, at, changed, without

_ENTRY = ("1100", 12000), ("6110", 1500), ("1010", -13500)


def entry_of_return(w, *lines, external="du_1-returned"):
    """The ledger's entry of the dispute is one of these lines instead."""
    kept = tuple(x for x in w.erp.ledger if x.document != "74")
    new = tuple(_posting("journalEntry", "74", "2026-01-25", *lines))
    w = replace(w, erp=replace(w.erp, ledger=(*kept, *new)))
    return changed(w, "erp", "journals", 2, external=external)


def debit_returned(w):
    """INV-1 was paid by a debit that the bank sent back on the 25th: it is owed again in all books."""
    w = changed(w, "payments", "charges", 0, method="sepa_debit")
    w = changed(w, "payments", "disputes", 0, status="lost", closed_at=at("2026-01-25"))
    w = changed(w, "billing", "payments", 0, applied=())
    back = BillingRefund(
        "r9", "R-9", "bACC-0001", "Processed", EUR, 12000, "du_1", "", at("2026-01-25"), "P-1"
    )
    w = replace(w, billing=replace(w.billing, refunds=(*w.billing.refunds, back)))
    w = changed(w, "billing", "invoices", 0, balance=12000, remark="Dispute du_1: returned")
    w = changed(w, "crm", "invoices", 0, balance=12000, status="Payment Failed")
    w = changed(w, "erp", "invoices", 0, remaining=12000, status="Open")
    w = changed(w, "erp", "receipts", 0, applied=(Application("74", 12000),))
    return entry_of_return(w, *_ENTRY)


def _all(*laws):
    return {law: {"a debit that came back": debit_returned} for law in laws}


SOUND = _all(
    "C21", "I-03", "I-04", "I-05", "I-06", "I-07", "I-12", "I-13", "I-18", "I-24", "I-26", "I-30", "I-46"
)


def spent(w, minor=2000):
    """The 20.00 in advance are used for INV-3 in all books."""
    w = changed(w, "billing", "payments", 1, applied=(Application("INV-3", minor),))
    w = changed(w, "billing", "payments", 1, account="bACC-0001")
    use = ErpDepositUse(
        "35", "TR1-INV-3", "11", EUR, "2026-01-28", "2026-01", "34", minor, at("2026-01-28"),
        (Application("23", minor),),
    )  # fmt: skip
    lines = tuple(_posting("depositApplication", "35", "2026-01-28", ("2520", minor), ("1100", -minor)))
    erp = replace(w.erp, deposit_uses=(use,), ledger=(*w.erp.ledger, *lines))
    w = changed(replace(w, erp=erp), "erp", "deposits", 0, unapplied=2000 - minor, customer="11")
    w = changed(w, "erp", "invoices", 2, remaining=8129 - minor)
    w = changed(w, "billing", "invoices", 2, balance=8129 - minor)
    return changed(w, "crm", "invoices", 2, balance=8129 - minor)


def paid_back(w):
    """The 20.00 in advance are transferred back in all books."""
    line = BankLine(
        "st_3", "op_1", EUR, "2026-01-29", "2026-01-29", -2000, 8622, "Company", "REFUND TR1", "", "TR2"
    )
    account = replace(w.bank.accounts[0], balance=8622)
    w = replace(w, bank=replace(w.bank, lines=(*w.bank.lines, line), accounts=(account,)))
    back = BillingRefund(
        "r8", "R-8", "bACC-0002", "Processed", EUR, 2000, "TR2", "", at("2026-01-29"), "P-TR1"
    )
    w = replace(w, billing=replace(w.billing, refunds=(*w.billing.refunds, back)))
    out = ErpRefund("36", "TR2", "12", EUR, "2026-01-29", "2026-01", 2000, "34", at("2026-01-29"))
    lines = tuple(_posting("customerRefund", "36", "2026-01-29", ("2520", 2000), ("1000", -2000)))
    erp = replace(w.erp, refunds=(*w.erp.refunds, out), ledger=(*w.erp.ledger, *lines))
    return changed(replace(w, erp=erp), "erp", "deposits", 0, unapplied=0)


_MONEY = (
    "C18",
    "C19",
    "I-03",
    "I-05",
    "I-06",
    "I-07",
    "I-11",
    "I-12",
    "I-13",
    "I-14",
    "I-18",
    "I-30",
    "I-46",
)
for _law in _MONEY:
    SOUND[_law] = {
        **SOUND.get(_law, {}),
        "money on account is used": spent,
        "money on account is paid back": paid_back,
    }
BROKEN = {
    "C18": {
        "a transfer that billing lost": lambda w: without(w, "billing", "payments", 1),
        "a transfer recorded twice": lambda w: again(w, "billing", "payments", 1),
        "a transfer that the ledger lost": lambda w: without(w, "erp", "deposits", 0),
        "a deposit of too much": lambda w: changed(w, "erp", "deposits", 0, amount=2001),
        "used in billing alone": lambda w: changed(
            w, "billing", "payments", 1, applied=(Application("INV-3", 2000),)
        ),
        "used in the ledger alone": lambda w: changed(spent(w), "billing", "payments", 1, applied=()),
        "used for another invoice": lambda w: changed(
            spent(w), "billing", "payments", 1, applied=(Application("INV-2", 2000),)
        ),
        "left over while what it names is open": lambda w: changed(w, "bank", "lines", 1, text="for INV-3"),
        "paid back, and billing does not know": lambda w: without(paid_back(w), "billing", "refunds", 1),
        "paid back, and the ledger does not know": lambda w: without(paid_back(w), "erp", "refunds", 1),
        "paid back of another's money": lambda w: changed(
            paid_back(w), "billing", "refunds", 1, payment="P-1"
        ),
        "paid back twice in billing": lambda w: again(paid_back(w), "billing", "refunds", 1),
    },
    "C21": {
        "a return booked as a dispute": lambda w: entry_of_return(
            debit_returned(w), ("1200", 12000), ("6110", 1500), ("1010", -13500), external="du_1-withdrawn"
        ),
        "a return booked as a loss": lambda w: entry_of_return(
            debit_returned(w), ("6100", 12000), ("6110", 1500), ("1010", -13500)
        ),
        "a return without its fee": lambda w: entry_of_return(
            debit_returned(w), ("1100", 12000), ("1010", -12000)
        ),
        "a return that is not booked": lambda w: without(debit_returned(w), "erp", "journals", 2),
        "a return that billing calls lost": lambda w: changed(
            debit_returned(w), "billing", "invoices", 0, remark="Dispute du_1: lost"
        ),
    },
    "I-05": {
        "a return that still pays": lambda w: changed(
            debit_returned(w), "billing", "payments", 0, applied=(Application("INV-1", 12000),)
        ),
        "a return that is not given back": lambda w: without(debit_returned(w), "billing", "refunds", 1),
        "a return given back twice": lambda w: again(debit_returned(w), "billing", "refunds", 1),
        "a return given back short": lambda w: changed(
            debit_returned(w), "billing", "refunds", 1, amount=11999
        ),
    },
    "I-06": {
        "a return that still pays in the ledger": lambda w: changed(
            debit_returned(w), "erp", "receipts", 0, applied=(Application("21", 12000),)
        ),
    },
    "I-12": {
        "a return that billing does not know": lambda w: changed(
            debit_returned(w), "billing", "invoices", 0, balance=0
        ),
    },
    "I-13": {
        "a return that is not booked": lambda w: replace(
            debit_returned(w),
            erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "74")),
        ),
    },
    "I-18": {
        "a return that sales does not see": lambda w: changed(
            debit_returned(w), "crm", "invoices", 0, status="Paid"
        ),
    },
}
