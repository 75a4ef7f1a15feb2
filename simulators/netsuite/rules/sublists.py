"""Lines in, lines out: how a request's sublist meets the lines a record already has.

Fact (NetSuite help, "Updating a Sublist", "Replacing a Sublist"): without `replace` lines that carry
a known key are changed and all others are appended; with `replace` the request's lines are the list.
"""

from __future__ import annotations

from decimal import Decimal

from simulators.kit.money import major
from simulators.netsuite.rules.amounts import product, whole
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import ItemLine, JournalLine
from simulators.netsuite.rules.refusal import Refused, invalid_value, missing, user_error
from simulators.netsuite.rules.wishes import ApplyWish, ItemLineWish, JournalLineWish

_ONE = Decimal(1)


def item_lines(
    company: Company, before: tuple[ItemLine, ...], wishes: list[ItemLineWish], currency: str, replace: bool
) -> tuple[ItemLine, ...]:
    """The item sublist after the request."""
    known = {each.line: each for each in before}
    kept = {} if replace else dict(known)
    for i, wish in enumerate(wishes):
        old = known.get(wish.get("line") or 0)
        number = old.line if old is not None else max(kept, default=0) + 1
        kept[number] = _item_line(company, number, old, wish, currency, f"item.items[{i}]")
    return tuple(kept[number] for number in sorted(kept))


def _item_line(
    company: Company, number: int, old: ItemLine | None, wish: ItemLineWish, currency: str, path: str
) -> ItemLine:
    ref = wish.get("item")
    if ref:
        item = company.refer(ref, f"{path}.item", "serviceSaleItem", "nonInventorySaleItem")
    elif old is not None:
        item = old.item
    else:
        raise Refused("INVALID_CONTENT", "A line needs an item.", "Path", f"{path}.item")
    quantity, rate, amount = wish.get("quantity"), wish.get("rate"), wish.get("amount")
    many = quantity if quantity is not None else old.quantity if old else _ONE
    if amount is not None:
        value = whole(amount, currency, f"{path}.amount")
        # An amount beats a rate; the vendor then shows the rate that would have given it.
        each = rate if rate is not None else _rate(major(value, currency), many)
    elif rate is not None or quantity is not None or old is None:
        each = rate if rate is not None else old.rate if old else Decimal(0)
        value = product(many, each, currency)
    else:
        each, value = old.rate, old.amount
    text = wish.get("description", old.description if old else "") or ""
    custom = {**(old.custom if old else {}), **wish.get("custom", {})}
    return ItemLine(number, item, many, each, value, text, custom)


def journal_lines(
    company: Company,
    before: tuple[JournalLine, ...],
    wishes: list[JournalLineWish],
    currency: str,
    replace: bool,
) -> tuple[JournalLine, ...]:
    """The line sublist of a journal after the request."""
    known = {each.line: each for each in before}
    kept = {} if replace else dict(known)
    for i, wish in enumerate(wishes):
        old = known.get(wish.get("line") or 0)
        number = old.line if old is not None else max(kept, default=0) + 1
        kept[number] = _journal_line(company, number, old, wish, currency, f"line.items[{i}]")
    return tuple(kept[number] for number in sorted(kept))


def _journal_line(
    company: Company, number: int, old: JournalLine | None, wish: JournalLineWish, currency: str, path: str
) -> JournalLine:
    ref = wish.get("account")
    if ref:
        account = company.refer(ref, f"{path}.account", "account")
    elif old is not None:
        account = old.account
    else:
        raise Refused("INVALID_CONTENT", "A line needs an account.", "Path", f"{path}.account")
    debit, credit = old.debit if old else 0, old.credit if old else 0
    if wish.get("debit") is not None or wish.get("credit") is not None:
        debit = whole(wish.get("debit") or Decimal(0), currency, f"{path}.debit")
        credit = whole(wish.get("credit") or Decimal(0), currency, f"{path}.credit")
    if debit < 0 or credit < 0 or (debit and credit):
        raise user_error("A journal line has either a debit or a credit, and neither is negative.")
    entity = old.entity if old else ""
    if "entity" in wish:
        who = wish["entity"]
        entity = company.refer(who, f"{path}.entity", "customer") if who else ""
    memo = wish.get("memo", old.memo if old else "") or ""
    custom = {**(old.custom if old else {}), **wish.get("custom", {})}
    return JournalLine(number, account, debit, credit, entity, memo, custom)


def applications(
    company: Company,
    before: dict[str, int],
    wishes: list[ApplyWish],
    replace: bool,
    *,
    to: str,
    currency: str,
    available: int | None,
) -> dict[str, int]:
    """What is applied to which document after the request; `doc` is the key of this sublist.

    available: the whole amount that may be applied, None where it follows from the applications. A line
    without amount takes what is open, as far as `available` goes.
    """
    kept = {} if replace else dict(before)
    for i, wish in enumerate(wishes):
        ref = wish.get("doc")
        if not ref:
            raise Refused("INVALID_CONTENT", "A line needs a document.", "Path", f"apply.items[{i}].doc")
        doc = company.refer(ref, f"apply.items[{i}].doc", to)
        amount = wish.get("amount")
        chosen = wish.get("apply")
        # Giving an amount ticks the box, as it does in the vendor's form (unconfirmed for REST).
        if not (chosen if chosen is not None else amount is not None):
            kept.pop(doc, None)
            continue
        if amount is not None:
            value = whole(amount, currency, f"apply.items[{i}].amount")
        else:
            target = company.transactions[to].get(doc)
            assert target is not None
            value = target.remaining + before.get(doc, 0)
            if available is not None:
                others = sum(each for key, each in kept.items() if key != doc)
                value = min(value, available - others)
        if value <= 0:
            raise invalid_value(f"apply.items[{i}].amount", amount if amount is not None else 0)
        kept[doc] = value
    return kept


def need_lines(lines: tuple[object, ...], label: str) -> None:
    """A document without lines is refused."""
    if not lines:
        raise missing(label)


def _rate(amount: Decimal, quantity: Decimal) -> Decimal:
    if not quantity:
        return Decimal(0)
    rate = amount / quantity
    exponent = rate.as_tuple().exponent
    return round(rate, 8) if isinstance(exponent, int) and exponent < -8 else rate
