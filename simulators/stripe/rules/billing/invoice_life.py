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
        "tax_numbers": getattr(owner, "tax_numbers", ()),
    }


def exempt(invoice: Invoice) -> str:
    """Whether the customer pays tax: none, exempt or reverse."""
    if invoice.person is not None:
        return str(invoice.person["tax_exempt"])
    return str(getattr(invoice.owner, "tax_exempt", None) or "none")
