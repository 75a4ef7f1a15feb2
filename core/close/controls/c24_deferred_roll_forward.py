"""C24: deferred revenue rolls forward to the ledger, and what is still planned is what is still deferred."""

from __future__ import annotations

from collections.abc import Sequence

from core.canonical.money import Money
from core.close.control import Control, Entry, Key, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import LedgerLine

DEFERRED = "2100"
_GOOD = (("sign", "liability"), ("period", "open"))


def _sides(extract: Extract) -> Sides:
    movements: dict[Key, int] = {}
    for opening in extract.openings:
        if opening.kind == "deferred":
            pob = next((p for p in extract.pobs if p.id == opening.key), None)
            key = (opening.key, pob.contract if pob else "", opening.entity, opening.amount.currency)
            movements[key] = movements.get(key, 0) + opening.amount.minor
    for move in extract.deferred_movements:
        key = (move.pob, move.contract, move.entity, move.amount.currency)
        movements[key] = movements.get(key, 0) + move.amount.minor
    lefts = [worth((*key, "ledger"), Money(minor, key[3]), _sign(minor)) for key, minor in movements.items()]
    lines = [line for line in extract.ledger if line.account == DEFERRED]
    rights = [
        worth((*_place(line), "ledger"), -line.amount, _GOOD[:1] + _period(extract, line), line)
        for line in lines
    ]
    if any(line.pob for line in extract.schedule):
        planned = _planned(extract)
        known = {entry.key for entry in planned}
        keys = [key for key, minor in movements.items() if minor > 0 or (*key, "schedule") in known]
        lefts += [worth((*key, "schedule"), Money(movements[key], key[3])) for key in keys]
        rights += planned
    return lefts, rights


def _sign(minor: int) -> tuple[tuple[str, str], ...]:
    return (("sign", "asset" if minor < 0 else "liability"), ("period", "open"))


def _period(extract: Extract, line: LedgerLine) -> tuple[tuple[str, str], ...]:
    for period in extract.periods:
        if period.name == line.period and period.entity in ("", line.entity):
            shut = period.locked_at and line.created_at and line.created_at > period.locked_at
            return (("period", f"{line.period}, which was locked" if shut else "open"),)
    return ()


def _place(line: LedgerLine) -> Key:
    return (line.pob, line.contract, line.entity, line.amount.currency)


def _planned(extract: Extract) -> list[Entry]:
    """Lines of plans not yet posted, by obligation."""
    entity = {p.id: p.entity for p in extract.pobs}
    return [
        worth(
            (s.pob, s.contract, s.entity or entity.get(s.pob, ""), s.amount.currency, "schedule"),
            s.amount,
            (),
            s,
        )
        for s in extract.schedule
        if not s.journal and s.pob
    ]


def _cause(extract: Extract, pair: Pair) -> str | Sequence[Part]:
    pob = next((p for p in extract.pobs if p.id == pair.key[0]), None)
    if pair.key[4] == "schedule":
        if not any(s.pob == pair.key[0] for s in extract.schedule):
            return "schedule missing"
        stopped = pob is not None and pob.cancelled_on is not None
        return "schedule not stopped at cancel" if stopped and pair.amount < 0 else ""
    twice = _twice(pair)
    if twice:
        # The ledger is down by what was released once more.
        return [Part("posted twice", twice)]
    if pair.amount:
        return ""
    return "posted into closed period" if "period" in pair.apart else "negative deferred"


def _twice(pair: Pair) -> int:
    seen: set[tuple[str, str, str, int]] = set()
    again = 0
    for entry in pair.rights:
        line = entry.row
        if isinstance(line, LedgerLine) and line.source:
            name = (line.source, line.rule, line.period, line.amount.minor)
            again += line.amount.minor if name in seen else 0
            seen.add(name)
    return again


_TABLES = ("deferred_movements", "ledger", "schedule", "pobs")
CONTROL = Control("C24", terms("C24"), _TABLES, _sides, _cause, Matching.SUMS)
