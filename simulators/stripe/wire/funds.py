"""The balance, its transactions, and payouts as JSON objects (field names: fixtures3.json)."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped

# Stripe's grouping of types for accountants; types not named here are their own category.
_REPORTED_AS = {
    "payout_failure": "payout_reversal",
    "payout_cancel": "payout_reversal",
    "payment": "charge",
    "payment_refund": "refund",
    "payment_failure_refund": "charge_failure",
    "refund_failure": "refund_failure",
}


def balance(amounts: Sequence[tuple[str, int, int]], livemode: bool) -> Shaped:
    """amounts: (currency, available, pending) in minor units."""
    return {
        "object": "balance",
        "available": [_part(currency, amount) for currency, amount, _ in amounts],
        "livemode": livemode,
        "pending": [_part(currency, amount) for currency, _, amount in amounts],
    }


def whole_balance(b: Record, _now: int) -> Shaped:
    """The balance as an event shows it."""
    return balance(b.amounts(), b.livemode)


def _part(currency: str, amount: int) -> Shaped:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def balance_transaction(e: Record, now: int) -> Shaped:
    """An entry; whether it is available depends on the present. The payout is not shown."""
    fees = {
        "amount": e.fee,
        "application": None,
        "currency": e.currency,
        "description": "Dispute fee" if e.type == "adjustment" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {
        "id": e.id,
        "object": "balance_transaction",
        "amount": e.amount,
        "available_on": e.available_at // SECOND,
        "balance_type": "payments",
        "created": e.created_at // SECOND,
        "currency": e.currency,
        "description": e.description,
        "exchange_rate": None,
        "fee": e.fee,
        "fee_details": [fees] if e.fee else [],
        "net": e.net,
        "reporting_category": e.category or _REPORTED_AS.get(e.type, e.type),
        "source": e.source,
        "status": "available" if e.available_at <= now else "pending",
        "type": e.type,
    }


def bank_account(id: str, account: str) -> Shaped:  # noqa: A002 - the vendor's own word
    """The account's own account at a bank; there is one a currency."""
    return {
        "id": id,
        "object": "bank_account",
        "account": account,
        "account_holder_name": "Tieout",
        "account_holder_type": "company",
        "account_type": None,
        "bank_name": "STRIPE TEST BANK",
        "country": "US",
        "currency": id.removeprefix("ba_"),
        "default_for_currency": True,
        "fingerprint": "tieout0000000001",
        "last4": "6789",
        "metadata": {},
        "routing_number": "110000000",
        "status": "new",
    }


def payout(p: Record, _now: int) -> Shaped:
    """A payout to the account's only bank account."""
    return {
        "id": p.id,
        "object": "payout",
        "amount": p.amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": p.arrival_at // SECOND,
        "automatic": p.automatic,
        "balance_transaction": p.entry or None,
        "created": p.created_at // SECOND,
        "currency": p.currency,
        "description": p.description,
        "destination": f"ba_{p.currency}",
        "failure_balance_transaction": p.failure_entry or None,
        "failure_code": p.failure_code or None,
        "failure_message": p.failure_message or None,
        "livemode": p.livemode,
        "metadata": p.metadata,
        "method": p.method,
        "original_payout": p.original or None,
        "payout_method": None,
        "reconciliation_status": "completed" if p.automatic else "not_applicable",
        "reversed_by": p.reversed_by or None,
        "source_type": "card",
        "statement_descriptor": p.statement_descriptor,
        "status": p.status,
        "trace_id": {"status": "supported", "value": p.id} if p.status == "paid" else None,
        "type": "bank_account",
    }
