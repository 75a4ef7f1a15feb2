"""The lines of a draft changed, taken away and added, all of a request or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simulators.kit.money import major
from simulators.zuora.rules.documents import DRAFT, AnyDocument, CreditMemo, Invoice, Item
from simulators.zuora.rules.invoices import changed
from simulators.zuora.rules.memos import credit_taxes
from simulators.zuora.rules.refusal import INVALID, RULE, Refused, wrong_state
from simulators.zuora.rules.retracting import uncredit
from simulators.zuora.rules.standalone import LineWish, StandaloneWish, lines_of
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class TaxChange:
    """What is to be of a tax of a line; None: as it is. Amounts in minor units."""

    id: str
    amount: int | None = None
    exempt: int | None = None
    name: str | None = None
    jurisdiction: str | None = None
    location: str | None = None
    rate: Decimal | None = None
    rate_type: str | None = None
    code: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class LineChange:
    """What is to be of a line; None: as it is. new: a line to add, then id is "". end is exclusive."""

    id: str
    delete: bool = False
    amount: int | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    comment: str | None = None
    start: date | None = None
    end: date | None = None
    taxes: tuple[TaxChange, ...] = ()
    new: LineWish | None = None


def revise(state: State, document: AnyDocument, changes: Sequence[LineChange]) -> None:
    """Change the lines of a draft."""
    if document.status != DRAFT:
        raise wrong_state(document.named, document.number, document.shown, "change the items of")
    _check(document, changes)
    new = tuple(change.new for change in changes if change.new is not None)
    wish = StandaloneWish(lines=new, on=document.on)
    added = lines_of(state, document.account, wish) if new else []
    for change in changes:
        if change.new is None:
            _change(document, change)
    document.items.update({item.id: item for item in added})
    changed(state, document, document.kind, "revised")


def _check(document: AnyDocument, changes: Sequence[LineChange]) -> None:
    seen: set[str] = set()
    count, total = len(document.items), document.net + document.tax
    for change in changes:
        if change.new is not None:
            _check_new(document, change.new)
            count += 1
            total += change.new.amount + sum(tax.amount for tax in change.new.taxes)
            continue
        item = document.items.get(change.id)
        if item is None or change.id in seen:
            why = "has no item" if item is None else "is given twice the item"
            raise Refused(INVALID, f"{document.number} {why} {change.id}.", "id")
        seen.add(change.id)
        count -= change.delete
        total += _check_change(document, item, change)
    if count < 1:
        raise Refused(RULE, f"{document.number} must keep at least one item.", "items")
    if total < 0:
        raise Refused(RULE, f"The amount of {document.number} must not be negative.", "items")


def _check_new(document: AnyDocument, new: LineWish) -> None:
    if not isinstance(document, Invoice):
        if document.invoice is not None:
            message = f"{document.number} was made from an invoice: no item can be added to it."
            raise Refused(RULE, message, "items")
        if new.amount < 0:
            raise Refused(INVALID, "The amounts of a memo must not be negative.", "amount")


def _check_change(document: AnyDocument, item: Item, change: LineChange) -> int:
    """By how much the total changes; Refused where the line cannot be so."""
    if item.entry is not None and (change.delete or change.amount not in (None, item.net)):
        message = f"Item {item.id} was billed from a subscription: its amount stays as it is."
        raise Refused(RULE, message, "items")
    if change.delete:
        return -item.net - item.tax
    start, end = change.start or item.start, change.end or item.end
    if end <= start:
        raise Refused(INVALID, "serviceEndDate must not be before serviceStartDate.", "serviceEndDate")
    net = item.net if change.amount is None else change.amount
    taxes = {tax.id: tax.amount for tax in item.taxes}
    for tax in change.taxes:
        if tax.id not in taxes:
            raise Refused(INVALID, f"Item {item.id} has no taxation item {tax.id}.", "taxItems")
        taxes[tax.id] = taxes[tax.id] if tax.amount is None else tax.amount
    if not isinstance(document, Invoice) and (net < 0 or min(taxes.values(), default=0) < 0):
        raise Refused(INVALID, "The amounts of a memo must not be negative.", "amount")
    if isinstance(document, CreditMemo) and item.source is not None:
        source = item.source
        if net - item.net > source.net - source.credited:
            message = f"The amount exceeds what is available to credit of item {source.id}."
            raise Refused(RULE, message, "amount")
        if sum(taxes.values()) - item.tax > sum(tax.amount - tax.credited for tax in source.taxes):
            message = f"The tax amount exceeds what is available to credit of item {source.id}."
            raise Refused(RULE, message, "taxItems")
    return net - item.net + sum(taxes.values()) - item.tax


def _change(document: AnyDocument, change: LineChange) -> None:
    item = document.items[change.id]
    if isinstance(document, CreditMemo):
        uncredit(item)
    if change.delete:
        del document.items[change.id]
        return
    item.start, item.end = change.start or item.start, change.end or item.end
    item.comment = item.comment if change.comment is None else change.comment
    if change.amount is not None or change.quantity is not None or change.price is not None:
        item.net = item.net if change.amount is None else change.amount
        item.quantity = item.quantity if change.quantity is None else change.quantity
        if change.price is not None:
            item.price = change.price
        elif item.quantity:
            item.price = major(item.net, document.currency) / item.quantity
    for wish in change.taxes:
        _change_tax(item, wish)
    if isinstance(document, CreditMemo) and item.source is not None:
        item.source.credited += item.net
        for tax in item.taxes:
            credit_taxes(item.source, tax.amount, tax.source)


def _change_tax(item: Item, change: TaxChange) -> None:
    tax = next(tax for tax in item.taxes if tax.id == change.id)
    for name in ("amount", "exempt", "name", "jurisdiction", "location", "rate", "rate_type", "code", "on"):
        value = getattr(change, name)
        if value is not None:
            setattr(tax, name, value)
