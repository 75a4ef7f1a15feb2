"""What a mock did as a part of a caller's trace: W3C Trace Context in, server spans out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b

# https://www.w3.org/TR/trace-context/#traceparent-header: ids of zeros are invalid, version ff is forbidden;
# a later version is read by the first four fields.
_HEADER = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:\Z|-)")

# The span that is being served, as a header's value; "" for the vendor's own doings and untraced calls.
_SERVED: ContextVar[str] = ContextVar("span being served", default="")


@dataclass(frozen=True, slots=True)
class ServerSpan:
    """One call that a mock served. trace, id, parent: lower-case hex; at, ended_at: microseconds; status: of
    HTTP, 0 where nothing was answered."""

    trace: str
    id: str
    parent: str
    system: str
    operation: str
    at: int
    ended_at: int
    status: int


Told = Callable[[ServerSpan], None]


class Serving:
    """The spans of one mock. told: takes each when it has ended."""

    def __init__(self, system: str, now: Callable[[], int], told: Told) -> None:
        self._system, self._now, self._told = system, now, told
        self._count = 0

    def begin(self, headers: Mapping[str, str]) -> _Open | None:
        """None for a call that is no part of a trace, or whose header is malformed: it is ignored."""
        found = _HEADER.match(headers.get("traceparent", ""))
        if found is None:
            return None
        self._count += 1
        what = f"{found[1]} {found[2]} {self._system} {self._now()} {self._count}"
        own = blake2b(what.encode(), digest_size=8, person=b"mock span").hexdigest()
        before = _SERVED.get()
        _SERVED.set(f"00-{found[1]}-{own}-01")
        return _Open(found[1], own, found[2], self._now(), before)

    def end(self, span: _Open, operation: str, status: int) -> None:
        """operation: of the mock's table, "" for an unknown address."""
        _SERVED.set(span.before)
        self._told(
            ServerSpan(
                span.trace, span.id, span.parent, self._system, operation, span.at, self._now(), status
            )
        )


@dataclass(frozen=True, slots=True)
class _Open:
    trace: str
    id: str
    parent: str
    at: int
    before: str


def served() -> str:
    """The call that is being served, for whatever it causes; "" where there is none."""
    return _SERVED.get()


def carried(parent: str) -> dict[str, str]:
    """The header that says what caused a request: no vendor's own, and sent only within a trace."""
    return {"traceparent": parent} if parent else {}
