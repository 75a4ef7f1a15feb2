"""Billing as a whole: its parts joined, and its time kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.agenda import Agenda, Entry
from simulators.kit.clock import SECOND
from simulators.kit.history import CAUSE
from simulators.stripe.rules.bent import BentClock
from simulators.stripe.rules.billing.acceptance import Acceptance
from simulators.stripe.rules.billing.alterations import Alterations
from simulators.stripe.rules.billing.awaiting import Awaiting
from simulators.stripe.rules.billing.catalog import Catalog
from simulators.stripe.rules.billing.clocks import Clocks
from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.collection import Collection
from simulators.stripe.rules.billing.contract_records import TestClock
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.credit_notes import CreditNotes
from simulators.stripe.rules.billing.cycles import Cycles
from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.billing.invoice_items import InvoiceItems
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.lines import Lines
from simulators.stripe.rules.billing.meters import Meters
from simulators.stripe.rules.billing.pauses import Pauses
from simulators.stripe.rules.billing.pending import PendingUpdates
from simulators.stripe.rules.billing.plans import Plans
from simulators.stripe.rules.billing.previews import Previews
from simulators.stripe.rules.billing.quotes import Quotes
from simulators.stripe.rules.billing.schedules import Schedules
from simulators.stripe.rules.billing.subscription_bills import SubscriptionBills
from simulators.stripe.rules.billing.subscription_life import ENDED
from simulators.stripe.rules.billing.subscriptions import Subscriptions
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.billing.wishes import Wishes
from simulators.stripe.rules.records import Customer
from simulators.stripe.rules.shelf import Shelf


class Billing:
    """The billing of one mode. own: the mock's own time, bent while something overdue is done."""

    def __init__(self, desk: Desk, own: BentClock, agenda: Agenda) -> None:
        self.desk, self._own, self._agenda = desk, own, agenda
        self._alarm: Entry | None = None
        desk.wake = self.arm
        self.catalog = Catalog(desk)
        self.plans = Plans(desk, self.catalog)
        self.coupons = Coupons(desk)
        self.tax_rates = TaxRates(desk)
        self.meters = Meters(desk)
        self.wallets = Wallets(desk, self.coupons)
        self.items = InvoiceItems(desk, self.catalog, self.coupons, self.tax_rates, self.wallets)
        self.invoices = Invoices(desk, self.items, self.coupons, self.tax_rates, self.wallets)
        self.lines = Lines(self.invoices, self.items)
        self.collection = Collection(desk, self.invoices, self.wallets)
        self.closing = Closing(desk, self.invoices, self.wallets, self.collection)
        self.credit_notes = CreditNotes(desk, self.invoices, self.wallets, self.tax_rates, self.collection)
        bills = SubscriptionBills(desk, self.invoices, self.items, self.wallets, self.meters)
        self.cycles = Cycles(desk, bills, self.closing, self.invoices)
        wishes = Wishes(self.catalog, self.tax_rates)
        self.subscriptions = Subscriptions(
            desk, wishes, self.tax_rates, self.coupons, self.wallets, self.cycles, self.closing
        )
        self.alterations = Alterations(desk, self.subscriptions, self.tax_rates, self.coupons, self.closing)
        self.pending = PendingUpdates(desk, self.alterations, self.cycles, self.closing)
        self.pauses = Pauses(desk, self.cycles, self.alterations, self.closing)
        self.previews = Previews(
            desk, self.invoices, self.items, self.subscriptions, self.alterations, self.coupons
        )
        self.schedules = Schedules(desk, self.subscriptions, self.alterations)
        acceptance = Acceptance(desk, self.invoices, self.items, self.subscriptions, self.schedules)
        self.quotes = Quotes(desk, self.invoices, bills, acceptance, self.coupons, self.tax_rates)
        self.clocks = Clocks(desk, self.cycles)
        desk.ground.events.watcher = self.heard
        desk.intents.funding.billed = Awaiting(desk, self.invoices).billed

    def shelves(self) -> dict[str, Shelf[Any]]:
        """Where the objects that can be expanded are found, by their kind."""
        return {
            "product": self.catalog.products,
            "price": self.catalog.prices,
            "coupon": self.coupons.coupons,
            "promotion_code": self.coupons.codes,
            "discount": self.coupons.discounts,
            "tax_rate": self.tax_rates.shelf,
            "invoiceitem": self.items.shelf,
            "invoice": self.invoices.shelf,
            "invoice_payment": self.invoices.payments,
            "credit_note": self.credit_notes.shelf,
            "customer_balance_transaction": self.desk.credit.shelf,
            "subscription": self.subscriptions.shelf,
            "subscription_schedule": self.schedules.shelf,
            "quote": self.quotes.shelf,
            "test_helpers.test_clock": self.clocks.shelf,
        }

    def heard(self, type: str, record: Any) -> None:  # noqa: A002
        """An event was written down; what pays invoices is of interest."""
        if type.startswith("payment_intent.") and record.customer:
            with self.desk.living(record.customer):
                self.collection.heard(type, record)
        elif type == "setup_intent.succeeded" and record.customer:
            with self.desk.living(record.customer):
                self.cycles.set_up(record)

    # --- time

    def next_due(self) -> int | None:
        """Microsecond of what comes next in the mock's own time."""
        at = self.desk.timeline.next_at()
        return None if at is None else at * SECOND

    def run(self, until: int) -> None:
        """Do what is due up to `until` (microseconds)."""
        self.desk.timeline.run(until // SECOND, self._own)

    def soon(self, act: Callable[..., object], *args: Any) -> None:
        """Do it before the next call is served."""
        self.desk.timeline.put(self._own.now() // SECOND, act, *args)
        self.arm()

    def arm(self) -> None:
        """See to it that the next thing is done in time."""
        due = self.next_due()
        if self._alarm is not None and self._alarm.due != due:
            self._alarm.cancel()
            self._alarm = None
        if due is not None and self._alarm is None:
            self._alarm = self._agenda.at(due, self.ring, periodic=True)

    def ring(self) -> None:
        """The alarm went off."""
        self._alarm = None
        token = CAUSE.set("")
        try:
            self.run(self._own.now())
        finally:
            CAUSE.reset(token)
        self.arm()

    # --- customers

    def welcome(self, customer: Customer, clock: TestClock) -> None:
        """A new customer lives by the clock."""
        self.desk.wallet(customer.id).clock = clock
        clock.customers.append(customer.id)

    def lose(self, customer: Customer) -> None:
        """A deleted customer's subscriptions end at once; its drafts go nowhere."""
        with self.desk.living(customer.id):
            for sub in list(self.subscriptions.shelf.under(("customer", customer.id))):
                if sub.status not in ENDED:
                    self.cycles.cancel(sub)
            for invoice in list(self.invoices.shelf.under(("customer-status", customer.id, "draft"))):
                self.invoices.advance_at(invoice, None)
                invoice.auto_advance = False
