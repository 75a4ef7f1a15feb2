"""C21: a dispute is the same at the processor, in billing and in the ledger, through all its states."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.cash import Dispute

_RECEIVABLE, _FEES, _OWED = "1200", "6110", "1100"
_LOSS = frozenset({"6100", "2100", "2000", "4900"})


def _sides(extract: Extract) -> Sides:
    lefts: list[Entry] = []
    rights: list[Entry] = []
    known = {d.id for d in extract.disputes}
    for dispute in extract.disputes:
        lefts += _expected(dispute)
        over = _twice(extract, dispute)
        if over:
            captured, lost = over
            lefts.append(worth((dispute.id, "charge"), captured, (), dispute))
            rights.append(worth((dispute.id, "charge"), lost, (), dispute))
    rights += [
        worth((p.reference, "billing"), p.amount, (("status", p.status),), p)
        for p in extract.billing_payments
        if p.kind == "dispute"
    ]
    for line in extract.ledger:
        name = line.source if line.source in known else line.document
        if name in known:
            parts = {_RECEIVABLE: "receivable", _FEES: "fee", _OWED: "owed again"}
            part = parts.get(line.account[:4], "")
            part = part or ("loss" if line.account[:4] in _LOSS else "")
            if part:
                rights.append(worth((name, part), line.amount, (), line))
    return lefts, rights


def _expected(dispute: Dispute) -> list[Entry]:
    nothing = Money(0, dispute.amount.currency)
    out = dispute.withdrawn - dispute.reinstated
    open_ = out if dispute.status in ("open", "inquiry") else nothing
    lost = out if dispute.status == "lost" else nothing
    rows = [
        worth((dispute.id, "receivable"), open_, (), dispute),
        worth((dispute.id, "loss"), lost, (), dispute),
        worth((dispute.id, "fee"), dispute.fee - dispute.fee_returned, (), dispute),
    ]
    if dispute.returned:
        rows.append(worth((dispute.id, "owed again"), out, (), dispute))
    if dispute.status != "inquiry":
        rows.append(worth((dispute.id, "billing"), dispute.amount, (("status", dispute.status),), dispute))
    return rows


def _twice(extract: Extract, dispute: Dispute) -> tuple[Money, Money] | None:
    """What was taken, and what was refunded and disputed of it, where that is more."""
    charge = next((c for c in extract.charges if c.id == dispute.charge), None)
    out = dispute.withdrawn - dispute.reinstated
    if charge is None or not out:
        return None
    refunds = [r for r in extract.refunds if r.charge == dispute.charge and r.status == "succeeded"]
    gone = Money(sum(r.amount.minor for r in refunds) + out.minor, out.currency)
    return (charge.captured, gone) if refunds and gone.minor > charge.captured.minor else None


def _cause(_extract: Extract, pair: Pair) -> str:
    part = pair.key[1]
    if part == "charge":
        return "refund and dispute of one charge (double loss)"
    if not pair.lefts:
        return ""
    dispute = pair.lefts[0].row
    assert isinstance(dispute, Dispute)
    if part == "billing":
        lost = dispute.status == "lost"
        return "lost dispute leaves invoice paid in billing" if lost else ""
    if dispute.status == "inquiry" and part in ("loss", "receivable"):
        return "inquiry booked as loss"
    if part == "fee":
        return "fee refunded" if pair.amount < 0 and dispute.fee_returned else ""
    if part == "receivable":
        if dispute.status == "won" and pair.amount < 0:
            return "won not reinstated"
        return "withdrawn not booked" if pair.amount > 0 else ""
    return ""


CONTROL = Control(
    "C21", terms("C21"), ("disputes", "billing_payments", "ledger"), _sides, _cause, Matching.SUMS
)
