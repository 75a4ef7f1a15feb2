"""Versions of what a source says, and the vector of them that every copy carries; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Of a source without a count of its own: whether the second in which a record was changed was over when it
# was read. OPEN: it may have been changed again in that second since.
OPEN, FINAL = 0, 1

_PART = re.compile(r"([A-Za-z0-9_-]+)=(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Of one record of one source. at: when the source says that it was changed, seconds since 1970; number:
    decides between two of one second: the source's own count where it keeps one, else OPEN or FINAL."""

    at: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.at}.{self.number}"

    def ties(self, other: Version) -> bool:
        """Whether the two say nothing of which is the newer one, though they may differ: both were read while
        their second was still open."""
        return self == other and self.at > 0 and self.number == OPEN


# Of what nobody knows a version: any other is newer.
UNKNOWN = Version()

# Of a field with the version of what was read: it is between the systems and us, and no part of what the API
# answers or of its ETag (which would be another each time that it is asked in a second that is not over).
UNTOLD: Mapping[str, bool] = {"exclude": True}


def of_second(moment: datetime, asked_us: int) -> Version:
    """Of a source that tells whole seconds only. asked_us: when the reading was asked for, microseconds."""
    at = int(moment.timestamp())
    return Version(at, FINAL if asked_us >= (at + 1) * 1_000_000 else OPEN)


@dataclass(frozen=True, slots=True)
class Versions:
    """A version vector: of each source record that a copy was made of, by its
    name: "invoice", "order", or the id where there are several of its kind."""

    parts: tuple[tuple[str, Version], ...] = ()

    def of(self, name: str) -> Version:
        """UNKNOWN for what it was not made of."""
        return dict(self.parts).get(name, UNKNOWN)

    def newer_than(self, other: Versions) -> tuple[str, ...]:
        """Names of which this one knows a newer version."""
        return tuple(name for name, version in self.parts if version > other.of(name))

    def joined(self, other: Versions) -> Versions:
        """The newer of each."""
        names = sorted({name for name, _ in (*self.parts, *other.parts)})
        return Versions(tuple((name, max(self.of(name), other.of(name))) for name in names))

    def __str__(self) -> str:
        """As it is kept beside a copy: "invoice=1767225600.1 pi_9=1767225601.2001"."""
        return " ".join(f"{name}={version}" for name, version in self.parts)


NONE = Versions()


def versions(known: Mapping[str, Version]) -> Versions:
    """A vector of what is known."""
    return Versions(tuple(sorted((name, each) for name, each in known.items() if each != UNKNOWN)))


def read_versions(text: str) -> Versions:
    """What `str` has written; ValueError for anything else."""
    found: Mapping[str, Version] = {}
    for word in text.split():
        part = _PART.fullmatch(word)
        if part is None or part[1] in found:
            raise ValueError(f"{text!r}: wants words like invoice=1767225600.1, each name once")
        found = {**found, part[1]: Version(int(part[2]), int(part[3]))}
    return Versions(tuple(sorted(found.items())))
