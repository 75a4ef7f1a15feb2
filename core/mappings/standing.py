"""Which version of a mapping stands where, as the lines of the registry's history say it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.governance.audit import Entry, Outcome

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
    core, live everywhere; ADD: a new version came into dev."""

    BEGIN = "begin"
    ADD = "add"
    APPROVE = "approve"
    PROMOTE = "promote"
    ROLL_BACK = "roll back"


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


@dataclass(slots=True)
class Standing:
    """versions: by name and number; live: number by environment and name; was_live: every number that ever
    was, likewise."""

    versions: dict[str, dict[int, Version]] = field(default_factory=dict)
    live: dict[Environment, dict[str, int]] = field(default_factory=lambda: {e: {} for e in Environment})
    was_live: dict[Environment, dict[str, set[int]]] = field(
        default_factory=lambda: {each: {} for each in Environment}
    )

    def newest(self, name: str) -> int:
        """0 where there is none."""
        return max(self.versions.get(name, {}), default=0)

    def puts(self, environment: Environment, name: str, number: int) -> None:
        """It is live there from now on."""
        self.live[environment][name] = number
        self.was_live[environment].setdefault(name, set()).add(number)


def standing_of(entries: Iterable[Entry]) -> Standing:
    """Folds the history. ValueError for a line that no registry writes."""
    found = Standing()
    for entry in entries:
        match = _SUBJECT.fullmatch(entry.subject)
        if match is None:
            raise ValueError(f"line {entry.sequence}: {entry.subject!r} is no version of a mapping")
        if entry.outcome == Outcome.DONE:
            _take(found, entry, match["name"], int(match["number"]), match["digest"])
    return found


def _take(found: Standing, entry: Entry, name: str, number: int, digest: str) -> None:
    act = Act(entry.act)
    mine = found.versions.setdefault(name, {})
    if act in (Act.BEGIN, Act.ADD):
        mine[number] = Version(name, number, digest, entry.who)
        for environment in Environment if act is Act.BEGIN else (Environment.DEV,):
            found.puts(environment, name, number)
        return
    version = mine.get(number)
    if version is None or version.digest != digest:
        raise ValueError(f"line {entry.sequence}: {name}@{number} was never put in with that digest")
    if act is Act.APPROVE:
        people = dict.fromkeys((*version.approved, entry.who))
        mine[number] = Version(name, number, digest, version.author, tuple(people))
    else:
        found.puts(Environment(entry.scope), name, number)
