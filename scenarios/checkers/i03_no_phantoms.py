"""I-03: nothing stands in ERP, tax, payments or CRM without the billing or payment fact it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scenarios.checkers.findings import major
from scenarios.checkers.lookups import (
    Links,
    about_intent,
    about_invoice,
    about_note,
    captures,
    links,
    paid_back,
    paid_in,
    returned_debits,
)
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

FINAL = frozenset({"Posted", "Reversed"})


@dataclass(frozen=True, slots=True)
class _Fact:
    """An object, the source it names, and whether there is one. tell(known, about, *own) collects the
    names of its story, which costs too much to do for every sound object."""

    what: str
    source: str
    has: bool
    amount: int
    currency: str
    tell: Callable[..., tuple[str, ...]]
    about: str
    own: tuple[str, ...]


def check(evidence: Evidence) -> Verdict:
    """Follow each object's link back to its source; a link that ends nowhere is an orphan.

    A committed tax document needs a final document; two live ones of one source are a duplicate.
    """
    known = links(evidence)
    facts = [
        *_erp(evidence, known),
        *_tax(evidence, known),
        *_payments(evidence, known),
        *_mirrors(evidence, known),
    ]
    witnesses = []
    for fact in (f for f in facts if not f.has):
        said = f"{fact.what} over {major(fact.amount, fact.currency)} has no source "
        said += fact.source or "(blank)"
        names = fact.tell(known, fact.about, *fact.own)
        witnesses.append(Witness("orphaned", names, said, fact.amount, fact.currency))
    return judged("I-03", len(facts), witnesses + _taxed_twice(evidence, known))


def _final(known: Links, number: str) -> bool:
    document = known.invoices.get(number) or known.credit_notes.get(number)
    return document is not None and document.number == number and document.status in FINAL


def _erp(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    paid, refunded = _money_facts(evidence)
    for i in evidence.erp.invoices:
        has, name = _final(known, i.external), f"ERP invoice {i.id}"
        yield _Fact(name, i.external, has, i.total, i.currency, about_invoice, i.external, (i.id,))
    for m in evidence.erp.credit_memos:
        has, name = _final(known, m.external), f"ERP credit memo {m.id}"
        yield _Fact(name, m.external, has, m.total, m.currency, about_note, m.external, (m.id,))
    for r in evidence.erp.receipts:
        has, name = r.external in paid, f"ERP receipt {r.id}"
        yield _Fact(name, r.external, has, r.amount, r.currency, about_intent, r.external, (r.id,))
    for d in evidence.erp.deposits:
        source = d.external.removesuffix("-deposit")
        has, name = source in paid, f"ERP deposit {d.id}"
        yield _Fact(name, source, has, d.amount, d.currency, about_intent, source, (d.id,))
    for f in evidence.erp.refunds:
        has, name = f.external in refunded, f"ERP refund {f.id}"
        own = (f.id, known.erp_key.get(f.customer, ""))
        yield _Fact(name, f.external, has, f.amount, f.currency, about_intent, f.external, own)


def _tax(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    for d in evidence.tax.documents:
        if d.status in {"Cancelled", "Adjusted"}:
            continue
        sale = d.kind == "SalesInvoice"
        has = d.code in (known.invoices if sale else known.credit_notes)
        has = has and (d.status != "Committed" or _final(known, d.code))
        name, tell = f"{d.kind} {d.code}, {d.status}", about_invoice if sale else about_note
        yield _Fact(name, d.code, has, d.tax, d.currency, tell, d.code, (d.id,))


def _payments(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    for i in (i for i in evidence.payments.intents if i.status != "canceled"):
        has, name = i.invoice in known.invoices, f"payment intent {i.id}"
        yield _Fact(name, i.invoice, has, i.amount, i.currency, about_intent, i.id, ())
    for c in evidence.payments.charges:
        has, name = c.intent in known.intents, f"charge {c.id}"
        yield _Fact(name, c.intent, has, c.amount, c.currency, about_intent, c.intent, (c.id,))


def _mirrors(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    paid, refunded = _money_facts(evidence)
    for i in evidence.crm.invoices:
        has, name = _final(known, i.number), f"CRM invoice {i.id}"
        yield _Fact(name, i.number, has, i.total, i.currency, about_invoice, i.number, (i.id,))
    for p in evidence.billing.payments:
        has, name = p.reference in paid, f"payment {p.number}"
        yield _Fact(name, p.reference, has, p.amount, p.currency, about_intent, p.reference, (p.number,))
    for r in evidence.billing.refunds:
        has, name = r.reference in refunded, f"refund {r.number}"
        own = (r.number, r.reference)
        yield _Fact(name, r.reference, has, r.amount, r.currency, about_note, r.credit_note, own)


def _money_facts(evidence: Evidence) -> tuple[frozenset[str], frozenset[str]]:
    """Intents and transfers that brought money; what gave it back: refunds, also where the bank sent them
    back again, debits that came back, transfers out."""
    refunds = evidence.payments.refunds
    taken = frozenset(charge.intent for charge in captures(evidence))
    given = frozenset(r.id for r in refunds if r.status in {"succeeded", "failed"})
    taken |= frozenset(paid_in(evidence))
    return taken, given | frozenset(paid_back(evidence)) | frozenset(
        back.id for back in returned_debits(evidence).values()
    )


def _taxed_twice(evidence: Evidence, known: Links) -> list[Witness]:
    found = []
    seen: dict[tuple[str, str], str] = {}
    for d in evidence.tax.documents:
        if d.status != "Committed":
            continue
        first = seen.setdefault((d.code, d.kind), d.id)
        if first != d.id:
            said = f"{d.kind} {d.code} is committed twice, {major(d.tax, d.currency)} too much tax"
            names = about_invoice(known, d.code, first, d.id)
            found.append(Witness("duplicated", names, said, d.tax, d.currency))
    return found
