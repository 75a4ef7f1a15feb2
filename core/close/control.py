"""What a control is, and what it finds: two sides joined in full on their keys, differences with causes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files

from core.canonical.money import Money
from core.close.extract import Extract

Key = tuple[str, ...]
Amount = int | Fraction

# What a row is counted in where it is not money.
UNITS = frozenset({"units", "days", "events", "entries", "customers", "lines", "rate", "invoices"})


class Matching(StrEnum):
    """What agrees."""

    ROWS = "rows"  # one row on each side
    SUMS = "sums"  # the sums; no row is a sum of nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of one side. value: in minor units if `unit` is a currency; facts: (name, text) that must be
    the same on both sides where both name them; row: what it was made of."""

    key: Key
    value: Amount
    unit: str
    facts: tuple[tuple[str, str], ...] = ()
    row: object = field(default=None, compare=False)


def worth(key: Key, amount: Money, facts: tuple[tuple[str, str], ...] = (), row: object = None) -> Entry:
    """A row of money."""
    return Entry(key, amount.minor, amount.currency, facts, row)


@dataclass(frozen=True, slots=True)
class Pair:
    """All rows of both sides under one key."""

    key: Key
    lefts: tuple[Entry, ...]
    rights: tuple[Entry, ...]

    @property
    def unit(self) -> str:
        """The left's, or the right's where there is no left."""
        return (self.lefts or self.rights)[0].unit

    @property
    def left(self) -> Amount:
        """Sum of the left."""
        unit = self.unit
        return sum((e.value for e in self.lefts if e.unit == unit), 0)

    @property
    def right(self) -> Amount:
        """Sum of the right, as far as it is in the same unit."""
        unit = self.unit
        return sum((e.value for e in self.rights if e.unit == unit), 0)

    @property
    def amount(self) -> Amount:
        """Left less right."""
        return self.left - self.right

    @property
    def size(self) -> Amount:
        """How far the sides are apart."""
        amount = self.amount
        return amount if amount >= 0 else -amount

    @property
    def mixed(self) -> bool:
        """Whether currencies differ."""
        unit = self.unit
        return any(entry.unit != unit for side in (self.lefts, self.rights) for entry in side)

    @property
    def apart(self) -> frozenset[str]:
        """Names of the facts that differ."""
        known = dict(self.lefts[0].facts) if self.lefts else {}
        return frozenset(
            name
            for entry in (*self.lefts[1:], *self.rights)
            for name, text in entry.facts
            if known and known.get(name, text) != text
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a difference and its cause; "" if nobody knows."""

    cause: str
    amount: Amount
    says: str = ""


@dataclass(frozen=True, slots=True)
class ReconcilingItem:
    """An exception of a control. amount: left less right, or the part of it that the cause accounts for;
    explained: the books prove it, or a person accepted it."""

    control: str
    cause: str
    key: Key
    unit: str
    left: Amount
    right: Amount
    amount: Amount
    owner: str
    says: str = ""
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A control as the list of controls has it. nothing: what is true of a company in whose books neither
    side has a row, "" where that is said by the tables' names alone."""

    name: str
    owner: str
    left: str
    right: str
    keys: str
    tolerance: str
    causes: tuple[str, ...]
    explained: tuple[str, ...] = ()
    nothing: str = ""


Sides = tuple[Iterable[Entry], Iterable[Entry]]


def nothing(_extract: Extract, _pair: Pair) -> Amount:
    """No tolerance."""
    return 0


def a_cent(_extract: Extract, _pair: Pair) -> Amount:
    """One minor unit: what rounding in two places may make."""
    return 1


@dataclass(frozen=True, slots=True)
class Control:
    """id "C16"; tables: of the extract that it rests on; allowed: how far a pair may be apart.

    cause: why a pair is apart: one cause for all of it, or its parts (what they leave is unexplained).
    """

    id: str
    terms: Terms
    tables: tuple[str, ...]
    sides: Callable[[Extract], Sides]
    cause: Callable[[Extract, Pair], str | Sequence[Part]]
    matching: Matching = Matching.ROWS
    allowed: Callable[[Extract, Pair], Amount] = nothing


def terms(control: str) -> Terms:
    """By number; KeyError if there is none."""
    found = _TERMS[control]
    return Terms(
        name=str(found["name"]),
        owner=str(found["owner"]),
        left=str(found["left"]),
        right=str(found["right"]),
        keys=str(found["keys"]),
        tolerance=str(found["tolerance"]),
        causes=(*found["causes"], *found.get("own", ())),
        explained=tuple(found.get("explained", ())),
        nothing=str(found.get("nothing", "")),
    )


_TERMS = tomllib.loads((files("core.close.controls") / "controls.toml").read_text("utf-8"))
