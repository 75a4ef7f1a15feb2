"""What the month-end controls claim of a month's books: how much they saw, what agreed, what they found."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows, and their sums by unit: minor units where the unit is a currency, else plain counts."""

    rows: int
    totals: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class ControlFinding:
    """An exception, or the part of it that one cause accounts for. amount: left less right, in `unit`;
    key: what the two books are joined by; says: for people."""

    key: tuple[str, ...]
    cause: str
    unit: str
    amount: Fraction
    says: str = ""


@dataclass(frozen=True, slots=True)
class ControlRun:
    """One control ("C10") over one month ("2026-01"). state: passed, exceptions, not run or not applicable;
    left, right: all that it saw; agreed, agreed_right: pairs that it let pass, by the sums of either side."""

    month: str
    control: str
    state: str
    left: Tally
    right: Tally
    agreed: Tally
    agreed_right: Tally
    findings: tuple[ControlFinding, ...] = ()
