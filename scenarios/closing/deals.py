"""Each customer's way from what was billed to cash and revenue, every figure from the book that owns it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.close.rows.revenue import DealToCash
from scenarios.checkers.lookups import returned_debits
from scenarios.closing.cash import sent_back_later
from scenarios.closing.frame import Frame, money
from scenarios.evidence.billing import BillingCreditNote, BillingDebitNote, BillingInvoice

# Owed for a refund that came back is open like a credit; given up is given up of what was recognised,
# and what came back of that is.
_FIGURES = {
    "1100": "open_ar",
    "2310": "open_ar",
    "2500": "open_ar",
    "2520": "open_ar",
    "1150": "asset",
    "2100": "deferred",
    "6200": "recognised",
    "6210": "recognised",
}


def deals(frame: Frame) -> Iterator[DealToCash]:
    """By customer and currency. What was booked is not in the books in full, so that its identity is
    left out; all that the processor took counts as cash, refunds and debits that came back off it."""
    sums: dict[tuple[str, str], dict[str, int]] = {}

    def put(customer: str, currency: str, figure: str, minor: int) -> None:
        place = sums.setdefault((customer, currency), {})
        place[figure] = place.get(figure, 0) + minor

    evidence, put_off = frame.evidence, frame.put_off
    billing = evidence.billing
    # What was given up and came back is billed anew.
    books: list[tuple[str, Sequence[BillingInvoice | BillingDebitNote | BillingCreditNote]]]
    books = [("billed", (*billing.invoices, *billing.debit_notes)), ("credited", billing.credit_notes)]
    for sign, rows in books:
        for row in rows:
            if row.status == "Posted" and frame.until(row.date) and row.number not in put_off:
                customer = frame.accounts.get(row.account, row.account)
                put(customer, row.currency, sign, row.net)
                put(customer, row.currency, sign + "_gross", row.total)
    customers = {c.id: c.crm_account for c in evidence.payments.customers}
    payer = {i.id: customers.get(i.customer, i.customer) for i in evidence.payments.intents}
    for charge in frame.charges:
        if charge.status == "succeeded":
            put(payer.get(charge.intent, ""), charge.currency, "cash", charge.amount)
    for refund in evidence.payments.refunds:
        left = refund.status == "succeeded" or refund.id in sent_back_later(frame)
        if left and frame.came(refund.created_at):
            put(payer.get(refund.intent, ""), refund.currency, "cash", -refund.amount)
    for back in returned_debits(evidence).values():
        if frame.came(back.created_at):
            put(payer.get(back.intent, ""), back.currency, "cash", -back.amount)
    payments = {p.reference: p.account for p in evidence.billing.payments}
    payments |= {r.reference: r.account for r in evidence.billing.refunds}
    for line in (x for x in evidence.bank.lines if x.transfer and frame.until(x.on)):
        owner = payments.get(line.transfer, "")
        put(frame.accounts.get(owner, owner), line.currency, "cash", line.amount)
    _ledger_figures(frame, put)
    for (customer, currency), figures in sorted(sums.items()):
        yield _deal(f"{customer}/{currency}", currency, figures)


def _ledger_figures(frame: Frame, put: Any) -> None:
    """Open receivables, deferred and recognised revenue by the customer of the document."""
    erp = frame.evidence.erp
    owner = {i.external: i.customer for i in erp.invoices}
    owner |= {m.external: m.customer for m in erp.credit_memos}
    owner |= {r.external: r.customer for r in erp.receipts}
    owner |= {r.external: r.customer for r in erp.refunds}
    owner |= {d.external: d.customer for d in erp.deposits}
    owner |= {u.external: u.customer for u in erp.deposit_uses}
    owner |= {f"{r.external}-failed": r.customer for r in erp.refunds}
    backs = {f"{d.id}-returned": d.intent for d in returned_debits(frame.evidence).values()}
    owner |= {name: owner.get(intent, "") for name, intent in backs.items()}
    plans = {s.external: s.source for s in erp.schedules}
    for line in erp.ledger:
        shown = line.account in _FIGURES or line.account[0] == "4"
        if shown and frame.until(line.date) and not frame.is_valuation(line):
            plan = next((plans[word] for word in line.memo.split() if word in plans), "")
            document = plan or frame.documents.get(line.document, "")
            dispute = document.removesuffix("-lost")
            customer = frame.erp_customers.get(
                owner.get(document, ""), frame.owner_of.get(dispute, line.customer)
            )
            minor = line.debit - line.credit
            if dispute != document and line.account == "2100":
                # What a lost dispute ends is given up like a credit; no note says so.
                put(customer, line.currency, "credited", minor)
            figure = _FIGURES.get(line.account, "recognised")
            put(customer, line.currency, figure, minor if figure in ("open_ar", "asset") else -minor)


def _deal(name: str, currency: str, figures: dict[str, int]) -> DealToCash:
    def of(figure: str) -> Any:
        return money(figures.get(figure, 0), currency)

    return DealToCash(
        contract=name,
        booked=None,
        billed=of("billed"),
        credited=of("credited"),
        to_bill=of("nothing"),
        billed_gross=of("billed_gross"),
        credited_gross=of("credited_gross"),
        cash=of("cash"),
        credit_used=of("nothing"),
        written_off=of("nothing"),
        disputed_lost=of("nothing"),
        open_ar=of("open_ar"),
        recognised=of("recognised"),
        deferred=of("deferred"),
        asset=of("asset"),
    )
