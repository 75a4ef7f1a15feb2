"""Subscriptions changed: other items, other terms, trials moved, paused, resumed, cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.desk import Desk, changed, clash
from simulators.stripe.rules.billing.endings import set_ending
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.planning import Planned, Prorated, next_period, prorated
from simulators.stripe.rules.billing.subscription_life import ENDED, file_prices, go, periods
from simulators.stripe.rules.billing.subscriptions import Subscriptions
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.terms import Terms
from simulators.stripe.rules.records import Intent
from simulators.stripe.rules.refusals import Refused, no_such

Wish = Mapping[str, Any]
_LATE = frozenset({"metadata", "cancellation", "comment", "feedback"})


@dataclass(slots=True)
class Change:
    """What a change would do: the items as they will be, what is prorated, whether it is billed now."""

    plan: list[Planned]
    prorations: list[Prorated]
    anchor: int
    bill: bool
    trial: tuple[int, int] | None
    status: str
    at: int


class Alterations:
    """Changes the subscriptions of one mode."""

    def __init__(
        self, desk: Desk, subscriptions: Subscriptions, rates: TaxRates, coupons: Coupons, closing: Closing
    ) -> None:
        self._desk, self._subs, self._rates = desk, subscriptions, rates
        self._coupons, self._closing = coupons, closing
        self._cycles = subscriptions.cycles
        self._terms = Terms(desk, subscriptions, rates, coupons)
        # Takes changes that count only once they are paid.
        self.pending: Callable[[Subscription, Wish], bool] | None = None

    def plan(self, sub: Subscription, wish: Wish) -> Change:
        """What the wish would do to items and periods; nothing is changed yet."""
        now = self._desk.now()
        at = wish.get("proration_date") or now
        start, end = sub.period
        if wish.get("proration_date") and not start <= at <= end:
            text = "`proration_date` must be within the current billing period."
            raise clash(text, "proration_date")
        plan = self._subs.wishes.changed(sub, wish.get("items") or (), now)
        anchor, trial, status = sub.anchor, sub.trial, sub.status
        living = [p for p in plan if not p.deleted]
        trial_end = wish.get("trial_end")
        if trial_end == "now" and sub.status == "trialing":
            anchor, trial, status = now, (sub.trial[0] if sub.trial else now, now), "active"
            _restart(living, now)
        elif isinstance(trial_end, int):
            anchor, trial, status = self._new_trial(sub, living, trial_end, now)
        elif _begins_anew(sub, wish, living):
            anchor = now
            _restart(living, now)
        how = wish.get("proration_behavior", "create_prorations")
        prorations: list[Prorated] = []
        if how != "none" and sub.status not in ("incomplete", "paused"):
            charged_now = [p for p in plan if status != "trialing" or not p.changed or p.deleted or p.reset]
            discounts = self._cycles.bills.discounts(sub, at)
            prorations = prorated(charged_now, at, sub.anchor, sub.currency, discounts)
        bill = any(p.reset for p in living) and status != "trialing"
        bill = bill or (how == "always_invoice" and bool(prorations))
        return Change(plan, prorations, anchor, bill, trial, status, at)

    def _new_trial(
        self, sub: Subscription, living: list[Planned], end: int, now: int
    ) -> tuple[int, tuple[int, int], str]:
        if end <= now:
            text = "Invalid timestamp: must be an integer Unix timestamp in the future."
            raise clash(text, "trial_end")
        begin = sub.trial[0] if sub.status == "trialing" and sub.trial else now
        for planned in living:
            planned.period = (begin, end)
            planned.reset = sub.status != "trialing"
        return end, (begin, end), "trialing"

    def invoice(self, sub: Subscription, change: Change, *, shown: bool) -> Invoice:
        """The invoice that bills a change now; `shown`: only as a preview."""
        bills = self._cycles.bills
        invoice = bills.draft(sub, "subscription_update", proration_date=change.at)
        if shown:
            bills.preview(invoice, sub, change.prorations)
            bills.show_pending(invoice, sub)
        else:
            bills.gather(invoice, sub)
        for planned in change.plan:
            if planned.reset and not planned.deleted and not planned.metered and change.status != "trialing":
                bills.recurring(invoice, sub, planned, planned.period)
        bills.invoices.reckon(invoice)
        return invoice

    def update(self, sub: Subscription, wish: Wish) -> Subscription:
        """Apply a change, billing it now or with the next invoice."""
        if sub.status in ENDED and not wish.keys() <= _LATE:
            text = "A canceled subscription can only update its cancellation_details and metadata."
            raise clash(text)
        if sub.status == "incomplete" and ({"items", "trial_end", "billing_cycle_anchor"} & wish.keys()):
            text = (
                "You cannot change the items of an incomplete subscription until its first invoice is paid."
            )
            raise clash(text)
        waiting = wish.get("payment_behavior") == "pending_if_incomplete"
        if waiting and self.pending is not None and self.pending(sub, wish):
            return sub
        before, at_first = periods(sub), sub.status
        previous = self._terms.change(sub, wish)
        reshaped = {"items", "trial_end", "billing_cycle_anchor"} & wish.keys()
        bill: Change | None = None
        if reshaped and sub.status not in ENDED:
            change = self.plan(sub, wish)
            intent = self._in_advance(sub, change, wish)
            if self.reshape(sub, change):
                previous |= before
            if change.bill:
                bill = change
            for one in wish.get("add_invoice_items") or ():
                self._cycles.bills.items.create(sub.customer, {**one, "subscription": sub.id}, sub.currency)
        if "cancel_at" in wish or "cancel_at_period_end" in wish:
            was = (sub.cancel_at, sub.cancel_at_period_end, sub.canceled_at)
            ends = [i.period[1] for i in sub.items]
            set_ending(sub, wish, min(ends), max(ends), self._desk.now())
            if was != (sub.cancel_at, sub.cancel_at_period_end, sub.canceled_at):
                previous |= {"cancel_at": was[0], "cancel_at_period_end": was[1], "canceled_at": was[2]}
        if sub.status != at_first:
            previous["status"] = at_first
        if bill is not None:
            self._bill(sub, bill, wish, intent)
        if previous:
            self._desk.note(sub, "updated", sub.status, sub.customer)
            self._desk.emit("customer.subscription.updated", sub, previous)
        self._cycles.wait(sub)
        return sub

    def _in_advance(self, sub: Subscription, change: Change, wish: Wish) -> Intent | None:
        """error_if_incomplete: nothing is changed unless it is paid first."""
        charged = sub.collection_method == "charge_automatically"
        if not change.bill or not charged or wish.get("payment_behavior") != "error_if_incomplete":
            return None
        invoice = self.invoice(sub, change, shown=True)
        due = self._closing.due(invoice)
        if not due:
            return None
        collection = self._closing.collection
        method = collection.method(invoice)
        if method is None:
            raise Refused(
                "This customer has no attached payment source or default payment method.",
                code="resource_missing",
            )
        return collection.certain(invoice, due, method, bool(wish.get("off_session", False)))

    def _bill(self, sub: Subscription, change: Change, wish: Wish, intent: Intent | None) -> None:
        invoice = self.invoice(sub, change, shown=False)
        if not invoice.lines:
            return
        self._cycles.bills.enter(invoice, sub)
        if sub.collection_method == "send_invoice":
            return
        self._closing.close(invoice, intent)
        if invoice.status == "open" and wish.get("payment_behavior") != "default_incomplete":
            self._closing.collection.attempt_by_itself(invoice)

    def reshape(self, sub: Subscription, change: Change) -> bool:
        """Make the plan true; whether anything of the items changed."""
        touched = False
        before = list(sub.items)
        for planned in change.plan:
            item = planned.item
            if planned.wished_discounts is not None:
                planned.discounts = self._coupons.redeem(
                    planned.wished_discounts, sub.customer, sub.currency, "items",
                    keep=item.discounts if item else (), subscription=sub.id,
                )  # fmt: skip
            if item is None:
                self._subs.admit(sub, planned)
                touched = True
                continue
            if planned.deleted:
                sub.items.remove(item)
                item.deleted = True
                self._subs.items.unfile(item, ("subscription", sub.id))
                self._subs.items.unfile(item, ())
                touched = True
        # Only now do prorations know the ids of new items.
        self._cycles.bills.prorate(sub, change.prorations)
        for planned in change.plan:
            item = planned.item
            if item is None or planned.deleted:
                continue
            new = {
                "price": planned.price,
                "quantity": planned.quantity,
                "tax_rates": planned.tax_rates,
                "discounts": planned.discounts or (),
                "metadata": planned.metadata,
                "period": planned.period,
            }
            touched = bool(changed(item, new)) or touched
            if planned.reset:
                # What it was billed for has been credited, or is not to be; a new period begins.
                item.billed = None
        sub.anchor, sub.trial = change.anchor, change.trial
        if change.status != sub.status:
            self._move(sub, change.status)
        file_prices(self._subs.shelf, sub, before)
        return touched

    def _move(self, sub: Subscription, status: str) -> None:
        go(self._desk, self._subs.shelf, sub, status)

    def cancel(self, sub: Subscription, wish: Wish) -> Subscription:
        """Now, on request."""
        if sub.status in ENDED:
            raise no_such("subscription", sub.id, "id", path=True)
        for name in ("comment", "feedback"):
            if name in wish:
                setattr(sub, name, wish[name])
        return self._cycles.cancel(
            sub, invoice_now=bool(wish.get("invoice_now")), prorate=bool(wish.get("prorate"))
        )

    def drop_discount(self, sub: Subscription) -> Any:
        """Take the subscription's (last) discount away."""
        if not sub.discounts:
            raise clash("This subscription does not have a discount.", code="resource_missing")
        gone = sub.discounts[-1]
        sub.discounts = sub.discounts[:-1]
        gone.deleted = True
        self._desk.emit("customer.discount.deleted", gone)
        return gone


def _restart(living: Sequence[Planned], now: int) -> None:
    for planned in living:
        planned.reset = True
        planned.period = next_period(planned.price, now, now)


def _begins_anew(sub: Subscription, wish: Wish, living: Sequence[Planned]) -> bool:
    """Whether periods are counted from now on: as wished, or because every item's interval changed."""
    if wish.get("billing_cycle_anchor") == "now" and sub.status != "trialing":
        return True
    return any(p.reset for p in living) and all(p.reset or p.item is None for p in living)
