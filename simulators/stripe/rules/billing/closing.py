"""Invoices become final: numbered, sent, voided, given up; the money itself is in `collection`."""

from __future__ import annotations

from typing import Any

from simulators.kit.clock import HOUR, SECOND
from simulators.stripe.rules.billing.collection import Collection
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash
from simulators.stripe.rules.billing.dues import dues
from simulators.stripe.rules.billing.invoice_life import go, must_be_open, note, snapshot
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.records import Intent
from simulators.stripe.rules.refusals import Refused

_DAY = 86_400
_WAIT = HOUR // SECOND


class Closing:
    """Finalises the invoices of one mode and says what becomes of them."""

    def __init__(self, desk: Desk, invoices: Invoices, wallets: Wallets, collection: Collection) -> None:
        self._desk, self._invoices, self._wallets = desk, invoices, wallets
        self.collection = collection
        invoices.finalise = self.advance

    def finalise(self, invoice: Invoice, auto_advance: bool | None = None) -> Invoice:
        """On request: from now on nothing that counts can be changed."""
        if invoice.status != "draft":
            text = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
            raise Refused(text, code="invoice_not_editable")
        if auto_advance is not None:
            invoice.auto_advance = auto_advance
        self.close(invoice)
        charged = invoice.collection_method == "charge_automatically"
        if invoice.status == "open" and invoice.auto_advance and charged:
            self.collection.schedule(invoice, self._desk.now() + _WAIT)
        return invoice

    def due(self, invoice: Invoice) -> int:
        """What would be asked for if it were final now."""
        balance = self._desk.wallet(invoice.customer).balance
        return dues(invoice.total, balance, invoice.currency)[0]

    def close(self, invoice: Invoice, intent: Intent | None = None) -> None:
        """Give it a number, use the customer's balance, ask for what is left.

        intent: one that has been paid for it in advance.
        """
        desk, now = self._desk, self._desk.now()
        cancel_timer(invoice.timers, "finalise")
        invoice.finalizes_at = None
        self._invoices.reckon(invoice)
        wallet = desk.wallet(invoice.customer)
        invoice.starting_balance = wallet.balance
        due, ending = dues(invoice.total, wallet.balance, invoice.currency)
        invoice.due, invoice.ending_balance, invoice.applied = due, ending, ending - wallet.balance
        if not invoice.number:
            invoice.number = wallet.number()
        invoice.person = snapshot(invoice.owner)
        invoice.finalized_at = now
        invoice.effective_at = invoice.effective_at or now
        if invoice.days_until_due is not None:
            invoice.due_date = now + invoice.days_until_due * _DAY
        for discount in (*invoice.discounts, *(d for line in invoice.lines for d in line.discounts)):
            discount.used = True
        if invoice.applied:
            small = invoice.total > 0 and due == 0 and ending > 0
            type_ = "invoice_too_small" if small else "applied_to_invoice"
            self._wallets.enter(
                invoice.customer, invoice.applied, invoice.currency, type_, invoice=invoice.id
            )
        go(desk, self._invoices.shelf, invoice, "open")
        if due:
            self.collection.ask(invoice, intent)
        desk.emit("invoice.finalized", invoice)
        if invoice.from_invoice:
            self._replace(invoice)
        if not due:
            self.collection.settled(invoice)
        elif intent is not None:
            self.collection.heard("payment_intent.succeeded", intent)
        else:
            if invoice.due_date is not None:
                due_at = invoice.due_date
                invoice.timers["overdue"] = desk.later(invoice.customer, due_at, self.overdue, invoice)
            desk.intents.funding.reconcile(invoice.customer, invoice.currency)

    def advance(self, invoice: Invoice) -> None:
        """A draft's hour is over: finalise, then send or collect."""
        if invoice.status != "draft":
            return
        try:
            self.close(invoice)
        except Refused as no:
            invoice.finalization_error = {"code": no.code, "message": no.message, "type": no.type}
            invoice.auto_advance = False
            self._desk.emit("invoice.finalization_failed", invoice)
            return
        if invoice.status != "open":
            return
        if invoice.paused == "void":
            self.void(invoice)
        elif invoice.paused == "mark_uncollectible":
            self.give_up(invoice)
        elif invoice.collection_method == "send_invoice":
            self._desk.emit("invoice.sent", invoice)
        else:
            self.collection.attempt_by_itself(invoice)

    def pay(self, invoice: Invoice, **how: Any) -> Invoice:
        """On request; a draft is finalised first."""
        if invoice.status == "draft":
            self.close(invoice)
            if invoice.status == "paid":
                return invoice
        if invoice.status == "paid":
            raise clash("Invoice is already paid", code="invoice_already_paid")
        if invoice.status == "void":
            raise clash("You cannot pay a voided invoice.")
        return self.collection.pay(invoice, **how)

    def send(self, invoice: Invoice) -> Invoice:
        """Email it to the customer; a draft is finalised first."""
        if invoice.collection_method != "send_invoice":
            text = (
                "You can only manually send an invoice if the `collection_method` is set to `send_invoice`."
            )
            raise clash(text)
        if invoice.status == "draft":
            self.close(invoice)
        elif invoice.status != "open":
            raise clash("You can only pass in open invoices. This invoice isn't open.")
        self._desk.emit("invoice.sent", invoice)
        return invoice

    def void(self, invoice: Invoice) -> Invoice:
        """As if it had never asked; the balance that it used is given back."""
        must_be_open(invoice)
        if invoice.paid:
            raise clash("You cannot void an invoice that has been partially paid.")
        self.collection.stop(invoice)
        invoice.voided_at = self._desk.now()
        go(self._desk, self._invoices.shelf, invoice, "void")
        if invoice.applied:
            self._wallets.enter(
                invoice.customer,
                -invoice.applied,
                invoice.currency,
                "unapplied_from_invoice",
                invoice=invoice.id,
            )
        self._desk.emit("invoice.voided", invoice)
        self.collection.told("voided", invoice)
        return invoice

    def give_up(self, invoice: Invoice) -> Invoice:
        """Nobody expects to be paid any more; it still can be."""
        if invoice.status != "open":
            raise clash("You can only pass in open invoices. This invoice isn't open.")
        cancel_timer(invoice.timers, "retry", "overdue")
        invoice.next_attempt = None
        invoice.uncollectible_at = self._desk.now()
        go(self._desk, self._invoices.shelf, invoice, "uncollectible")
        self._desk.emit("invoice.marked_uncollectible", invoice)
        self.collection.told("uncollectible", invoice)
        return invoice

    def overdue(self, invoice: Invoice) -> None:
        """The due date has come and the invoice is open still."""
        if invoice.status == "open":
            note(self._desk, invoice, "overdue")
            self._desk.emit("invoice.overdue", invoice)
            self._wallets.late(invoice.customer, True)
            self.collection.told("overdue", invoice)

    def _replace(self, invoice: Invoice) -> None:
        """A revision is final: the invoice that it replaces is void."""
        old = self._invoices.shelf.get(invoice.from_invoice)
        if old is not None:
            old.latest_revision = invoice.id
            if old.status in ("open", "uncollectible"):
                self.void(old)
