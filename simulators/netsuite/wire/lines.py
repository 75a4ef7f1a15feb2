"""Sublists: the lines of items, of journals, of applications."""

from __future__ import annotations

from collections.abc import Callable

from simulators.kit.money import major
from simulators.netsuite.rules.kinds import TRANSACTIONS
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.wire.masters import Shown, links
from simulators.netsuite.wire.references import References

SUBLISTS_OF = {
    "invoice": ("item",),
    "creditMemo": ("item", "apply"),
    "customerPayment": ("apply",),
    "customerRefund": ("apply",),
    "journalEntry": ("line",),
}


def sublist(refs: References, row: Transaction, name: str) -> Shown:
    """One sublist with its lines."""
    lines = _LINES[name](refs, row)
    return {
        "links": links(f"{refs.base}{row.kind}/{row.id}/{name}"),
        "count": len(lines),
        "hasMore": False,
        "items": lines,
        "offset": 0,
        "totalResults": len(lines),
    }


def _item_lines(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/item/"
    return [
        {
            "links": links(f"{path}{each.line}"),
            "line": each.line,
            "item": refs.item(each.item),
            "quantity": each.quantity,
            "rate": each.rate,
            "amount": major(each.amount, row.currency),
            "description": each.description,
            **each.custom,
        }
        for each in row.lines
    ]


def _journal_lines(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/line/"
    found = []
    for each in row.entries:
        side, amount = ("credit", each.credit) if each.credit else ("debit", each.debit)
        line = {
            "links": links(f"{path}{each.line}"),
            "line": each.line,
            "account": refs.account(each.account),
            side: major(amount, row.currency),
            "memo": each.memo,
            "entity": refs.customer(each.entity),
            **each.custom,
        }
        found.append({name: value for name, value in line.items() if value not in (None, "")})
    return found


def _applications(refs: References, row: Transaction) -> list[Shown]:
    path = f"{refs.base}{row.kind}/{row.id}/apply/"
    found = []
    for doc, amount in row.applied.items():
        target = refs.company.transaction(doc)
        assert target is not None
        title = f"{TRANSACTIONS[target.kind].title} #{target.number}"
        found.append(
            {
                "links": links(f"{path}doc={doc}"),
                "doc": refs.ref(target.kind, doc, title),
                "apply": True,
                "amount": major(amount, row.currency),
                "total": major(target.total, row.currency),
                "due": major(target.remaining + amount, row.currency),
                "refNum": target.number,
            }
        )
    return found


_LINES: dict[str, Callable[[References, Transaction], list[Shown]]] = {
    "item": _item_lines,
    "line": _journal_lines,
    "apply": _applications,
}
