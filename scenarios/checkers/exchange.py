"""Exchange rates as the ledger's own table has them, and what documents are worth in their entity's books."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction

from scenarios.checkers.findings import EXPONENT
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.run import Evidence

_Table = dict[tuple[str, str], list[tuple[str, Fraction]]]


class Rates:
    """The table of one run."""

    def __init__(self, evidence: Evidence) -> None:
        self._table: _Table = {}
        for row in sorted(evidence.erp.rates, key=lambda row: row.date):
            self._table.setdefault((row.base, row.currency), []).append((row.date, Fraction(row.rate)))

    def on(self, base: str, currency: str, date: str) -> Fraction | None:
        """Units of base for one, by the last rate entered up to that day; None without one."""
        rows = self._table.get((base, currency), [])
        at = bisect_right(rows, date, key=lambda row: row[0])
        return rows[at - 1][1] if at else None

    def exactly_on(self, base: str, currency: str, date: str) -> Fraction | None:
        """The rate entered for that very day."""
        return dict(self._table.get((base, currency), [])).get(date)


def worth(minor: int, currency: str, base: str, rate: Fraction) -> Fraction:
    """Minor units of `base`, not rounded."""
    return minor * rate * Fraction(10) ** (EXPONENT.get(base, 2) - EXPONENT.get(currency, 2))


def half_up(amount: Fraction) -> int:
    """To whole minor units."""
    size = abs(amount)
    floor = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return floor if amount >= 0 else -floor


def by_document(lines: Iterable[LedgerLine]) -> dict[tuple[str, str], dict[str, int]]:
    """(kind, document) -> account -> debits less credits."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for line in lines:
        sums = found.setdefault((line.kind, line.document), {})
        sums[line.account] = sums.get(line.account, 0) + line.debit - line.credit
    return found


def homes(evidence: Evidence) -> dict[str, str]:
    """Entity -> the currency of its books."""
    return {entity.id: entity.currency for entity in evidence.erp.entities}
