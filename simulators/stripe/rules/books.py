"""The mock's true books, in the lab's words: plain JSON, currencies in upper case."""

from __future__ import annotations

from typing import Any

from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records import Charge, Customer, Intent, Refund
from simulators.stripe.rules.records_cash import CashEntry
from simulators.stripe.rules.records_funds import BalanceTransaction, Dispute, Payout


def books(mode: Mode) -> dict[str, list[dict[str, Any]]]:
    """Everything that money has to do with; authorisations not captured are no charges yet."""
    return {
        "customers": [_customer(c) for c in mode.customers.shelf],
        "intents": [_intent(i) for i in mode.intents.shelf],
        "charges": [_charge(c) for c in mode.charges.shelf if _moved(c)],
        "refunds": [_refund(r) for r in mode.refunds.shelf],
        "balance": [_entry(e) for e in mode.balance.shelf],
        "payouts": [_payout(p) for p in mode.payouts.shelf],
        "disputes": [_dispute(d) for d in mode.disputes.shelf],
        "cash": [_cash(e) for e in mode.cash.shelf],
    }


def _customer(c: Customer) -> dict[str, Any]:
    return {
        "id": c.id,
        "crm_account": c.metadata.get("crm_account", ""),
        "email": c.email or "",
        "created_at": c.created_at,
    }


def _intent(i: Intent) -> dict[str, Any]:
    return {
        "id": i.id,
        "customer": i.customer,
        "invoice": i.metadata.get("invoice", ""),
        "status": i.status,
        "currency": i.currency.upper(),
        "amount": i.amount,
        "received": i.received,
        "created_at": i.created_at,
        "offered": ",".join(sorted(i.method_types)),
    }


def _moved(c: Charge) -> bool:
    return c.status == "failed" or (c.status == "succeeded" and c.captured_amount > 0)


def _charge(c: Charge) -> dict[str, Any]:
    # What was authorised and not captured never moved, so it is neither charged nor refunded here.
    released = c.amount - c.captured_amount if c.status == "succeeded" else 0
    return {
        "id": c.id,
        "intent": c.intent,
        "customer": c.customer,
        "status": c.status,
        "currency": c.currency.upper(),
        "amount": c.amount - released,
        "refunded": c.refunded - released if c.captured else 0,
        "created_at": c.created_at,
        "method": c.instrument.type,
    }


def _refund(r: Refund) -> dict[str, Any]:
    return {
        "id": r.id,
        "charge": r.charge,
        "intent": r.intent,
        "status": r.status,
        "currency": r.currency.upper(),
        "amount": r.amount,
        "created_at": r.created_at,
    }


def _entry(e: BalanceTransaction) -> dict[str, Any]:
    return {
        "id": e.id,
        "kind": e.type,
        "source": e.source,
        "currency": e.currency.upper(),
        "gross": e.amount,
        "fee": e.fee,
        "net": e.net,
        "payout": e.payout,
        "created_at": e.created_at,
    }


def _cash(e: CashEntry) -> dict[str, Any]:
    return {
        "id": e.id,
        "customer": e.customer,
        "kind": e.type,
        "about": e.about,
        "reference": e.reference or "",
        "currency": e.currency.upper(),
        "amount": e.amount,
        "ending": e.ending,
        "created_at": e.created_at,
    }


def _payout(p: Payout) -> dict[str, Any]:
    return {
        "id": p.id,
        "status": p.status,
        "currency": p.currency.upper(),
        "amount": p.amount,
        "created_at": p.created_at,
        "paid_at": p.paid_at,
    }


def _dispute(d: Dispute) -> dict[str, Any]:
    return {
        "id": d.id,
        "charge": d.charge,
        "intent": d.intent,
        "status": d.status,
        "currency": d.currency.upper(),
        "amount": d.amount,
        "created_at": d.created_at,
        "closed_at": d.closed_at,
    }
