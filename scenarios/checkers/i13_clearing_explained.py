"""I-13: every clearing account is zero, or exactly its explained open items."""

from __future__ import annotations

from scenarios.checkers.findings import distinct, escalated, major, totals, unequal
from scenarios.checkers.lookups import (
    REFUND_RETURNS,
    RETURNED_KINDS,
    Links,
    excused,
    invoice_keys,
    ledger_totals,
    links,
    payouts_sent,
    refunds_made,
)
from scenarios.evidence.payments import BalanceEntry
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """1010 = Σ of the processor's entries not in a payout that was sent, gross, of disputes net; 1020 = 0;
    2310 = Σ refunds that came back. (2500 is tied out with the receivables, in I-12.) An escalated
    receipt, refund, dispute or payout is an explained item."""
    known = links(evidence)
    paid = {p.id for p in payouts_sent(evidence)}
    disputes = {d.id for d in evidence.payments.disputes}
    backs = {d.id for d in known.returned.values()}
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
        name = f"{entry.source}-returned" if entry.source in backs else _name(entry, sources, disputes)
        received = _received(name, posted, known)
        skipped += not received
        cleared = entry.payout in paid and (entry.payout in posted or not excused(known, entry.payout))
        if entry.kind in RETURNED_KINDS and entry.source not in paid:
            received = False  # it never left 1010; only the next payout clears it
        moved = entry.gross - (entry.fee if entry.source in disputes else 0)
        amount = (moved if received else 0) - (moved if cleared else 0)
        due[entry.currency] = due.get(entry.currency, 0) + amount
        if amount:
            open_items.setdefault(entry.currency, []).append(name)
    witnesses: list[Witness] = []
    booked = ledger_totals(evidence, "1010")
    for currency in sorted({**booked, **due}):
        names = distinct("1010", currency, *open_items.get(currency, []))
        what = f"processor clearing in {currency}"
        witnesses += unequal(what, booked.get(currency, 0), due.get(currency, 0), currency, names)
    witnesses += _owed_again(evidence, known)
    for currency, amount in ledger_totals(evidence, "1020").items():
        if amount:
            said = f"payouts in transit hold {major(amount, currency)} at rest, should be zero"
            witnesses.append(Witness("other", ("1020", currency), said, amount, currency))
    examined = len(evidence.payments.balance) + sum(x.account == "1010" for x in evidence.erp.ledger)
    return judged("I-13", examined, witnesses, escalated(skipped))


def _sources(evidence: Evidence) -> dict[str, str]:
    """Charge -> intent, under which the ERP knows it; a refund keeps its own name."""
    return {charge.id: charge.intent for charge in evidence.payments.charges}


def _name(entry: BalanceEntry, sources: dict[str, str], disputes: set[str]) -> str:
    """Under which the ERP books it."""
    if entry.source in disputes:
        return f"{entry.source}-{'withdrawn' if entry.gross < 0 else 'won'}"
    if entry.kind in RETURNED_KINDS | REFUND_RETURNS:
        return f"{entry.source}-failed"
    return sources.get(entry.source, entry.source)


def _owed_again(evidence: Evidence, known: Links) -> list[Witness]:
    failed = [r for r in refunds_made(evidence) if r.status == "failed" and not excused(known, r.id)]
    due = totals((r.currency, r.amount) for r in failed)
    booked = {currency: -amount for currency, amount in ledger_totals(evidence, "2310").items()}
    found: list[Witness] = []
    for currency in sorted({**booked, **due}):
        names = distinct("2310", *(r.id for r in failed if r.currency == currency))
        what = f"refunds payable in {currency}"
        found += unequal(what, booked.get(currency, 0), due.get(currency, 0), currency, names)
    return found


def _received(name: str, posted: set[str], known: Links) -> bool:
    """False only for what waits for a human and therefore is rightly not in the ERP."""
    if name in posted:
        return True
    intent = known.intents.get(name)
    keys = (name, name.partition("-")[0], *(invoice_keys(known, intent.invoice) if intent else ()))
    return not excused(known, *keys)
