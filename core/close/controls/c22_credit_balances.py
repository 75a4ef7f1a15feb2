"""C22: what customers hold as credit is what the ledger owes them, and no credit is used twice."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract

_OWED = ("2200", "2500", "2520")
_GOOD = (("sign", "owed to the customer"), ("customer", "active"))


def _sides(extract: Extract) -> Sides:
    closed = {a.key for a in extract.accounts if a.closed or a.merged_into}
    lefts = [
        worth(("balance", b.customer, b.amount.currency), b.amount, _facts(b.amount, b.customer in closed), b)
        for b in extract.customer_balances
    ]
    rights = [
        worth(("balance", line.customer, line.amount.currency), -line.amount, _GOOD, line)
        for line in extract.ledger
        if line.account[:4] in _OWED
    ]
    issued, used = _uses(extract)
    return [*lefts, *issued], [*rights, *used]


def _facts(amount: Money, closed: bool) -> tuple[tuple[str, str], ...]:
    return (
        ("sign", "owed by the customer" if amount.minor < 0 else "owed to the customer"),
        ("customer", "closed" if closed and amount else "active"),
    )


def _uses(extract: Extract) -> tuple[list[Entry], list[Entry]]:
    """Of each credit: as much of it as may be used, against what was used."""
    used: dict[str, int] = {}
    rights = []
    for use in extract.credit_uses:
        used[use.credit] = used.get(use.credit, 0) + use.amount.minor
        rights.append(worth(("credit", use.credit), use.amount, (), use))
    first = {use.credit: use for use in reversed(extract.credit_uses)}
    lefts = [
        worth(("credit", name), Money(min(used[name], use.issued.minor), use.issued.currency), (), use)
        for name, use in first.items()
    ]
    return lefts, rights


def _cause(_extract: Extract, pair: Pair) -> str:
    if pair.key[0] == "credit":
        return "cross-currency use" if pair.mixed else "same credit used twice"
    if "sign" in pair.apart or (pair.lefts and pair.left < 0):
        return "negative balance"
    return "balance of closed customer (escheat)" if "customer" in pair.apart else ""


CONTROL = Control("C22", terms("C22"), ("customer_balances", "ledger"), _sides, _cause, Matching.SUMS)
