"""Which version of a mapping stands where, as the lines of the registry's history say it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.governance.audit import Entry, Outcome
from core.governance.duties import ChangeDuties, folded, same_person
from core.mappings.history import Line
from core.mappings.signing import holds

SHIPPER = "tieout"
_PERSON = re.compile(r"(?P<name>[^#]+)#(?P<key>[0-9a-f]{64})")
_SUBJECT = re.compile(r"(?P<name>[a-z_]+)@(?P<number>\d+)#(?P<digest>[0-9a-f]{64})")


class Environment(StrEnum):
    """In the order in which a version goes through them."""

    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"

    @property
    def before(self) -> Environment | None:
        """Where a version must be before it comes here."""
        order = tuple(Environment)
        at = order.index(self)
        return order[at - 1] if at else None


class Act(StrEnum):
    """What a line of the history says was done. BEGIN: the registry took over a version that came with the
    core, live everywhere; ADD: a new version came into dev; ENROL, DISMISS: a person's key was let in, or a
    person is one no more."""

    BEGIN = "begin"
    ADD = "add"
    APPROVE = "approve"
    PROMOTE = "promote"
    ROLL_BACK = "roll back"
    ENROL = "enrol"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class Version:
    """digest: SHA-256 (hex) of its file; author: who made the change; approved: by whom, in order."""

    name: str
    number: int
    digest: str
    author: str
    approved: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """As a line of the history names it."""
        return f"{self.name}@{self.number}#{self.digest}"


@dataclass(frozen=True, slots=True)
class Person:
    """key: the public half, hex; let_in_by: who enrolled it, "" of the first person there was."""

    name: str
    key: str
    let_in_by: str

    @property
    def subject(self) -> str:
        """As a line of the history names it."""
        return f"{self.name}#{self.key}"


@dataclass(slots=True)
class Standing:
    """versions: by name and number; live: number by environment and name; was_live: every number that ever
    was, likewise; people: who may sign now, by folded name; keys: whose each key is or was."""

    versions: dict[str, dict[int, Version]] = field(default_factory=dict)
    live: dict[Environment, dict[str, int]] = field(default_factory=lambda: {e: {} for e in Environment})
    was_live: dict[Environment, dict[str, set[int]]] = field(
        default_factory=lambda: {each: {} for each in Environment}
    )
    people: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Person | None:
        """Who may sign under the name now."""
        return self.people.get(folded(name))

    def those(self) -> str:
        """Who may sign, with the remedy for whoever may not."""
        if not self.people:
            return "nobody is enrolled yet; tieout mappings enrol NAME --public FILE lets the first person in"
        there = ", ".join(each.name for each in self.people.values())
        return f"nobody of that name may sign; there are: {there}; one of them can enrol a key for it"

    def against(
        self, act: Act, version: Version, by: str, to: Environment | None, duties: ChangeDuties
    ) -> str:
        """What stands against an act, with its remedy; "" if nothing does."""
        author, label = version.author, f"{version.name}@{version.number}"
        if act is Act.APPROVE:
            person = self.person(by)
            return duties.against_approval(author, by, person.let_in_by if person else "")
        if to is None:
            return f"{act} {label}: it names no environment"
        if act is Act.ROLL_BACK:
            was = self.was_live[to].get(version.name, ())
            return "" if version.number in was else f"{label} was never live in {to}; promote it instead"
        stands = self.live[to.before].get(version.name) if to.before else None
        if stands != version.number:
            return f"{label} is not live in {to.before} (version {stands} is); promote it there first"
        return duties.against_promotion(author, by, version.approved)

    def newest(self, name: str) -> int:
        """0 where there is none."""
        return max(self.versions.get(name, {}), default=0)

    def puts(self, environment: Environment, name: str, number: int) -> None:
        """It is live there from now on."""
        self.live[environment][name] = number
        self.was_live[environment].setdefault(name, set()).add(number)


def standing_of(lines: Iterable[Line], duties: ChangeDuties) -> Standing:
    """Folds the history, and looks at each signature and each rule as it stood then: whoever can write the
    file cannot make a version live. ValueError for a line that no registry writes."""
    found = Standing()
    for line in lines:
        entry = line.entry
        where = f"line {entry.sequence}"
        try:
            act = Act(entry.act)
            _signed(found, line, act)
            if entry.outcome == Outcome.DONE:
                _take(found, entry, act, duties)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    return found


def _signed(found: Standing, line: Line, act: Act) -> None:
    entry = line.entry
    if act is Act.BEGIN:
        if entry.who != SHIPPER:
            raise ValueError(f"{entry.who!r} must not begin a registry")
        return
    person = found.person(entry.who)
    if person is None and not found.keys and act is Act.ENROL:
        person = _person(entry, "")
        if not same_person(person.name, entry.who):
            raise ValueError(f"{entry.who!r} must enrol their own key first")
    if person is None:
        raise ValueError(f"{entry.who!r} is nobody who may sign")
    if not holds(person.key, entry.hash, line.signature):
        raise ValueError(f"it is not signed with the key of {entry.who}")


def _take(found: Standing, entry: Entry, act: Act, duties: ChangeDuties) -> None:
    if act in (Act.ENROL, Act.DISMISS):
        _let(found, entry, act)
        return
    match = _SUBJECT.fullmatch(entry.subject)
    if match is None:
        raise ValueError(f"{entry.subject!r} is no version of a mapping")
    name, number, digest = match["name"], int(match["number"]), match["digest"]
    mine = found.versions.setdefault(name, {})
    if act in (Act.BEGIN, Act.ADD):
        if number in mine or (act is Act.BEGIN and mine):
            raise ValueError(f"{name}@{number} was put in before")
        mine[number] = Version(name, number, digest, entry.who)
        for environment in Environment if act is Act.BEGIN else (Environment.DEV,):
            found.puts(environment, name, number)
        return
    version = mine.get(number)
    if version is None or version.digest != digest:
        raise ValueError(f"{name}@{number} was never put in with that digest")
    to = None if act is Act.APPROVE else Environment(entry.scope)
    if against := found.against(act, version, entry.who, to, duties):
        raise ValueError(against)
    if to is None:
        people = dict.fromkeys((*version.approved, entry.who))
        mine[number] = Version(name, number, digest, version.author, tuple(people))
    else:
        found.puts(to, name, number)


def _let(found: Standing, entry: Entry, act: Act) -> None:
    person = _person(entry, entry.who if found.keys else "")
    if act is Act.DISMISS:
        if found.people.pop(folded(person.name), None) is None:
            raise ValueError(f"{person.name!r} is nobody who could be dismissed")
        return
    if person.key in found.keys or (found.keys and same_person(person.name, entry.who)):
        raise ValueError(f"the key of {person.name!r} was known, or they let themselves in")
    found.people[folded(person.name)] = person
    found.keys[person.key] = person.name


def _person(entry: Entry, let_in_by: str) -> Person:
    match = _PERSON.fullmatch(entry.subject)
    if match is None:
        raise ValueError(f"{entry.subject!r} is no person with a key")
    return Person(match["name"], match["key"], let_in_by)
