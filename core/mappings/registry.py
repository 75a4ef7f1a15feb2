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
from core.mappings.history import BadRegistry, Line, alone, read_history, write_down, written_whole
from core.mappings.shapes import SHAPES
from core.mappings.shipped import SHIPPED, Mappings, shipped_text
from core.mappings.signing import Signer, read_public
from core.mappings.standing import SHIPPER, Act, Environment, Person, Standing, Version, standing_of

HISTORY = "history.jsonl"
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
    """now: microseconds. Every change is one line of the history, written whole under a lock and signed by
    whoever makes it, with the key that somebody else has enrolled for them."""

    def __init__(
        self, folder: Path, now: Callable[[], int], duties: ChangeDuties = USUAL, begin: bool = False
    ) -> None:
        self._folder, self._now, self._duties = folder, now, duties
        if begin:
            self._begin()
        elif not (folder / HISTORY).is_file():
            raise BadRegistry(f"{folder}: there is no {HISTORY}; tieout mappings init makes one there")
        elif not (folder / HISTORY).stat().st_size:
            raise BadRegistry(f"{folder / HISTORY}: is empty; take it from a backup, or begin anew elsewhere")

    def entries(self, anchors: Mapping[int, str] | None = None) -> tuple[Entry, ...]:
        """The history; BadRegistry if its chain or a signature does not hold."""
        lines = self._lines(anchors)
        self._standing(lines)
        return tuple(each.entry for each in lines)

    def standing(self) -> Standing:
        """What is live where, and who has approved what."""
        return self._standing(self._lines())

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

    def enrol(self, name: str, public: str, by: Signer, why: str = "") -> Person:
        """Who has this key (hex) may sign as `name` from now on, and with no other key. The first person of a
        registry enrols their own; NotAllowed for anybody else who does. BadRegistry for a key that is known,
        BadKey for what is none."""
        person = Person(_person(name), read_public(public), by.name)
        with alone(self._folder):
            lines = self._lines()
            standing = self._standing(lines)
            first = not standing.keys
            if first and not (same_person(name, by.name) and person.key == by.public):
                raise BadRegistry(
                    f"by: {by.name!r}: the first person enrols their own key; nobody is known yet"
                )
            if not first:
                self._known(standing, by)
                if against := self._duties.against_enrolment(person.name, by.name):
                    self._refuse(lines, Act.ENROL, person, "", by, against)
                if person.key in standing.keys:
                    whose = standing.keys[person.key]
                    raise BadRegistry(
                        f"public: {person.key[:12]}… is {whose}'s; everybody has a key of their own"
                    )
            self._write(lines, Act.ENROL, person, "", by, why)
        return person

    def dismiss(self, name: str, by: Signer, why: str = "") -> None:
        """Nobody may sign as `name` any more, until a new key is enrolled; what was signed stays."""
        with alone(self._folder):
            lines = self._lines()
            standing = self._standing(lines)
            self._known(standing, by)
            person = standing.person(name)
            if person is None:
                raise BadRegistry(f"name: {name!r}: {standing.those()}")
            self._write(lines, Act.DISMISS, person, "", by, why)

    def add(self, content: bytes, where: str, by: Signer, why: str) -> Document:
        """A new version, live in dev. BadMapping if it is not the next one, or its file cannot be used."""
        document = read_document(content, where)
        if not same_person(document.author, by.name):
            remedy = f"the author puts it in, not {by.name}; name the author in the file and by --by"
            raise BadMapping(f"{where}: author: {document.author!r}: {remedy}")
        with alone(self._folder):
            lines = self._lines()
            standing = self._standing(lines)
            self._known(standing, by)
            due = standing.newest(document.name) + 1
            if document.version != due:
                raise BadMapping(
                    f"{where}: version: {document.version}: the next one of {document.name} is {due}"
                )
            path = self._path(document.name, document.version)
            path.parent.mkdir(parents=True, exist_ok=True)
            written_whole(path, content)
            version = Version(document.name, document.version, document.digest, by.name)
            self._write(lines, Act.ADD, version, Environment.DEV.value, by, why)
        return document

    def approve(self, name: str, number: int, by: Signer, why: str = "") -> Version:
        """Somebody who did not make the change, and was not let in by who did, has looked at exactly this
        file. NotAllowed for anybody else."""
        with alone(self._folder):
            lines = self._lines()
            standing = self._standing(lines)
            self._known(standing, by)
            version = self._version(standing, name, number)
            self._document(version)
            if against := standing.against(Act.APPROVE, version, by.name, None, self._duties):
                self._refuse(lines, Act.APPROVE, version, "", by, against)
            self._write(lines, Act.APPROVE, version, "", by, why)
            return self._version(self.standing(), name, number)

    def candidate(self, name: str, number: int, to: Environment, by: Signer) -> Candidate:
        """What has to be tried before it is promoted. NotAllowed where a rule stands against it already."""
        with alone(self._folder):
            return self._candidate(self._lines(), name, number, to, by)

    def promote(self, tried: Candidate, by: Signer, why: str = "") -> None:
        """It is live in `tried.to`. NotAllowed if meanwhile a rule stands against it, or something else was
        made live there than it was tried with."""
        with alone(self._folder):
            lines = self._lines()
            document = tried.document
            now = self._candidate(lines, document.name, document.version, tried.to, by)
            version = self._version(self._standing(lines), document.name, document.version)
            if now.maps.versions != tried.maps.versions:
                against = f"{tried.to} has changed since it was tried; promote it again"
                self._refuse(lines, Act.PROMOTE, version, tried.to.value, by, against)
            self._write(lines, Act.PROMOTE, version, tried.to.value, by, why)

    def refused(self, tried: Candidate, by: Signer, why: str) -> None:
        """Its stories did not hold: that is in the history too."""
        with alone(self._folder):
            lines, document = self._lines(), tried.document
            self._known(self._standing(lines), by)
            version = Version(document.name, document.version, document.digest, document.author)
            self._write(lines, Act.PROMOTE, version, tried.to.value, by, why, Outcome.REFUSED)

    def roll_back(self, name: str, number: int, environment: Environment, by: Signer, why: str) -> None:
        """Back to a version that was live there before. Nobody has to approve: that was done then."""
        if not why.strip():
            raise BadRegistry("why: '': a roll-back is a decision; give its reason")
        with alone(self._folder):
            lines = self._lines()
            standing = self._standing(lines)
            self._known(standing, by)
            version = self._version(standing, name, number)
            self._document(version)
            if against := standing.against(Act.ROLL_BACK, version, by.name, environment, self._duties):
                self._refuse(lines, Act.ROLL_BACK, version, environment.value, by, against)
            if standing.live[environment][name] == number:
                raise BadRegistry(f"to-version: {number}: is live in {environment} already; name another one")
            self._write(lines, Act.ROLL_BACK, version, environment.value, by, why)

    # --- inside the lock ---

    def _candidate(
        self, lines: tuple[Line, ...], name: str, number: int, to: Environment, by: Signer
    ) -> Candidate:
        standing = self._standing(lines)
        self._known(standing, by)
        version = self._version(standing, name, number)
        document = self._document(version)
        if to.before is None:
            raise BadRegistry(f"to: {to}: a new version comes there by tieout mappings add")
        if standing.live[to].get(name) == number:
            raise BadRegistry(f"version: {number}: is live in {to} already; there is nothing to promote")
        if against := standing.against(Act.PROMOTE, version, by.name, to, self._duties):
            self._refuse(lines, Act.PROMOTE, version, to.value, by, against)
        numbers = {**standing.live[to], name: number}
        others = (self._document(standing.versions[each][n]) for each, n in numbers.items())
        return Candidate(document, to, SHIPPED.with_these(others))

    def _begin(self) -> None:
        """Takes over the versions that come with the core, of the mappings that are not there yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._folder):
            lines = self._lines()
            known = self._standing(lines).versions
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
                self._down(lines, deeds, None)

    def _write(
        self,
        lines: tuple[Line, ...],
        act: Act,
        about: Version | Person,
        scope: str,
        by: Signer,
        why: str,
        outcome: Outcome = Outcome.DONE,
    ) -> None:
        self._down(lines, [Deed(by.name, scope, act, about.subject, outcome, why)], by)

    def _refuse(
        self, lines: tuple[Line, ...], act: Act, about: Version | Person, scope: str, by: Signer, against: str
    ) -> None:
        self._write(lines, act, about, scope, by, against, Outcome.REFUSED)
        raise NotAllowed(against)

    def _down(self, lines: tuple[Line, ...], deeds: list[Deed], by: Signer | None) -> None:
        write_down(self._folder / HISTORY, lines, deeds, self._now(), by)

    def _lines(self, anchors: Mapping[int, str] | None = None) -> tuple[Line, ...]:
        return read_history(self._folder / HISTORY, anchors)

    def _standing(self, lines: tuple[Line, ...]) -> Standing:
        try:
            return standing_of(lines, self._duties)
        except ValueError as error:
            raise BadRegistry(f"{self._folder / HISTORY}: {error}; take the file from a backup") from None

    def _known(self, standing: Standing, by: Signer) -> None:
        """Whether they are who they say: it is their key that somebody enrolled for them."""
        person = standing.person(_person(by.name))
        if person is None:
            raise BadRegistry(f"by: {by.name!r}: {standing.those()}")
        if person.key != by.public:
            whose = standing.keys.get(by.public)
            says = f"the key is {whose}'s" if whose else "nobody has enrolled that key"
            raise BadRegistry(
                f"by: {by.name!r}: {says}; sign with the key that was enrolled for {person.name}"
            )

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
    if not by.strip() or len(by) > _NAME_MAX or not by.isprintable() or "#" in by:
        raise BadRegistry(f"by: {by!r}: a name of 1 to {_NAME_MAX} printable characters but # is needed")
    return by.strip()
