"""Which transaction the work at hand belongs to: spans of one trace, whoever does the work and whenever.

A trace is named by the root of a transaction: the subject of the event that it begins with (a quote), or of
one that nobody knows a cause of. Whose transaction a subscription, an invoice and a payment belong to is kept
by their names: a retry days later, another process and the next event about any of them go on with the trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Tracer(Protocol):
    """Told by everything that does a part of a transaction."""

    async def relate(self, subject: str, causes: Sequence[str] = ()) -> None:
        """Before a part begins: find out whose transaction the subject belongs to, as far as it is known of
        itself or, where all of them belong to one, of the documents that it comes of."""
        ...

    def transaction(
        self, subject: str, name: str, parent: str = "", /, **attributes: str | int
    ) -> AbstractContextManager[None]:
        """A part of the transaction about `subject` that is not called by another part: an event that comes
        in, an attempt at a task, a message from the bus. parent: the header of a message (W3C Trace Context)
        whose part this one continues; "" or malformed: the transaction's own root. An exception that ends it
        is written into it."""
        ...

    async def identify(self, key: str, names: Sequence[str] = (), causes: Sequence[str] = ()) -> None:
        """What the part at hand is about has been read: its business key, the numbers that others will know
        it by, and those of the documents that it comes of. What belongs to one transaction that is not the
        one at hand goes on in that one, linked to what was done so far; what comes of several is linked to
        each."""
        ...

    async def touch(self, *names: str) -> None:
        """The part at hand does something for the transactions that these documents belong to, as far as that
        is known, and is part of none: a job, a payout. It is linked to each."""
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

    async def relate(self, subject: str, causes: Sequence[str] = ()) -> None:
        """Nothing."""

    def transaction(
        self, _subject: str, _name: str, _parent: str = "", /, **_: str | int
    ) -> AbstractContextManager[None]:
        """Nothing."""
        return _NOTHING

    async def identify(self, key: str, names: Sequence[str] = (), causes: Sequence[str] = ()) -> None:
        """Nothing."""

    async def touch(self, *names: str) -> None:
        """Nothing."""

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
