"""What subscriptions do by themselves: renew, end trials, end, lapse, and mind their invoices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.desk import Desk, cancel_timer
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.planning import Planned, next_period, prorated
from simulators.stripe.rules.billing.subscription_bills import SubscriptionBills
from simulators.stripe.rules.billing.subscription_life import ENDED, go, periods
from simulators.stripe.rules.shelf import Shelf

_DAY = 86_400
_WILL_END = 3 * _DAY
# How long before a renewal invoice.upcoming tells of it: a setting of the account (unconfirmed).
_UPCOMING = 7 * _DAY
LAPSE = 23 * 3600


class Cycles:
    """The subscriptions of one mode as time passes."""

    def __init__(self, desk: Desk, bills: SubscriptionBills, closing: Closing, invoices: Invoices) -> None:
        self._desk, self.bills, self._closing, self._invoices = desk, bills, closing, invoices
        self.shelf: Shelf[Subscription] = Shelf()
        # Told when a subscription has ended (schedules are).
        self.ended: Any = None
        # Told of invoices first: changes that wait for one count when it is paid.
        self.pending: Callable[[Subscription, str, Invoice], bool] | None = None
        closing.collection.tell = self.hear
        closing.collection.method_of = self.method_of

    def method_of(self, id: str) -> str:  # noqa: A002
        """The subscription's own payment method."""
        sub = self.shelf.get(id)
        return sub.default_payment_method if sub else ""

    def go(self, sub: Subscription, status: str) -> None:
        """Another status, and the event of it."""
        before = sub.status
        if before == status:
            return
        go(self._desk, self.shelf, sub, status)
        self._desk.emit("customer.subscription.updated", sub, {"status": before})

    def wait(self, sub: Subscription) -> None:
        """Set the timers for what comes next."""
        cancel_timer(sub.timers, "renew", "cancel", "trial", "upcoming")
        if sub.status in ENDED or sub.status in ("paused", "incomplete"):
            return
        desk, now = self._desk, self._desk.now()
        end = sub.period[1]
        sub.timers["renew"] = desk.later(sub.customer, end, self.renew, sub)
        if sub.cancel_at is not None and sub.cancel_at != end:
            sub.timers["cancel"] = desk.later(sub.customer, sub.cancel_at, self.ending, sub)
        if sub.status == "trialing":
            warn = max(now, end - _WILL_END)
            sub.timers["trial"] = desk.later(sub.customer, warn, self.warn, sub)
        elif end - _UPCOMING > now:
            sub.timers["upcoming"] = desk.later(sub.customer, end - _UPCOMING, self.upcoming, sub)

    def warn(self, sub: Subscription) -> None:
        """The trial ends soon."""
        if sub.status == "trialing" and "warned" not in sub.timers:
            self._desk.emit("customer.subscription.trial_will_end", sub)

    def upcoming(self, sub: Subscription) -> None:
        """The next invoice, told in advance."""
        if sub.status in ("active", "past_due") and not sub.cancel_at_period_end:
            self._desk.emit("invoice.upcoming", self.next_invoice(sub, [self._same(i) for i in sub.items]))

    def next_invoice(self, sub: Subscription, plan: list[Planned]) -> Invoice:
        """The invoice of the next renewal as it would be now; only shown."""
        end = min(p.period[1] for p in plan)
        start = max(p.period[0] for p in plan)
        invoice = self.bills.draft(sub, "upcoming", (start, end), auto_advance=True)
        invoice.id = f"upcoming_{invoice.id}"
        self.bills.show_pending(invoice, sub)
        for planned in plan:
            if planned.period[1] <= end:
                self._bill(invoice, sub, planned, planned.period)
        self._invoices.reckon(invoice)
        return invoice

    def _bill(self, invoice: Invoice, sub: Subscription, planned: Planned, old: tuple[int, int]) -> None:
        """The line(s) of a period that begins, or of the use in one that is over."""
        if planned.metered:
            start = planned.item.usage_from if planned.item else 0
            self.bills.usage(invoice, sub, planned, (max(old[0], start), old[1]))
        else:
            self.bills.recurring(invoice, sub, planned, next_period(planned.price, sub.anchor, old[1]))

    def renew(self, sub: Subscription) -> None:
        """The end of a period: another begins, unless the subscription ends with it."""
        desk, now = self._desk, self._desk.now()
        if sub.status in ENDED:
            return
        if sub.cancel_at is not None and sub.cancel_at <= now:
            self.ending(sub)
            return
        if sub.status == "trialing" and not self._out_of_trial(sub):
            return
        previous = periods(sub)
        period = sub.period
        due = [item for item in sub.items if item.period[1] <= now]
        was = {item.id: item.period for item in due}
        for item in due:
            item.period = next_period(item.price, sub.anchor, item.period[1])
        invoice = self.bills.draft(sub, "subscription_cycle", period)
        self.bills.gather(invoice, sub)
        for item in due:
            self._bill(invoice, sub, self._same(item), was[item.id])
        if invoice.lines:
            self.bills.enter(invoice, sub)
        desk.note(sub, "renewed", sub.status, sub.customer, sub.latest_invoice)
        desk.emit("customer.subscription.updated", sub, previous)
        self.wait(sub)

    def _out_of_trial(self, sub: Subscription) -> bool:
        """Whether the trial becomes a subscription."""
        desk = self._desk
        without = sub.collection_method == "charge_automatically" and not self.has_method(sub)
        if without and sub.missing_method == "cancel":
            self.cancel(sub, reason="cancellation_requested")
            return False
        if without and sub.missing_method == "pause":
            cancel_timer(sub.timers, *list(sub.timers))
            go(desk, self.shelf, sub, "paused")
            sub.paused_because = ("trial_end_without_payment_method", desk.now())
            desk.emit("customer.subscription.paused", sub)
            return False
        go(desk, self.shelf, sub, "active")
        desk.emit("customer.subscription.updated", sub, {"status": "trialing"})
        return True

    def has_method(self, sub: Subscription) -> bool:
        """Whether there is a card to ask."""
        owner = self._desk.customers.shelf.get(sub.customer)
        return bool(sub.default_payment_method or (owner and owner.default_method))

    def ending(self, sub: Subscription) -> None:
        """The moment named by cancel_at."""
        if sub.status in ENDED:
            return
        now = self._desk.now()
        mid = now < sub.period[1]
        self.cancel(sub, invoice_now=True, prorate=mid, reason=sub.reason or "cancellation_requested")

    def cancel(
        self,
        sub: Subscription,
        *,
        invoice_now: bool = False,
        prorate: bool = False,
        reason: str | None = "cancellation_requested",
    ) -> Subscription:
        """It ends now; what is still unpaid is not collected any more."""
        desk, now = self._desk, self._desk.now()
        cancel_timer(sub.timers, *list(sub.timers))
        incomplete = sub.status == "incomplete"
        if prorate:
            plan = [self._same(item, deleted=True) for item in sub.items]
            self.bills.prorate(sub, prorated(plan, now, sub.anchor, sub.currency, ()))
        sub.ended_at, sub.pending = now, None
        sub.canceled_at = sub.canceled_at or now
        sub.reason = reason
        if invoice_now:
            self._last_invoice(sub, now)
        go(desk, self.shelf, sub, "canceled")
        for invoice in list(self._invoices.shelf.under(("subscription", sub.id))):
            if incomplete and invoice.status == "open":
                self._closing.void(invoice)
            elif invoice.status == "open" and invoice.auto_advance:
                invoice.auto_advance, invoice.next_attempt = False, None
                cancel_timer(invoice.timers, "retry")
        desk.emit("customer.subscription.deleted", sub)
        if self.ended is not None:
            self.ended(sub)
        return sub

    def _last_invoice(self, sub: Subscription, now: int) -> None:
        invoice = self.bills.draft(sub, "subscription_cycle", (sub.period[0], now))
        self.bills.gather(invoice, sub)
        for item in sub.items:
            planned = self._same(item)
            if planned.metered:
                self.bills.usage(invoice, sub, planned, (item.period[0], min(now, item.period[1])))
        if invoice.lines:
            self.bills.enter(invoice, sub)

    def lapse(self, sub: Subscription) -> None:
        """The first invoice went unpaid for 23 hours."""
        if sub.status != "incomplete":
            return
        invoice = self._invoices.shelf.get(sub.latest_invoice)
        if invoice is not None and invoice.status == "open":
            self._closing.void(invoice)
        sub.ended_at = self._desk.now()
        self.go(sub, "incomplete_expired")

    def set_up(self, setup: Any) -> None:
        """A card was saved through the setup intent of a subscription: it is its own from now on."""
        for sub in self.shelf.under(("customer", setup.customer)):
            if sub.setup_intent == setup.id:
                sub.setup_intent = ""
                sub.default_payment_method = sub.default_payment_method or setup.method
                previous = {"pending_setup_intent": setup.id}
                self._desk.emit("customer.subscription.updated", sub, previous)

    def hear(self, what: str, invoice: Invoice) -> None:
        """What became of an invoice is the subscription's affair too."""
        sub = self.shelf.get(invoice.subscription) if invoice.subscription else None
        if sub is None or sub.status in ENDED:
            return
        if self.pending is not None and self.pending(sub, what, invoice):
            return
        if invoice.id != sub.latest_invoice:
            return
        if what == "paid":
            self._paid(sub, invoice)
        elif what in ("voided", "uncollectible") and sub.status == "past_due":
            self.go(sub, "active")
        elif what in ("failed", "overdue") and sub.status == "active":
            self.go(sub, "past_due")
        elif what == "exhausted":
            self._exhausted(sub)

    def _paid(self, sub: Subscription, invoice: Invoice) -> None:
        if sub.payment_settings.get("save_default_payment_method") == "on_subscription":
            intent = self._desk.intents.shelf.get(invoice.intent)
            if intent is not None and intent.method and not sub.default_payment_method:
                sub.default_payment_method = intent.method
        if sub.status == "incomplete":
            cancel_timer(sub.timers, "lapse")
            self.go(sub, "active")
            self.wait(sub)
        elif sub.status in ("past_due", "unpaid"):
            self.go(sub, "active")
        elif sub.status == "paused":
            self.resumed(sub)

    def resumed(self, sub: Subscription) -> None:
        """Active again after a pause."""
        go(self._desk, self.shelf, sub, "active")
        sub.paused_because = None
        self._desk.emit("customer.subscription.resumed", sub)
        self.wait(sub)

    def _exhausted(self, sub: Subscription) -> None:
        """The last retry failed: a setting of the account says what then (unconfirmed default)."""
        then = self._desk.ground.options.dunning_ends
        if then == 0:
            self.cancel(sub, reason="payment_failed")
        elif then == 1:
            self.go(sub, "unpaid")

    def unpause(self, sub: Subscription) -> None:
        """Collection begins again at the moment that was set."""
        if sub.pause is not None:
            behavior, at = sub.pause
            sub.pause = None
            previous = {"pause_collection": {"behavior": behavior, "resumes_at": at}}
            self._desk.emit("customer.subscription.updated", sub, previous)

    def _same(self, item: Item, **changes: Any) -> Planned:
        return self.bills.as_planned(item, **changes)
