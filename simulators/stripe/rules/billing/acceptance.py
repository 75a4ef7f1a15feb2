"""What the acceptance of a quote makes: a subscription, a schedule of one, or an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.quote_records import Offered, Quote
from simulators.stripe.rules.billing.schedules import Schedules
from simulators.stripe.rules.billing.subscriptions import Subscriptions


class Acceptance:
    """One a mode."""

    def __init__(
        self,
        desk: Desk,
        invoices: Invoices,
        items: InvoiceItems,
        subscriptions: Subscriptions,
        schedules: Schedules,
    ) -> None:
        self._desk, self._invoices, self._items = desk, invoices, items
        self._subs, self._schedules = subscriptions, schedules

    def make(self, quote: Quote) -> None:
        """Make it, and let the quote name it; Refused where the first payment must be and cannot."""
        recurring = [line for line in quote.lines if line.price.recurring is not None]
        once = [line for line in quote.lines if line.price.recurring is None]
        begins = self._begins(quote)
        if recurring and begins is not None:
            self._schedule(quote, recurring, once, begins)
        elif recurring:
            self._subscribe(quote, recurring, once)
        else:
            self._bill(quote, once)

    def _begins(self, quote: Quote) -> int | None:
        """When the subscription begins, if that is later than now."""
        at = quote.effective
        return at if isinstance(at, int) and at > self._desk.now() else None

    def _subscribe(self, quote: Quote, recurring: Sequence[Offered], once: Sequence[Offered]) -> None:
        wish: dict[str, Any] = {
            "items": [_item(line) for line in recurring],
            "add_invoice_items": [_item(line) for line in once],
            "collection_method": quote.collection_method,
            "days_until_due": quote.invoice_settings.get("days_until_due"),
            "default_tax_rates": [rate.id for rate in quote.default_tax_rates],
            "discounts": quote.wished_discounts,
            **quote.terms,
        }
        sub = self._subs.create(quote.customer, {k: v for k, v in wish.items() if v})
        quote.subscription, quote.invoice = sub.id, sub.latest_invoice

    def _schedule(
        self, quote: Quote, recurring: Sequence[Offered], once: Sequence[Offered], begins: int
    ) -> None:
        phase: dict[str, Any] = {
            "items": [_item(line) for line in recurring],
            "add_invoice_items": [_item(line) for line in once],
            "collection_method": quote.collection_method,
            "days_until_due": quote.invoice_settings.get("days_until_due"),
            "default_tax_rates": [rate.id for rate in quote.default_tax_rates],
            "discounts": quote.wished_discounts,
            "metadata": quote.terms.get("metadata"),
            "duration": quote.interval,
        }
        made = self._schedules.create(
            quote.customer, [{k: v for k, v in phase.items() if v}], begins, {"end_behavior": "release"}
        )
        quote.schedule = made.id

    def _bill(self, quote: Quote, once: Sequence[Offered]) -> None:
        sent = quote.collection_method == "send_invoice"
        invoice = self._invoices.create(
            quote.customer,
            quote.currency,
            {
                "collection_method": quote.collection_method,
                "days_until_due": quote.invoice_settings.get("days_until_due") if sent else None,
                "default_tax_rates": [rate.id for rate in quote.default_tax_rates],
                "discounts": quote.wished_discounts or None,
                "description": quote.description,
                "footer": quote.invoice_settings.get("footer"),
            },
        )
        for line in once:
            self._items.create(quote.customer, {**_item(line), "invoice": invoice.id}, quote.currency)
            self._invoices.gather(invoice, self._items.shelf.under(("invoice", invoice.id))[-1:])
        self._invoices.reckon(invoice)
        quote.invoice = invoice.id


def _item(line: Offered) -> dict[str, Any]:
    wish: dict[str, Any] = {"price": line.price, "quantity": line.quantity}
    recurring = line.price.recurring
    if recurring is not None and recurring.usage_type == "metered":
        del wish["quantity"]
    if line.tax_rates:
        wish["tax_rates"] = [rate.id for rate in line.tax_rates]
    if line.discounts:
        wish["discounts"] = list(line.discounts)
    return wish
