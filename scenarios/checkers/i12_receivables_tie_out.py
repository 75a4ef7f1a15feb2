"""I-12: AR control account = AR sub-ledger = open billing documents; unapplied cash = open receipts."""

from __future__ import annotations

from scenarios.checkers.lookups import (
    Links,
    distinct,
    escalated,
    excused,
    invoice_keys,
    ledger_totals,
    links,
    totals,
    unequal,
)
from scenarios.evidence import Evidence, Verdict, Witness, judged

_Place = tuple[str, str]  # account key, currency


def check(evidence: Evidence) -> Verdict:
    """Per currency: 1100 = Σ ERP invoice.remaining - Σ credit memo.remaining = Σ Posted balance -
    Σ credit note.unapplied, and -2500 = Σ receipt.unapplied. Billing documents that are escalated and
    for that reason not in the ERP are an explained difference."""
    known = links(evidence)
    in_erp, in_billing = _sub_ledger(evidence, known), {}
    in_billing, skipped = _open_billing(evidence, known)
    control = ledger_totals(evidence, "1100")
    sub = totals((currency, amount) for (_, currency), amount in in_erp.items())
    due = totals((currency, amount) for (_, currency), amount in in_billing.items())
    witnesses: list[Witness] = []
    for currency in sorted({**control, **sub, **due}):
        apart = [
            key
            for key, unit in sorted({**in_erp, **in_billing})
            if unit == currency and in_erp.get((key, unit), 0) != in_billing.get((key, unit), 0)
        ]
        names = distinct("1100", currency, *apart)
        ar, items = control.get(currency, 0), sub.get(currency, 0)
        witnesses += unequal(f"AR control account in {currency}", ar, items, currency, names)
        for key in apart:
            place = (key, currency)
            what = f"open items of {key} in the ERP"
            is_now, should = in_erp.get(place, 0), in_billing.get(place, 0)
            documents = _apart(evidence, known, key)
            witnesses += unequal(what, is_now, should, currency, distinct(key, *documents))
    witnesses += _unapplied(evidence)
    examined = len(evidence.billing.invoices) + len(evidence.erp.invoices) + len(evidence.erp.credit_memos)
    return judged("I-12", examined, witnesses, escalated(skipped))


def _sub_ledger(evidence: Evidence, known: Links) -> dict[_Place, int]:
    found: dict[_Place, int] = {}
    signed = [(i, i.remaining) for i in evidence.erp.invoices]
    for document, amount in [*signed, *((m, -m.remaining) for m in evidence.erp.credit_memos)]:
        place = (known.erp_key.get(document.customer, document.customer), document.currency)
        found[place] = found.get(place, 0) + amount
    return found


def _open_billing(evidence: Evidence, known: Links) -> tuple[dict[_Place, int], int]:
    present = {i.external for i in evidence.erp.invoices}
    present |= {m.external for m in evidence.erp.credit_memos}
    signed = [(i, i.balance) for i in evidence.billing.invoices if i.status == "Posted"]
    signed_notes = [(n, -n.unapplied) for n in evidence.billing.credit_notes if n.status == "Posted"]
    found: dict[_Place, int] = {}
    skipped = 0
    for document, amount in [*signed, *signed_notes]:
        if document.number not in present and excused(known, *invoice_keys(known, document.number)):
            skipped += 1
            continue
        place = (known.account_key.get(document.account, document.account), document.currency)
        found[place] = found.get(place, 0) + amount
    return found, skipped


def _apart(evidence: Evidence, known: Links, key: str) -> list[str]:
    """The documents of one account that are open by different amounts in the two books."""
    remaining = {i.external: i.remaining for i in evidence.erp.invoices}
    remaining |= {m.external: m.remaining for m in evidence.erp.credit_memos}
    open_now = [(i.number, i.balance, i.account) for i in evidence.billing.invoices if i.status == "Posted"]
    open_now += [
        (n.number, n.unapplied, n.account) for n in evidence.billing.credit_notes if n.status == "Posted"
    ]
    return [
        number
        for number, amount, account in open_now
        if known.account_key.get(account, account) == key and remaining.get(number, 0) != amount
    ]


def _unapplied(evidence: Evidence) -> list[Witness]:
    cash = totals((r.currency, r.unapplied) for r in evidence.erp.receipts)
    booked = {currency: -amount for currency, amount in ledger_totals(evidence, "2500").items()}
    found: list[Witness] = []
    for currency in sorted({**cash, **booked}):
        names = distinct("2500", *(r.external for r in evidence.erp.receipts if r.unapplied))
        is_now, due = booked.get(currency, 0), cash.get(currency, 0)
        found += unequal(f"unapplied cash in {currency}", is_now, due, currency, names)
    return found
