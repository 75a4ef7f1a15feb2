"""Invoices that await money which a customer sends by himself."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.intent_life import OPEN
from simulators.stripe.rules.records import Intent

# So long after its due date a transfer pays an invoice by itself
# (docs.stripe.com/payments/customer-balance/reconciliation).
_CLAIMED_FOR = 30 * 86_400


class Awaiting:
    """One a mode."""

    def __init__(self, desk: Desk, invoices: Invoices) -> None:
        self._desk, self._invoices = desk, invoices

    def billed(self, customer: str) -> dict[str, tuple[str, int, bool]]:
        """By the intent of each open invoice: its number, when it was finalised (microseconds), and whether a
        bank transfer may pay it by itself."""
        now = self._desk.now()
        found: dict[str, tuple[str, int, bool]] = {}
        for invoice in self._invoices.shelf.under(("customer-status", customer, "open")):
            late = invoice.due_date is not None and now - invoice.due_date > _CLAIMED_FOR
            at = (invoice.finalized_at or 0) * SECOND
            for payment in invoice.payments:
                if payment.status == "open":
                    found[payment.intent] = (invoice.number, at, payment.is_default and not late)
                    if payment.is_default:
                        asking(self._desk, invoice, self._desk.intents.take(payment.intent))
        return found


def asking(desk: Desk, invoice: Invoice, intent: Intent) -> None:
    """Let the intent ask for what remains of the invoice."""
    if intent.amount != invoice.remaining and intent.status in OPEN:
        desk.intents.update(intent, {"amount": invoice.remaining})
