"""Which transaction the work at hand belongs to: spans of one trace, whoever does the work and whenever.

A trace is named by the subject of a transaction, the vendor's id of the object that it is about. Every event,
task and message in the outbox carries it, so a retry days later and another process go on with the trace.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Tracer(Protocol):
    """Told by everything that does a part of a transaction."""

    def transaction(
        self, subject: str, name: str, /, **attributes: str | int
    ) -> AbstractContextManager[None]:
        """A part of the transaction about `subject` that is not called by another part: an event that comes
        in, an attempt at a task, a message from the bus. An exception that ends it is written into it."""
        ...

    def span(self, name: str, /, **attributes: str | int) -> AbstractContextManager[None]:
        """A part of the part at hand; nothing where no transaction is at hand."""
        ...

    def call(self, system: str, operation: str, /, **attributes: str | int) -> AbstractContextManager[None]:
        """The same, of a call to a vendor."""
        ...

    def known_as(self, key: str, about: tuple[str, ...] = ()) -> None:
        """The business key of the transaction at hand, as soon as it is known. about: numbers of documents
        that other transactions are about, too: a subscription's, an invoice's."""
        ...

    def caused_by(self, traceparent: str) -> None:
        """The part at hand comes of a part of another trace, as a header says it (W3C Trace Context); nothing
        where it says nothing."""
        ...

    def failed(self, why: str) -> None:
        """The part at hand did not come to a good end, and nothing is raised."""
        ...

    def traceparent(self) -> str:
        """For a request on behalf of the part at hand (W3C Trace Context); "" where there is none."""
        ...

    def about(self) -> dict[str, str]:
        """For a line of the log: "transaction" and "trace" of the part at hand, where there is one."""
        ...


_NOTHING = nullcontext()


class Untraced:
    """Implements Tracer: nothing is kept, nothing is sent."""

    def transaction(self, _subject: str, _name: str, /, **_: str | int) -> AbstractContextManager[None]:
        """Nothing."""
        return _NOTHING

    def span(self, _name: str, /, **_: str | int) -> AbstractContextManager[None]:
        """Nothing."""
        return _NOTHING

    def call(self, _system: str, _operation: str, /, **_: str | int) -> AbstractContextManager[None]:
        """Nothing."""
        return _NOTHING

    def known_as(self, key: str, about: tuple[str, ...] = ()) -> None:
        """Nothing."""

    def caused_by(self, traceparent: str) -> None:
        """Nothing."""

    def failed(self, why: str) -> None:
        """Nothing."""

    def traceparent(self) -> str:
        """Never one."""
        return ""

    def about(self) -> dict[str, str]:
        """Never anything."""
        return {}


UNTRACED: Tracer = Untraced()
