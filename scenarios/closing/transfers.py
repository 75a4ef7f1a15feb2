"""Customers' own transfers, as bank, billing and ledger had them by a month's end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from core.close.extract import Explanation
from core.close.rows.cash import Allocation, Receipt
from scenarios.checkers.lookups import paid_back, paid_in
from scenarios.checkers.recovered import asked_again, booked
from scenarios.closing.frame import Frame, money
from scenarios.evidence.bank import BankLine
from scenarios.evidence.billing import BillingPayment

_NUMBER = re.compile(r"\bINV-?\d+\b")


def named(line: BankLine) -> tuple[str, ...]:
    """Invoices on the remittance."""
    return tuple(dict.fromkeys(_NUMBER.findall(line.text)))


def receipts(frame: Frame) -> Iterator[Receipt]:
    """What receivables made of each transfer by the end: its receipt, what came back of a write-off, and its
    deposit less what is used."""
    erp = frame.evidence.erp
    lines = paid_in(frame.evidence)
    invoices = {i.id: i for i in erp.invoices}
    billed = {i.number: i for i in frame.evidence.billing.invoices}
    payers = {p.reference: p.account for p in frame.evidence.billing.payments}
    for transfer, line in lines.items():
        mine = [r for r in erp.receipts if r.external == transfer and frame.until(r.date)]
        over = [d for d in erp.deposits if d.external == f"{transfer}-deposit" and frame.until(d.date)]
        back = dict(_came_back(frame, transfer))
        if not (mine or over or back):
            continue
        amount = sum(r.amount for r in mine) + sum(d.amount for d in over) + sum(back.values())
        parts = [part for receipt in mine for part in receipt.applied]
        asked = sum(billed[number].total for number in named(line) if number in billed)
        yield Receipt(
            id=transfer,
            customer=frame.erp_customers.get((mine or over)[0].customer, "")
            if mine or over
            else frame.accounts.get(payers.get(transfer, ""), ""),
            amount=money(amount, line.currency),
            on=date.fromisoformat(line.on),
            bank_lines=(line.id,),
            allocations=tuple(
                Allocation(invoice=invoices[p.document].external, amount=money(p.amount, line.currency))
                for p in parts
                if p.document in invoices
            )
            + tuple(
                Allocation(invoice=number, amount=money(minor, line.currency))
                for number, minor in back.items()
            ),
            unapplied=money(left, line.currency) if (left := _left(frame, transfer)) else None,
            expected=money(min(asked, amount - left), line.currency),
        )


def _came_back(frame: Frame, transfer: str) -> Iterator[tuple[str, int]]:
    """(invoice, amount) that the ledger has by the end as a recovery out of a transfer."""
    dates = {j.external: j.date for j in frame.evidence.erp.journals}
    for (of, number), entry in booked(frame.evidence).items():
        if of == transfer and frame.until(dates[f"{of}-recovered-{number}"]):
            yield number, entry.get("1000", 0)


def _left(frame: Frame, transfer: str) -> int:
    """Of its deposit, by the end."""
    erp = frame.evidence.erp
    own = [d for d in erp.deposits if d.external == f"{transfer}-deposit" and frame.until(d.date)]
    ids = {d.id for d in own}
    used = sum(u.amount for u in erp.deposit_uses if u.deposit in ids and frame.until(u.date))
    back = sum(r.amount for r in erp.refunds if r.credit_memo in ids and frame.until(r.date))
    return sum(d.amount for d in own) - used - back


def explained(frame: Frame) -> Iterator[Explanation]:
    """Money that stays on account is the customer's: an exception that has an owner and a document."""
    for transfer, line in paid_in(frame.evidence).items():
        if frame.until(line.on) and _left(frame, transfer):
            yield Explanation(
                control="C18",
                key=line.id,
                cause="overpay",
                by=f"deposit {transfer}-deposit: kept for the customer until its next invoice",
            )


def on_account(frame: Frame, payment: BillingPayment, line: BankLine) -> int:
    """What was left of a transfer in billing by the end: what a later invoice took was still there."""
    if not frame.until(line.on):
        return 0
    dates = {i.number: i.date for i in frame.evidence.billing.invoices}
    used = sum(part.amount for part in payment.applied if frame.until(dates.get(part.document, line.on)))
    lines = paid_back(frame.evidence)
    back = sum(
        refund.amount
        for refund in frame.evidence.billing.refunds
        if refund.payment == payment.number
        and refund.reference in lines
        and frame.until(lines[refund.reference].on)
    )
    return payment.amount - used - back


def events(frame: Frame) -> Iterator[tuple[str, str]]:
    """(entry, rule) that each transfer by the end calls for."""
    evidence = frame.evidence
    for transfer, line in paid_back(evidence).items():
        if frame.until(line.on):
            yield transfer, "customerRefund"
    paid = {p.reference: p for p in evidence.billing.payments}
    dates, again = {i.number: i.date for i in evidence.billing.invoices}, asked_again(evidence)
    for transfer, line in paid_in(evidence).items():
        if not frame.until(line.on) or transfer not in paid:
            continue
        own = [p for p in paid[transfer].applied if p.document in named(line)]
        parts = [p for p in paid[transfer].applied if p.document not in named(line)]
        later = [p for p in parts if p.document not in again]
        if own:
            yield transfer, "customerPayment"
        back = [p for p in parts if p.document in again]
        for part in back:
            yield f"{transfer}-recovered-{again[part.document]}", "journalEntry"
        if line.amount > sum(p.amount for p in (*own, *back)):
            yield f"{transfer}-deposit", "customerDeposit"
        for part in later:
            if frame.until(dates.get(part.document, "")):
                yield f"{transfer}-{part.document}", "depositApplication"
