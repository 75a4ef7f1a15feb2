"""Parts of objects (items, rate plans, charges) as rows of their own, for queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.zuora.rules.shelf import Shelf
from simulators.zuora.rules.state import State


@dataclass(slots=True)
class Row:
    """A part with the object that it belongs to."""

    id: str
    seq: int
    number: str
    created_at: int
    updated_at: int
    currency: str
    item: Any
    parent: Any


def _items(documents: Iterator[Any]) -> Iterator[Row]:
    for document in documents:
        for item in document.items.values():
            moment = document.updated_at
            yield Row(item.id, 0, item.id, item.created_at, moment, document.currency, item, document)


def _invoice_items(state: State) -> Iterator[Row]:
    return _items(iter(state.invoices))


def _memo_items(state: State) -> Iterator[Row]:
    return _items(iter(state.memos))


def _payment_parts(state: State) -> Iterator[Row]:
    for p in state.payments:
        for part in p.parts:
            yield Row(part.id, 0, part.id, part.created_at, part.updated_at, p.currency, part, p)


def _rate_plans(state: State) -> Iterator[Row]:
    for sold in sorted(state.subscriptions, key=lambda each: each.seq):
        currency = sold.account.currency
        for plan in sold.plans:
            yield Row(plan.id, 0, plan.number, sold.created_at, sold.updated_at, currency, plan, sold)


def _charges(state: State) -> Iterator[Row]:
    for row in _rate_plans(state):
        for charge in row.item.charges:
            made, changed = row.created_at, row.updated_at
            yield Row(charge.id, 0, charge.number, made, changed, row.currency, charge, row.item)


DERIVED: Mapping[str, Callable[[State], Iterator[Row]]] = {
    "InvoiceItem": _invoice_items,
    "CreditMemoItem": _memo_items,
    "PaymentPart": _payment_parts,
    "RatePlan": _rate_plans,
    "RatePlanCharge": _charges,
}


def derived(state: State, name: str) -> Shelf[Any]:
    """A shelf of the rows as they are now."""
    shelf: Shelf[Any] = Shelf()
    for place, row in enumerate(DERIVED[name](state)):
        row.seq = place
        shelf.put(row, row.updated_at)
    return shelf
