"""How invoices are paid: payment intents through the card rules, retries, money received by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.stripe.rules.billing.awaiting import asking
from simulators.stripe.rules.billing.desk import Desk, cancel_timer
from simulators.stripe.rules.billing.invoice_life import go, note
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice, InvoicePayment
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.intent_life import OPEN
from simulators.stripe.rules.method_types import supported
from simulators.stripe.rules.records import Intent, PaymentMethod
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import Transfer

_DAY = 86_400
# Smart Retries try eight times within two weeks by default; which days is up to a model of Stripe's,
# so these are ours (unconfirmed). Days after the first attempt.
RETRIES = (1, 3, 5, 7, 9, 11, 13, 14)
_NO_METHOD = (
    "This customer has no attached payment source or default payment method. Please consider adding a default"
    " payment method. For more information, visit"
    " https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority."
)
_REASONS = {
    "subscription_create": "Subscription creation",
    "subscription_cycle": "Subscription update",
    "subscription_update": "Subscription update",
}


class Collection:
    """Collects the invoices of one mode. tell: hears what became of each (subscriptions do)."""

    def __init__(self, desk: Desk, invoices: Invoices, wallets: Wallets) -> None:
        self._desk, self._invoices, self._wallets = desk, invoices, wallets
        self._by_intent: dict[str, InvoicePayment] = {}
        self.tell: Callable[[str, Invoice], None] | None = None
        # Asks a subscription for its payment method.
        self.method_of: Callable[[str], str] | None = None

    def invoice(self, id: str) -> Invoice | None:  # noqa: A002
        """The invoice of this id, if there is one."""
        return self._invoices.shelf.get(id)

    def told(self, what: str, invoice: Invoice) -> None:
        """Pass on what became of an invoice."""
        if self.tell is not None:
            self.tell(what, invoice)

    def ask(self, invoice: Invoice, intent: Intent | None = None) -> None:
        """A payment intent for what is due, unless there is one already."""
        if intent is None:
            first = invoice.billing_reason == "subscription_create"
            method = self.method(invoice) if first else None
            intent = self._intent(invoice, invoice.due, payment_method=method.id if method else None)
        invoice.intent, invoice.secret = intent.id, intent.client_secret
        self._pays(invoice, intent.id, invoice.due, True)

    def _intent(self, invoice: Invoice, amount: int, **more: Any) -> Intent:
        charged = invoice.collection_method == "charge_automatically"
        return self._desk.intents.create(
            amount=amount,
            currency=invoice.currency,
            customer=invoice.customer,
            description=_REASONS.get(invoice.billing_reason, "Payment for Invoice"),
            setup_future_usage="off_session" if invoice.subscription and charged else None,
            statement_descriptor=invoice.statement_descriptor,
            method_types=supported(invoice.payment_method_types or (), invoice.currency),
            method_options=invoice.payment_method_options or {},
            **more,
        )

    def certain(self, invoice: Invoice, due: int, method: PaymentMethod, off_session: bool) -> Intent:
        """A paid payment intent, before the invoice becomes real; Refused with 402 if it cannot be had."""
        intent = self._intent(invoice, due, payment_method=method.id, confirm=True, off_session=off_session)
        if intent.status == "requires_action":
            self._desk.intents.cancel(intent)
            text = (
                "Payment for this subscription requires additional user action before it can be completed"
                " successfully. Payment can be completed using the PaymentIntent associated with"
                " subscription.latest_invoice."
            )
            raise Refused(
                text, code="subscription_payment_intent_requires_action", status=402, type="card_error",
                intent=intent,
            )  # fmt: skip
        return intent

    def _pays(self, invoice: Invoice, intent: str, amount: int, default: bool) -> InvoicePayment:
        ground = self._desk.ground
        payment = InvoicePayment(
            ground.numbers.new("inpay"),
            ground.clock.now(),
            ground.live,
            invoice.id,
            invoice.currency,
            amount,
            intent,
            default,
        )
        invoice.payments.append(payment)
        self._invoices.payments.add(payment, ("invoice", invoice.id), ("intent", intent))
        self._by_intent[intent] = payment
        return payment

    def attach(self, invoice: Invoice, intent: Intent) -> Invoice:
        """Let another payment intent pay (part of) the invoice."""
        if invoice.status != "open":
            raise Refused("Payments can only be attached to open invoices.")
        if intent.customer != invoice.customer:
            raise Refused(
                "The PaymentIntent's customer does not match the invoice's.", param="payment_intent"
            )
        if intent.id in self._by_intent:
            raise Refused("The PaymentIntent is already attached to an invoice.", param="payment_intent")
        if intent.status == "canceled":
            raise Refused("A canceled PaymentIntent cannot be attached.", param="payment_intent")
        payment = self._pays(invoice, intent.id, intent.amount, False)
        if intent.status == "succeeded":
            self._received(payment, intent.received)
        return invoice

    def method(self, invoice: Invoice) -> PaymentMethod | None:
        """The card to ask: the invoice's, else the subscription's, else the customer's."""
        owner = self._desk.customers.shelf.get(invoice.customer)
        asked = self.method_of(invoice.subscription) if self.method_of and invoice.subscription else ""
        for id in (invoice.default_payment_method, asked, owner.default_method if owner else ""):  # noqa: A001
            found = self._desk.methods.shelf.get(id) if id else None
            if found is not None and found.customer == invoice.customer:
                return found
        return None

    def pay(
        self,
        invoice: Invoice,
        payment_method: str = "",
        paid_out_of_band: bool = False,
        off_session: bool = True,
    ) -> Invoice:
        """Now, on request; Refused with 402 when the card is declined."""
        if paid_out_of_band:
            return self._paid_elsewhere(invoice)
        method = self.method(invoice)
        if payment_method:
            method = self._desk.methods.take(payment_method)
            self._desk.methods.usable(method, invoice.customer)
        if method is None and Transfer.type in (invoice.payment_method_types or ()):
            self._desk.intents.funding.apply(self._desk.intents.take(invoice.intent), None, "")
            return invoice
        if method is None:
            raise Refused(_NO_METHOD, code="resource_missing")
        if not invoice.attempts:
            invoice.attempts = 1
        self.attempt(invoice, method, off_session)
        return invoice

    def attempt(self, invoice: Invoice, method: PaymentMethod, off_session: bool) -> None:
        """One attempt at the default payment intent; what came of it is told by its events."""
        invoice.attempted = True
        intents = self._desk.intents
        intent = intents.shelf.get(invoice.intent)
        if intent is None or intent.status not in OPEN:
            return
        asking(self._desk, invoice, intent)
        intents.confirm(intent, method.id, off_session)

    def attempt_by_itself(self, invoice: Invoice) -> None:
        """An automatic attempt: it counts, and a failure has a next one."""
        if invoice.status != "open":
            return
        cancel_timer(invoice.timers, "retry")
        invoice.next_attempt = None
        invoice.attempts += 1
        invoice.attempted = True
        method = self.method(invoice)
        if method is None:
            self._failed(invoice)
            return
        try:
            self.attempt(invoice, method, True)
        except Refused:
            # The failed charge and its events are written down by now.
            return

    def schedule(self, invoice: Invoice, at: int) -> None:
        """Try at that moment."""
        cancel_timer(invoice.timers, "retry")
        invoice.next_attempt = at
        due = self._desk.later(invoice.customer, at, self.attempt_by_itself, invoice)
        invoice.timers["retry"] = due

    def stop(self, invoice: Invoice) -> None:
        """Ask no more: the open payments are cancelled."""
        cancel_timer(invoice.timers, "retry", "overdue")
        invoice.next_attempt = None
        for payment in invoice.payments:
            if payment.status == "open":
                payment.status, payment.canceled_at = "canceled", self._desk.now()
                intent = self._desk.intents.shelf.get(payment.intent)
                if intent is not None and payment.is_default and intent.status in OPEN:
                    self._desk.intents.cancel(intent, "void_invoice")

    def heard(self, type: str, record: Any) -> None:  # noqa: A002
        """What an event says of a payment intent that pays an invoice."""
        if not type.startswith("payment_intent."):
            return
        payment = self._by_intent.get(record.id)
        invoice = self._invoices.shelf.get(payment.invoice) if payment else None
        if payment is None or invoice is None:
            return
        if type == "payment_intent.succeeded" and payment.status == "open":
            invoice.attempted = True
            invoice.attempts = invoice.attempts or 1
            self._received(payment, record.received)
        elif invoice.status != "open":
            return
        elif type == "payment_intent.payment_failed":
            invoice.attempted = True
            invoice.attempts = invoice.attempts or 1
            self._failed(invoice)
        elif type == "payment_intent.requires_action":
            self._desk.emit("invoice.payment_action_required", invoice)

    def _received(self, payment: InvoicePayment, amount: int) -> None:
        invoice = self._invoices.take(payment.invoice)
        over = max(0, amount - invoice.remaining)
        payment.status, payment.paid, payment.paid_at = "paid", amount - over, self._desk.now()
        invoice.paid += amount - over
        self._desk.emit("invoice_payment.paid", payment)
        if over:
            invoice.overpaid += over
            self._wallets.enter(
                invoice.customer, -over, invoice.currency, "invoice_overpaid", invoice=invoice.id
            )
        if invoice.remaining == 0:
            self.settled(invoice)

    def _paid_elsewhere(self, invoice: Invoice) -> Invoice:
        invoice.paid_off_stripe = invoice.remaining
        self.stop(invoice)
        invoice.paid = invoice.due
        self.settled(invoice)
        return invoice

    def settled(self, invoice: Invoice) -> None:
        """Nothing is left to pay."""
        before = invoice.status
        cancel_timer(invoice.timers, "retry", "overdue")
        invoice.next_attempt, invoice.attempted = None, True
        invoice.paid_at = self._desk.now()
        for payment in invoice.payments:
            if payment.status == "open":
                payment.status, payment.canceled_at = "canceled", invoice.paid_at
                intent = self._desk.intents.shelf.get(payment.intent)
                if intent is not None and intent.status in OPEN:
                    self._desk.intents.cancel(intent, "void_invoice")
        go(self._desk, self._invoices.shelf, invoice, "paid")
        self._wallets.late(invoice.customer, False)
        if before != "draft" and invoice.due:
            self._desk.emit("invoice.updated", invoice, {"status": before})
        self._desk.emit("invoice.paid", invoice)
        self._desk.emit("invoice.payment_succeeded", invoice)
        self.told("paid", invoice)

    def _failed(self, invoice: Invoice) -> None:
        """An attempt failed: there is a next one, or that was the last."""
        automatic = invoice.auto_advance and invoice.collection_method == "charge_automatically"
        last = False
        first = invoice.billing_reason == "subscription_create"
        if automatic and not first and "retry" not in invoice.timers:
            if invoice.retries < len(RETRIES):
                day = RETRIES[invoice.retries] - (RETRIES[invoice.retries - 1] if invoice.retries else 0)
                invoice.retries += 1
                self.schedule(invoice, self._desk.now() + day * _DAY)
            else:
                last = True
        note(self._desk, invoice, "payment_failed")
        self._wallets.late(invoice.customer, True)
        self._desk.emit("invoice.payment_failed", invoice)
        self.told("exhausted" if last else "failed", invoice)
