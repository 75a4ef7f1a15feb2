"""I-47: settled base amount less invoiced base amount is the realised gain; what is open is remeasured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from scenarios.checkers.days import text_of
from scenarios.checkers.exchange import Rates, by_document, homes, worth
from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import Links, about_intent, links
from scenarios.checkers.revaluation import remeasured
from scenarios.checkers.revenue import DAY, EPOCH
from scenarios.evidence.erp import ErpCreditMemo, ErpInvoice, ErpJournal, ErpReceipt, ErpRefund
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_Document = ErpInvoice | ErpCreditMemo | ErpReceipt | ErpRefund | ErpJournal
# Accounts whose base amount does not follow from the document's own rate.
_RELIEVED = frozenset({"1100", "2500", "2520", "7000", "7010"})


def check(evidence: Evidence) -> Verdict:
    """Each document stands in its entity's books at the rate of its day, one in their own currency as it
    is. One that is entered ahead of its day (its own period was closed early, and the next begins later)
    may stand at the rate of the day it was entered on: perhaps no later one was known. A receipt relieves
    the receivable at the rate of the invoice, and the difference is on 7000. At rest the receivables in base
    currency are those of the open documents. Revaluations: see `remeasured`."""
    rates, home = Rates(evidence), homes(evidence)
    known = links(evidence)
    witnesses = [
        *_at_the_days_rate(evidence, rates, home),
        *_realised(evidence, known),
        *_left_over(evidence, home),
    ]
    revalued, examined = remeasured(evidence, rates, home)
    lines = len(evidence.erp.ledger) if home else 0
    return judged("I-47", lines + examined, witnesses + revalued)


def _at_the_days_rate(evidence: Evidence, rates: Rates, home: dict[str, str]) -> Iterator[Witness]:
    in_base = by_document(evidence.erp.base_ledger)
    lines = evidence.erp.ledger
    counts: dict[tuple[str, str], int] = {}
    about = {(line.kind, line.document): line for line in lines}
    for line in lines:
        counts[line.kind, line.document] = counts.get((line.kind, line.document), 0) + 1
    names, entered = _names(evidence), _entered(evidence)
    for document, sums in by_document(lines).items():
        line = about[document]
        base = home.get(line.entity, "")
        own = line.currency == base
        days = [line.date, *([entered[document]] if entered.get(document, line.date) < line.date else ())]
        known = [Fraction(1) if own else rates.on(base, line.currency, day) for day in days]
        # Each line is rounded by itself, and the last one takes what that leaves over.
        allowed = 0 if own else counts[document]
        booked = in_base.get(document, {})
        tried = [
            [
                (account, minor, due)
                for account, minor in sums.items()
                if own or account not in _RELIEVED
                for due in [worth(minor, line.currency, base, rate)]
                if abs(booked.get(account, 0) - due) > allowed
            ]
            for rate in known
            if rate is not None
        ]
        # All of it at one rate.
        for account, minor, due in tried[0] if tried and all(tried) else ():
            is_now = booked.get(account, 0)
            said = f"{names.get(document, document[1])} stands on {account} at {major(is_now, base)}, "
            said += f"{major(minor, line.currency)} of {line.date} are {major(round(due), base)}"
            subjects = distinct(names.get(document, ""), document[1])
            yield Witness("wrong_amount", subjects, said, is_now - round(due), base)


def _realised(evidence: Evidence, known: Links) -> Iterator[Witness]:
    in_base = by_document(evidence.erp.base_ledger)
    base_of = {line.document: line.currency for line in evidence.erp.base_ledger}
    invoices = {i.id: i for i in evidence.erp.invoices}
    for receipt in evidence.erp.receipts:
        base, lines = base_of.get(receipt.id, ""), in_base.get(("customerPayment", receipt.id), {})
        if not base or base == receipt.currency or any(a.document not in invoices for a in receipt.applied):
            continue
        relieved = Fraction(0)
        for part in receipt.applied:
            invoice = invoices[part.document]
            booked = in_base.get(("invoice", invoice.id), {}).get("1100", 0)
            relieved += Fraction(booked * part.amount, invoice.total or 1)
        cash = lines.get("1010", 0) + lines.get("1050", 0) + lines.get("1000", 0)
        due = cash + lines.get("2500", 0) - relieved
        is_now = -lines.get("7000", 0)
        if abs(is_now - due) > 1 + len(receipt.applied):
            said = (
                f"{receipt.external} realises {major(is_now, base)}, should realise {major(round(due), base)}"
            )
            said += f": {major(cash, base)} for receivables of {major(round(relieved), base)}"
            subjects = about_intent(known, receipt.external)
            yield Witness("wrong_amount", subjects, said, is_now - round(due), base)


def _left_over(evidence: Evidence, home: dict[str, str]) -> Iterator[Witness]:
    """Receivables in base currency against what the open documents were booked at."""
    in_base = by_document(evidence.erp.base_ledger)
    place = {(line.kind, line.document): (line.entity, line.currency) for line in evidence.erp.ledger}
    books: dict[tuple[str, str], int] = {}
    due: dict[tuple[str, str], Fraction] = {}
    roundings: dict[tuple[str, str], int] = {}
    for document, where in place.items():
        books[where] = books.get(where, 0) + in_base.get(document, {}).get("1100", 0)
        roundings[where] = roundings.get(where, 0) + 1
    for kind, rows in (("invoice", evidence.erp.invoices), ("creditMemo", evidence.erp.credit_memos)):
        for row in rows:
            where = place.get((kind, row.id), ("", ""))
            booked = in_base.get((kind, row.id), {}).get("1100", 0)
            share = Fraction(booked * row.remaining, row.total or 1)
            due[where] = due.get(where, Fraction(0)) + share
    for (entity, currency), is_now in sorted(books.items()):
        base = home.get(entity, currency)
        should = due.get((entity, currency), Fraction(0))
        if base != currency and abs(is_now - should) > 1 + roundings[entity, currency]:
            said = f"receivables in {currency} stand at {major(is_now, base)} in the books of {entity}, "
            said += f"the open documents at {major(round(should), base)}"
            subjects = distinct("1100", currency, entity)
            yield Witness("wrong_amount", subjects, said, is_now - round(should), base)


def _entered(evidence: Evidence) -> dict[tuple[str, str], str]:
    """The day on which each document came into the ledger."""
    return {place: text_of(EPOCH + row.created_at // DAY) for place, row in _documents(evidence)}


def _names(evidence: Evidence) -> dict[tuple[str, str], str]:
    return {place: row.external for place, row in _documents(evidence)}


def _documents(evidence: Evidence) -> Iterator[tuple[tuple[str, str], _Document]]:
    erp = evidence.erp
    kinds: tuple[tuple[str, Sequence[_Document]], ...] = (
        ("invoice", erp.invoices),
        ("creditMemo", erp.credit_memos),
        ("customerPayment", erp.receipts),
        ("customerRefund", erp.refunds),
        ("journalEntry", erp.journals),
    )
    return (((kind, row.id), row) for kind, rows in kinds for row in rows)
