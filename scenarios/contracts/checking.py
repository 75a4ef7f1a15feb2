"""Puts the recorded contracts to a vendor: as it is, and with its schema changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.connectivity.flows import FLOWS
from scenarios.contracts.pact import Pact, Sample, Use
from scenarios.contracts.redriving import Driven, Driver, Result, judged
from scenarios.contracts.relied import Table
from simulators.kit.schema import Change, Kind
from simulators.roster import VENDORS

# The worst first: what an operation is said to be is the worst that any of its samples came to.
_WORST = (Result.WRONG, Result.CRASHED, Result.ABSENT, Result.PASSING, Result.HELD, Result.SAME)
NEW_NAME, NEW_VALUE = "renamedField", "a_value_of_next_year"


@dataclass(frozen=True, slots=True)
class Contract:
    """A sample, and what comes of it at the vendor as it is."""

    sample: Sample
    rest: Driven

    @property
    def holds(self) -> bool:
        """The connector says now what it said when the story was played."""
        return self.rest.error is None and self.rest.told == self.sample.told


@dataclass(frozen=True, slots=True)
class Broken:
    """What a change made of one operation. owner: whom the error names; uses: who calls it."""

    system: str
    change: str
    operation: str
    result: Result
    why: str
    owner: str
    uses: tuple[Use, ...]

    @property
    def flows(self) -> tuple[str, ...]:
        """Names of the flows, consumers and jobs that call the operation, with their steps."""
        return tuple(sorted({f"{use.flow} / {use.step}" if use.step else use.flow for use in self.uses}))

    @property
    def models(self) -> tuple[str, ...]:
        """Under which models it was called."""
        return tuple(sorted({use.model for use in self.uses}))

    @property
    def owners(self) -> tuple[str, ...]:
        """Who is asked: whom the error names, and who owns the flows."""
        flows = {FLOWS[use.flow].owner for use in self.uses if use.flow in FLOWS}
        return tuple(sorted({self.owner} - {""} | flows))


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a change did. met: calls that it bit; no call, no news."""

    system: str
    change: str
    met: int
    broken: tuple[Broken, ...]

    @property
    def worst(self) -> Result:
        """Of all operations."""
        return worst(each.result for each in self.broken)


def worst(results: Iterable[Result]) -> Result:
    """The worst of them; "as before" of none."""
    return min(results, key=_WORST.index, default=Result.SAME)


class Contracts:
    """The contracts of a pact, with what each one's calls say on the wire."""

    def __init__(self, pact: Pact, systems: Sequence[str]) -> None:
        self._pact, self._driver = pact, Driver(pact)
        self.all = [Contract(s, self._driver.drive(s)) for system in systems for s in pact.of(system)]
        tables = {system: Table(VENDORS[system]) for system in systems}
        self._relied = {
            id(each): frozenset(tables[each.sample.system].relied(each.rest.wire)) for each in self.all
        }

    def lapsed(self) -> list[Contract]:
        """Those that do not hold at a vendor that has not changed."""
        return [each for each in self.all if not each.holds]

    def answer(self, system: str, change: Change) -> Answer:
        """Every contract of a vendor under one change."""
        return self._answer(system, change, [c for c in self.all if c.sample.system == system])

    def fields(self, system: str) -> list[tuple[str, str]]:
        """(record, field) that the connector names and the wire carried."""
        mine = [each for each in self.all if each.sample.system == system]
        return sorted({field for each in mine for field in self._relied[id(each)]})

    def survey(self, system: str, kind: Kind, told: Callable[[float], None] = lambda _: None) -> list[Answer]:
        """One change of the kind of each of them; of an operation only one call that has the field."""
        found: list[Answer] = []
        fields = self.fields(system)
        for count, (record, field) in enumerate(fields):
            one: dict[str, Contract] = {}
            for each in self.all:
                if each.sample.system == system and each.holds and (record, field) in self._relied[id(each)]:
                    one.setdefault(each.sample.name, each)
            found.append(self._answer(system, change_to(kind, record, field), list(one.values())))
            told((count + 1) / len(fields))
        return found

    def _answer(self, system: str, change: Change, contracts: Sequence[Contract]) -> Answer:
        broken: dict[str, Broken] = {}
        met = 0
        for each in contracts:
            if not each.holds:
                continue
            driven = self._driver.drive(each.sample, [change])
            met += driven.met
            result, name = judged(each.rest, driven), each.sample.name
            there = broken.get(name)
            if result is Result.SAME or (there and worst((there.result, result)) is there.result):
                continue
            uses = tuple(sorted(self._pact.uses.get(name, ()), key=str))
            why = driven.why or _difference(each.rest, driven)
            broken[name] = Broken(system, str(change), name, result, why, driven.owner, uses)
        return Answer(system, str(change), met, tuple(broken.values()))


def change_to(kind: Kind, record: str, field: str) -> Change:
    """A change of the kind, of one field."""
    value = {Kind.RENAMED: NEW_NAME, Kind.EXTENDED: NEW_VALUE}.get(kind, "")
    return Change(kind, record, field, value)


def _difference(rest: Driven, driven: Driven) -> str:
    """Where what was told, or the books, begin to differ."""
    said = (rest.told, driven.told) if rest.told != driven.told else (rest.books, driven.books)
    at = next((i for i, (a, b) in enumerate(zip(*said, strict=False)) if a != b), min(map(len, said)))
    begin = max(at - 30, 0)
    where = "told" if rest.told != driven.told else "the vendor's books"
    return f"{where}: …{said[1][begin : at + 40]}… instead of …{said[0][begin : at + 40]}…"
