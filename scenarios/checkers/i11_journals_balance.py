"""I-11: in every posting, and in the trial balance, debits equal credits per currency."""

from __future__ import annotations

from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import links
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Sum the ledger by document and currency. A document with money but without lines is a posting
    that was lost. The trial balance is the sum of balanced postings, and is told apart only where
    a currency as a whole is off."""
    sums: dict[tuple[str, str, str], int] = {}
    whole: dict[str, int] = {}
    witnesses = []
    for line in evidence.erp.ledger:
        place = (line.kind, line.document, line.currency)
        sums[place] = sums.get(place, 0) + line.debit - line.credit
        whole[line.currency] = whole.get(line.currency, 0) + line.debit - line.credit
    documents = _documents(evidence)
    for (kind, document, currency), off in sums.items():
        if off:
            said = f"{kind} {document}: debits less credits are {major(off, currency)}, not zero"
            names = distinct(document, *documents.get(document, ((), 0, ""))[0])
            witnesses.append(Witness("wrong_amount", names, said, off, currency))
    for currency, off in whole.items():
        if off:
            said = f"the trial balance is off by {major(off, currency)}"
            witnesses.append(Witness("wrong_amount", (currency,), said, off, currency))
    posted = {line.document for line in evidence.erp.ledger}
    for document, (names, amount, currency) in documents.items():
        if amount and document not in posted:
            said = f"document {document} over {major(amount, currency)} has no posting"
            witnesses.append(Witness("lost", distinct(document, *names), said, amount, currency))
    return judged("I-11", len(sums), witnesses)


def _documents(evidence: Evidence) -> dict[str, tuple[tuple[str, ...], int, str]]:
    """Document id -> names of its transaction, amount, currency."""
    erp, key = evidence.erp, links(evidence).erp_key
    found: dict[str, tuple[tuple[str, ...], int, str]] = {}
    for i in erp.invoices:
        found[i.id] = ((i.external, key.get(i.customer, "")), i.total, i.currency)
    for m in erp.credit_memos:
        found[m.id] = ((m.external, key.get(m.customer, "")), m.total, m.currency)
    for r in erp.receipts:
        found[r.id] = ((r.external, key.get(r.customer, "")), r.amount, r.currency)
    for f in erp.refunds:
        found[f.id] = ((f.external, key.get(f.customer, "")), f.amount, f.currency)
    for j in erp.journals:
        # A journal's amount is in its lines alone; 1 says that it must have some.
        found[j.id] = ((j.external,), 1, "")
    return found
