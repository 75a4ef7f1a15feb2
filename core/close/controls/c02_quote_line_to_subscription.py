"""C02: every accepted quote line is provided, at its quantity, price and dates, once."""

from __future__ import annotations

from fractions import Fraction

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.sales import QuoteLine, SubscriptionItem

_PRICE_TOLERANCE = Fraction(1, 1_000_000)


def _sides(extract: Extract) -> Sides:
    quoted = {line.id: line.price for line in extract.quote_lines}
    lefts = [_entry((line.id,), line, line.price) for line in extract.quote_lines]
    rights = []
    for item in extract.items:
        price = quoted.get(item.quote_line, item.price)
        near = abs(price - item.price) <= _PRICE_TOLERANCE
        rights.append(_entry((item.quote_line or item.id,), item, price if near else item.price))
    return lefts, rights


def _entry(key: tuple[str, ...], line: QuoteLine | SubscriptionItem, price: Fraction) -> Entry:
    facts = (
        ("product", line.product),
        ("price", str(price)),
        ("currency", line.currency),
        ("months", str(line.months)),
        ("start", str(line.start or "")),
        ("end", str(line.end or "")),
        ("sequence", str(line.sequence)),
    )
    return Entry(key, line.quantity, "units", facts, line)


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.rights:
        return "line not provisioned"
    if not pair.lefts:
        return "extra line"
    if len(pair.rights) > 1 or "sequence" in pair.apart or pair.amount:
        return "amendment applied twice or out of order"
    if pair.apart & {"price", "currency", "months"}:
        return "price override drift"
    return "wrong co-term end" if pair.apart & {"start", "end"} else ""


CONTROL = Control("C02", terms("C02"), ("quote_lines", "items"), _sides, _cause)
