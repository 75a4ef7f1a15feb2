"""Payouts: what is available goes to the bank every midnight (UTC), and is there a day later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.clock import DAY, MINUTE, day, midnight
from simulators.kit.lifecycle import move
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Metadata, merged
from simulators.stripe.rules.records_funds import BalanceTransaction, Payout
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

MAY: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"in_transit", "paid", "failed", "canceled"}),
    "in_transit": frozenset({"paid", "failed"}),
    # The bank can still send it back.
    "paid": frozenset({"failed"}),
    "failed": frozenset(),
    "canceled": frozenset(),
}
# An instant payout is there within half an hour.
_INSTANT = 30 * MINUTE


class Payouts:
    """The payouts of one mode."""

    def __init__(self, ground: Ground, balance: Balance) -> None:
        self._ground, self._balance = ground, balance
        self.shelf: Shelf[Payout] = Shelf()
        self._travelling: list[Payout] = []

    def take(self, id: str, param: str = "id", *, path: bool = True) -> Payout:  # noqa: A002
        """The payout; Refused with resource_missing."""
        payout = self.shelf.get(id)
        if payout is None:
            raise no_such("payout", id, param, path=path)
        return payout

    def create(
        self,
        *,
        amount: int,
        currency: str,
        description: str | None = None,
        statement_descriptor: str | None = None,
        method: str = "standard",
        metadata: Metadata | None = NOTHING,
    ) -> Payout:
        """A payout by hand; refused when less than that is available."""
        currency = currency.lower()
        if amount > self._balance.available(currency):
            text = (
                "You have insufficient funds in your Stripe account for this transfer. Your card balance is"
                " too low. You can use the /v1/balance endpoint to view your Stripe balance."
            )
            raise Refused(text, code="balance_insufficient")
        arrival = midnight(day(self._ground.clock.now())) + DAY
        payout = self._new(amount, currency, False, arrival, [])
        payout.method = method
        if method == "instant":
            self._ground.errands.after(_INSTANT, self._arrive, payout)
        payout.description, payout.statement_descriptor = description, statement_descriptor
        payout.metadata = merged(NOTHING, metadata)
        self._announce(payout)
        return payout

    def update(self, payout: Payout, metadata: Metadata | None) -> Payout:
        """Only metadata can be changed."""
        payout.metadata = merged(payout.metadata, metadata)
        self._note(payout, "updated")
        self._ground.events.emit("payout.updated", payout)
        return payout

    def cancel(self, payout: Payout) -> Payout:
        """Take back a payout that has not left."""
        if payout.status != "pending" or payout.automatic:
            text = f"Payout {payout.id} cannot be canceled: only pending payouts made by hand can."
            raise Refused(text, param="payout")
        self._return(payout, "canceled", "payout_cancel")
        return payout

    def reverse(self, payout: Payout, metadata: Metadata | None = NOTHING) -> Payout:
        """Fetch a payout back from the bank: a payout the other way (its negative amount is unconfirmed)."""
        if payout.status != "paid" or payout.reversed_by or payout.original:
            why = "has already been reversed" if payout.reversed_by else f"has a status of {payout.status}"
            text = f"Payout {payout.id} {why}: only payouts that are paid can be reversed, and only once."
            raise Refused(text, param="payout")
        arrival = midnight(day(self._ground.clock.now())) + DAY
        back = self._new(-payout.amount, payout.currency, False, arrival, [])
        back.description, back.original = f"REVERSAL OF {payout.id}", payout.id
        back.metadata = merged(NOTHING, metadata)
        payout.reversed_by = back.id
        self._announce(back)
        self._note(payout, "reversed")
        self._ground.events.emit("payout.updated", payout, {"reversed_by": None})
        return back

    def fail(self, payout: Payout, code: str = "account_closed") -> None:
        """The bank refuses the money, or sends it back after it was paid."""
        if "failed" not in MAY[payout.status]:
            raise Refused(f"Payout {payout.id} is {payout.status} and cannot fail.")
        payout.failure_code = code
        payout.failure_message = "The bank could not take the payout."
        self._return(payout, "failed", "payout_failure")

    def tick(self, at: int) -> None:
        """Every noon and midnight: payouts leave, arrive, and at midnight new ones are made."""
        travelling, self._travelling = self._travelling, []
        for payout in travelling:
            if payout.status == "pending" and payout.created_at < at:
                self._move(payout, "in_transit", "payout.updated", {"status": "pending"})
            elif payout.status == "in_transit" and payout.arrival_at <= at:
                payout.paid_at = self._ground.clock.now()
                self._move(payout, "paid", "payout.paid")
            if payout.status in ("pending", "in_transit"):
                self._travelling.append(payout)
        if at % DAY == 0 and self._ground.options.automatic_payouts:
            for currency in self._balance.currencies():
                amount, entries = self._balance.due(currency, at)
                if amount > 0:
                    payout = self._new(amount, currency, True, at + DAY, entries)
                    self._announce(payout)
                    self._ground.events.emit("payout.reconciliation_completed", payout)

    def _new(
        self, amount: int, currency: str, automatic: bool, arrival: int, entries: list[BalanceTransaction]
    ) -> Payout:
        ground = self._ground
        payout = Payout(
            ground.numbers.new("po"),
            ground.clock.now(),
            ground.live,
            amount,
            currency,
            "pending",
            automatic,
            arrival,
            description="STRIPE PAYOUT" if automatic else None,
        )
        for entry in entries:
            self._balance.assign(entry, payout.id)
        own = self._balance.enter(
            "payout",
            payout.id,
            -amount,
            currency,
            description="STRIPE PAYOUT",
            at_once=True,
            closing=automatic,
        )
        if automatic:
            self._balance.assign(own, payout.id)
        payout.entry = own.id
        self._travelling.append(payout)
        return self.shelf.add(payout, ("status", payout.status))

    def _arrive(self, payout: Payout) -> None:
        if payout.status == "pending":
            self._move(payout, "in_transit", "payout.updated", {"status": "pending"})
            payout.paid_at = self._ground.clock.now()
            self._move(payout, "paid", "payout.paid")

    def _announce(self, payout: Payout) -> None:
        self._note(payout, "created")
        self._ground.events.emit("payout.created", payout)

    def _return(self, payout: Payout, status: str, type: str) -> None:  # noqa: A002
        entry = self._balance.enter(type, payout.id, payout.amount, payout.currency, at_once=True)
        payout.failure_entry = entry.id
        self._move(payout, status, f"payout.{status}")

    def _move(
        self, payout: Payout, status: str, event: str, previous: Mapping[str, Any] | None = None
    ) -> None:
        self.shelf.unfile(payout, ("status", payout.status))
        payout.status = move("payout", MAY, payout.status, status)
        self.shelf.file(payout, ("status", status))
        self._note(payout, status)
        self._ground.events.emit(event, payout, previous)

    def _note(self, payout: Payout, event: str) -> None:
        self._ground.history.note(
            "payout",
            payout.id,
            event,
            payout.status,
            refs=(payout.entry, *payout.metadata.values()),
            amount=payout.amount,
            currency=payout.currency.upper(),
        )
