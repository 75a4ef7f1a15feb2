"""C13: billing's payments, refunds and disputes are the processor's."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.cash import Charge


def _sides(extract: Extract) -> Sides:
    lefts = [
        worth((p.kind, p.reference or p.id), p.amount, (("status", p.status),), p)
        for p in extract.billing_payments
        if p.status != "failed" and p.kind != "transfer"  # into the bank, where no processor is
    ]
    rights = [
        _entry("payment", c.reference or c.id, c.captured, "succeeded", c)
        for c in extract.charges
        if c.status == "succeeded"
    ]
    rights += [
        _entry("refund", r.id, r.amount, "succeeded", r) for r in extract.refunds if r.status == "succeeded"
    ]
    rights += [_entry("return", d.id, d.withdrawn, "succeeded", d) for d in extract.disputes if d.returned]
    rights += [_entry("dispute", d.id, d.amount, "", d) for d in extract.disputes if d.status != "inquiry"]
    return lefts, rights


def _entry(kind: str, reference: str, amount: Money, status: str, row: object) -> Entry:
    # What became of a dispute is C21's.
    return worth((kind, reference), amount, (("status", status),) if status else (), row)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.rights:
        return "paid in billing, none at PSP"
    if len(pair.rights) > 1:
        return "double charge"
    row = pair.rights[0].row
    if not pair.lefts:
        return "double charge" if _second(extract, row) else "paid at PSP, open in billing (webhook lost)"
    if "status" in pair.apart:
        return "status moved backward by late webhook"
    if isinstance(row, Charge) and row.captured.minor < row.amount.minor:
        return "partial capture"
    return "another amount recorded" if pair.amount and not pair.mixed else ""


def _second(extract: Extract, row: object) -> bool:
    """Whether billing has another payment for the same invoice or attempt."""
    if not isinstance(row, Charge):
        return False
    recorded = {p.reference for p in extract.billing_payments if p.kind == "payment"}
    return any(
        (row.invoice and c.invoice == row.invoice) or (row.key and c.key == row.key)
        for c in extract.charges
        if c.id != row.id and c.status == "succeeded" and (c.reference or c.id) in recorded
    )


CONTROL = Control("C13", terms("C13"), ("billing_payments", "charges"), _sides, _cause)
