"""Credits and deposits chosen within a payment: they settle the payment's invoices before its money does."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.kit.money import major
from simulators.netsuite.rules.amounts import whole
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.refusal import invalid_content, invalid_value, user_error
from simulators.netsuite.rules.wishes import Wish

_SUBLISTS = (("credit", "creditMemo"), ("deposit", "customerDeposit"))


@dataclass(slots=True)
class Plan:
    """wish: what is left for the payment itself; parts: by credit or deposit, what goes to which invoice."""

    wish: Wish
    parts: dict[str, dict[str, int]] = field(default_factory=dict)


def plan(company: Company, wish: Wish) -> Plan:
    """Take the chosen credits and deposits out of a payment's wish; refused if they do not fit."""
    rest = {name: value for name, value in wish.items() if name not in ("credit", "deposit")}
    sources = _sources(company, wish)
    found = Plan(rest)
    if not sources:
        return found
    left = _wanted(company, wish)
    for source, amount in sources:
        unused = amount
        for doc in left:
            part = min(unused, left[doc])
            if part:
                found.parts.setdefault(source.id, {})[doc] = part
                left[doc] -= part
                unused -= part
        if unused:
            raise user_error("The credits and deposits applied must not be more than the invoices chosen.")
    currency = sources[0][0].currency
    lines = [
        {"doc": {"id": doc}, "apply": True, "amount": major(each, currency)}
        for doc, each in left.items()
        if each
    ]
    rest["apply"] = {"items": lines}
    if not lines and not wish.get("payment"):
        raise user_error("A payment without an amount of its own is not kept: apply the credit memo instead.")
    return found


def _sources(company: Company, wish: Wish) -> list[tuple[Transaction, int]]:
    found = []
    for sublist, kind in _SUBLISTS:
        for i, line in enumerate((wish.get(sublist) or {}).get("items", [])):
            path = f"{sublist}.items[{i}]"
            if line.get("apply") is False:
                continue
            if not line.get("doc"):
                raise invalid_content("A line needs a document.", f"{path}.doc")
            row = company.transaction(company.refer(line["doc"], f"{path}.doc", kind))
            assert row is not None
            amount = row.remaining
            if line.get("amount") is not None:
                amount = whole(line["amount"], row.currency, f"{path}.amount")
            if not 0 < amount <= row.remaining:
                raise invalid_value(f"{path}.amount", line.get("amount"))
            found.append((row, amount))
    return found


def _wanted(company: Company, wish: Wish) -> dict[str, int]:
    found = {}
    for i, line in enumerate((wish.get("apply") or {}).get("items", [])):
        if line.get("apply") is False or not line.get("doc"):
            continue
        row = company.transaction(company.refer(line["doc"], f"apply.items[{i}].doc", "invoice"))
        assert row is not None
        amount = row.remaining
        if line.get("amount") is not None:
            amount = whole(line["amount"], row.currency, f"apply.items[{i}].amount")
        if amount > row.remaining:
            raise user_error(f"You cannot apply more than the remaining amount of document {row.number}.")
        found[row.id] = amount
    return found


def lines_of(row: Transaction, parts: dict[str, int]) -> Wish:
    """The applications of a credit or of a deposit, those it has already included."""
    lines = [
        {"doc": {"id": doc}, "apply": True, "amount": major(row.applied.get(doc, 0) + part, row.currency)}
        for doc, part in parts.items()
    ]
    return {"apply": {"items": lines}}
