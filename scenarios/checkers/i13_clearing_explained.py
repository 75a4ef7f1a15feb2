"""I-13: every clearing account is zero, or exactly its explained open items."""

from __future__ import annotations

from scenarios.checkers.findings import distinct, escalated, major, unequal
from scenarios.checkers.lookups import RETURNED_KINDS, Links, excused, invoice_keys, ledger_totals, links
from scenarios.evidence import Evidence, Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """1010 = Σ gross of the processor's entries not in a paid payout; 1020 = 0. (2500 is tied out
    with the receivables, in I-12.) An escalated receipt, refund or payout is an explained item."""
    known = links(evidence)
    paid = {p.id for p in evidence.payments.payouts if p.status == "paid"}
    erp = evidence.erp
    posted = {r.external for r in erp.receipts} | {r.external for r in erp.refunds}
    posted |= {j.external for j in erp.journals}
    sources = _sources(evidence)
    due: dict[str, int] = {}
    open_items: dict[str, list[str]] = {}
    skipped = 0
    for entry in evidence.payments.balance:
        if entry.kind == "payout":
            continue
        name = sources.get(entry.source, entry.source)
        received = _received(name, posted, known)
        skipped += not received
        cleared = entry.payout in paid and (entry.payout in posted or not excused(known, entry.payout))
        # What a failed payout brought back had never left 1010; only the next payout clears it.
        received = received and entry.kind not in RETURNED_KINDS
        amount = (entry.gross if received else 0) - (entry.gross if cleared else 0)
        due[entry.currency] = due.get(entry.currency, 0) + amount
        if amount:
            open_items.setdefault(entry.currency, []).append(name)
    witnesses: list[Witness] = []
    booked = ledger_totals(evidence, "1010")
    for currency in sorted({**booked, **due}):
        names = distinct("1010", currency, *open_items.get(currency, []))
        what = f"processor clearing in {currency}"
        witnesses += unequal(what, booked.get(currency, 0), due.get(currency, 0), currency, names)
    for currency, amount in ledger_totals(evidence, "1020").items():
        if amount:
            said = f"payouts in transit hold {major(amount, currency)} at rest, should be zero"
            witnesses.append(Witness("other", ("1020", currency), said, amount, currency))
    examined = len(evidence.payments.balance) + sum(x.account == "1010" for x in evidence.erp.ledger)
    return judged("I-13", examined, witnesses, escalated(skipped))


def _sources(evidence: Evidence) -> dict[str, str]:
    """Charge -> intent, under which the ERP knows it; a refund keeps its own name."""
    return {charge.id: charge.intent for charge in evidence.payments.charges}


def _received(name: str, posted: set[str], known: Links) -> bool:
    """False only for what waits for a human and therefore is rightly not in the ERP."""
    if name in posted:
        return True
    intent = known.intents.get(name)
    keys = (name, *(invoice_keys(known, intent.invoice) if intent else ()))
    return not excused(known, *keys)
