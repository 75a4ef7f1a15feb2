"""Changes of a subscription that count only once they are paid (payment_behavior=pending_if_incomplete).

docs.stripe.com/billing/subscriptions/pending-updates: what cannot be paid at once waits for at most 23 hours,
and not beyond the current period; the subscription goes on as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulators.stripe.rules.billing.alterations import Alterations, Change
from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.cycles import Cycles
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.planning import Planned
from simulators.stripe.rules.billing.subscription_life import periods

_WAITS = 23 * 3600
_RESHAPING = frozenset({"items", "trial_end", "billing_cycle_anchor"})
_TAKEN = _RESHAPING | {"payment_behavior", "proration_behavior", "proration_date", "off_session"}


@dataclass(slots=True)
class PendingUpdate:
    """change: what will be done; invoice: id of the one that pays for it; items: as they will be shown.

    told: whether anybody has seen it wait.
    """

    change: Change
    invoice: str
    expires_at: int
    items: list[Item]
    anchor: int | None
    trial_end: int | None
    told: bool = False


class PendingUpdates:
    """One a mode."""

    def __init__(self, desk: Desk, alterations: Alterations, cycles: Cycles, closing: Closing) -> None:
        self._desk, self._alterations = desk, alterations
        self._cycles, self._closing = cycles, closing
        alterations.pending = self.begin
        cycles.pending = self.hear

    def begin(self, sub: Subscription, wish: Mapping[str, Any]) -> bool:
        """Bill a change and make it when it is paid; False where nothing is to be paid for it now."""
        unknown = sorted(wish.keys() - _TAKEN)
        if unknown:
            # Wording unconfirmed.
            names = ", ".join(f"`{name}`" for name in unknown)
            text = f"You cannot update {names} when `payment_behavior` is set to `pending_if_incomplete`."
            raise clash(text, unknown[0])
        if not _RESHAPING & wish.keys() or sub.collection_method != "charge_automatically":
            return False
        if sub.status not in ("active", "trialing", "past_due"):
            return False
        change = self._alterations.plan(sub, wish)
        if not change.bill:
            return False
        self.drop(sub)
        invoice = self._bill(sub, change)
        end = min(self._desk.now() + _WAITS, sub.period[1])
        anew = any(p.reset for p in change.plan)
        sub.pending = pending = PendingUpdate(
            change,
            invoice.id,
            end,
            [self._shown(sub, p) for p in change.plan if not p.deleted],
            change.anchor if anew else None,
            change.trial[1] if change.status == "trialing" and change.trial else None,
        )
        self._closing.close(invoice)
        if invoice.status == "open":
            self._closing.collection.attempt_by_itself(invoice)
        if sub.pending is pending:
            pending.told = True
            sub.timers["pending"] = self._desk.later(sub.customer, end, self.expire, sub, early=True)
            self._desk.note(sub, "update_pending", sub.status, sub.customer, invoice.id)
            self._desk.emit("customer.subscription.updated", sub, {"pending_update": None})
        return True

    def _bill(self, sub: Subscription, change: Change) -> Invoice:
        """The invoice of a change that is not made yet: what the items were billed for stays as it was."""
        before = [(item, item.billed) for item in sub.items]
        for planned in change.plan:
            if planned.item is None:
                planned.id = self._desk.ground.numbers.short("si")
        self._cycles.bills.prorate(sub, change.prorations)
        invoice = self._alterations.invoice(sub, change, shown=False)
        # It is tried once; the customer may pay it later.
        invoice.auto_advance = False
        self._cycles.bills.enter(invoice, sub)
        for item, billed in before:
            item.billed = billed
        return invoice

    def _shown(self, sub: Subscription, planned: Planned) -> Item:
        fields: dict[str, Any] = {
            "price": planned.price,
            "quantity": planned.quantity,
            "tax_rates": planned.tax_rates,
            "metadata": planned.metadata,
            "period": planned.period,
        }
        if planned.item is not None:
            return replace(planned.item, **fields)
        return Item(planned.id, self._desk.ground.clock.now(), sub.id, **fields)

    def hear(self, sub: Subscription, what: str, invoice: Invoice) -> bool:
        """What became of an invoice; whether it was one that a change waits for."""
        pending = sub.pending
        if pending is None or invoice.id != pending.invoice:
            return False
        if what == "paid":
            self._apply(sub, pending, invoice)
        elif what in ("voided", "uncollectible"):
            self._forget(sub)
            self._desk.emit("customer.subscription.updated", sub)
        return True

    def expire(self, sub: Subscription) -> None:
        """It was not paid in time."""
        pending = sub.pending
        if pending is None:
            return
        self.drop(sub)
        self._desk.emit("customer.subscription.pending_update_expired", sub)

    def drop(self, sub: Subscription) -> None:
        """Give a waiting change up, and its invoice with it."""
        if sub.pending is None:
            return
        invoice = self._closing.collection.invoice(sub.pending.invoice)
        self._forget(sub)
        if invoice is not None and invoice.status == "open":
            self._closing.void(invoice)

    def _forget(self, sub: Subscription) -> None:
        cancel_timer(sub.timers, "pending")
        sub.pending = None

    def _apply(self, sub: Subscription, pending: PendingUpdate, invoice: Invoice) -> None:
        before, at_first, told = periods(sub), sub.status, pending.told
        self._forget(sub)
        self._alterations.reshape(sub, replace(pending.change, prorations=[]))
        for planned in pending.change.plan:
            if planned.item is not None and not planned.deleted:
                self._cycles.bills.bill(invoice, planned.item)
        previous: dict[str, Any] = dict(before)
        if sub.status != at_first:
            previous["status"] = at_first
        self._desk.note(sub, "updated", sub.status, sub.customer)
        self._desk.emit("customer.subscription.updated", sub, previous)
        if told:
            self._desk.emit("customer.subscription.pending_update_applied", sub)
        self._cycles.wait(sub)
