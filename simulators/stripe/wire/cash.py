"""Customers' cash and where they send it, as JSON objects (field names: the vendor's OpenAPI document)."""

from __future__ import annotations

from hashlib import blake2b

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Record, Shaped

_TYPES = {
    "usd": "us_bank_transfer",
    "eur": "eu_bank_transfer",
    "gbp": "gb_bank_transfer",
    "jpy": "jp_bank_transfer",
    "mxn": "mx_bank_transfer",
}
# The member of an entry that says what it is about, by its type.
_ABOUT = {
    "applied_to_payment": "payment_intent",
    "unapplied_from_payment": "payment_intent",
    "refunded_from_payment": "refund",
    "transferred_to_balance": "balance_transaction",
}
_ADDRESS = {
    "city": "South San Francisco",
    "country": "US",
    "line1": "354 Oyster Point Blvd",
    "line2": None,
    "postal_code": "94080",
    "state": "CA",
}


def cash_balance(b: Record, _now: int) -> Shaped:
    """What a customer has sent and not used; null before he ever sent anything."""
    return {
        "object": "cash_balance",
        "available": dict(b.available) or None,
        "customer": b.customer,
        "customer_account": None,
        "livemode": b.livemode,
        "settings": {"reconciliation_mode": b.mode or "automatic", "using_merchant_default": not b.mode},
    }


def customer_cash_balance_transaction(e: Record, _now: int) -> Shaped:
    """A change of a customer's cash, with the one member that says why."""
    shaped: Shaped = {
        "id": e.id,
        "object": "customer_cash_balance_transaction",
        "created": e.created_at // SECOND,
        "currency": e.currency,
        "customer": e.customer,
        "customer_account": None,
        "ending_balance": e.ending,
        "livemode": e.livemode,
        "net_amount": e.amount,
        "type": e.type,
    }
    if e.type == "funded":
        shaped["funded"] = {
            "bank_transfer": {e.rail: _sender(e.rail), "reference": e.reference, "type": e.rail}
        }
    elif e.type == "adjusted_for_overdraft":
        shaped[e.type] = {"balance_transaction": e.about, "linked_transaction": e.linked}
    elif e.type in _ABOUT:
        shaped[e.type] = {_ABOUT[e.type]: e.about}
    return shaped


def _sender(rail: str) -> Shaped:
    known: dict[str, Shaped] = {
        "us_bank_transfer": {"network": "ach", "sender_name": None},
        "eu_bank_transfer": {"bic": "DEUTDEFFXXX", "iban_last4": "3000", "sender_name": None},
        "gb_bank_transfer": {"account_number_last4": "8432", "sender_name": None, "sort_code": "108800"},
        "jp_bank_transfer": {"sender_bank": None, "sender_branch": None, "sender_name": None},
    }
    return known.get(rail, {})


def funding_instructions(customer: str, currency: str, country: str, livemode: bool) -> Shaped:
    """Where a customer sends money in this currency."""
    return {
        "object": "funding_instructions",
        "bank_transfer": {
            "country": country,
            "financial_addresses": addresses(customer, currency, country),
            "type": _TYPES[currency],
        },
        "currency": currency,
        "funding_type": "bank_transfer",
        "livemode": livemode,
    }


def instructions(i: Record) -> Shaped:
    """What an intent tells the customer who is to send money for it."""
    wanted = (i.method_options.get("customer_balance") or {}).get("bank_transfer") or {}
    country = (wanted.get("eu_bank_transfer") or {}).get("country") or "DE"
    return {
        "amount_remaining": i.amount - i.funded,
        "currency": i.currency,
        "financial_addresses": addresses(i.customer, i.currency, country),
        "hosted_instructions_url": f"https://payments.stripe.com/bank_transfers/instructions/{i.reference}",
        "reference": i.reference,
        "type": _TYPES[i.currency],
    }


def addresses(customer: str, currency: str, country: str) -> list[Shaped]:
    """The customer's own virtual accounts; they lead nowhere."""
    number = str(int.from_bytes(blake2b(customer.encode(), digest_size=8).digest()))[:12].rjust(12, "0")
    holder: Shaped = {"account_holder_address": _ADDRESS, "account_holder_name": "TIEOUT"}
    bank: Shaped = {**holder, "bank_address": _ADDRESS}
    if currency == "usd":
        named: Shaped = {
            "account_number": f"11{number}",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
        }
        return [
            {
                "aba": {**bank, **named, "routing_number": "999999999"},
                "supported_networks": ["ach", "domestic_wire_us"],
                "type": "aba",
            },
            {
                "swift": {**bank, **named, "swift_code": "TESTUS99XXX"},
                "supported_networks": ["swift"],
                "type": "swift",
            },
        ]
    kind, networks, own = {
        "eur": ("iban", ["sepa"], {"bic": "TESTDE99XXX", "country": country, "iban": f"{country}00{number}"}),
        "gbp": ("sort_code", ["bacs", "fps"], {"account_number": number[:8], "sort_code": "200000"}),
        "jpy": (
            "zengin",
            ["zengin"],
            {
                "account_number": number[:7],
                "account_type": "futsu",
                "bank_code": "9999",
                "bank_name": "STRIPE TEST BANK",
                "branch_code": "999",
                "branch_name": "TEST",
            },
        ),
        "mxn": ("spei", ["spei"], {"bank_code": "999", "bank_name": "TEST", "clabe": f"999999{number}"}),
    }[currency]
    return [{kind: {**bank, **own}, "supported_networks": networks, "type": kind}]
