"""Payments, refunds, disputes, the processor's balance, out of a run's books."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from core.close.extract import Explanation
from core.close.rows.billing import CustomerBalance
from core.close.rows.cash import (
    BalanceTransaction,
    BillingPayment,
    Charge,
    Dispute,
    Payout,
    ProcessorBalance,
    Refund,
)
from scenarios.checkers.lookups import paid_back, paid_in, returned_debits
from scenarios.closing.frame import BANK, Frame, at, money
from scenarios.closing.returns import on_account
from scenarios.closing.transfers import on_account as left_of_transfer
from scenarios.closing.transfers import receipts
from scenarios.evidence.payments import BalanceEntry
from scenarios.evidence.payments import Dispute as Called

_STATES = {"won": "won", "lost": "lost", "needs_response": "open", "under_review": "open"}
_REMARK = re.compile(r"Dispute (?P<id>\S+): (?P<state>\w+)")
# The books in which a refund stands.
_PARTS = ("processor", "credit note", "ledger")
# What the processor gives back to its own balance; the ledger books it under this name.
_RETURNED = {"payout_failure": "failed", "payout_cancel": "failed", "refund_failure": "failed"}


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    books = frame.evidence.payments
    entries = tuple(_entries(frame))
    currencies = sorted({entry.net.currency for entry in entries})
    later = sent_back_later(frame)
    return {
        "billing_payments": (*_payments(frame), *_refunds(frame), *_flags(frame)),
        "charges": tuple(_charges(frame)),
        "customer_balances": tuple(_on_account(frame)),
        "refunds": tuple(
            Refund(
                id=r.id,
                charge=r.charge,
                status="succeeded" if r.id in later else r.status,
                amount=money(r.amount, r.currency),
                on=at(r.created_at).date(),
            )
            for r in books.refunds
            if frame.came(r.created_at)
        ),
        "disputes": tuple(_dispute(frame, d) for d in books.disputes if frame.came(d.created_at)),
        "balance_transactions": entries,
        "receipts": tuple(receipts(frame)),
        "payouts": tuple(_payouts(frame)),
        "processor_balances": tuple(
            ProcessorBalance(
                processor="processor",
                available=money(sum(e.net.minor for e in entries if e.net.currency == currency), currency),
                pending=money(0, currency),
            )
            for currency in currencies
        ),
    }


def sent_back_later(frame: Frame) -> frozenset[str]:
    """Refunds that were out at the end, and came back since."""
    back = {e.source for e in frame.evidence.payments.balance if e.kind == "refund_failure"}
    return frozenset(back) - frame.refunds_back


def refunds_owed(frame: Frame) -> Iterator[Explanation]:
    """Refunds that came back and the ledger owes again: both entries stand, and so does the credit."""
    owed = {frame.documents.get(x.document, "") for x in frame.evidence.erp.ledger if x.account == "2310"}
    for refund in sorted(frame.refunds_back):
        if f"{refund}-failed" in owed:
            by = f"entry {refund}-failed: the money is with the processor again, and owed to the customer"
            found = [("C13", f"refund/{refund}", "paid in billing, none at PSP")]
            found += [("C20", f"{refund}/{part}", "failed refund") for part in _PARTS]
            yield from (Explanation(control=c, key=key, cause=cause, by=by) for c, key, cause in found)


def _charges(frame: Frame) -> Iterator[Charge]:
    invoices = {i.id: i.invoice for i in frame.evidence.payments.intents}
    for row in frame.charges:
        amount = money(row.amount, row.currency)
        yield Charge(
            id=row.id,
            reference=row.intent,
            status=row.status,
            amount=amount,
            captured=amount,
            invoice=invoices.get(row.intent, ""),
            refunded=money(row.refunded, row.currency),
        )


def _payments(frame: Frame) -> Iterator[BillingPayment]:
    """Of charges of so far, however late billing heard of them, and whatever else it had by then."""
    known = {c.intent for c in frame.charges if c.status == "succeeded"}
    moved = paid_in(frame.evidence)
    for row in frame.evidence.billing.payments:
        if row.reference in known or frame.came(row.created_at):
            yield BillingPayment(
                id=row.id,
                kind="transfer" if row.reference in moved else "payment",
                reference=row.reference,
                status="succeeded" if row.status == "Processed" else row.status.lower(),
                amount=money(row.amount, row.currency),
                invoice=row.applied[0].document if row.applied else "",
            )


def _on_account(frame: Frame) -> Iterator[CustomerBalance]:
    """What billing took in and was not told for which invoice."""
    sums: dict[tuple[str, str], int] = {}
    moved, by_card = paid_in(frame.evidence), on_account(frame)
    for row in frame.evidence.billing.payments:
        transfer = moved.get(row.reference)
        if (frame.came(row.created_at) or transfer) and row.status == "Processed":
            place = (frame.accounts.get(row.account, row.account), row.currency)
            left = left_of_transfer(frame, row, transfer) if transfer else by_card[row.id]
            sums[place] = sums.get(place, 0) + left
    for (customer, currency), minor in sorted(sums.items()):
        if minor:
            yield CustomerBalance(customer=customer, amount=money(minor, currency))


def _refunds(frame: Frame) -> Iterator[BillingPayment]:
    known = {r.id for r in frame.evidence.payments.refunds if frame.came(r.created_at)}
    backs = {d.id: d for d in returned_debits(frame.evidence).values()}
    out = paid_back(frame.evidence)
    known |= {d.id for d in backs.values() if frame.came(d.created_at)}
    for row in frame.evidence.billing.refunds:
        if row.reference in known or (frame.came(row.created_at) and row.reference):
            yield BillingPayment(
                id=row.id,
                kind="return" if row.reference in backs else "transfer" if row.reference in out else "refund",
                reference=row.reference,
                status="succeeded" if row.status == "Processed" else "failed",
                amount=money(row.amount, row.currency),
                credit_note=row.credit_note,
            )


def _flags(frame: Frame) -> Iterator[BillingPayment]:
    """What the invoices say of disputes; a word that came after the cut-off was not yet said."""
    disputes = {d.id: d for d in frame.evidence.payments.disputes if frame.came(d.created_at)}
    for invoice in frame.evidence.billing.invoices:
        said = _REMARK.fullmatch(invoice.remark)
        if said and said["id"] in disputes and said["state"] not in ("inquiry", "closed"):
            dispute = disputes[said["id"]]
            later = dispute.closed_at and not frame.came(dispute.closed_at)
            yield BillingPayment(
                id=f"{invoice.id}/{dispute.id}",
                kind="dispute",
                reference=dispute.id,
                status="open" if later else said["state"],
                amount=money(dispute.amount, dispute.currency),
                invoice=invoice.number,
            )


def _dispute(frame: Frame, row: Called) -> Dispute:
    moved = [e for e in frame.evidence.payments.balance if e.source == row.id and frame.came(e.created_at)]
    out, back = [e for e in moved if e.gross < 0], [e for e in moved if e.gross > 0]
    closed = bool(row.closed_at) and frame.came(row.closed_at)
    status = _STATES.get(row.status, "inquiry") if closed or not row.closed_at else "open"
    return Dispute(
        id=row.id,
        charge=row.charge,
        status="returned" if row.charge in returned_debits(frame.evidence) else status,
        amount=money(row.amount, row.currency),
        withdrawn=money(-sum(e.gross for e in out), row.currency),
        reinstated=money(sum(e.gross for e in back), row.currency),
        fee=money(sum(e.fee for e in out), row.currency),
        fee_returned=money(-sum(e.fee for e in back), row.currency),
    )


def _entries(frame: Frame) -> Iterator[BalanceTransaction]:
    intents = {c.id: c.intent for c in frame.evidence.payments.charges}
    disputes = {d.id for d in frame.evidence.payments.disputes}
    backs = {d.id for d in returned_debits(frame.evidence).values()}
    sent = {p.id for p in frame.evidence.payments.payouts if frame.came(p.created_at)}
    for row in frame.evidence.payments.balance:
        if frame.came(row.created_at):
            disputed = row.source in disputes
            yield BalanceTransaction(
                id=row.id,
                kind="dispute" if disputed else row.kind,
                source=row.source,
                gross=money(row.gross, row.currency),
                fee=money(row.fee, row.currency),
                net=money(row.net, row.currency),
                at=at(row.created_at),
                posting=posting_of(row, intents, backs, disputed=disputed),
                payout=row.payout if row.payout in sent else "",
            )


def posting_of(row: BalanceEntry, intents: dict[str, str], backs: set[str], *, disputed: bool) -> str:
    """The name under which the ledger books an entry of the balance. backs: disputes that are bank debits
    sent back."""
    if row.source in backs:
        return f"{row.source}-returned"
    if disputed:
        return f"{row.source}-{'won' if row.gross > 0 else 'withdrawn'}"
    name = intents.get(row.source, row.source)
    return f"{name}-{_RETURNED[row.kind]}" if row.kind in _RETURNED else name


def _payouts(frame: Frame) -> Iterator[Payout]:
    """Where one is to arrive, and under which trace, is known from its sending on."""
    back = frame.sent_back
    for row in frame.evidence.payments.payouts:
        if frame.came(row.created_at):
            arrived = row.paid_at and frame.came(row.paid_at)
            yield Payout(
                id=row.id,
                amount=money(row.amount, row.currency),
                status="failed" if row.id in back else "paid" if arrived else "in_transit",
                sent_on=at(row.created_at).date(),
                arrival_on=at(row.paid_at or row.created_at).date(),
                account=BANK,
                trace=row.id,
            )
