"""A folder with the versions of a company's mappings and the history of which one is live where.

The history is the only record of what is live: there is no second file that could say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from core.governance.audit import Deed, Entry, Outcome
from core.governance.duties import ChangeDuties, same_person
from core.mappings.document import BadMapping, Document, read_document
from core.mappings.history import BadRegistry, alone, read_history, write_down, written_whole
from core.mappings.shapes import SHAPES
from core.mappings.shipped import SHIPPED, Mappings, shipped_text
from core.mappings.standing import Act, Environment, Standing, Version, standing_of

HISTORY = "history.jsonl"
SHIPPER = "tieout"
USUAL = ChangeDuties()
_NAME_MAX = 80


class NotAllowed(Exception):
    """A rule of change stands against it; the text names the rule and the remedy. It is in the history."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may be promoted, and all that would then be live in `to`."""

    document: Document
    to: Environment
    maps: Mappings


class Registry:
    """now: microseconds. Every change is one line of the history, written whole under a lock."""

    def __init__(
        self, folder: Path, now: Callable[[], int], duties: ChangeDuties = USUAL, begin: bool = False
    ) -> None:
        self._folder, self._now, self._duties = folder, now, duties
        if begin:
            self._begin()
        elif not (folder / HISTORY).is_file():
            raise BadRegistry(f"{folder}: there is no {HISTORY}; tieout mappings init --registry makes one")

    def entries(self, anchors: Mapping[int, str] | None = None) -> tuple[Entry, ...]:
        """The history; BadRegistry if its chain does not hold."""
        return read_history(self._folder / HISTORY, anchors)

    def standing(self) -> Standing:
        """What is live where, and who has approved what."""
        return self._standing(self.entries())

    def document(self, name: str, number: int) -> Document:
        """A version; BadRegistry if there is none, or its file is not the one that was put in."""
        return self._document(self._version(self.standing(), name, number))

    def live(self, environment: Environment) -> Mappings:
        """What a deployment of that environment runs on: of a mapping that the registry does not have the
        version that comes with the core."""
        standing = self.standing()
        numbers = standing.live[environment]
        return SHIPPED.with_these(
            self._document(standing.versions[name][number]) for name, number in numbers.items()
        )

    def add(self, content: bytes, where: str, by: str, why: str) -> Document:
        """A new version, live in dev. BadMapping if it is not the next one, or its file cannot be used."""
        document = read_document(content, where)
        if not same_person(document.author, by):
            remedy = f"the author puts it in, not {by}; name the author in the file and by --by"
            raise BadMapping(f"{where}: author: {document.author!r}: {remedy}")
        with alone(self._folder):
            entries = self.entries()
            due = self._standing(entries).newest(document.name) + 1
            if document.version != due:
                raise BadMapping(
                    f"{where}: version: {document.version}: the next one of {document.name} is {due}"
                )
            path = self._path(document.name, document.version)
            path.parent.mkdir(parents=True, exist_ok=True)
            written_whole(path, content)
            version = Version(document.name, document.version, document.digest, by)
            self._write(entries, Act.ADD, version, Environment.DEV.value, by, why)
        return document

    def approve(self, name: str, number: int, by: str, why: str = "") -> Version:
        """Somebody who did not make the change has looked at exactly this file. NotAllowed for who did."""
        with alone(self._folder):
            entries = self.entries()
            version = self._version(self._standing(entries), name, number)
            self._document(version)
            if against := self._duties.against_approval(version.author, by):
                self._refuse(entries, Act.APPROVE, version, "", by, against)
            self._write(entries, Act.APPROVE, version, "", by, why)
            return self._version(self.standing(), name, number)

    def candidate(self, name: str, number: int, to: Environment, by: str) -> Candidate:
        """What has to be tried before it is promoted. NotAllowed where a rule stands against it already."""
        with alone(self._folder):
            entries = self.entries()
            return self._candidate(entries, name, number, to, by)

    def promote(self, tried: Candidate, by: str, why: str = "") -> None:
        """It is live in `tried.to`. NotAllowed if meanwhile a rule stands against it, or something else was
        made live there than it was tried with."""
        with alone(self._folder):
            entries = self.entries()
            document = tried.document
            now = self._candidate(entries, document.name, document.version, tried.to, by)
            version = self._version(self._standing(entries), document.name, document.version)
            if now.maps.versions != tried.maps.versions:
                against = f"{tried.to} has changed since it was tried; promote it again"
                self._refuse(entries, Act.PROMOTE, version, tried.to.value, by, against)
            self._write(entries, Act.PROMOTE, version, tried.to.value, by, why)

    def refused(self, tried: Candidate, by: str, why: str) -> None:
        """Its stories did not hold: that is in the history too."""
        with alone(self._folder):
            document = tried.document
            version = Version(document.name, document.version, document.digest, document.author)
            deed = Deed(_person(by), tried.to.value, Act.PROMOTE, version.subject, Outcome.REFUSED, why)
            self._down(self.entries(), [deed])

    def roll_back(self, name: str, number: int, environment: Environment, by: str, why: str) -> None:
        """Back to a version that was live there before. Nobody has to approve: that was done then."""
        if not why.strip():
            raise BadRegistry("why: '': a roll-back is a decision; give its reason")
        with alone(self._folder):
            entries = self.entries()
            standing = self._standing(entries)
            version = self._version(standing, name, number)
            self._document(version)
            if number not in standing.was_live[environment].get(name, ()):
                against = f"{name}@{number} was never live in {environment}; promote it instead"
                self._refuse(entries, Act.ROLL_BACK, version, environment.value, by, against)
            if standing.live[environment][name] == number:
                raise BadRegistry(f"to-version: {number}: is live in {environment} already; name another one")
            self._write(entries, Act.ROLL_BACK, version, environment.value, by, why)

    # --- inside the lock ---

    def _candidate(
        self, entries: tuple[Entry, ...], name: str, number: int, to: Environment, by: str
    ) -> Candidate:
        standing = self._standing(entries)
        version = self._version(standing, name, number)
        document = self._document(version)
        before = to.before
        if before is None:
            raise BadRegistry(f"to: {to}: a new version comes there by tieout mappings add")
        against = self._duties.against_promotion(version.author, by, version.approved)
        if standing.live[before].get(name) != number:
            stands = standing.live[before].get(name)
            against = f"{name}@{number} is not live in {before} (version {stands} is); promote it there first"
        elif standing.live[to].get(name) == number:
            raise BadRegistry(f"version: {number}: is live in {to} already; there is nothing to promote")
        if against:
            self._refuse(entries, Act.PROMOTE, version, to.value, by, against)
        numbers = {**standing.live[to], name: number}
        others = (self._document(standing.versions[each][n]) for each, n in numbers.items())
        return Candidate(document, to, SHIPPED.with_these(others))

    def _begin(self) -> None:
        """Takes over the versions that come with the core, of the mappings that are not there yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._folder):
            entries = self.entries()
            known = self._standing(entries).versions
            deeds = []
            for name in SHAPES:
                if name in known:
                    continue
                path = self._path(name, SHIPPED[name].version)
                path.parent.mkdir(parents=True, exist_ok=True)
                written_whole(path, shipped_text(name))
                version = Version(name, SHIPPED[name].version, SHIPPED[name].digest, SHIPPER)
                deeds.append(Deed(SHIPPER, "", Act.BEGIN, version.subject, Outcome.DONE))
            if deeds:
                self._down(entries, deeds)

    def _write(
        self, entries: tuple[Entry, ...], act: Act, version: Version, scope: str, by: str, why: str
    ) -> None:
        self._down(entries, [Deed(_person(by), scope, act, version.subject, Outcome.DONE, why)])

    def _refuse(
        self, entries: tuple[Entry, ...], act: Act, version: Version, scope: str, by: str, against: str
    ) -> None:
        self._down(entries, [Deed(_person(by), scope, act, version.subject, Outcome.REFUSED, against)])
        raise NotAllowed(against)

    def _down(self, entries: tuple[Entry, ...], deeds: list[Deed]) -> None:
        write_down(self._folder / HISTORY, entries, deeds, self._now())

    def _standing(self, entries: tuple[Entry, ...]) -> Standing:
        try:
            return standing_of(entries)
        except ValueError as error:
            raise BadRegistry(f"{self._folder / HISTORY}: {error}; take the file from a backup") from None

    def _version(self, standing: Standing, name: str, number: int) -> Version:
        known = standing.versions.get(name, {})
        if number not in known:
            there = ", ".join(str(each) for each in sorted(known)) or "none"
            raise BadRegistry(
                f"{self._folder}: {name}@{number}: there is no such version; there are: {there}"
            )
        return known[number]

    def _document(self, version: Version) -> Document:
        path = self._path(version.name, version.number)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadRegistry(f"{path}: {error.strerror}; take it from a backup") from None
        digest = sha256(content).hexdigest()
        if digest != version.digest:
            said = f"its digest is {digest[:12]}…, {version.digest[:12]}… was put in: it was changed since"
            remedy = "take it from a backup, and put the change in as a new version"
            raise BadRegistry(f"{path}: {said}; {remedy}")
        return read_document(content, str(path))

    def _path(self, name: str, number: int) -> Path:
        return self._folder / "versions" / name / f"{number:04}.toml"


def _person(by: str) -> str:
    if not by.strip() or len(by) > _NAME_MAX or not by.isprintable():
        raise BadRegistry(f"by: {by!r}: a name of 1 to {_NAME_MAX} printable characters is needed")
    return by.strip()
