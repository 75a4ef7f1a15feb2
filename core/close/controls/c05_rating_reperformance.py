"""C05: usage is invoiced at what a second rating of the same events gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.canonical.money import Money, exponent
from core.close.control import Control, Key, Matching, Pair, Sides, a_cent, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up, rate
from core.close.rows.billing import PriceVersion, RatedUsage, period_of


def _sides(extract: Extract) -> Sides:
    rights = [
        worth((line.item, line.meter, period_of(line.start)), line.net, (), line)
        for document in extract.documents
        if document.status == "posted" and document.kind == "invoice"
        for line in document.lines
        if line.kind == "usage" and line.start is not None
    ]
    billed = {entry.key for entry in rights}
    lefts = []
    for key, rows in _used(extract).items():
        versions = _versions(extract, key)
        # Use is invoiced in the month after it.
        if versions and (key in billed or key[2] < extract.month):
            lefts.append(worth(key, _rated(rows, versions), (), versions[0]))
    return lefts, rights


def _used(extract: Extract) -> dict[Key, list[RatedUsage]]:
    found: dict[Key, list[RatedUsage]] = {}
    for row in extract.rated_usage:
        if row.status == "rated":
            found.setdefault(
                (row.item, row.meter, row.period or period_of(row.on.replace(day=1))), []
            ).append(row)
    return found


def _versions(extract: Extract, key: Key) -> list[PriceVersion]:
    found = [v for v in extract.prices if (v.item, v.meter) == key[:2]]
    return sorted(found, key=lambda version: version.start)


def _rated(rows: Sequence[RatedUsage], versions: Sequence[PriceVersion]) -> Money:
    """Each version prices the use of its own days; the least and the most are those of the last one."""
    price = Fraction(0)
    for version in versions:
        used = [r for r in rows if version.start <= r.on and (version.end is None or r.on < version.end)]
        price += rate(sum((r.quantity for r in used), Fraction(0)), version.tiers, version.mode)
    last = versions[-1]
    if last.least is not None:
        price = max(price, last.least)
    if last.most is not None:
        price = min(price, last.most)
    return Money(half_up(price * 10 ** exponent(last.currency)), last.currency)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    versions, rows = _versions(extract, pair.key), _used(extract).get(pair.key, [])
    unbounded = [replace(version, least=None, most=None) for version in versions]
    if not pair.rights or not rows:
        return ""
    if any(r.quantity < 0 for r in rows):
        kept = [r for r in rows if r.quantity >= 0]
        if _rated(kept, versions).minor == pair.right:
            return "negative delta not booked"
    if _rated(rows, unbounded).minor == pair.right:
        return "min/max missed"
    whole = [replace(version, start=date.min, end=None) for version in versions]
    if len(versions) > 1 and any(_rated(rows, [version]).minor == pair.right for version in whole):
        return "price version mixed"
    before = [
        row
        for (item, meter, month), used in _used(extract).items()
        if (item, meter) == pair.key[:2] and month < pair.key[2]
        for row in used
    ]
    last = whole[-1:]
    run_on = _rated([*before, *rows], last).minor - _rated(before, last).minor
    if before and run_on == pair.right:
        return "tier reset missed"
    return "wrong tier or boundary"


CONTROL = Control(
    "C05", terms("C05"), ("rated_usage", "prices", "documents"), _sides, _cause, Matching.SUMS, a_cent
)
