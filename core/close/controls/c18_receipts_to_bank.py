"""C18: money from customers at the bank is applied, to the right customer, in full."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.cash import BankLine, Receipt

_Facts = tuple[tuple[str, str], ...]


def _sides(extract: Extract) -> Sides:
    lefts: list[Entry] = []
    rights: list[Entry] = []
    for lines, receipts in groups(extract):
        # One key for all rows that belong together: 1:1, 1:N and N:1 alike.
        key = ("+".join(line.id for line in lines) or "+".join(r.id for r in receipts),)
        payers = {line.payer for line in lines if line.payer}
        payer = payers.pop() if len(payers) == 1 else ""
        total = _sum([line.amount for line in lines])
        if total:
            lefts.append(worth(key, total, _facts("applied", payer), lines))
        got = _sum([receipt.amount for receipt in receipts])
        if got:
            customer = receipts[0].customer
            rights.append(worth(key, got, _facts(_applied(extract, receipts), payer and customer), receipts))
    return lefts, rights


def _facts(state: str, customer: str) -> _Facts:
    return (("cash", state), *((("customer", customer),) if customer else ()))


def groups(extract: Extract) -> list[tuple[list[BankLine], list[Receipt]]]:
    """Bank lines and receipts that belong together: by the lines a receipt names, else by the remittance's
    reference, else by payer and amount."""
    lines = {b.id: b for b in extract.bank_lines if b.kind == "customer"}
    found: list[tuple[list[BankLine], list[Receipt]]] = []
    free = dict(lines)
    for receipt in extract.receipts:
        if receipt.bank_lines == () and not receipt.reference and not receipt.customer:
            continue
        mine = [lines[name] for name in receipt.bank_lines if name in lines] or _by_words(free, receipt)
        same = next((group for group in found if any(line in group[0] for line in mine)), None)
        if same is None:
            found.append((mine, [receipt]))
        else:
            same[1].append(receipt)
            same[0].extend(line for line in mine if line not in same[0])
        for line in mine:
            free.pop(line.id, None)
    return found + [([line], []) for line in free.values()]


def _by_words(free: dict[str, BankLine], receipt: Receipt) -> list[BankLine]:
    named = [b for b in free.values() if receipt.reference and b.reference == receipt.reference]
    if named:
        return named
    return [b for b in free.values() if b.payer == receipt.customer and b.amount == receipt.amount][:1]


def _applied(extract: Extract, receipts: list[Receipt]) -> str:
    for receipt in receipts:
        applied = sum(part.amount.minor for part in receipt.allocations)
        expected = receipt.expected.minor if receipt.expected else applied
        if any(part.withheld for part in receipt.allocations):
            return "withholding tax"
        if receipt.unapplied:
            return "overpay" if receipt.expected and receipt.amount.minor > expected else "unapplied"
        if expected - applied > extract.policies.short_pay:
            return "short pay"
    return "applied"


def _sum(amounts: list[Money]) -> Money | None:
    return Money(sum(a.minor for a in amounts), amounts[0].currency) if amounts else None


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.rights:
        return "unapplied"
    receipts = pair.rights[0].row
    assert isinstance(receipts, list)
    if pair.lefts and len(receipts) > 1 and pair.amount:
        twice = pair.right == 2 * pair.left
        return "duplicate application" if twice else "lockbox split"
    if "customer" in pair.apart:
        return "wrong customer"
    return dict(pair.rights[0].facts)["cash"] if "cash" in pair.apart else ""


CONTROL = Control("C18", terms("C18"), ("bank_lines", "receipts"), _sides, _cause)
