"""How far a sales order is billed, and making one document from another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulators.kit.money import major
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import ItemLine, Transaction
from simulators.netsuite.rules.refusal import Refused, user_error
from simulators.netsuite.rules.wishes import Wish


def billed(company: Company, order: Transaction, but: str = "") -> dict[int, Decimal]:
    """Quantity billed by line of an order, `but` for one document."""
    found: dict[int, Decimal] = {}
    for key in company.made_from.get(order.id, ()):
        row = company.transaction(key)
        if row is None or key == but or row.kind not in ("invoice", "cashSale"):
            continue
        for line in row.lines:
            if line.order and line.order[0] == order.id:
                found[line.order[1]] = found.get(line.order[1], Decimal(0)) + line.quantity
    return found


def check_billing(company: Company, draft: Transaction) -> None:
    """No more may be billed of an order's line than was ordered."""
    wanted: dict[tuple[str, int], Decimal] = {}
    for line in draft.lines:
        if line.order:
            wanted[line.order] = wanted.get(line.order, Decimal(0)) + line.quantity
    for (key, number), quantity in wanted.items():
        order = company.transactions["salesOrder"].get(key)
        ordered = (
            next((line.quantity for line in order.lines if line.line == number), None) if order else None
        )
        if order is None or ordered is None:
            raise user_error(f"Line {number} of sales order {key} does not exist.")
        if quantity + billed(company, order, draft.id).get(number, Decimal(0)) > ordered:
            raise user_error(f"You cannot bill more than was ordered on line {number} of {order.number}.")


def refresh(company: Company, *rows: Transaction | None) -> None:
    """Bring the status of the orders that these documents bill up to date."""
    keys = [line.order[0] for row in rows if row for line in row.lines if line.order]
    keys += [row.id for row in rows if row and row.kind == "salesOrder"]
    for key in dict.fromkeys(keys):
        order = company.transactions["salesOrder"].get(key)
        if order is None:
            continue
        done = billed(company, order)
        open_lines = [line for line in order.lines if not line.closed]
        full = all(done.get(line.line, Decimal(0)) >= line.quantity for line in open_lines)
        progress = "full" if full and done else "part" if any(done.values()) else ""
        company.touch("salesOrder", order.id)
        if progress != order.progress:
            order.progress = progress
            order.modified_at = company.clock.now()


# Source record type -> what can be made from it (the vendor knows more pairs).
TRANSFORMS = {
    "salesOrder": ("invoice", "cashSale", "customerDeposit"),
    "invoice": ("customerPayment", "creditMemo"),
    "creditMemo": ("customerRefund",),
    "customerPayment": ("customerRefund",),
    "customerDeposit": ("depositApplication", "customerRefund"),
    "customer": ("salesOrder", "invoice", "cashSale", "creditMemo", "customerPayment", "customerDeposit"),
}


def wish_from(company: Company, source: Any, kind: str, target: str) -> Wish:
    """What a transformation presets; the request's body is laid over it."""
    if target not in TRANSFORMS.get(kind, ()):
        detail = f"The record type '{kind}' cannot be transformed to '{target}'."
        raise Refused(
            "INVALID_REQUEST",
            detail,
            "Url",
            f"/services/rest/record/v1/{kind}/{source.id}/!transform/{target}",
        )
    if kind == "customer":
        return {
            "customer" if target in ("customerPayment", "customerDeposit") else "entity": {"id": source.id}
        }
    if target in ("invoice", "cashSale"):
        return _bill(company, source)
    if kind == "salesOrder":
        return {
            "customer": {"id": source.customer},
            "salesOrder": {"id": source.id},
            "currency": _currency(company, source),
            "payment": major(source.total, source.currency),
        }
    if target == "creditMemo":
        return _credit(company, source)
    if source.remaining <= 0 or source.state != "2":
        raise user_error(f"Nothing remains open of {source.number}.")
    if target == "depositApplication":
        return {"customer": {"id": source.customer}, "deposit": {"id": source.id}}
    line = {"doc": {"id": source.id}, "apply": True}
    sublist = "deposit" if kind == "customerDeposit" else "apply"
    return {
        "customer": {"id": source.customer},
        "currency": _currency(company, source),
        sublist: {"items": [line]},
    }


def _currency(company: Company, row: Transaction) -> Wish:
    return {"id": company.currency_ids[row.currency]}


def _common(company: Company, row: Transaction) -> Wish:
    found: Wish = {
        "entity": {"id": row.customer},
        "currency": _currency(company, row),
        "memo": row.memo or None,
        "otherRefNum": row.reference or None,
        "custom": {name: value for name, value in row.custom.items() if name in _CARRIED},
    }
    if row.terms:
        found["terms"] = {"id": row.terms}
    return {name: value for name, value in found.items() if value is not None}


# Fields of a sale that go on to what is made from it.
_CARRIED = frozenset(
    {
        "class", "department", "location", "billingAddress", "shippingAddress", "email", "salesRep",
        "startDate", "endDate", "message", "nexus",
    }
)  # fmt: skip


def _bill(company: Company, order: Transaction) -> Wish:
    if order.order in ("A", "C", "H"):
        raise user_error("Only approved sales orders that are open can be billed.")
    done = billed(company, order)
    lines = []
    for line in order.lines:
        left = line.quantity - done.get(line.line, Decimal(0))
        if line.closed or left == 0 or (left < 0) != (line.quantity < 0):
            continue
        amount = line.amount if left == line.quantity else None
        lines.append(
            {**_line(line, order, left, amount), "orderDoc": {"id": order.id}, "orderLine": line.line}
        )
    if not lines:
        raise user_error(f"Sales order {order.number} is billed in full.")
    wish = {**_common(company, order), "item": {"items": lines}}
    if not done:
        wish["taxTotal"] = major(order.tax, order.currency)
    return wish


def _credit(company: Company, source: Transaction) -> Wish:
    lines = [_line(line, source, line.quantity, line.amount) for line in source.lines]
    wish = {
        **_common(company, source),
        "item": {"items": lines},
        "taxTotal": major(source.tax, source.currency),
    }
    wish.pop("terms", None)
    if source.remaining > 0 and source.state == "2":
        wish["apply"] = {"items": [{"doc": {"id": source.id}, "apply": True}]}
    return wish


def _line(line: ItemLine, of: Transaction, quantity: Decimal, amount: int | None) -> Wish:
    wish: Wish = {
        "item": {"id": line.item},
        "quantity": quantity,
        "rate": line.rate,
        "description": line.description,
        "custom": dict(line.custom),
    }
    if amount is not None:
        wish["amount"] = major(amount, of.currency)
    return wish
