"""Sublists: the lines of items, of journals, of applications, of bank deposits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.money import major
from simulators.netsuite.rules.fields.catalogue import sublists
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.orders import billed
from simulators.netsuite.rules.receivables import balances
from simulators.netsuite.rules.records import Customer, Transaction
from simulators.netsuite.wire.extras import extras
from simulators.netsuite.wire.references import References
from simulators.netsuite.wire.shapes import Shown, links

# (sublist, key of a line) of sublists whose lines are not found by their number.
_KEYED = {"apply": "doc", "deposit": "doc", "payment": "id"}


def sublist(refs: References, kind: str, row: Any, name: str) -> Shown:
    """One sublist with its lines."""
    found = lines(refs, kind, row, name)
    return {
        "links": links(f"{refs.base}{kind}/{row.id}/{name}"),
        "count": len(found),
        "hasMore": False,
        "items": found,
        "offset": 0,
        "totalResults": len(found),
    }


def has(kind: str, name: str) -> bool:
    """Whether the record type has such a sublist."""
    return name in sublists(kind)


def line(refs: References, kind: str, row: Any, name: str, key: str) -> Shown | None:
    """One line by its key: its number, or `doc=…` where documents are the key."""
    wanted = key.partition("=")[2] or key
    for i, each in enumerate(lines(refs, kind, row, name)):
        own = each.get("line", i + 1)
        if name in _KEYED:
            doc = each.get(_KEYED[name])
            own = doc["id"] if isinstance(doc, dict) else doc
        if str(own) == wanted:
            return each
    return None


def lines(refs: References, kind: str, row: Any, name: str) -> list[Shown]:
    """The lines, without what is empty."""
    show = _LINES.get((kind, name)) or _LINES.get(("", name) if isinstance(row, Transaction) else ("?", name))
    if show is not None:
        return [{k: v for k, v in each.items() if v is not None and v != ""} for each in show(refs, row)]
    kept = row.custom.get(name)
    path = f"{refs.base}{kind}/{row.id}/{name}/"
    found = []
    for i, each in enumerate(kept.get("items", ()) if isinstance(kept, dict) else ()):
        found.append({"links": links(f"{path}{i + 1}"), **each})
    return found


def _item_lines(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/item/"
    done = billed(refs.company, row) if row.kind == "salesOrder" else {}
    accounts = {each.line: each.account for each in row.postings if each.item}
    found = []
    for each in row.lines:
        item = refs.company.item(each.item)
        shown: Shown = {
            "links": links(f"{path}{each.line}"),
            "line": each.line,
            "item": refs.item(each.item),
            "itemType": {"id": ITEMS[item.kind], "refName": ITEMS[item.kind]} if item else None,
            "account": refs.account(accounts.get(each.line, "")),
            "quantity": each.quantity,
            "rate": each.rate,
            "amount": major(each.amount, row.currency),
            "description": each.description,
            **extras(refs, f"{row.kind}.item", path, each.custom),
        }
        if row.kind == "salesOrder":
            shown |= {"quantityBilled": done.get(each.line, 0), "isClosed": each.closed}
        if each.order:
            shown |= {"orderDoc": refs.transaction(each.order[0]), "orderLine": each.order[1]}
        found.append(shown)
    return found


def _journal_lines(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/line/"
    found = []
    for each in row.entries:
        side, amount = ("credit", each.credit) if each.credit else ("debit", each.debit)
        found.append(
            {
                "links": links(f"{path}{each.line}"),
                "line": each.line,
                "account": refs.account(each.account),
                side: major(amount, row.currency),
                "memo": each.memo,
                "entity": refs.entity(each.entity),
                **extras(refs, "journalEntry.line", path, each.custom),
            }
        )
    return found


def _applications(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/apply/"
    found = []
    for doc, amount in row.applied.items():
        target = refs.company.transaction(doc)
        assert target is not None
        found.append(
            {
                "links": links(f"{path}doc={doc}"),
                "doc": refs.transaction(doc),
                "line": 0,
                "apply": True,
                "amount": major(amount, row.currency),
                "total": major(target.total, row.currency),
                "due": major(target.remaining + amount, row.currency),
                "applyDate": target.date,
                "currency": target.currency,
                "refNum": target.number,
                "type": TRANSACTIONS[target.kind].title,
            }
        )
    return found


def _no_lines(refs: References, row: Transaction) -> list[Shown]:
    # Of refunds, what was put against a deposit shows among the applications.
    del refs, row
    return []


def _banked(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}deposit/{row.id}/payment/"
    found = []
    for each in row.cash:
        paid = refs.company.transaction(each.payment)
        if paid is None:
            continue
        code = TRANSACTIONS[paid.kind].code
        found.append(
            {
                "links": links(f"{path}{paid.id}"),
                "id": int(paid.id),
                "deposit": True,
                "docDate": paid.date,
                "docNumber": paid.number,
                "entity": refs.customer(paid.customer),
                "currency": refs.currency(paid.currency),
                "paymentAmount": major(each.amount, row.currency),
                "transactionAmount": major(each.amount, row.currency),
                "memo": each.memo,
                "type": {"id": code, "refName": TRANSACTIONS[paid.kind].title},
            }
        )
    return found


def _cash(refs: References, row: Transaction, name: str) -> list[Shown]:
    path = f"{refs.base}deposit/{row.id}/{name}/"
    return [
        {
            "links": links(f"{path}{each.line}"),
            "line": str(each.line),
            "account": refs.account(each.account),
            "amount": major(each.amount, row.currency),
            "entity": refs.customer(each.entity),
            "memo": each.memo,
            **extras(refs, f"deposit.{name}", path, each.custom),
        }
        for each in row.cash
        if each.sublist == name
    ]


def _others(refs: References, row: Transaction) -> list[Shown]:
    return _cash(refs, row, "other")


def _cashback(refs: References, row: Transaction) -> list[Shown]:
    return _cash(refs, row, "cashback")


def _currencies(refs: References, row: Customer) -> list[Shown]:
    path = f"{refs.base}customer/{row.id}/currencyList/"
    return [
        {
            "links": links(f"{path}{i + 1}"),
            "currency": refs.currency(symbol),
            "balance": major(each.balance, symbol),
            "depositBalance": major(each.deposits, symbol),
            "overdueBalance": major(each.overdue, symbol),
            "unbilledOrders": major(each.unbilled, symbol),
        }
        for i, (symbol, each) in enumerate(balances(refs.company, row).items())
    ]


_LINES: dict[tuple[str, str], Callable[[References, Any], list[Shown]]] = {
    ("", "item"): _item_lines,
    ("journalEntry", "line"): _journal_lines,
    ("", "apply"): _applications,
    ("customerRefund", "deposit"): _no_lines,
    ("customerPayment", "deposit"): _no_lines,
    ("customerPayment", "credit"): _no_lines,
    ("deposit", "payment"): _banked,
    ("deposit", "other"): _others,
    ("deposit", "cashback"): _cashback,
    ("customer", "currencyList"): _currencies,
}
