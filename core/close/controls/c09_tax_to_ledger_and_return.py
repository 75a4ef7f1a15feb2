"""C09: tax of the month stands in the liability accounts, and what was due to be filed was filed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.canonical.money import Money
from core.close.control import Amount, Control, Entry, Key, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import LedgerLine, TaxLine

_PAYABLE = "2000"
_REGISTERED = (("nexus", "registered"),)
_REMITTANCE = frozenset({"P46", "remittance"})


def _sides(extract: Extract) -> Sides:
    committed = [row for row in extract.tax_lines if row.status == "committed" and row.on]
    lefts = [
        _due(extract, (row.entity, row.jurisdiction, extract.month, row.tax.currency, "ledger"), row)
        for row in committed
        if _month(row) == extract.month
    ]
    rights = [
        worth((x.entity, x.jurisdiction, x.period, x.amount.currency, "ledger"), -x.amount, _REGISTERED, x)
        for x in _movements(extract)
        if x.period == extract.month
    ]
    due = [r for r in extract.tax_returns if r.due_on < extract.end]
    keys = {(r.entity, r.jurisdiction, r.period, r.currency) for r in due}
    lefts += [
        worth((row.entity, row.jurisdiction, _month(row), row.tax.currency, "return"), row.tax, (), row)
        for row in committed
        if (row.entity, row.jurisdiction, _month(row), row.tax.currency) in keys
    ]
    rights += [
        worth(
            (r.entity, r.jurisdiction, r.period, r.currency, "return"),
            r.filed or Money(0, r.currency),
            (),
            r,
        )
        for r in due
    ]
    return lefts, rights


def _due(extract: Extract, key: Key, row: TaxLine) -> Entry:
    registered = not extract.registrations or any(
        (r.entity, r.jurisdiction) == (row.entity, row.jurisdiction) and row.on and r.since <= row.on
        for r in extract.registrations
    )
    # Of all rows under a key the first tells; one day without registration is enough.
    return worth(key, row.tax, (("nexus", "registered" if registered else row.jurisdiction),), row)


def _movements(extract: Extract) -> Iterable[LedgerLine]:
    for line in extract.ledger:
        mine = line.account == _PAYABLE or line.account.startswith(_PAYABLE + ".")
        if mine and line.rule not in _REMITTANCE:
            yield line


def _month(row: TaxLine) -> str:
    return row.on.isoformat()[:7] if row.on else ""


def _cause(extract: Extract, pair: Pair) -> str | Sequence[Part]:
    if pair.key[-1] == "return":
        return "unremitted" if pair.amount > 0 else "over-collected"
    if any(dict(e.facts).get("nexus", "registered") != "registered" for e in pair.lefts):
        return "nexus without registration"
    lines = [e.row for e in pair.rights if isinstance(e.row, LedgerLine)]
    manual = sum(line.amount.minor for line in lines if line.manual)
    parts = [Part("manual JE", manual)] if manual else []
    timing = _booked_elsewhere(extract, pair) - _of_other_months(extract, lines)
    parts += [Part("timing", timing)] if timing else []
    rest = pair.amount - manual - timing
    return [*parts, Part("over-collected", rest)] if rest < 0 else parts


def _booked_elsewhere(extract: Extract, pair: Pair) -> int:
    """Tax of this month's documents that the ledger has in another month."""
    mine = {e.row.document for e in pair.lefts if isinstance(e.row, TaxLine)}
    place = pair.key[:2]
    return -sum(
        line.amount.minor
        for line in _movements(extract)
        if line.period != extract.month
        and line.document in mine
        and (line.entity, line.jurisdiction) == place
    )


def _of_other_months(extract: Extract, lines: Sequence[LedgerLine]) -> int:
    others = {row.document for row in extract.tax_lines if row.on and _month(row) != extract.month}
    return -sum(line.amount.minor for line in lines if line.document in others and not line.manual)


def _allowed(extract: Extract, pair: Pair) -> Amount:
    if pair.key[-1] == "ledger":
        return 0
    return max(
        (r.rounding for r in extract.tax_returns if (r.entity, r.jurisdiction, r.period) == pair.key[:3]),
        default=0,
    )


CONTROL = Control("C09", terms("C09"), ("tax_lines", "ledger"), _sides, _cause, Matching.SUMS, _allowed)
