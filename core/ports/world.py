"""Time, chance, the wire and the eyes of the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from core.ports.tracing import Tracer


class Clock(Protocol):
    """The present."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class Draws(Protocol):
    """Chance that depends on what it is for, never on what was drawn before."""

    def uniform(self, *key: object) -> float:
        """In [0, 1); the same for the same key in the same world."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. attempt: the id that Watch gave it; write: whether it may change anything."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    system: str
    operation: str
    attempt: str
    write: bool
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def retry_after(self) -> float | None:
        """Seconds that the sender wants to be left alone for, None where it names none. A date (RFC 9110,
        10.2.3) counts from the answer's own `date`, so that no clock of ours has to agree with its."""
        told = self.headers.get("retry-after", "").strip()
        if told.isascii() and told.isdigit():
            return float(told)
        until, sent = _moment(told), _moment(self.headers.get("date", ""))
        return None if until is None or sent is None else max(0.0, (until - sent).total_seconds())


def _moment(text: str) -> datetime | None:
    """Of an HTTP date, which is always in GMT; None where it is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else found


class Transport(Protocol):
    """The one seam between virtual and real time."""

    async def send(self, request: Request) -> Response:
        """Unavailable if nothing was sent, Unclear if no whole answer came."""
        ...


class Watch(Protocol):
    """Is told what the core does and what it makes of it: telemetry outside, evidence in the lab."""

    @property
    def tracer(self) -> Tracer:
        """Which transaction the work at hand belongs to."""
        ...

    def begin(self, system: str, operation: str, key: str, *, write: bool) -> str:
        """An attempt starts; returns its id."""
        ...

    def end(self, attempt: str, claim: str) -> None:
        """claim: "ok", "fail" (it did not happen) or "info" (nobody knows)."""
        ...

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None:
        """outcome: applied, duplicate, rejected, parked or ignored."""
        ...

    def alert(self, severity: str, subject: str, text: str) -> None:
        """Something a person should see."""
        ...

    def count(self, name: str, by: int = 1) -> None:
        """A counter of the dashboard."""
        ...
