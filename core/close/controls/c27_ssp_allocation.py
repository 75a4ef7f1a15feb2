"""C27: the transaction price is allocated in full, by stand-alone prices that hold on the day."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.revenue import AllocationLine, ContractVersion

_GOOD = (("price", "holds"), ("book", "current"), ("discount", "where it belongs"))


def _sides(extract: Extract) -> Sides:
    lefts: list[Entry] = []
    rights: list[Entry] = []
    versions = {(v.contract, v.version): v for v in extract.contract_versions}
    for version in versions.values():
        key = (version.contract, f"v{version.version}")
        rights.append(worth((*key, "price"), version.price, (), version))
        rights.append(worth((*key, "carve"), Money(0, version.price.currency), (), version))
    for line in extract.allocations:
        key = (line.contract, f"v{line.version}")
        lefts.append(worth((*key, "price"), line.allocated, (), line))
        lefts.append(worth((*key, "carve"), line.carve, (), line))
        mine = versions.get((line.contract, line.version))
        if mine is not None:
            lefts.append(Entry((*key, "line", line.pob), 1, "lines", _facts(line, mine), line))
            rights.append(Entry((*key, "line", line.pob), 1, "lines", _GOOD, line))
    return lefts, rights


def _facts(line: AllocationLine, version: ContractVersion) -> tuple[tuple[str, str], ...]:
    holds = line.ssp is not None and (
        line.ssp_from <= version.on and (line.ssp_to is None or version.on < line.ssp_to)
    )
    moved = not line.discountable and line.ssp is not None and line.allocated.minor < line.ssp.minor
    return (
        ("price", "holds" if holds else "missing or out of date"),
        ("book", "current" if line.book == version.book else line.book),
        ("discount", "on an obligation that takes none" if moved else "where it belongs"),
    )


def _cause(_extract: Extract, pair: Pair) -> str:
    if pair.key[2] == "line":
        if "price" in pair.apart:
            return "SSP missing or out of effective date"
        return "standalone book stale" if "book" in pair.apart else "discount to wrong POB"
    lines = len(pair.lefts)
    return "rounding residual lost" if 0 < pair.size < max(lines, 2) else ""


CONTROL = Control("C27", terms("C27"), ("allocations", "contract_versions"), _sides, _cause, Matching.SUMS)
