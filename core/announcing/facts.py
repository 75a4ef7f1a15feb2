"""Which facts the end of a flow, or of a consumer, tells those outside; worked out of its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.canonical.events import Topic
from core.canonical.facts import (
    SUBSCRIPTION_TOPICS,
    DisputeOpened,
    Entitled,
    EntitlementChanged,
    Fact,
    InvoiceFinalized,
    PaymentChanged,
    PaymentRefunded,
    SubscriptionChanged,
)
from core.canonical.orders import OrderKind
from core.steps.cases import DisputeCase, InvoiceCase, OrderCase, PaymentCase, RefundCase

Facts = tuple[Fact, ...]
_STATE = {OrderKind.CANCELLATION: "ended", OrderKind.SUSPENSION: "suspended"}


def of_order(case: OrderCase) -> Facts:
    """What became of the subscription, and what the customer may use from then on."""
    order = case.order
    changed = SubscriptionChanged(
        order.subscription, order.account, order.number, order.kind, order.start, order.end
    )
    products = tuple(
        Entitled(line.product, line.quantity, line.prior)
        for line in order.lines
        if line.quantity != line.prior or order.kind in (OrderKind.NEW, OrderKind.RENEWAL)
    )
    entitled = EntitlementChanged(
        order.subscription, order.account, order.number, _STATE.get(order.kind, "active"), order.start,
        order.end, products,
    )  # fmt: skip
    about = f"subscriptions/{order.subscription}"
    return (
        Fact(SUBSCRIPTION_TOPICS[order.kind], order.number, about, order.account, changed),
        Fact(Topic.ENTITLEMENT_CHANGED, order.number, about, order.account, entitled),
    )


def of_order_taken_back(case: OrderCase) -> Facts:
    """A new subscription that was told of is ended from its first day: only a new order is taken back."""
    order = case.order
    told = of_order(OrderCase(replace(order, kind=OrderKind.CANCELLATION, lines=()), case.account))
    return tuple(replace(fact, key=f"{fact.key}/taken back") for fact in told)


def of_invoice(case: InvoiceCase) -> Facts:
    """Once, when it stands in the ledger."""
    invoice = case.invoice
    told = InvoiceFinalized(
        invoice.number, invoice.account, invoice.on, invoice.due, invoice.total, invoice.balance
    )
    about = f"invoices/{invoice.number}"
    return (Fact(Topic.INVOICE_FINALIZED, invoice.number, about, case.account.key, told),)


def of_payment(case: PaymentCase) -> Facts:
    """Once for each payment."""
    return (_payment(case, Topic.PAYMENT_SETTLED, case.request.id),)


def of_failure(case: PaymentCase) -> Facts:
    """Once for each charge that failed. A request that was paid meanwhile is told of as that."""
    if case.request.settles:
        return ()
    return (_payment(case, Topic.PAYMENT_FAILED, f"{case.request.id}/{case.request.attempts}"),)


def of_refund(case: RefundCase) -> Facts:
    """Once for each refund."""
    refund, customer = case.refund, case.account.key
    told = PaymentRefunded(refund.id, refund.request, case.invoice.number, customer, refund.amount, refund.on)
    return (Fact(Topic.PAYMENT_REFUNDED, refund.id, f"refunds/{refund.id}", customer, told),)


def of_dispute(case: DisputeCase) -> Facts:
    """Once for each dispute or inquiry."""
    dispute, customer = case.dispute, case.account.key
    told = DisputeOpened(dispute.id, case.invoice.number, customer, dispute.amount, dispute.status)
    return (Fact(Topic.DISPUTE_OPENED, dispute.id, f"disputes/{dispute.id}", customer, told),)


def _payment(case: PaymentCase, topic: Topic, key: str) -> Fact:
    request, customer = case.request, case.account.key
    failure = request.failure if topic is Topic.PAYMENT_FAILED else ""
    told = PaymentChanged(
        request.id, case.invoice.number, customer, request.amount, request.on, request.attempts, failure
    )
    return Fact(topic, key, f"payments/{request.id}", customer, told)


# By the flow of an orchestrator, or the consumer of a choreography, whose end makes it true in the books:
# whoever is told and asks the core finds it there.
ENDS: Mapping[str, Callable[[Any], Facts]] = {
    "order_to_subscription": of_order,
    "subscriptions": of_order,
    "invoice_to_ledger": of_invoice,
    "receivables": of_invoice,
    "payment_to_cash": of_payment,
    "receipts": of_payment,
    "payment_failure": of_failure,
    "crm_failures": of_failure,
    "refund_to_ledger": of_refund,
    "refunds_in_ledger": of_refund,
    "dispute_raised": of_dispute,
    "dispute_desk": of_dispute,
}
