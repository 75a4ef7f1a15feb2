"""C18: what customers transfer pays what it names, once, and what is over is theirs in all books."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.checkers.findings import (
    differs,
    distinct,
    escalated,
    exactly_one,
    grouped,
    major,
    totals,
    unequal,
)
from scenarios.checkers.lookups import DEAD, Links, about_invoice, excused, links, paid_back, paid_in
from scenarios.checkers.recovered import asked_again, booked, check_recovered, still_lost
from scenarios.evidence.bank import BankLine
from scenarios.evidence.billing import BillingInvoice, BillingPayment, BillingRefund
from scenarios.evidence.erp import ErpDeposit, ErpDepositUse, ErpReceipt, ErpRefund
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_NUMBER = re.compile(r"\bINV-?\d+\b")
_BACK = re.compile(r"REFUND (\S+)")


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The ledger by the bank ids, indexed once. uses: by deposit; back: given back in billing by payment;
    recovered: by transfer; again, lost: debit notes and write-offs, as `recovered` has them."""

    receipts: Mapping[str, Sequence[ErpReceipt]]
    deposits: Mapping[str, Sequence[ErpDeposit]]
    uses: Mapping[str, Sequence[ErpDepositUse]]
    refunds: Mapping[str, Sequence[ErpRefund]]
    numbers: Mapping[str, str]
    back: Mapping[str, int]
    billed: Mapping[str, BillingInvoice]
    recovered: Mapping[str, int]
    again: Mapping[str, str]
    lost: Mapping[str, tuple[str, int]]


def _ledger(evidence: Evidence) -> _Ledger:
    erp, billing = evidence.erp, evidence.billing
    return _Ledger(
        grouped(erp.receipts, lambda r: r.external),
        grouped(erp.deposits, lambda d: d.external),
        grouped(erp.deposit_uses, lambda u: u.deposit),
        grouped(erp.refunds, lambda r: r.external),
        {i.id: i.external for i in erp.invoices},
        totals((r.payment, r.amount) for r in billing.refunds if r.status not in DEAD),
        {i.number: i for i in billing.invoices},
        totals((name[0], entry.get("1000", 0)) for name, entry in booked(evidence).items()),
        asked_again(evidence),
        still_lost(evidence),
    )


def check(evidence: Evidence) -> Verdict:
    """Per transfer: one payment in billing and, in the ledger, one receipt for what it pays and one deposit
    for what is over, together, with what comes back of a write-off (P40), its amount; they pay the same
    invoices by the same amounts, as far as the money goes; what is left is the same, and the customer's.
    What was paid back is so once."""
    known, ledger = links(evidence), _ledger(evidence)
    incoming, outgoing = paid_in(evidence), paid_back(evidence)
    payments = grouped((p for p in evidence.billing.payments if p.status not in DEAD), lambda p: p.reference)
    refunds = grouped((r for r in evidence.billing.refunds if r.status not in DEAD), lambda r: r.reference)
    parked = frozenset(line.transfer for line in incoming.values() if excused(known, line.transfer))
    witnesses = check_recovered(evidence, known, parked)
    skipped = 0
    for line in incoming.values():
        if excused(known, line.transfer):
            skipped += 1
            continue
        witnesses += _applied(ledger, known, line, payments.get(line.transfer, []))
    for line in outgoing.values():
        if excused(known, line.transfer):
            skipped += 1
            continue
        witnesses += _returned(evidence, line, refunds.get(line.transfer, []))
    return judged("C18", len(incoming) + len(outgoing), witnesses, escalated(skipped))


def _applied(ledger: _Ledger, known: Links, line: BankLine, found: Sequence[BillingPayment]) -> list[Witness]:
    named = list(dict.fromkeys(_NUMBER.findall(line.text)))
    names = distinct(line.transfer, line.id, *(x for n in named for x in about_invoice(known, n)))
    what = f"transfer {line.transfer}"
    witnesses = exactly_one(f"billing payment of {what}", found, names, line.amount, line.currency)
    receipts = ledger.receipts.get(line.transfer, ())
    deposits = ledger.deposits.get(f"{line.transfer}-deposit", ())
    is_there = sum(r.amount for r in receipts) + sum(d.amount for d in deposits)
    is_there += ledger.recovered.get(line.transfer, 0)
    witnesses += unequal(f"ledger side of {what}", is_there, line.amount, line.currency, names)
    for payment in found[:1]:
        witnesses += unequal(f"billing payment of {what}", payment.amount, line.amount, line.currency, names)
        again = sum(part.amount for part in payment.applied if part.document in ledger.again)
        pays = {n: paid for n, paid in _by_number(payment, known).items() if n not in ledger.again}
        witnesses += _same(ledger, what, line, pays, receipts, deposits, names)
        witnesses += _as_named(ledger, line, named, pays, again, names)
        witnesses += _left(ledger, line, payment, receipts, deposits, names)
    return witnesses


def _by_number(payment: BillingPayment, known: Links) -> dict[str, int]:
    sums: dict[str, int] = {}
    for part in payment.applied:
        invoice = known.invoices.get(part.document)
        number = invoice.number if invoice else part.document
        sums[number] = sums.get(number, 0) + part.amount
    return sums


def _same(
    ledger: _Ledger,
    what: str,
    line: BankLine,
    pays: Mapping[str, int],
    receipts: Sequence[ErpReceipt],
    deposits: Sequence[ErpDeposit],
    names: tuple[str, ...],
) -> list[Witness]:
    """Invoice by invoice, the same in billing and in the ledger."""
    parts = [part for receipt in receipts for part in receipt.applied]
    parts += [part for d in deposits for use in ledger.uses.get(d.id, ()) for part in use.applied]
    booked: dict[str, int] = {}
    for part in parts:
        number = ledger.numbers.get(part.document, part.document)
        booked[number] = booked.get(number, 0) + part.amount
    found: list[Witness] = []
    for number in sorted({*booked, *pays}):
        said = f"what {what} pays of {number} in the ledger"
        found += unequal(said, booked.get(number, 0), pays.get(number, 0), line.currency, names)
    return found


def _as_named(
    ledger: _Ledger,
    line: BankLine,
    named: Sequence[str],
    pays: Mapping[str, int],
    again: int,
    names: tuple[str, ...],
) -> list[Witness]:
    """Money that is left while an invoice that was named is open or was given up, or spent on another, is not
    applied. again: what of it came for what was written off."""
    left = line.amount - sum(pays.get(number, 0) for number in named) - again
    found: list[Witness] = []
    for number in named:
        invoice = ledger.billed.get(number)
        if left and invoice is not None and invoice.status == "Posted" and invoice.balance:
            said = f"{number} is open by {major(invoice.balance, line.currency)}, and {line.transfer}, which "
            said += f"names it, has {major(left, line.currency)} left"
            found.append(Witness("wrong_amount", names, said, left, line.currency))
        given_up, lost = ledger.lost.get(number, ("9999", 0))
        if left > 0 < lost and line.on > given_up:
            said = f"{number} was written off and {major(lost, line.currency)} of it has not come back, and"
            said += f" {line.transfer}, which names it, has {major(left, line.currency)} left"
            found.append(Witness("wrong_amount", names, said, min(left, lost), line.currency))
    return found


def _left(
    ledger: _Ledger,
    line: BankLine,
    payment: BillingPayment,
    receipts: Sequence[ErpReceipt],
    deposits: Sequence[ErpDeposit],
    names: tuple[str, ...],
) -> list[Witness]:
    back = ledger.back.get(payment.number, 0)
    due = payment.amount - sum(part.amount for part in payment.applied) - back
    is_now = sum(r.unapplied for r in receipts) + sum(d.unapplied for d in deposits)
    what = f"what is left of {line.transfer} in the ledger"
    return unequal(what, is_now, due, line.currency, names)


def _returned(evidence: Evidence, line: BankLine, found: Sequence[BillingRefund]) -> list[Witness]:
    said = _BACK.search(line.text)
    original = said[1] if said else ""
    names = distinct(line.transfer, original, line.id)
    what = f"transfer {line.transfer}"
    booked = [r for r in evidence.erp.refunds if r.external == line.transfer]
    witnesses = exactly_one(f"billing side of {what}", found, names, -line.amount, line.currency)
    witnesses += exactly_one(f"ERP side of {what}", booked, names, -line.amount, line.currency)
    for refund in found[:1]:
        witnesses += unequal(f"billing side of {what}", refund.amount, -line.amount, line.currency, names)
        paid = {p.number: p.reference for p in evidence.billing.payments}
        of = paid.get(refund.payment, "")
        witnesses += differs(f"money that {what} gives back in billing", of, original, names)
    deposits = {d.id: d.external for d in evidence.erp.deposits}
    for out in booked[:1]:
        witnesses += unequal(f"ERP side of {what}", out.amount, -line.amount, line.currency, names)
        of = deposits.get(out.credit_memo, "").removesuffix("-deposit")
        witnesses += differs(f"money that {what} gives back in the ERP", of, original, names)
    return witnesses
