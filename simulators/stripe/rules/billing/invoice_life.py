"""The states of an invoice, and what its total and the customer's balance make of the amount due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.lifecycle import move
from simulators.stripe.rules.billing.desk import Desk, clash
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf

MAY: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open"}),
    "open": frozenset({"paid", "uncollectible", "void"}),
    "uncollectible": frozenset({"paid", "void"}),
    "paid": frozenset(),
    "void": frozenset(),
}
_LEAST_CHARGED = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip


def keys(invoice: Invoice) -> list[tuple[str, ...]]:
    """What the invoice is listed under."""
    return [
        ("status", invoice.status),
        ("customer", invoice.customer),
        ("customer-status", invoice.customer, invoice.status),
        ("subscription", invoice.subscription),
        ("subscription-status", invoice.subscription, invoice.status),
    ]


def go(desk: Desk, shelf: Shelf[Invoice], invoice: Invoice, status: str) -> None:
    """Move on, along the table only."""
    before = keys(invoice)
    invoice.status = move("invoice", MAY, invoice.status, status)
    after = keys(invoice)
    for key in before:
        if key not in after:
            shelf.unfile(invoice, key)
    for key in after:
        shelf.file(invoice, key)
    note(desk, invoice, status)


def note(desk: Desk, invoice: Invoice, event: str) -> None:
    """Write the change down in the commit log."""
    refs = (invoice.customer, invoice.subscription, invoice.intent, *invoice.metadata.values())
    desk.note(invoice, event, invoice.status, *refs, amount=invoice.total)


def dues(total: int, balance: int, currency: str) -> tuple[int, int]:
    """(amount due, customer balance afterwards); what is too small to be charged is owed later."""
    raw = total + balance
    if raw < _LEAST_CHARGED.get(currency, 1):
        return 0, raw
    return raw, 0


def must_be_draft(invoice: Invoice) -> None:
    """Refused with invoice_not_editable."""
    if invoice.status != "draft":
        text = "This invoice is no longer editable"
        raise Refused(text, code="invoice_not_editable")


def must_be_open(invoice: Invoice) -> None:
    """Refused in Stripe's words."""
    if invoice.status not in ("open", "uncollectible"):
        raise clash("You can only pass in open invoices. This invoice isn't open.")


def snapshot(owner: Any) -> dict[str, Any]:
    """The customer as an invoice shows it."""
    return {
        "address": owner.address,
        "email": owner.email,
        "name": owner.name,
        "phone": owner.phone,
        "shipping": getattr(owner, "shipping", None),
        "tax_exempt": getattr(owner, "tax_exempt", None) or "none",
    }


def exempt(invoice: Invoice) -> str:
    """Whether the customer pays tax: none, exempt or reverse."""
    if invoice.person is not None:
        return str(invoice.person["tax_exempt"])
    return str(getattr(invoice.owner, "tax_exempt", None) or "none")
