"""C20: a refund is the same in billing, at the processor, in its credit note and in the ledger."""

from __future__ import annotations

from fractions import Fraction

from core.canonical.money import Money
from core.close.control import Amount, Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up
from core.close.rows.billing import BillingDocument
from core.close.rows.cash import Refund

_IN_FLIGHT, _CLEARING = "2310", "1010"
_WITHIN = (("of charge", "within what was paid"),)


def _sides(extract: Extract) -> Sides:
    paid = {c.id: c.captured.minor for c in extract.charges}
    good = [r for r in extract.refunds if r.status == "succeeded"]
    notes = [d for d in extract.documents if d.kind == "credit" and d.refund and d.status == "posted"]
    lefts = [
        worth((p.reference or p.id, "processor"), p.amount, _WITHIN, p)
        for p in extract.billing_payments
        if p.kind == "refund" and p.status != "failed"
    ]
    rights: list[Entry] = []
    given: dict[str, int] = {}
    for refund in good:
        given[refund.charge] = given.get(refund.charge, 0) + refund.amount.minor
        over = given[refund.charge] > paid.get(refund.charge, given[refund.charge])
        facts = (("of charge", "more than was paid"),) if over else _WITHIN
        rights.append(worth((refund.id, "processor"), refund.amount, facts, refund))
    lefts += [worth((r.id, "credit note"), r.amount, (), r) for r in good]
    rights += [worth((d.refund, "credit note"), d.total, (), d) for d in notes]
    lefts += [worth((r.id, "ledger"), r.amount, (), r) for r in good]
    rights += _ledger(extract)
    invoices = {d.number: d for d in extract.documents if d.kind == "invoice"}
    taxed = [d for d in notes if d.original in invoices and invoices[d.original].total]
    lefts += [worth((d.refund, "tax"), _share(d, invoices[d.original]), (), d) for d in taxed]
    rights += [worth((d.refund, "tax"), d.tax, (), d) for d in taxed]
    return lefts, rights


def _ledger(extract: Extract) -> list[Entry]:
    """Money out by refund: what was taken into refunds payable, or where that is not used, left clearing."""
    refunds = {r.id for r in extract.refunds}
    sums: dict[tuple[str, str, str], int] = {}
    for line in extract.ledger:
        if line.source in refunds and line.account[:4] in (_IN_FLIGHT, _CLEARING) and line.amount.minor < 0:
            key = (line.source, line.account[:4], line.amount.currency)
            sums[key] = sums.get(key, 0) - line.amount.minor
    flights = {source for source, account, _ in sums if account == _IN_FLIGHT}
    return [
        worth((source, "ledger"), Money(minor, currency))
        for (source, account, currency), minor in sums.items()
        if account == _IN_FLIGHT or source not in flights
    ]


def _share(note: BillingDocument, invoice: BillingDocument) -> Money:
    """Tax of the invoice in proportion to what is given back of it."""
    exact = Fraction(invoice.tax.minor * note.total.minor, invoice.total.minor)
    return Money(half_up(exact), note.total.currency)


def _cause(extract: Extract, pair: Pair) -> str:
    refund, part = pair.key
    failed = any(r.id == refund and r.status != "succeeded" for r in extract.refunds)
    if failed and not (pair.lefts and pair.rights):
        return "failed refund"
    if part == "credit note":
        if not pair.rights:
            return "refund without credit note"
        return "" if pair.lefts else "credit note without refund"
    if part == "ledger":
        return "cumulative event booked as increment" if _cumulative(extract, pair) else ""
    if part == "tax":
        return "tax not reversed" if pair.amount > 0 else ""
    return "refund > paid" if "of charge" in pair.apart else ""


def _cumulative(extract: Extract, pair: Pair) -> bool:
    """Whether the ledger has what had been refunded of the charge so far, in place of this refund."""
    if not pair.lefts or not pair.rights:
        return False
    refund = pair.lefts[0].row
    assert isinstance(refund, Refund)
    so_far = 0
    for other in extract.refunds:
        if other.charge == refund.charge and other.status == "succeeded":
            so_far += other.amount.minor
            if other.id == refund.id:
                break
    return so_far != refund.amount.minor and pair.right == so_far


def _allowed(_extract: Extract, pair: Pair) -> Amount:
    # Net and tax of a part are rounded apart.
    return 1 if pair.key[1] == "tax" else 0


CONTROL = Control(
    "C20",
    terms("C20"),
    ("billing_payments", "refunds", "documents", "ledger"),
    _sides,
    _cause,
    allowed=_allowed,
)
