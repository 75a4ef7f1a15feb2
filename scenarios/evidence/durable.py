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


# Queue and key of a task.
TaskName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A task changed hands. epoch: the new one, and former the one before it; holder: who has it now, "" if
    an operator took it out of all hands; in_hand_of: who had it before, "" if nobody, and until: how long."""

    at: int
    task: TaskName
    epoch: int
    former: int
    holder: str
    in_hand_of: str
    until: int


@dataclass(frozen=True, slots=True)
class Effect:
    """Writes about a task that are in the store. epoch: of the claim in whose name they were made, 0 if in
    nobody's; current: of the task's claim when they were made; at: of the first of `times`."""

    task: TaskName
    epoch: int
    current: int
    at: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """The store refused a write, since the claim of that epoch is over."""

    at: int
    task: TaskName
    epoch: int


@dataclass(frozen=True, slots=True)
class Sending:
    """The last request to a vendor under a claim that was to change something. operation: the id of its
    Operation."""

    at: int
    task: TaskName
    epoch: int
    operation: str


@dataclass(frozen=True, slots=True)
class Epochs:
    """Who had what in hand, and what was done in whose name; claims and refusals in their order."""

    claims: tuple[Claim, ...] = ()
    effects: tuple[Effect, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the core's inbox holds of a channel, so that nothing is accepted twice. accepted, forgotten:
    numbers of events; youngest: the least age at which one was forgotten, 0 if none was; kept: how long it is
    set to remember; repeated: how long the sender may repeat itself. In microseconds."""

    channel: str
    accepted: int
    forgotten: int
    youngest: int
    kept: int
    repeated: int
