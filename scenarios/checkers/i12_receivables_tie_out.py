"""I-12: AR control account = AR sub-ledger = open billing documents; unapplied cash = open receipts."""

from __future__ import annotations

from scenarios.checkers.findings import distinct, escalated, totals, unequal
from scenarios.checkers.lookups import Links, excused, invoice_keys, ledger_totals, links
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice
from scenarios.evidence.erp import ErpCreditMemo, ErpInvoice
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_Place = tuple[str, str]  # account key, currency


def check(evidence: Evidence) -> Verdict:
    """Per currency: 1100 = Σ ERP invoice.remaining - Σ credit memo.remaining = Σ Posted balance -
    Σ credit note.unapplied, -2500 = Σ receipt.unapplied, and -2520 = Σ deposit.unapplied. Billing documents
    that are escalated and for that reason not in the ERP are an explained difference. Control account and
    items also agree in the books of each legal entity."""
    known = links(evidence)
    in_erp = _sub_ledger(evidence, known)
    in_billing, skipped = _open_billing(evidence, known)
    control = ledger_totals(evidence, "1100")
    sub = totals((currency, amount) for (_, currency), amount in in_erp.items())
    due = totals((currency, amount) for (_, currency), amount in in_billing.items())
    documents = _documents_apart(evidence, known)
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
            subjects = distinct(key, *documents.get(key, []))
            witnesses += unequal(what, is_now, should, currency, subjects)
    witnesses += _by_entity(evidence)
    witnesses += _unapplied(evidence)
    examined = len(evidence.billing.invoices) + len(evidence.erp.invoices) + len(evidence.erp.credit_memos)
    return judged("I-12", examined, witnesses, escalated(skipped))


def _by_entity(evidence: Evidence) -> list[Witness]:
    """The same of each legal entity, since two that are off may add up to none that is."""
    entity = {customer.id: customer.entity for customer in evidence.erp.customers}
    signed = [(i.customer, i.currency, i.remaining) for i in evidence.erp.invoices]
    signed += [(m.customer, m.currency, -m.remaining) for m in evidence.erp.credit_memos]
    items: dict[_Place, int] = {}
    for customer, currency, amount in signed:
        place = (entity.get(customer, ""), currency)
        items[place] = items.get(place, 0) + amount
    control: dict[_Place, int] = {}
    for line in evidence.erp.ledger:
        if line.account == "1100":
            place = (line.entity, line.currency)
            control[place] = control.get(place, 0) + line.debit - line.credit
    if len({place[0] for place in (*items, *control)}) < 2:
        return []
    found: list[Witness] = []
    for owner, currency in sorted({*items, *control}):
        place = (owner, currency)
        names = distinct("1100", currency, owner)
        what = f"AR control account of {owner} in {currency}"
        found += unequal(what, control.get(place, 0), items.get(place, 0), currency, names)
    return found


def _sub_ledger(evidence: Evidence, known: Links) -> dict[_Place, int]:
    found: dict[_Place, int] = {}
    signed: list[tuple[ErpInvoice | ErpCreditMemo, int]] = [
        *((i, i.remaining) for i in evidence.erp.invoices),
        *((m, -m.remaining) for m in evidence.erp.credit_memos),
    ]
    for document, amount in signed:
        place = (known.erp_key.get(document.customer, document.customer), document.currency)
        found[place] = found.get(place, 0) + amount
    return found


def _open_billing(evidence: Evidence, known: Links) -> tuple[dict[_Place, int], int]:
    present = {i.external for i in evidence.erp.invoices}
    present |= {m.external for m in evidence.erp.credit_memos}
    signed: list[tuple[BillingInvoice | BillingCreditNote, int]] = [
        *((i, i.balance) for i in evidence.billing.invoices if i.status == "Posted"),
        *((n, -n.unapplied) for n in evidence.billing.credit_notes if n.status == "Posted"),
    ]
    found: dict[_Place, int] = {}
    skipped = 0
    for document, amount in signed:
        if document.number not in present and excused(known, *invoice_keys(known, document.number)):
            skipped += 1
            continue
        place = (known.account_key.get(document.account, document.account), document.currency)
        found[place] = found.get(place, 0) + amount
    return found, skipped


def _documents_apart(evidence: Evidence, known: Links) -> dict[str, list[str]]:
    """Account key -> its documents that are open by different amounts in the two books."""
    remaining = {i.external: i.remaining for i in evidence.erp.invoices}
    remaining |= {m.external: m.remaining for m in evidence.erp.credit_memos}
    billing = evidence.billing
    open_now = [(i.number, i.balance, i.account) for i in billing.invoices if i.status == "Posted"]
    open_now += [(n.number, n.unapplied, n.account) for n in billing.credit_notes if n.status == "Posted"]
    found: dict[str, list[str]] = {}
    for number, amount, account in open_now:
        if remaining.get(number, 0) != amount:
            found.setdefault(known.account_key.get(account, account), []).append(number)
    return found


def _unapplied(evidence: Evidence) -> list[Witness]:
    erp = evidence.erp
    found: list[Witness] = []
    for account, what, items in (
        ("2500", "unapplied cash", [(r.external, r.currency, r.unapplied) for r in erp.receipts]),
        ("2520", "customer deposits", [(d.external, d.currency, d.unapplied) for d in erp.deposits]),
    ):
        left = totals((currency, amount) for _, currency, amount in items)
        booked = {currency: -amount for currency, amount in ledger_totals(evidence, account).items()}
        for currency in sorted({**left, **booked}):
            names = distinct(account, *(external for external, _, amount in items if amount))
            is_now, due = booked.get(currency, 0), left.get(currency, 0)
            found += unequal(f"{what} in {currency}", is_now, due, currency, names)
    return found
