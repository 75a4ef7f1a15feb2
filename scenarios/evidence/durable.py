"""What the core's durable memory did, as somebody saw who looked on: outbox and bus, claims and writes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact of the outbox. sequence: of its row, never used again; topic: what happened; aggregate: what it
    happened to."""

    sequence: int
    topic: str
    aggregate: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A fact that the bus took. early: while the transaction that wrote it was still open."""

    entry: Entry
    early: bool = False


@dataclass(frozen=True, slots=True)
class Outbox:
    """committed: in the order of the commits; published: each time that the bus took one, in that order."""

    committed: tuple[Entry, ...] = ()
    published: tuple[Publication, ...] = ()
