"""F3: what is sold is taxed under the code that the company's catalogue has for it, wherever it is sold."""

from __future__ import annotations

from scenarios.checkers.findings import differs
from scenarios.checkers.lookups import about_invoice, about_note, links
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Each line of a committed document of the tax engine, by its item. A wrong code often gives the right
    tax, until an authority looks at what was declared under it. A product whose code the catalogue leaves
    open, and a line without a product, decide nothing."""
    due = {product.sku: product.tax_code for product in evidence.billing.products}
    known = links(evidence)
    witnesses: list[Witness] = []
    examined = 0
    for document in evidence.tax.documents:
        if document.status != "Committed":
            continue
        about = about_note if document.kind == "ReturnInvoice" else about_invoice
        for line in document.lines:
            if line.item not in due:
                continue
            examined += 1
            if line.tax_code != due[line.item]:
                what = f"tax code of {line.item} in {document.kind} {document.code}"
                witnesses += differs(what, line.tax_code, due[line.item], about(known, document.code))
    return judged("F3", examined, witnesses)
