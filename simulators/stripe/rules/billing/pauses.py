"""Subscriptions paused as a whole, and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.alterations import Alterations
from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.cycles import Cycles
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash
from simulators.stripe.rules.billing.planning import next_period, prorated
from simulators.stripe.rules.billing.subscription_life import go
from simulators.stripe.rules.refusals import Refused


class Pauses:
    """Pauses and resumes the subscriptions of one mode."""

    def __init__(self, desk: Desk, cycles: Cycles, alterations: Alterations, closing: Closing) -> None:
        self._desk, self._cycles, self._closing = desk, cycles, closing
        self._alterations = alterations

    def pause(self, sub: Subscription, wish: Mapping[str, Any]) -> Subscription:
        """No periods and no invoices until it is resumed."""
        if sub.status not in ("active", "trialing", "past_due"):
            raise clash(f"You cannot pause a subscription with the status {sub.status}.")
        now = self._desk.now()
        since = wish.get("unused_time_from", "none")
        if since != "none":
            at = now if since == "now" else sub.period[0]
            plan = [self._cycles.bills.as_planned(item, deleted=True) for item in sub.items]
            self._cycles.bills.prorate(sub, prorated(plan, at, sub.anchor, sub.currency, ()))
        if wish.get("invoicing_behavior") == "invoice":
            invoice = self._cycles.bills.draft(sub, "subscription_update")
            self._cycles.bills.gather(invoice, sub)
            if invoice.lines:
                self._cycles.bills.enter(invoice, sub)
                self._closing.advance(invoice)
        cancel_timer(sub.timers, *list(sub.timers))
        go(self._desk, self._cycles.shelf, sub, "paused")
        sub.paused_because = ("pause_requested", now)
        self._desk.emit("customer.subscription.paused", sub)
        return sub

    def resume(self, sub: Subscription, wish: Mapping[str, Any]) -> Subscription:
        """From now on (anchor "now", the default) or in the old cycle ("unchanged")."""
        if sub.status != "paused":
            text = (
                "Subscriptions can only be resumed when their status is `paused`. This subscription's status"
                f" is `{sub.status}`."
            )
            raise clash(text)
        now = self._desk.now()
        fresh = wish.get("billing_cycle_anchor", "now") == "now"
        if fresh:
            sub.anchor = now
        for item in sub.items:
            begun, end = next_period(item.price, sub.anchor, now)
            item.period = (begun, end) if fresh else (min(item.period[0], now), end)
        invoice = self._cycles.bills.draft(sub, "subscription_update")
        self._cycles.bills.gather(invoice, sub)
        for item in sub.items:
            planned = self._cycles.bills.as_planned(item)
            if not planned.metered and fresh:
                self._cycles.bills.recurring(invoice, sub, planned, item.period)
        if invoice.lines:
            self._cycles.bills.enter(invoice, sub)
            self._collect(sub, invoice)
        if sub.status == "paused" and (not invoice.lines or invoice.status != "open" or _on_attempt(wish)):
            self._cycles.resumed(sub)
        return sub

    def _collect(self, sub: Subscription, invoice: Any) -> None:
        if sub.collection_method == "send_invoice":
            return
        self._closing.close(invoice)
        method = self._closing.collection.method(invoice) if invoice.status == "open" else None
        if method is None:
            return
        try:
            self._closing.collection.attempt(invoice, method, True)
        except Refused:
            # It stays paused until the invoice is paid.
            return


def _on_attempt(wish: Mapping[str, Any]) -> bool:
    return wish.get("payment_behavior") == "resume_on_payment_attempt"
