"""Bank debits that came back: what their payment paid before, and what it pays since, by a month's end."""

from __future__ import annotations

from scenarios.checkers.lookups import returned_debits
from scenarios.closing.frame import Frame
from scenarios.evidence.erp import ErpJournal, ErpReceipt
from scenarios.evidence.payments import Dispute
from scenarios.evidence.run import Evidence


def backs(evidence: Evidence) -> dict[str, Dispute]:
    """By the payment intent, under which billing and ledger know the money."""
    return {back.intent: back for back in returned_debits(evidence).values()}


def journals(evidence: Evidence) -> dict[str, ErpJournal]:
    """The ledger's entry of each, by the id of what the processor calls a dispute."""
    known = {back.id for back in backs(evidence).values()}
    named = {j.external.removesuffix("-returned"): j for j in evidence.erp.journals}
    return {id_: journal for id_, journal in named.items() if id_ in known}


def puts(frame: Frame) -> dict[str, list[tuple[str, int]]]:
    """What each receipt was put against by the end, by the receipt's id: (document, amount)."""
    known, entries = backs(frame.evidence), journals(frame.evidence)
    ids = {i.external: i.id for i in frame.evidence.erp.invoices}
    invoices = {i.id: i.invoice for i in frame.evidence.payments.intents}
    found = {}
    for receipt in frame.evidence.erp.receipts:
        parts = [(part.document, part.amount) for part in receipt.applied]
        entry = entries.get(known[receipt.external].id) if receipt.external in known else None
        if entry is not None and not frame.until(entry.date):
            parts = [(ids.get(invoices.get(receipt.external, ""), ""), amount) for _, amount in parts]
        found[receipt.id] = parts
    return found


def owed_again(frame: Frame) -> list[tuple[ErpJournal, int]]:
    """The entries with what they take from receivables, which is what the receipt is put against them by."""
    entries = {journal.id: journal for journal in journals(frame.evidence).values()}
    parts = [part for receipt in frame.evidence.erp.receipts for part in receipt.applied]
    return [(entries[part.document], part.amount) for part in parts if part.document in entries]


def on_account(frame: Frame) -> dict[str, int]:
    """What each payment in billing paid for no invoice by the end, by its id."""
    back = backs(frame.evidence)
    return {
        payment.id: 0
        if payment.reference in back
        else payment.amount - sum(part.amount for part in payment.applied)
        for payment in frame.evidence.billing.payments
    }


def applied(receipt: ErpReceipt) -> int:
    """All that a receipt is put against."""
    return sum(part.amount for part in receipt.applied)
