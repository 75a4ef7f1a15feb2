"""Lines in, lines out: how a request's sublist meets the lines a record already has.

Fact (NetSuite help, "Updating a Sublist", "Replacing a Sublist"): without `replace` lines that carry
a known key are changed and all others are appended; with `replace` the request's lines are the list.
"""

from __future__ import annotations

from decimal import Decimal

from simulators.kit.money import major
from simulators.netsuite.rules.amounts import product, whole
from simulators.netsuite.rules.catalogue import price_of
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import CashLine, ItemLine, JournalLine, Transaction
from simulators.netsuite.rules.refusal import invalid_content, invalid_value, missing, user_error
from simulators.netsuite.rules.wishes import Wish

_ONE = Decimal(1)


def item_lines(
    company: Company, draft: Transaction, wishes: list[Wish], replace: bool
) -> tuple[ItemLine, ...]:
    """The item sublist after the request."""
    known = {each.line: each for each in draft.lines}
    kept_lines = {} if replace else dict(known)
    for i, wish in enumerate(wishes):
        old = known.get(wish.get("line") or 0)
        number = old.line if old is not None else max(kept_lines, default=0) + 1
        kept_lines[number] = _item_line(company, draft, number, old, wish, f"item.items[{i}]")
    return tuple(kept_lines[number] for number in sorted(kept_lines))


def _item_line(
    company: Company, draft: Transaction, number: int, old: ItemLine | None, wish: Wish, path: str
) -> ItemLine:
    ref = wish.get("item")
    if ref:
        item = company.refer(ref, f"{path}.item", *company.items)
    elif old is not None:
        item = old.item
    else:
        raise invalid_content("Please enter value(s) for: Item", f"{path}.item")
    row = company.item(item)
    if row is not None and row.inactive and (old is None or old.item != item):
        raise invalid_value(f"{path}.item", item)
    quantity, rate, amount = wish.get("quantity"), wish.get("rate"), wish.get("amount")
    many = quantity if quantity is not None else old.quantity if old else _ONE
    if old is None and rate is None and amount is None:
        rate = price_of(row) if row is not None else None
        if rate is None:
            raise missing("Amount")
    if amount is not None:
        value = whole(amount, draft.currency, f"{path}.amount")
        # An amount beats a rate; the vendor then shows the rate that would have given it.
        each = rate if rate is not None else _rate(major(value, draft.currency), many)
    elif rate is not None or quantity is not None or old is None:
        each = rate if rate is not None else old.rate if old else Decimal(0)
        value = product(many, each, draft.currency)
    else:
        each, value = old.rate, old.amount
    fallback = old.description if old else row.description if row is not None else ""
    text = (wish["description"] or "") if "description" in wish else fallback
    custom = kept(
        company, f"{draft.kind}.item", old.custom if old else {}, wish.get("custom", {}), path=f"{path}."
    )
    closed = bool(wish.get("isClosed", old.closed if old else False))
    return ItemLine(number, item, many, each, value, text, custom, _order(company, old, wish, path), closed)


def _order(company: Company, old: ItemLine | None, wish: Wish, path: str) -> tuple[str, int] | None:
    if wish.get("orderDoc"):
        doc = company.refer(wish["orderDoc"], f"{path}.orderDoc", "salesOrder")
        return doc, int(wish.get("orderLine") or 1)
    return old.order if old else None


def journal_lines(
    company: Company, draft: Transaction, wishes: list[Wish], replace: bool
) -> tuple[JournalLine, ...]:
    """The line sublist of a journal after the request."""
    known = {each.line: each for each in draft.entries}
    kept_lines = {} if replace else dict(known)
    for i, wish in enumerate(wishes):
        old = known.get(wish.get("line") or 0)
        number = old.line if old is not None else max(kept_lines, default=0) + 1
        kept_lines[number] = _journal_line(company, number, old, wish, draft.currency, f"line.items[{i}]")
    return tuple(kept_lines[number] for number in sorted(kept_lines))


def _journal_line(
    company: Company, number: int, old: JournalLine | None, wish: Wish, currency: str, path: str
) -> JournalLine:
    ref = wish.get("account")
    if ref:
        account = company.refer(ref, f"{path}.account", "account")
    elif old is not None:
        account = old.account
    else:
        raise invalid_content("Please enter value(s) for: Account", f"{path}.account")
    debit, credit = old.debit if old else 0, old.credit if old else 0
    if wish.get("debit") is not None or wish.get("credit") is not None:
        debit = whole(wish.get("debit") or Decimal(0), currency, f"{path}.debit")
        credit = whole(wish.get("credit") or Decimal(0), currency, f"{path}.credit")
    if debit < 0 or credit < 0 or (debit and credit):
        raise user_error("A journal line has either a debit or a credit, and neither is negative.")
    entity = old.entity if old else ""
    if "entity" in wish:
        who = wish["entity"]
        entity = company.refer(who, f"{path}.entity", "customer", "vendor", "employee") if who else ""
    memo = wish.get("memo", old.memo if old else "") or ""
    custom = kept(
        company, "journalEntry.line", old.custom if old else {}, wish.get("custom", {}), path=f"{path}."
    )
    return JournalLine(number, account, debit, credit, entity, memo, custom)


def applications(
    company: Company,
    draft: Transaction,
    sublist: str,
    wishes: list[Wish],
    replace: bool,
    *,
    to: tuple[str, ...],
    available: int | None,
) -> dict[str, int]:
    """What is applied to which document after the request; `doc` is the key of this sublist.

    available: the whole amount that may be applied, None where it follows from the applications. A line
    without amount takes what is open, as far as `available` goes.
    """
    before = draft.applied
    found = {doc: each for doc, each in before.items() if not (replace and _of(company, doc, to))}
    for i, wish in enumerate(wishes):
        path = f"{sublist}.items[{i}]"
        ref = wish.get("doc")
        if not ref:
            raise invalid_content("A line needs a document.", f"{path}.doc")
        doc = company.refer(ref, f"{path}.doc", *to)
        amount = wish.get("amount")
        chosen = wish.get("apply")
        # Giving an amount ticks the box, as it does in the vendor's form (unconfirmed for REST).
        if not (chosen if chosen is not None else amount is not None):
            found.pop(doc, None)
            continue
        if amount is not None:
            value = whole(amount, draft.currency, f"{path}.amount")
        else:
            target = company.transaction(doc)
            assert target is not None
            value = target.remaining + before.get(doc, 0)
            if available is not None:
                value = min(value, available - sum(each for key, each in found.items() if key != doc))
        if value <= 0:
            raise invalid_value(f"{path}.amount", amount if amount is not None else 0)
        found[doc] = value
    return found


def _of(company: Company, doc: str, kinds: tuple[str, ...]) -> bool:
    row = company.transaction(doc)
    return row is None or row.kind in kinds


def cash_lines(
    company: Company, draft: Transaction, sublist: str, wishes: list[Wish], replace: bool
) -> tuple[CashLine, ...]:
    """A sublist of a bank deposit (other, cashback) after the request, beside the other sublists."""
    others = tuple(each for each in draft.cash if each.sublist != sublist)
    lines = {} if replace else {each.line: each for each in draft.cash if each.sublist == sublist}
    for i, wish in enumerate(wishes):
        path = f"{sublist}.items[{i}]"
        key = str(wish.get("line") or "")
        old = lines.get(int(key)) if key.isdigit() else None
        number = old.line if old else max(lines, default=0) + 1
        if not wish.get("account") and old is None:
            raise invalid_content("Please enter value(s) for: Account", f"{path}.account")
        account = company.refer(wish["account"], f"{path}.account", "account") if wish.get("account") else ""
        amount = wish.get("amount")
        if amount is None and old is None:
            raise missing("Amount")
        value = (
            whole(amount, draft.currency, f"{path}.amount")
            if amount is not None
            else old.amount
            if old
            else 0
        )
        entity = company.refer(wish["entity"], f"{path}.entity", "customer") if wish.get("entity") else ""
        custom = kept(company, f"deposit.{sublist}", old.custom if old else {}, wish.get("custom", {}))
        lines[number] = CashLine(
            sublist, number, "", account or (old.account if old else ""), value,
            entity or (old.entity if old else ""), wish.get("memo") or (old.memo if old else ""), custom,
        )  # fmt: skip
    return (*others, *(lines[number] for number in sorted(lines)))


def need_lines(lines: tuple[object, ...]) -> None:
    """A document without lines is refused."""
    if not lines:
        raise user_error("You must enter at least one line item for this transaction.")


def _rate(amount: Decimal, quantity: Decimal) -> Decimal:
    if not quantity:
        return Decimal(0)
    rate = amount / quantity
    exponent = rate.as_tuple().exponent
    return round(rate, 8) if isinstance(exponent, int) and exponent < -8 else rate
