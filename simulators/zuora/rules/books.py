"""The books of the sandbox as plain records: what the checkers read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from simulators.zuora.rules.catalogue import ONE_TIME, USAGE
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.documents import (
    BILL_RUN,
    FROM_INVOICE,
    WRITE_OFF,
    CreditMemo,
    DebitMemo,
    Invoice,
    Item,
)
from simulators.zuora.rules.metering import PROCESSED
from simulators.zuora.rules.state import State

# Where a memo came from, in the records' words.
SOURCES = {BILL_RUN: "bill_run", FROM_INVOICE: "refund", WRITE_OFF: "write_off"}


def books(state: State) -> dict[str, Any]:
    """Accounts, subscriptions, documents, payments, refunds, usage; money in minor units."""
    return {
        "accounts": [
            {
                "id": a.id,
                "number": a.number,
                "crm_account": a.crm_key,
                "name": a.name,
                "currency": a.currency,
                "created_at": a.created_at,
                "entity": str(a.extra.get("organizationLabel") or ""),
                "terms": a.payment_term or "",
            }
            for a in state.accounts
        ],
        "subscriptions": [_subscription(s) for s in sorted(state.subscriptions, key=lambda each: each.seq)],
        "products": _products(state),
        "invoices": [_invoice(i) for i in state.invoices],
        "credit_notes": [_memo(m) for m in state.memos],
        "debit_notes": [_debit(m) for m in state.debits],
        "payments": [
            {
                "id": p.id,
                "number": p.number,
                "account": p.account.id,
                "status": p.status,
                "currency": p.currency,
                "amount": p.amount,
                "reference": p.reference or "",
                "created_at": p.created_at,
                "applied": [{"document": i.number, "amount": amount} for i, amount in p.applied],
            }
            for p in state.payments
        ],
        "usage": _usage(state),
        "usage_charges": [
            _usage_charge(sold, charge)
            for sold in sorted(state.subscriptions, key=lambda each: each.seq)
            for charge in sold.charges
            if charge.source.kind == USAGE
        ],
        "refunds": [
            {
                "id": r.id,
                "number": r.number,
                "account": r.account.id,
                "status": r.status,
                "currency": r.currency,
                "amount": r.amount,
                "reference": r.reference or "",
                "credit_note": r.memo.number if r.memo else "",
                "payment": r.payment.number if r.payment else "",
                "created_at": r.created_at,
            }
            for r in state.refunds
        ],
    }


def _products(state: State) -> list[dict[str, Any]]:
    taxed = (charge for charge in state.plan_charges if charge.tax_code is not None)
    return [{"sku": charge.plan.product.sku, "tax_code": charge.tax_code} for charge in taxed]


def _subscription(s: Subscription) -> dict[str, Any]:
    return {
        "id": s.original_id,
        "number": s.number,
        "account": s.account.id,
        "status": s.status,
        "version": s.version,
        "currency": s.account.currency,
        "start": s.start.isoformat(),
        "end": _day(s.end),
        "created_at": s.created_at,
        "orders": list(s.orders),
        "segments": [
            {
                "charge": charge.number,
                "product": charge.source.plan.product.sku,
                "start": segment.start.isoformat(),
                "end": _day(segment.end),
                "quantity": _units(segment.quantity),
                "amount": segment.amount,
                "period_months": 0 if charge.source.kind == ONE_TIME else charge.months,
            }
            for charge in s.charges
            for segment in charge.segments
        ],
    }


def _invoice(i: Invoice) -> dict[str, Any]:
    net, tax = i.net, i.tax
    return {
        "id": i.id,
        "number": i.number,
        "account": i.account.id,
        "status": "Reversed" if i.reversed else i.status,
        "currency": i.currency,
        "date": i.on.isoformat(),
        "net": net,
        "tax": tax,
        "total": net + tax,
        "balance": i.balance,
        "created_at": i.created_at,
        "posted_at": i.posted_at,
        "lines": _lines(i.items.values()),
        "remark": i.comments or "",
        "due": i.due.isoformat(),
    }


def _source(m: CreditMemo) -> str:
    # Who credits an invoice by hand says why, with a reason code.
    if m.source == FROM_INVOICE and m.reason:
        return "adjustment"
    return SOURCES.get(m.source, "reversal")


def _memo(m: CreditMemo) -> dict[str, Any]:
    net, tax = m.net, m.tax
    return {
        "id": m.id,
        "number": m.number,
        "account": m.account.id,
        "invoice": m.invoice.number if m.invoice else "",
        "source": _source(m),
        "status": m.status,
        "currency": m.currency,
        "date": m.on.isoformat(),
        "net": net,
        "tax": tax,
        "total": net + tax,
        "unapplied": m.unapplied,
        "created_at": m.created_at,
        "posted_at": m.posted_at,
        "lines": _lines(m.items.values()),
    }


def _debit(m: DebitMemo) -> dict[str, Any]:
    net, tax = m.net, m.tax
    return {
        "id": m.id,
        "number": m.number,
        "account": m.account.id,
        "invoice": m.invoice.number if m.invoice else "",
        "credit_note": m.memo.number if m.memo else "",
        "status": m.status,
        "currency": m.currency,
        "date": m.on.isoformat(),
        "net": net,
        "tax": tax,
        "total": net + tax,
        "balance": m.balance,
        "created_at": m.created_at,
        "posted_at": m.posted_at,
        "lines": _lines(m.items.values()),
    }


def _lines(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "subscription": item.subscription.number,
            "charge": item.charge.number,
            "product": item.charge.source.plan.product.sku,
            "net": item.net,
            "tax": item.tax,
            "start": item.start.isoformat(),
            "end": item.end.isoformat(),
        }
        for item in items
    ]


def _usage(state: State) -> list[dict[str, Any]]:
    billed = {
        reading.id: item.id
        for documents in (state.invoices, state.memos)
        for document in documents
        for item in document.items.values()
        if item.entry is not None
        for reading in item.entry.readings
        if reading.status == PROCESSED
    }
    return [
        {
            "id": reading.id,
            "event": reading.description or "",
            "account": reading.account.id,
            "subscription": reading.subscription,
            "unit": reading.unit,
            "quantity": str(reading.quantity),
            "on": reading.on.isoformat(),
            "line": billed.get(reading.id, ""),
        }
        for reading in state.usage
    ]


def _usage_charge(sold: Subscription, charge: Charge) -> dict[str, Any]:
    pricing = charge.pricing
    tiers = [
        {"up_to": "" if tier.end is None else str(tier.end), "price": str(tier.price), "flat": tier.flat}
        for tier in pricing.tiers
    ]
    return {
        "charge": charge.number,
        "subscription": sold.number,
        "unit": charge.source.unit or "",
        "currency": sold.account.currency,
        "model": charge.source.model,
        "tiers": tiers or [{"up_to": "", "price": str(pricing.amount), "flat": False}],
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _units(quantity: Decimal) -> int:
    """Whole units; a part of a unit counts as one, since the records know whole units only."""
    whole = int(quantity)
    return whole if whole == quantity else whole + 1
