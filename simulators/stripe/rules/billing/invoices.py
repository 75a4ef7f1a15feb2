"""Invoices while they are drafts: made, filled, changed, thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.kit.clock import HOUR, SECOND
from simulators.stripe.rules.billing.catalog_records import Discount, TaxRate
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, changed, clash, differences, taken
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoice_life import exempt, keys, must_be_draft, note
from simulators.stripe.rules.billing.paper_records import Invoice, InvoiceItem, InvoicePayment, Line
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.totals import reckon
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf

# What a finalised invoice still lets be changed.
_ALWAYS = {
    "auto_advance",
    "default_payment_method",
    "metadata",
    "payment_method_types",
    "payment_method_options",
    "statement_descriptor",
}
_DAY = 86_400
_WAIT = HOUR // SECOND


class Invoices:
    """The invoices of one mode. finalise: told of drafts whose hour is over (set by the closing)."""

    def __init__(
        self, desk: Desk, items: InvoiceItems, coupons: Coupons, rates: TaxRates, wallets: Wallets
    ) -> None:
        self._desk, self._items, self._coupons = desk, items, coupons
        self._rates, self._wallets = rates, wallets
        self.shelf: Shelf[Invoice] = Shelf()
        self.payments: Shelf[InvoicePayment] = Shelf()
        self.finalise: Any = None

    def take(self, id: str, param: str = "invoice", *, path: bool = False) -> Invoice:  # noqa: A002
        """The invoice; Refused with resource_missing."""
        return taken(self.shelf, "invoice", id, param, path=path)

    def create(self, customer: str, currency: str, wish: Mapping[str, Any]) -> Invoice:
        """A draft on someone's request."""
        wish = dict(wish)
        include = wish.pop("pending", "exclude") == "include"
        discounts, rates = wish.pop("discounts", None), wish.pop("default_tax_rates", None)
        wish["metadata"] = merged(NOTHING, wish.pop("metadata", NOTHING))
        method = wish.get("collection_method", "charge_automatically")
        _check_terms(method, wish)
        given_rates = self._rates.several(rates, "default_tax_rates")
        currency = currency or self._desk.wallet(customer).currency or "usd"
        currency = self._wallets.settle_currency(customer, currency)
        invoice = self.draft(customer, currency, **wish, default_tax_rates=given_rates)
        if discounts is None:
            invoice.discounts = self._wallets.discount(customer, self._desk.now())
        else:
            invoice.discounts = self._coupons.redeem(discounts, customer, currency, invoice=invoice.id)
        if include or invoice.subscription:
            subscription = invoice.subscription or None
            self.gather(invoice, self._items.pending(customer, currency, subscription))
        return self.enter(invoice)

    def draft(self, customer: str, currency: str, **fields: Any) -> Invoice:
        """A draft that nobody knows of yet."""
        ground, now = self._desk.ground, self._desk.now()
        invoice = Invoice(
            ground.numbers.new("in"),
            ground.clock.now(),
            ground.live,
            customer,
            currency,
            owner=self._desk.customers.shelf.get(customer),
            test_clock=self._desk.clock_id(customer),
            **fields,
        )
        if invoice.period == (0, 0):
            invoice.period = (now, now)
        if invoice.collection_method == "send_invoice" and invoice.due_date is None:
            invoice.due_date = now + (invoice.days_until_due or 0) * _DAY
        return invoice

    def enter(self, invoice: Invoice) -> Invoice:
        """Shelve a draft, say so, and let its hour begin if it advances by itself."""
        self.reckon(invoice)
        self.shelf.add(invoice, *keys(invoice))
        file_words(self.shelf, invoice, _words(invoice))
        if invoice.auto_advance:
            self.advance_at(invoice, invoice.finalizes_at or self._desk.now() + _WAIT)
        note(self._desk, invoice, "created")
        self._desk.emit("invoice.created", invoice)
        return invoice

    def advance_at(self, invoice: Invoice, at: int | None) -> None:
        """Finalise at that moment; None: not by itself."""
        cancel_timer(invoice.timers, "finalise")
        invoice.finalizes_at = at
        if at is not None:
            invoice.timers["finalise"] = self._desk.later(invoice.customer, at, self.finalise, invoice)

    def reckon(self, invoice: Invoice) -> None:
        """Work the sums out again."""
        reckon(invoice, exempt(invoice))

    def gather(self, invoice: Invoice, items: Sequence[InvoiceItem]) -> None:
        """Put invoice items on a draft."""
        for item in list(items):
            self._items.place(item, invoice.id)
            invoice.lines.append(self.line_of(invoice, item))

    def line_of(self, invoice: Invoice, item: InvoiceItem) -> Line:
        """The line that an invoice item becomes."""
        return self.line(
            invoice,
            item.amount,
            quantity=item.quantity,
            unit=item.unit,
            period=item.period,
            price=item.price,
            description=item.description,
            discountable=item.discountable,
            discounts=item.discounts or (),
            tax_rates=item.tax_rates,
            item=item,
            subscription=item.subscription,
            subscription_item=item.subscription_item,
            proration=item.proration,
            credited=item.credited,
            metadata=item.metadata,
        )

    def line(self, invoice: Invoice, amount: int, **fields: Any) -> Line:
        """A line of that invoice, not yet on it."""
        ground = self._desk.ground
        return Line(
            ground.numbers.new("il"),
            ground.clock.now(),
            ground.live,
            invoice.id,
            invoice.currency,
            amount,
            **fields,
        )

    def update(self, invoice: Invoice, changes: Mapping[str, Any]) -> Invoice:
        """Drafts can be changed freely, what is finalised hardly."""
        fixed = sorted(changes.keys() - _ALWAYS)
        if invoice.status != "draft" and fixed:
            text = f"Finalized invoices can't be updated in this way ({fixed[0]})."
            raise Refused(text, code="invoice_not_editable", param=fixed[0])
        changes = dict(changes)
        previous: dict[str, Any] = {}
        if {"collection_method", "days_until_due", "due_date"} & changes.keys():
            method = changes.get("collection_method", invoice.collection_method)
            terms = {
                "days_until_due": changes.get("days_until_due", invoice.days_until_due),
                "due_date": changes.get("due_date", invoice.due_date),
            }
            _check_terms(method, terms)
        metadata = invoice.metadata
        if "metadata" in changes:
            metadata = merged(invoice.metadata, changes.pop("metadata"))
        if "default_tax_rates" in changes:
            rates = changes["default_tax_rates"]
            changes["default_tax_rates"] = self._rates.several(rates, "default_tax_rates")
        if "discounts" in changes:
            changes["discounts"] = self._coupons.redeem(
                changes["discounts"] or (),
                invoice.customer,
                invoice.currency,
                keep=invoice.discounts,
                invoice=invoice.id,
            )
        unfile_words(self.shelf, invoice, _words(invoice))
        if metadata != invoice.metadata:
            previous["metadata"] = differences(invoice.metadata, metadata)
            invoice.metadata = metadata
        finalizes = changes.pop("finalizes_at", None)
        previous |= changed(invoice, changes)
        file_words(self.shelf, invoice, _words(invoice))
        if invoice.status == "draft":
            self._advance(invoice, changes, finalizes)
            if "days_until_due" in changes and "due_date" not in changes:
                invoice.due_date = self._desk.now() + (invoice.days_until_due or 0) * _DAY
            self.reckon(invoice)
        if previous or finalizes:
            note(self._desk, invoice, "updated")
            self._desk.emit("invoice.updated", invoice, _shown(previous))
        return invoice

    def _advance(self, invoice: Invoice, changes: Mapping[str, Any], finalizes: int | None) -> None:
        if finalizes is not None:
            invoice.auto_advance = True
            self.advance_at(invoice, finalizes)
        elif "auto_advance" in changes:
            now = self._desk.now()
            self.advance_at(invoice, now + _WAIT if invoice.auto_advance else None)

    def delete(self, invoice: Invoice) -> Invoice:
        """Only a draft, and not one that a subscription made; its items are pending again."""
        if invoice.status != "draft":
            raise clash("You can only delete draft invoices.", code="invoice_not_editable")
        if invoice.subscription and invoice.billing_reason != "manual":
            text = "You can't delete invoices created by subscriptions. Void the invoice instead."
            raise clash(text)
        cancel_timer(invoice.timers, *list(invoice.timers))
        for line in invoice.lines:
            if line.item is not None:
                self._items.place(line.item, "")
        for key in (*keys(invoice), ()):
            self.shelf.unfile(invoice, key)
        unfile_words(self.shelf, invoice, _words(invoice))
        self._desk.emit("invoice.deleted", invoice)
        invoice.deleted = True
        note(self._desk, invoice, "deleted")
        return invoice

    def line_on(self, invoice: Invoice, id: str, param: str = "line_item_id") -> Line:  # noqa: A002
        """A line of the invoice by its id."""
        for line in invoice.lines:
            if line.id == id:
                return line
        raise no_such("line item", id, param, path=param == "line_item_id")

    def retotal(self, invoice: Invoice) -> None:
        """After its lines have changed."""
        must_be_draft(invoice)
        before = {"subtotal": invoice.subtotal, "total": invoice.total}
        self.reckon(invoice)
        note(self._desk, invoice, "updated")
        after = {"subtotal": invoice.subtotal, "total": invoice.total}
        self._desk.emit("invoice.updated", invoice, {k: v for k, v in before.items() if after[k] != v})

    def rates(self, ids: Sequence[str] | None, param: str = "tax_rates") -> tuple[TaxRate, ...]:
        """Tax rates by id."""
        return self._rates.several(ids, param)

    def given(self, wishes: Any, invoice: Invoice, line: Line) -> tuple[Discount, ...]:
        """Discounts for a line."""
        return self._coupons.redeem(
            wishes or (), invoice.customer, invoice.currency, keep=line.discounts, invoice=invoice.id
        )


def _check_terms(method: str, wish: Mapping[str, Any]) -> None:
    days, date = wish.get("days_until_due"), wish.get("due_date")
    if method == "send_invoice" and days is None and date is None:
        text = "You must pass `days_until_due` or `due_date` when `collection_method` is `send_invoice`."
        raise clash(text, "days_until_due", "parameter_missing")
    if method == "charge_automatically" and (days is not None or date is not None):
        name = "days_until_due" if days is not None else "due_date"
        text = f"`{name}` can only be set when `collection_method` is `send_invoice`."
        raise clash(text, name)


def _words(invoice: Invoice) -> list[tuple[str, str]]:
    return [(f"metadata.{key}", value) for key, value in invoice.metadata.items()]


def _shown(previous: Mapping[str, Any]) -> dict[str, Any]:
    """Previous attributes under the names that the wire has for them; what is nested is left out."""
    plain = (str, int, bool, type(None), dict)
    return {name: value for name, value in previous.items() if isinstance(value, plain)}
