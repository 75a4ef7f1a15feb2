"""Every transaction: created, changed, transformed, deleted, by the rules of its type."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from simulators.netsuite.rules import banking, crediting, journals, sales, transactions
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.orders import refresh, wish_from
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.transactions import Fill, blank, commit
from simulators.netsuite.rules.wishes import Wish


def create(company: Company, kind: str, wish: Wish, source: str = "") -> Transaction:
    """A new document, posted at once; source: the document it is made from."""
    if kind != "customerPayment":
        return _create(company, kind, wish, source)
    chosen = crediting.plan(company, wish)
    row = _create(company, kind, chosen.wish, source)
    try:
        _put_to_use(company, chosen)
    except Refused:
        delete(company, row)
        raise
    return row


def _put_to_use(company: Company, chosen: crediting.Plan) -> None:
    for key, parts in chosen.parts.items():
        used = company.transaction(key)
        assert used is not None
        wish = crediting.lines_of(used, parts)
        if used.kind == "creditMemo":
            update(company, used, wish, frozenset())
        else:
            transform(company, used, used.kind, "depositApplication", wish)


def _create(company: Company, kind: str, wish: Wish, source: str) -> Transaction:
    draft = blank(company, kind)
    draft.source = source
    _FILLS[kind](company, draft, wish, frozenset())
    commit(company, None, draft)
    _follow(company, None, draft)
    return draft


def update(company: Company, row: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names; `replace`: sublists that the request gives in full."""
    chosen = crediting.Plan(wish)
    if row.kind == "customerPayment":
        chosen = crediting.plan(company, wish)
        wish = chosen.wish
    draft = changed(row)
    _FILLS[row.kind](company, draft, wish, replace)
    if draft != row:
        commit(company, row, draft)
        _follow(company, row, draft)
    _put_to_use(company, chosen)


def delete(company: Company, row: Transaction) -> None:
    """Take a document away."""
    twin = company.transactions["journalEntry"].get(row.twin) if row.twin else None
    transactions.delete(company, row)
    _follow(company, row, None)
    if twin is not None:
        transactions.delete(company, twin)


def transform(company: Company, source: Any, kind: str, target: str, wish: Wish) -> Transaction:
    """Make one document from another; what the request says goes before what the source presets."""
    preset = wish_from(company, source, kind, target)
    for name, value in wish.items():
        known = preset.get(name)
        if name in ("item", "apply", "deposit") and isinstance(known, dict) and isinstance(value, dict):
            preset[name] = _laid_over(known, value)
        elif name == "custom":
            preset["custom"] = {**preset.get("custom", {}), **value}
        else:
            preset[name] = value
    made_from = source.id if isinstance(source, Transaction) else ""
    return create(company, target, preset, made_from)


def _laid_over(preset: Wish, given: Wish) -> Wish:
    """Lines of the request change the preset lines of the same key, and are added otherwise."""
    if "items" not in preset or "items" not in given:
        return given
    lines = [dict(each) for each in preset["items"]]
    for wish in given["items"]:
        at = next((i for i, each in enumerate(lines) if _same(each, wish, i)), None)
        if at is None:
            lines.append(wish)
        else:
            lines[at] = _merged(lines[at], wish)
    return {"items": lines}


def _same(preset: Wish, wish: Wish, index: int) -> bool:
    if "doc" in wish or "doc" in preset:
        return bool(str((preset.get("doc") or {}).get("id")) == str((wish.get("doc") or {}).get("id")))
    number = wish.get("orderLine") or wish.get("line")
    return number is not None and number in (preset.get("orderLine"), index + 1)


def _merged(preset: Wish, wish: Wish) -> Wish:
    found = {**preset, **wish}
    if "amount" not in wish and ("quantity" in wish or "rate" in wish):
        found.pop("amount", None)
    found.pop("line", None)
    return found


def _follow(company: Company, before: Transaction | None, after: Transaction | None) -> None:
    row = after or before
    assert row is not None
    if row.kind in ("invoice", "cashSale", "salesOrder"):
        refresh(company, before, after)
    elif row.kind == "deposit":
        banking.mark_banked(company, before, after)
    elif row.kind == "journalEntry" and after is not None:
        journals.reverse(company, after)


_FILLS: dict[str, Fill] = {
    "invoice": sales.invoice,
    "creditMemo": sales.credit_memo,
    "salesOrder": sales.sales_order,
    "cashSale": sales.cash_sale,
    "customerPayment": banking.payment,
    "customerRefund": banking.refund,
    "customerDeposit": banking.customer_deposit,
    "depositApplication": banking.application,
    "deposit": banking.bank_deposit,
    "journalEntry": journals.journal,
}
