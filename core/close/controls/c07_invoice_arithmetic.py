"""C07: what a document's lines add up to is its total, and what is due follows from that."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument


def _sides(extract: Extract) -> Sides:
    documents = [d for d in extract.documents if d.status == "posted" and d.lines]
    lefts, rights = [], []
    for document in documents:
        left, right = _figures(document)
        lefts += left
        rights += right
    return lefts, rights


def _figures(document: BillingDocument) -> tuple[list[Entry], list[Entry]]:
    nothing = Money(0, document.total.currency)
    discount, credited = document.discount or nothing, document.credited or nothing
    shares = sum((line.discount.minor for line in document.lines if line.discount), 0)
    net = sum(line.net.minor for line in document.lines)
    tax = sum(line.tax.minor for line in document.lines)
    due = max(document.total.minor - credited.minor, 0)
    made = {
        "total": (net - discount.minor + tax, document.total),
        "discount": (shares, discount),
        "due": (due, document.due_amount),
    }
    if not shares and not discount:
        del made["discount"]
    currency = document.total.currency
    return (
        [worth((document.number, n), Money(minor, currency), (), document) for n, (minor, _) in made.items()],
        [worth((document.number, name), stated, (), document) for name, (_, stated) in made.items()],
    )


def _cause(_extract: Extract, pair: Pair) -> str:
    document = pair.lefts[0].row
    assert isinstance(document, BillingDocument)
    if pair.key[1] == "discount":
        return "discount allocation not summing"
    if pair.key[1] == "due":
        credited = document.credited.minor if document.credited else 0
        return "negative total not moved to balance" if document.total.minor < credited else ""
    # Each line can round by a minor unit against the document, and no further.
    return "rounding place (line/invoice)" if pair.size <= len(document.lines) else ""


CONTROL = Control("C07", terms("C07"), ("documents",), _sides, _cause)
