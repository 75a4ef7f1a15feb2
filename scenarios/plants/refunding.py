"""One more refund of a charge, right in every book but for what the ledger is told to take."""

from __future__ import annotations

from datetime import date

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument, InvoiceLine
from core.close.rows.cash import BalanceTransaction, BillingPayment, Refund
from core.close.rows.ledger import ErpDocument
from scenarios.plants.deal import MONTH, moment
from scenarios.plants.plant import add, edit, first, more, posted

_DAY = date(2026, 1, 25)


def refund_more(extract: Extract, charge: str, minor: int, *, booked: int) -> Extract:
    """minor: what is given back, without tax; booked: what refunds payable takes of it."""
    paid = first(extract.charges, lambda c: c.id == charge)
    currency = paid.amount.currency
    amount, nothing = Money(minor, currency), Money(0, currency)
    invoice = first(extract.documents, lambda d: d.number == paid.invoice)
    extract = add(extract, "refunds", Refund(id="re-more", charge=charge, status="succeeded", amount=amount))
    payment = BillingPayment(
        id="ref-more", kind="refund", reference="re-more", status="succeeded", amount=amount
    )
    extract = add(extract, "billing_payments", payment)
    note = BillingDocument(
        id="cn-more",
        number="CN-more",
        kind="credit",
        customer=invoice.customer,
        status="posted",
        on=_DAY,
        net=amount,
        tax=nothing,
        total=amount,
        due_amount=amount,
        lines=(InvoiceLine(id="CL-more", net=amount, tax=nothing, kind="one_time"),),
        entity=invoice.entity,
        posted_at=moment(_DAY),
        refund="re-more",
    )
    memo = ErpDocument(
        id="erp-more",
        external="CN-more",
        kind="credit",
        customer=invoice.customer,
        on=_DAY,
        period=MONTH,
        tax=nothing,
        total=amount,
        open=nothing,
        entity=invoice.entity,
    )
    extract = add(add(extract, "documents", note), "erp_documents", memo)
    entry = BalanceTransaction(
        id="bt-re-more",
        kind="refund",
        source="re-more",
        gross=-amount,
        fee=nothing,
        net=-amount,
        at=moment(_DAY),
    )
    extract = edit(
        add(extract, "balance_transactions", entry),
        "processor_balances",
        lambda b: b.available.currency == currency,
        available=lambda b: more(b.available, -minor),
    )
    owed = Money(booked, currency)
    extract = posted(extract, "re-more", "P35a", ("4900", owed), ("2310", -owed), on=_DAY)
    return posted(extract, "bt-re-more", "P35b", ("2310", amount), ("1010", -amount), on=_DAY)
