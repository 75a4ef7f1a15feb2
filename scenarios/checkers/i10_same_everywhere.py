"""I-10: amount, currency and legal entity of a fact are the same in every system."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checkers.findings import differs, distinct, major, unequal
from scenarios.checkers.lookups import Links, about_intent, about_invoice, links
from scenarios.checkers.revenue import schedule_named
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Customers: currency of CRM, billing and ERP; the entity that the CRM names bills, and is the
    subsidiary. Invoices and receipts: currency and amount of their source, so no yen in hundredths.
    Postings: in the books of the customer's entity; revenue in those of its document; a payout in those that
    took the currency in."""
    known = links(evidence)
    witnesses = [
        *_customers(evidence),
        *_amounts(evidence, known),
        *_postings(evidence, known),
        *_journals(evidence),
    ]
    examined = len(evidence.erp.customers) + len(evidence.erp.invoices) + len(evidence.erp.receipts)
    return judged("I-10", examined, witnesses)


def _customers(evidence: Evidence) -> Iterator[Witness]:
    accounts = {a.key: a for a in evidence.crm.accounts if not a.deleted}
    keys = {entity.id: entity.key for entity in evidence.erp.entities}
    for customer in evidence.erp.customers:
        account = accounts.get(customer.external)
        if account is None:
            continue  # I-17 tells of customers of nobody
        names = distinct(account.key, customer.id)
        what = f"currency of {account.key} in the ERP"
        yield from differs(what, customer.currency, account.currency, names)
        if account.entity:
            what = f"legal entity of {account.key} in the ERP"
            yield from differs(what, keys.get(customer.entity, customer.entity), account.entity, names)
    for billed in evidence.billing.accounts:
        account = accounts.get(billed.crm_account)
        if account is not None:
            names = distinct(account.key, billed.number)
            what = f"currency of {account.key} in billing"
            yield from differs(what, billed.currency, account.currency, names)
            if account.entity:
                what = f"legal entity of {account.key} in billing"
                yield from differs(what, billed.entity, account.entity, names)


def _amounts(evidence: Evidence, known: Links) -> Iterator[Witness]:
    for invoice in evidence.erp.invoices:
        source = known.invoices.get(invoice.external)
        if source is None:
            continue
        names = about_invoice(known, invoice.external)
        what = f"{invoice.external} in the ERP"
        if invoice.currency != source.currency:
            said = f"{what} is over {major(invoice.total, invoice.currency)}, "
            said += f"in billing over {major(source.total, source.currency)}"
            yield Witness("wrong_amount", names, said, invoice.total, invoice.currency)
        else:
            yield from unequal(what, invoice.total, source.total, source.currency, names)
    for receipt in evidence.erp.receipts:
        intent = known.intents.get(receipt.external)
        if intent is not None and receipt.currency != intent.currency:
            said = f"receipt {receipt.external} is over {major(receipt.amount, receipt.currency)}, "
            said += f"at the processor over {major(intent.received, intent.currency)}"
            names = about_intent(known, receipt.external)
            yield Witness("wrong_amount", names, said, receipt.amount, receipt.currency)


def _postings(evidence: Evidence, known: Links) -> Iterator[Witness]:
    erp = evidence.erp
    entity = {customer.id: customer.entity for customer in erp.customers}
    of = {
        (kind, row.id): (row.customer, row.external)
        for kind, rows in (
            ("invoice", erp.invoices),
            ("creditMemo", erp.credit_memos),
            ("customerPayment", erp.receipts),
            ("customerRefund", erp.refunds),
        )
        for row in rows
    }
    told: set[tuple[str, str]] = set()
    for line in erp.ledger:
        place = (line.kind, line.document)
        if place not in of or place in told:
            continue
        customer, external = of[place]
        if line.entity != entity.get(customer, line.entity):
            told.add(place)
            said = f"{external or line.document} is in the books of {line.entity}, its customer belongs to "
            said += entity[customer]
            names = distinct(external, known.erp_key.get(customer, ""))
            yield Witness("other", names, said, line.debit + line.credit, line.currency)


def _journals(evidence: Evidence) -> Iterator[Witness]:
    erp = evidence.erp
    names = {journal.id: journal.external for journal in erp.journals}
    documents = {(i.external, "invoice"): i.id for i in erp.invoices}
    documents |= {(m.external, "creditMemo"): m.id for m in erp.credit_memos}
    books = {(line.kind, line.document): line.entity for line in erp.ledger}
    plans = {s.external: s for s in erp.schedules if s.external}
    ids = {entity.key: entity.id for entity in erp.entities}
    takers = {currency: {ids.get(key, key)} for currency, key in evidence.conventions.entities.cashiers}
    payouts = {payout.id for payout in evidence.payments.payouts}
    for line in erp.ledger:
        if line.kind != "journalEntry":
            continue
        external = names.get(line.document, "")
        named = schedule_named(line.memo, plans)
        source = plans[named].source if named else ""
        owner = next(
            (
                books.get((kind, documents[source, kind]), "")
                for kind in ("invoice", "creditMemo")
                if (source, kind) in documents
            ),
            "",
        )
        if owner and line.entity != owner:
            yield _misplaced(line, external, f"revenue of {source} is released", owner)
        took = takers.get(line.currency, set())
        if external in payouts and line.account == "1010" and took and line.entity not in took:
            yield _misplaced(line, external, f"{external} is cleared", " or ".join(sorted(took)))


def _misplaced(line: LedgerLine, external: str, what: str, owner: str) -> Witness:
    said = f"{what} in the books of {line.entity}, should be in those of {owner}"
    return Witness("other", distinct(external, line.document), said, line.debit + line.credit, line.currency)
