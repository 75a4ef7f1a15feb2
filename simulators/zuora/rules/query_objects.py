"""Where the objects of a query come from: a shelf, or the objects that they live in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from simulators.zuora.rules.fields import Row
from simulators.zuora.rules.fields_catalogue import tier_id
from simulators.zuora.rules.query_prepaid import balances, funds, transactions
from simulators.zuora.rules.shelf import Shelf
from simulators.zuora.rules.state import State

# The parents in which rows with a value of some field may lie.
Near = Callable[[State, Any], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """shelf: name of the attribute of State; number: the field that the shelf also finds by. Of a kind
    without a shelf: parent: what it lives in; parts: its rows in one of those; via: its own field, and the
    parent's that says the same; near: where to look for a value of
    a field, so that nobody walks through everything."""

    name: str
    shelf: str = ""
    number: str = ""
    parent: str = ""
    parts: Callable[[State, Any], Iterator[Row]] | None = None
    via: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, Near] = field(default_factory=dict)


def shelf_of(state: State, kind: Kind) -> Shelf[Any]:
    """The shelf of a kind that has one."""
    found: Shelf[Any] = getattr(state, kind.shelf)
    return found


def rows(state: State, kind: Kind, parents: Iterable[Any]) -> Iterator[Row]:
    """The rows of a kind without a shelf, in these parents."""
    if kind.parts is not None:
        for parent in parents:
            yield from kind.parts(state, parent)


def _items(_: State, document: Any) -> Iterator[Row]:
    return (Row(document, item) for item in document.items.values())


def _taxes(_: State, item: Row) -> Iterator[Row]:
    return (Row(item, tax) for tax in item.it.taxes)


def _plans(_: State, subscription: Any) -> Iterator[Row]:
    return (Row(subscription, plan) for plan in subscription.plans)


def _segments(state: State, plan: Row) -> Iterator[Row]:
    """Of every charge one row a segment; the last has the charge's own id, the others one made of it."""
    for charge in plan.it.charges:
        ledger = state.ledgers.get(charge.number)
        through = ledger.billed_through() if ledger else None
        here = Row(plan, charge)
        if not charge.segments:
            yield Row(here, None, charge.id, through)
        for segment in charge.segments:
            last = segment is charge.segments[-1]
            yield Row(here, segment, charge.id if last else _own(charge.id, segment.number), through)


def _tiers(_: State, segment: Row) -> Iterator[Row]:
    if segment.it is None:
        return
    price = segment.it.pricing
    for place, tier in enumerate(price.tiers or (None,), 1):
        yield Row(segment, tier, _own(segment.id, place), (place, price))


def _catalogue_tiers(_: State, charge: Any) -> Iterator[Row]:
    for currency, price in charge.prices.items():
        for place, tier in enumerate(price.tiers or (None,), 1):
            yield Row(charge, tier, tier_id(charge, currency, place), (currency, place, price))


def actions_of(state: State, order: Any) -> Iterator[Row]:
    """The actions of an order, each with what it did to its subscription."""
    for ordered in order.subscriptions:
        versions = state.versions_of.get(ordered.number, ())
        version = next((each.id for each in versions if each.version == ordered.new_version), None)
        for place, (key, action) in enumerate(ordered.actions):
            yield Row(order, (key, action), key, (ordered, place, version))


def _parts(_: State, payment: Any) -> Iterator[Row]:
    return (Row(payment, part) for part in payment.parts)


def _applications(_: State, payment: Any) -> Iterator[Row]:
    return (Row(payment, part, _own(part.id, 1)) for part in payment.parts)


def _memo_parts(_: State, memo: Any) -> Iterator[Row]:
    return (Row(memo, part, _own(memo.id, place)) for place, part in enumerate(memo.applied, 1))


def _memo_applications(_: State, memo: Any) -> Iterator[Row]:
    return (Row(memo, part, _own(memo.id, 4096 + place)) for place, part in enumerate(memo.applied, 1))


def _refunded(_: State, refund: Any) -> Iterator[Row]:
    yield Row(refund, None, _own(refund.id, 1))


def _own(key: str, place: int) -> str:
    """An id for what has none, made of its owner's (ours)."""
    return blake2b(f"{key}/{place}".encode(), digest_size=16).hexdigest()


def _invoices_with(state: State, item: Any) -> Iterable[Any]:
    return (invoice for invoice in state.invoices if item in invoice.items)


def _memos_with(state: State, item: Any) -> Iterable[Any]:
    return (memo for memo in state.memos if item in memo.items)


def _debits_with(state: State, item: Any) -> Iterable[Any]:
    return (memo for memo in state.debits if item in memo.items)


def _invoices_of(state: State, subscription: Any) -> Iterable[Any]:
    version = state.versions.get(subscription)
    return state.invoices.where("accountId", version.owner.id).values() if version else ()


def _memos_of(state: State, subscription: Any) -> Iterable[Any]:
    version = state.versions.get(subscription)
    return state.memos.where("accountId", version.owner.id).values() if version else ()


def _plans_with(state: State, number: Any) -> Iterable[Any]:
    version, _ = state.charges.get(number, (None, None))
    return _plans(state, version) if version else ()


def _payments_on(state: State, document: Any) -> Iterable[Any]:
    found = state.invoices.get(str(document)) or state.debits.get(str(document))
    return state.payments.where("accountId", found.account.id).values() if found else ()


def _memos_on(state: State, document: Any) -> Iterable[Any]:
    found = state.invoices.get(str(document)) or state.debits.get(str(document))
    return state.memos.where("accountId", found.account.id).values() if found else ()


_KINDS = (
    Kind("Account", "accounts", "accountNumber"),
    Kind("Contact", "contacts"),
    Kind("PaymentMethod", "methods", "name"),
    Kind("Product", "products", "productNumber"),
    Kind("ProductRatePlan", "plans", "productRatePlanNumber"),
    Kind("ProductRatePlanCharge", "plan_charges", "productRatePlanChargeNumber"),
    Kind(
        "ProductRatePlanChargeTier",
        parent="ProductRatePlanCharge",
        parts=_catalogue_tiers,
        via={"productRatePlanChargeId": "id"},
    ),
    Kind("Subscription", "subscriptions", "name"),
    Kind(
        "RatePlan",
        parent="Subscription",
        parts=_plans,
        via={"subscriptionId": "id", "subscriptionOwnerId": "accountId"},
    ),
    Kind(
        "RatePlanCharge",
        parent="RatePlan",
        parts=_segments,
        via={
            "ratePlanId": "id",
            "subscriptionId": "subscriptionId",
            "subscriptionOwnerId": "subscriptionOwnerId",
        },
        near={"chargeNumber": _plans_with},
    ),
    Kind("RatePlanChargeTier", parent="RatePlanCharge", parts=_tiers, via={"ratePlanChargeId": "id"}),
    Kind(
        "PrepaidBalance",
        parent="Subscription",
        parts=balances,
        via={"accountId": "accountId"},
    ),
    Kind("PrepaidBalanceFund", parent="PrepaidBalance", parts=funds, via={"prepaidBalanceId": "id"}),
    Kind("PrepaidBalanceTransaction", parent="PrepaidBalanceFund", parts=transactions, via={"fundId": "id"}),
    Kind("Order", "orders", "orderNumber"),
    Kind("OrderAction", parent="Order", parts=actions_of, via={"orderId": "id"}),
    Kind("Usage", "usage"),
    Kind("Invoice", "invoices", "invoiceNumber"),
    Kind(
        "InvoiceItem",
        parent="Invoice",
        parts=_items,
        via={"invoiceId": "id", "accountId": "accountId"},
        near={"id": _invoices_with, "subscriptionId": _invoices_of},
    ),
    Kind("TaxationItem", parent="InvoiceItem", parts=_taxes, via={"invoiceItemId": "id"}),
    Kind("CreditMemo", "memos", "memoNumber"),
    Kind(
        "CreditMemoItem",
        parent="CreditMemo",
        parts=_items,
        via={"creditMemoId": "id", "accountId": "accountId"},
        near={"id": _memos_with, "subscriptionId": _memos_of},
    ),
    Kind("CreditTaxationItem", parent="CreditMemoItem", parts=_taxes, via={"creditMemoItemId": "id"}),
    Kind("DebitMemo", "debits", "memoNumber"),
    Kind(
        "DebitMemoItem",
        parent="DebitMemo",
        parts=_items,
        via={"debitMemoId": "id"},
        near={"id": _debits_with},
    ),
    Kind("DebitTaxationItem", parent="DebitMemoItem", parts=_taxes, via={"debitMemoItemId": "id"}),
    Kind("Payment", "payments", "paymentNumber"),
    Kind(
        "PaymentPart",
        parent="Payment",
        parts=_parts,
        via={"paymentId": "id", "accountId": "accountId"},
        near={"invoiceId": _payments_on, "debitMemoId": _payments_on},
    ),
    Kind(
        "PaymentApplication",
        parent="Payment",
        parts=_applications,
        via={"paymentId": "id", "accountId": "accountId"},
        near={"invoiceId": _payments_on, "debitMemoId": _payments_on},
    ),
    Kind(
        "CreditMemoPart",
        parent="CreditMemo",
        parts=_memo_parts,
        via={"creditMemoId": "id", "accountId": "accountId"},
        near={"invoiceId": _memos_on, "debitMemoId": _memos_on},
    ),
    Kind(
        "CreditMemoApplication",
        parent="CreditMemo",
        parts=_memo_applications,
        via={"creditMemoId": "id", "accountId": "accountId"},
        near={"invoiceId": _memos_on, "debitMemoId": _memos_on},
    ),
    Kind("Refund", "refunds", "refundNumber"),
    Kind(
        "RefundApplication",
        parent="Refund",
        parts=_refunded,
        via={"refundId": "id", "accountId": "accountId"},
    ),
    Kind("BillRun", "bill_runs", "billRunNumber"),
    Kind("PaymentRun", "payment_runs", "paymentRunNumber"),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
