"""Lines of a draft: added, changed and taken off one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.stripe.rules.billing.desk import clash
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoice_life import must_be_draft
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice, Line
from simulators.stripe.rules.records import merged


class Lines:
    """The lines of the drafts of one mode."""

    def __init__(self, invoices: Invoices, items: InvoiceItems) -> None:
        self._invoices, self._items = invoices, items

    def add(self, invoice: Invoice, wishes: Sequence[Mapping[str, Any]]) -> None:
        """New items on a draft, or pending ones taken onto it."""
        must_be_draft(invoice)
        for i, wish in enumerate(wishes):
            if wish.get("invoice_item"):
                item = self._items.take(wish["invoice_item"], f"lines[{i}][invoice_item]")
                if item.invoice:
                    text = "The invoice item is already attached to an invoice."
                    raise clash(text, f"lines[{i}][invoice_item]")
                self._items.place(item, invoice.id)
            else:
                item = self._items.create(invoice.customer, {**wish, "invoice": invoice.id}, invoice.currency)
            invoice.lines.append(self._invoices.line_of(invoice, item))
        self._invoices.retotal(invoice)

    def change(self, invoice: Invoice, changes: Sequence[tuple[Line, Mapping[str, Any]]]) -> None:
        """Change lines of a draft; the items beneath them change too."""
        must_be_draft(invoice)
        for line, given in changes:
            wish = dict(given)
            if line.item is not None:
                self._items.update(line.item, wish)
                at = invoice.lines.index(line)
                fresh = self._invoices.line_of(invoice, line.item)
                fresh.id, fresh.created_at = line.id, line.created_at
                invoice.lines[at] = fresh
                continue
            self._change_own(invoice, line, wish)
        self._invoices.retotal(invoice)

    def _change_own(self, invoice: Invoice, line: Line, wish: dict[str, Any]) -> None:
        """A subscription's line may change its texts, discounts, taxes, and on a draft its amount."""
        if "metadata" in wish:
            line.metadata = merged(line.metadata, wish.pop("metadata"))
        if "tax_rates" in wish:
            line.tax_rates = self._invoices.rates(wish.pop("tax_rates"))
        if "discounts" in wish:
            line.discounts = self._invoices.given(wish.pop("discounts"), invoice, line)
        if "amount" in wish:
            line.amount, line.unit, line.quantity = wish["amount"], Decimal(wish["amount"]), 1
        line.period = wish.get("period") or line.period
        line.description = wish.get("description", line.description)
        line.discountable = wish.get("discountable", line.discountable)

    def remove(self, invoice: Invoice, wishes: Sequence[tuple[Line, str]]) -> None:
        """Take lines off a draft: their items are deleted, or pending again."""
        must_be_draft(invoice)
        for line, behavior in wishes:
            invoice.lines.remove(line)
            if line.item is None:
                continue
            if behavior == "delete":
                self._items.delete(line.item)
            else:
                self._items.place(line.item, "")
        self._invoices.retotal(invoice)

    def drop(self, invoice: Invoice, item_id: str) -> None:
        """Take the line of a deleted item off its draft."""
        invoice.lines[:] = [x for x in invoice.lines if x.item is None or x.item.id != item_id]
        self._invoices.retotal(invoice)
