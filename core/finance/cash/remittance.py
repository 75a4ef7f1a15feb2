"""A transfer and what its payer wrote on it: whose it is, what it pays, and what is over (P25, P28)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.canonical.errors import Held
from core.canonical.money import Money

# How billing's invoices and customers are written on a remittance; a number may stand among other words.
_INVOICE = re.compile(r"\bINV-?\d+\b")
_CUSTOMER = re.compile(r"\bA-(?P<key>[\w-]+)")
_GIVEN_BACK = re.compile(r"\bREFUND (?P<transfer>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Split:
    """parts: what goes to which invoice, none of them nothing; rest: what no invoice is open for."""

    parts: tuple[tuple[str, Money], ...]
    rest: Money


def invoices_named(text: str) -> tuple[str, ...]:
    """Numbers on the remittance, each once, in the payer's order."""
    return tuple(dict.fromkeys(_INVOICE.findall(text.upper())))


def customer_named(text: str) -> str:
    """The customer's key, "" where the remittance has none."""
    found = _CUSTOMER.search(text)
    return found["key"] if found else ""


def given_back(text: str) -> str:
    """Of a payment of ours: the transfer whose money it returns, "" where it does not say."""
    found = _GIVEN_BACK.search(text)
    return found["transfer"] if found else ""


def split(amount: Money, open_items: Sequence[tuple[str, Money]]) -> Split:
    """Invoice after invoice, as far as the money goes: a short payment leaves the last ones open by what is
    missing, whatever the payer thinks of it; what is over stays on account. Held in another currency."""
    left, parts = amount.minor, []
    for number, still_open in open_items:
        if still_open.currency != amount.currency:
            raise Held(
                f"currency: a transfer of {amount} cannot pay {number} in {still_open.currency}; convert it",
                owner="accounts receivable",
            )
        part = min(left, max(still_open.minor, 0))
        if part:
            parts.append((number, Money(part, amount.currency)))
            left -= part
    return Split(tuple(parts), Money(left, amount.currency))
