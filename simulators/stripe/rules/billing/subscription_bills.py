"""The invoices that subscriptions make: their lines, and what each item has been billed for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.stripe.rules.billing.catalog_records import Discount
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.coupons import active
from simulators.stripe.rules.billing.desk import Desk, clash
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.meters import Meters
from simulators.stripe.rules.billing.paper_records import Invoice, InvoiceItem
from simulators.stripe.rules.billing.planning import Planned, Prorated
from simulators.stripe.rules.billing.rating import parts, rounded, worded
from simulators.stripe.rules.billing.wallets import Wallets

Period = tuple[int, int]


class SubscriptionBills:
    """Makes the drafts of subscriptions, real ones and previews alike."""

    def __init__(
        self, desk: Desk, invoices: Invoices, items: InvoiceItems, wallets: Wallets, meters: Meters
    ) -> None:
        self._desk, self.invoices, self.items = desk, invoices, items
        self._wallets, self._meters = wallets, meters

    def draft(self, sub: Subscription, reason: str, period: Period | None = None, **fields: Any) -> Invoice:
        """An empty draft on the subscription's terms."""
        now = self._desk.now()
        paused = sub.pause[0] if sub.pause else ""
        settings = sub.invoice_settings
        return self.invoices.draft(
            sub.customer,
            sub.currency,
            **{
                "billing_reason": reason,
                "auto_advance": paused != "keep_as_draft" and sub.status != "unpaid",
                "paused": paused,
                "collection_method": sub.collection_method,
                "days_until_due": sub.days_until_due if sub.collection_method == "send_invoice" else None,
                "period": period or (now, now),
                "subscription": sub.id,
                "subscription_metadata": sub.metadata,
                "default_tax_rates": sub.default_tax_rates,
                "discounts": self.discounts(sub, now),
                "description": settings.get("description"),
                "footer": settings.get("footer"),
                "payment_method_types": sub.payment_settings.get("payment_method_types"),
                "payment_method_options": sub.payment_settings.get("payment_method_options"),
                **fields,
            },
        )

    def discounts(self, sub: Subscription, at: int) -> tuple[Discount, ...]:
        """The subscription's own, or else the customer's."""
        own = tuple(d for d in sub.discounts if active(d, at))
        return own or self._wallets.discount(sub.customer, at)

    def recurring(self, invoice: Invoice, sub: Subscription, planned: Planned, period: Period) -> None:
        """A period of a licensed price, or the trial that stands in its place."""
        self._priced(invoice, sub, planned, planned.quantity or 0, period, planned.share)

    def trial(self, invoice: Invoice, sub: Subscription, planned: Planned, period: Period) -> None:
        """A line that says that nothing is to be paid yet."""
        text = f"Trial period for {planned.price.product.name}"
        line = self.invoices.line(
            invoice,
            0,
            quantity=planned.quantity,
            unit=Decimal(0),
            period=period,
            price=planned.price,
            description=text,
            **self._of(sub, planned),
        )
        invoice.lines.append(line)

    def usage(self, invoice: Invoice, sub: Subscription, planned: Planned, period: Period) -> None:
        """What a meter counted in a period that is over; whole units, rounded up (unconfirmed)."""
        recurring = planned.price.recurring
        assert recurring is not None
        used = self._meters.used(recurring.meter, sub.customer, *period)
        quantity = max(0, int(used.to_integral_value(rounding="ROUND_CEILING")))
        self._priced(invoice, sub, planned, quantity, period, Fraction(1))

    def _priced(
        self,
        invoice: Invoice,
        sub: Subscription,
        planned: Planned,
        quantity: int,
        period: Period,
        share: Fraction,
    ) -> None:
        price = planned.price
        charged = price.charged_in(invoice.currency)
        if charged is None:
            text = (
                f"The price specified only supports `{price.currency}`. This doesn't match the expected"
                f" currency: `{invoice.currency}`."
            )
            raise clash(text, "items[0][price]")
        for part in parts(price, charged, quantity):
            line = self.invoices.line(
                invoice,
                rounded(part.amount * share),
                quantity=part.quantity,
                unit=part.unit if part.unit is not None else Decimal(rounded(part.amount)),
                period=period,
                price=price,
                description=worded(part, price, invoice.currency),
                **self._of(sub, planned),
            )
            invoice.lines.append(line)

    def _of(self, sub: Subscription, planned: Planned) -> dict[str, Any]:
        discounts = planned.discounts or ()
        return {
            "tax_rates": planned.tax_rates,
            "discounts": tuple(d for d in discounts if active(d, self._desk.now())),
            "subscription": sub.id,
            "subscription_item": planned.item.id if planned.item else planned.id,
            "metadata": {**sub.metadata, **planned.metadata},
        }

    def prorate(self, sub: Subscription, prorations: Sequence[Prorated]) -> list[InvoiceItem]:
        """Prorations as invoice items, pending until an invoice takes them."""
        made = []
        for one in prorations:
            item = self.items.enter(self._proration(sub, one))
            made.append(item)
            target = one.planned.item
            if target is not None and one.credited is None and one.amount >= 0 and not one.planned.deleted:
                target.billed = ("", item.id, *one.period, one.amount)
        return made

    def preview(self, invoice: Invoice, sub: Subscription, prorations: Sequence[Prorated]) -> None:
        """The same on a draft that is only shown."""
        for one in prorations:
            invoice.lines.append(self.invoices.line_of(invoice, self._proration(sub, one)))

    def _proration(self, sub: Subscription, one: Prorated) -> InvoiceItem:
        ground = self._desk.ground
        planned = one.planned
        return InvoiceItem(
            ground.numbers.new("ii"),
            ground.clock.now(),
            ground.live,
            sub.customer,
            sub.currency,
            one.amount,
            one.quantity,
            one.unit,
            one.period,
            one.price,
            description=one.description,
            discountable=False,
            tax_rates=planned.tax_rates,
            subscription=sub.id,
            subscription_item=planned.item.id if planned.item else planned.id,
            proration=True,
            credited=one.credited,
            test_clock=sub.test_clock,
            metadata=sub.metadata,
        )

    def gather(self, invoice: Invoice, sub: Subscription) -> None:
        """What is pending for the customer goes on the subscription's invoice."""
        pending = self.items.pending(sub.customer, sub.currency, sub.id)
        self.invoices.gather(invoice, pending)

    def show_pending(self, invoice: Invoice, sub: Subscription) -> None:
        """The same on a draft that is only shown."""
        for item in self.items.pending(sub.customer, sub.currency, sub.id):
            invoice.lines.append(self.invoices.line_of(invoice, item))

    def enter(self, invoice: Invoice, sub: Subscription) -> Invoice:
        """Shelve the draft; each item remembers what it has been billed for."""
        self.invoices.enter(invoice)
        sub.latest_invoice = invoice.id
        for item in sub.items:
            self._remember(invoice, item)
        return invoice

    def _remember(self, invoice: Invoice, item: Item) -> None:
        lines = [x for x in invoice.lines if x.subscription_item == item.id and not x.proration]
        metered = item.price.recurring is not None and item.price.recurring.usage_type == "metered"
        if lines and not metered:
            net = sum(line.net for line in lines)
            item.billed = (invoice.id, lines[0].id, *lines[0].period, net)
        for line in invoice.lines:
            # A pending debit has found its invoice.
            if line.item is not None and item.billed and item.billed[1] == line.item.id:
                item.billed = (invoice.id, line.id, *item.billed[2:])

    def bill(self, invoice: Invoice, item: Item) -> None:
        """The item is billed for what this invoice says of it."""
        self._remember(invoice, item)
        for line in invoice.lines:
            if line.subscription_item == item.id and line.proration and line.amount >= 0:
                item.billed = (invoice.id, line.id, *line.period, line.net)

    def as_planned(self, item: Item, **changes: Any) -> Planned:
        """An item as it is."""
        fields: dict[str, Any] = {
            "tax_rates": item.tax_rates,
            "discounts": item.discounts,
            "metadata": item.metadata,
            "period": item.period,
            **changes,
        }
        return Planned(item, item.price, item.quantity, **fields)
