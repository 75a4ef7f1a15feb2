"""The durable memory: tasks, inbox, outbox, marks; and the bus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from core.canonical.events import Event
from core.governance.audit import AuditBook
from core.governance.signed_in import Sessions
from core.ports.announcing import Announcement, Announcing
from core.ports.belonging import Belonging
from core.ports.census import Census, Tally
from core.ports.memory import Memory
from core.ports.pacing import Pacing


class Rank(IntEnum):
    """Whose turn it is where not all can have one: what moves money, then contracts and documents, then what
    is only shown to people. Of a queue, so that within a queue nothing overtakes."""

    MONEY = 0
    BUSINESS = 1
    SHOWN = 2


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work that survives a crash.

    queue: a flow, consumer or job; key: unique in its queue; done: names of the steps that are behind
    it; due_at, first_at: microseconds; error: why it was last put off; label: the business key, once known;
    worker: who has it in hand, until `due_at`; fence: grows with each claim, so that a worker that slept
    through its lease writes nothing; version: of the flow whose steps are journalled, 0 before the first;
    losses: claims since the last sign of life, this one included; mode: "do", or "undo" while its steps
    are being compensated; held_by: the operator who held it, "" if the core did; rank: of its queue.
    """

    id: int
    queue: str
    key: str
    done: tuple[str, ...]
    attempts: int
    due_at: int
    first_at: int
    state: str
    error: str
    owner: str
    label: str
    worker: str = ""
    fence: int = 0
    version: int = 0
    losses: int = 0
    mode: str = "do"
    held_by: str = ""
    rank: int = Rank.BUSINESS


@dataclass(frozen=True, slots=True)
class Message:
    """One event in the outbox, in the order in which it was committed. traceparent: of whoever published it
    (W3C Trace Context), "" where it is not traced."""

    sequence: int
    topic: str
    subject: str
    traceparent: str = ""


class Store(AuditBook, Memory, Sessions, Announcing, Pacing, Belonging, Protocol):
    """Each call is one transaction; the audit log is kept beside.

    States of a task: ready, done, parked (held for a person), undone (its steps were compensated) and
    abandoned (a person has dealt with it by hand). News opens again what is done or parked.

    Several workers may share one. `step_done`, `step_undone`, `turn_back`, `finish`, `put_off` and
    `park` raise Fenced, and write nothing, if the task has been claimed by another since it was given out.
    """

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        """Inbox, tasks and outbox in one transaction; False if the event was accepted before. News about
        something that was dealt with before opens its task again."""
        ...

    async def forget(self, before: int) -> int:
        """Events that were accepted before this moment leave the inbox; returns how many. Budgets of seconds
        go, too."""
        ...

    async def forget_passed_on(self, before: int, now: int) -> int:
        """Of the outbox what went out and was written before this moment, and what consumers took before it;
        returns how many rows. What has not gone out stays, whatever its age."""
        ...

    async def enqueue(self, queue: str, key: str, now: int) -> bool:
        """A new task, due now; False if the key is known."""
        ...

    async def take(self, consumer: str, message: Message, now: int) -> bool:
        """The inbox of a consumer: opens the task of a message, once per message; False if it was taken
        before or its task is ready anyway."""
        ...

    async def reopen(self, queue: str, key: str, now: int) -> bool:
        """Make a done, parked or unknown task ready again from its first step; False if it is ready."""
        ...

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        """Take ready tasks whose time has come in hand, by rank and then oldest due first; `aged` of them are
        those longest due of all, whatever their rank. Of all queues if none is named. Nobody else gets them
        before `until`."""
        ...

    async def rank(self, queues: Mapping[str, int]) -> None:
        """What these queues' tasks, those that are there and those to come, go by when they are claimed; the
        tasks of a queue that was never named are BUSINESS."""
        ...

    async def next_due(self, queues: Collection[str] = ()) -> int | None:
        """When the next ready task of these queues, of all if none is named, can be claimed: its time has
        come, or the lease on it has run out."""
        ...

    async def extend(self, tasks: Sequence[Task], until: int) -> None:
        """Keep these in hand for longer; what another has claimed meanwhile is left to it."""
        ...

    async def take_back(self, worker: str, now: int) -> int:
        """What this worker had in hand before it died may be claimed at once; returns how many."""
        ...

    async def lease(self, name: str, holder: str, now: int, until: int) -> bool:
        """One holder at a time: True if it is free, has run out, or is the holder's own (then longer)."""
        ...

    async def unlease(self, name: str, holder: str) -> None:
        """Give it back early; nothing if it is another's by now."""
        ...

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        """Note a finished step, and the version of the flow that it belongs to."""
        ...

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        """Done; (topic, subject) pairs go to the outbox, and what is told outside to those who are told, in
        the same transaction."""
        ...

    async def put_off(self, task: Task, due_at: int, error: str, label: str, *, counted: bool = True) -> None:
        """Not before `due_at`; one attempt more, unless it was none (`counted`)."""
        ...

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        """Into the exception queue."""
        ...

    async def step_undone(self, task: Task, step: str) -> Task:
        """Note that a step was compensated: "~" and its name join those done."""
        ...

    async def turn_back(self, task: Task, done: Sequence[str], why: str) -> Task:
        """A task in hand that was being taken back goes forward again, with these steps behind it; why: kept
        as its error."""
        ...

    async def task(self, task_id: int) -> Task | None:
        """One task, whatever its state."""
        ...

    async def hold(self, task_id: int, why: str, owner: str, by: str, now: int) -> bool:
        """An operator holds what is ready, also out of a worker's hand; False if it is not ready."""
        ...

    async def release(self, task_id: int, now: int) -> bool:
        """One held task goes on where it was; False if it is not held."""
        ...

    async def skip(self, task_id: int, step: str, now: int) -> bool:
        """The same, with a step counted as done that was done by hand; False if it is not held."""
        ...

    async def undo(self, task_id: int, now: int) -> bool:
        """What is held or done is taken back step by step; False for anything else."""
        ...

    async def abandon(self, task_id: int, why: str, by: str, now: int) -> bool:
        """Dealt with by hand: out of the exception queue for good; False if it is not held."""
        ...

    async def parked(self) -> list[Task]:
        """The exception queue, oldest first."""
        ...

    async def redrive(self, now: int) -> int:
        """Everything parked becomes ready; returns how many."""
        ...

    async def ready(self) -> list[Task]:
        """Work not ended, oldest first."""
        ...

    async def unpublished(self, limit: int) -> list[Message]:
        """The outbox, in commit order."""
        ...

    async def identity(self) -> str:
        """Tells this store from one that had its place and its numbers before; "" for a file, whose numbers
        nobody else remembers."""
        ...

    async def published(self, sequences: Sequence[int]) -> None:
        """These went out."""
        ...

    async def watermark(self, job: str) -> int:
        """Microseconds up to which a job has read; 0 at first."""
        ...

    async def move_watermark(self, job: str, to: int) -> None:
        """Only ever forward."""
        ...

    async def total(self, job: str, now: int, count: int, amounts: str) -> None:
        """A control total of one job run."""
        ...

    async def once(self, key: str) -> bool:
        """True the first time a key is seen, which is never forgotten."""
        ...

    async def census(self) -> Census:
        """How many tasks are in which state, and how much of the outbox has not gone out."""
        ...

    async def tally(self, since: int, now: int, within: Mapping[str, int]) -> list[Tally]:
        """Of the queues named in `within` (microseconds from first word to end): what ended in time after
        `since`, and what missed its moment in (since, now], ended or not."""
        ...


# (consumer, message): returning is the acknowledgement.
Consume = Callable[[str, Message], Awaitable[None]]


class Bus(Protocol):
    """Topics with durable consumers, at least once, in the order of publication.

    outlives: whether what was published waits for its consumers also when every process of the core dies.
    """

    @property
    def outlives(self) -> bool: ...

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        """What is published from now on waits for this consumer."""
        ...

    async def publish(self, messages: Sequence[Message]) -> None:
        """In this order, to every consumer of their topics. Unavailable: some may have gone out."""
        ...

    async def deliver(self, consume: Consume) -> int:
        """Hand over what waits, oldest first, to each consumer of its topic; returns how many deliveries."""
        ...

    async def backlog(self) -> int:
        """How much is not yet acknowledged; 0 at rest."""
        ...
