"""Invoices that are only shown: the next one of a customer or subscription, or that of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe.rules.billing.alterations import Alterations
from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.cycles import Cycles
from simulators.stripe.rules.billing.desk import Desk, clash
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.planning import prorated
from simulators.stripe.rules.billing.subscription_life import ENDED
from simulators.stripe.rules.billing.subscriptions import Subscriptions
from simulators.stripe.rules.refusals import Refused

Wish = Mapping[str, Any]


class Previews:
    """The previews of one mode."""

    def __init__(
        self,
        desk: Desk,
        invoices: Invoices,
        items: InvoiceItems,
        subscriptions: Subscriptions,
        alterations: Alterations,
        coupons: Coupons,
    ) -> None:
        self._desk, self._invoices, self._items = desk, invoices, items
        self._subs, self._alterations, self._coupons = subscriptions, alterations, coupons
        self._cycles: Cycles = subscriptions.cycles

    def preview(
        self,
        customer: str,
        sub: Subscription | None,
        details: Wish,
        extra: Sequence[Wish] = (),
        discounts: Sequence[Wish] | None = None,
        currency: str = "",
        recurring: bool = False,
    ) -> Invoice:
        """The invoice; its id begins with "upcoming_" and finds nothing."""
        if sub is not None:
            invoice = self._of(sub, details, recurring)
        elif details.get("items"):
            fresh, plan = self._subs.planned(customer, details)
            invoice = self._subs.first_invoice(fresh, plan)
            if not recurring:
                self._cycles.bills.show_pending(invoice, fresh)
            if fresh.id:
                invoice.subscription = ""
        else:
            invoice = self._one_off(customer, currency, bool(extra))
        for wish in extra:
            invoice.lines.append(self._extra(invoice, wish))
        if discounts is not None:
            invoice.discounts = self._shown(discounts, invoice)
        self._invoices.reckon(invoice)
        if not invoice.id.startswith("upcoming_"):
            invoice.id = f"upcoming_{invoice.id}"
        return invoice

    def _of(self, sub: Subscription, details: Wish, recurring: bool) -> Invoice:
        if sub.status in ENDED:
            text = f"No upcoming invoices for customer: {sub.customer}"
            raise Refused(text, code="invoice_upcoming_none", status=404)
        if details.get("cancel_now"):
            return self._cancelled(sub, details)
        change = self._alterations.plan(sub, details)
        reshaped = {"items", "trial_end", "billing_cycle_anchor"} & details.keys()
        if reshaped and change.bill and not recurring:
            return self._alterations.invoice(sub, change, shown=True)
        plan = [p for p in change.plan if not p.deleted]
        ends = details.get("cancel_at_period_end", sub.cancel_at_period_end)
        if ends and not any(p.metered for p in plan) and not change.prorations:
            text = f"No upcoming invoices for customer: {sub.customer}"
            raise Refused(text, code="invoice_upcoming_none", status=404)
        invoice = self._cycles.next_invoice(sub, plan)
        if not recurring:
            own = list(invoice.lines)
            invoice.lines.clear()
            self._cycles.bills.preview(invoice, sub, change.prorations)
            invoice.lines.extend(own)
        return invoice

    def _cancelled(self, sub: Subscription, details: Wish) -> Invoice:
        bills = self._cycles.bills
        at = details.get("proration_date") or self._desk.now()
        invoice = bills.draft(sub, "upcoming")
        if details.get("proration_behavior", "create_prorations") != "none":
            plan = [bills.as_planned(item, deleted=True) for item in sub.items]
            bills.preview(invoice, sub, prorated(plan, at, sub.anchor, sub.currency, ()))
        bills.show_pending(invoice, sub)
        for item in sub.items:
            planned = bills.as_planned(item)
            if planned.metered:
                bills.usage(invoice, sub, planned, (item.period[0], at))
        return invoice

    def _one_off(self, customer: str, currency: str, extra: bool) -> Invoice:
        wallet = self._desk.wallet(customer)
        coming = [s for s in self._subs.shelf.under(("customer-listed", customer)) if s.status not in ENDED]
        if coming:
            first = min(coming, key=lambda s: s.period[1])
            return self._cycles.next_invoice(first, [self._cycles.bills.as_planned(i) for i in first.items])
        currency = currency or wallet.currency or "usd"
        pending = self._items.pending(customer, currency)
        if not pending and not extra:
            text = f"No upcoming invoices for customer: {customer}"
            raise Refused(text, code="invoice_upcoming_none", status=404)
        invoice = self._invoices.draft(customer, currency, billing_reason="upcoming")
        for item in pending:
            invoice.lines.append(self._invoices.line_of(invoice, item))
        if wallet.discount is not None:
            invoice.discounts = (wallet.discount,)
        return invoice

    def _extra(self, invoice: Invoice, wish: Wish) -> Any:
        item = self._items.shown(invoice.customer, wish, invoice.currency)
        return self._invoices.line_of(invoice, item)

    def _shown(self, wishes: Sequence[Wish], invoice: Invoice) -> Any:
        """Discounts as they would be; nothing is redeemed."""
        made = self._coupons.redeem(wishes, invoice.customer, invoice.currency, invoice=invoice.id)
        self._coupons.give_back(made)
        return made


def needs_customer() -> Refused:
    """Nobody to preview for."""
    return clash(
        "You must provide one of: customer, subscription, schedule.", "customer", "parameter_missing"
    )
