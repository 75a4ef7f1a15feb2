"""Outbox, bus, inbox: facts go out in commit order, consumers take them at least once and act once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from core.canonical.events import Event, Topic
from core.connectivity.belonging import identify, related
from core.connectivity.flows import Case
from core.connectivity.model import Answer, Parts
from core.connectivity.reactions import Reaction
from core.ports.durable import Message
from core.reliability.locks import KeyedLocks, Locks
from core.reliability.retry import tell
from core.reliability.worker import Emits, Handler, Job, Worker

BILL_RUNS = "bill_runs"
# Messages moved from the outbox to the bus at once.
_BATCH = 200
# Who moves the outbox on, when there are several; whoever dies is followed after so long.
_RELAY, _RELAY_US = "relay", 10_000_000
# How long what one consumer has read may serve another: 20 seconds, and for how many cases.
_SHARED_US = 20_000_000
_SHARED_MAX = 2000


class Choreography:
    """Consumers over a bus. Each has its own queue of durable tasks, which is its inbox."""

    def __init__(
        self,
        parts: Parts,
        reactions: Iterable[Reaction],
        *,
        bill_runs: bool,
        locks: Locks | None = None,
    ) -> None:
        self._parts = parts
        self._locks = locks or parts.locks()
        self._reads = KeyedLocks()
        self._wake = asyncio.Event()
        self._cases: dict[tuple[str, str], tuple[int, Case]] = {}
        self.handlers: dict[str, Handler] = {}
        self.owners: dict[str, str] = {}
        self.ranks: dict[str, int] = {}
        for reaction in reactions:
            parts.bus.subscribe(reaction.consumer, frozenset(reaction.topics))
            self.handlers[reaction.consumer] = self._handler(reaction)
            self.owners[reaction.consumer] = reaction.owner
            self.ranks[reaction.consumer] = reaction.rank
        if bill_runs:
            parts.bus.subscribe(BILL_RUNS, frozenset({str(Topic.BILL_RUN_COMPLETED)}))
            self.handlers[BILL_RUNS] = self._split_bill_run

    def start(self, worker: Worker) -> None:
        """Take up what was left in the outbox and on the bus; `worker` has these handlers."""
        self._parts.spawn(self._relay(worker))

    async def accept(self, event: Event) -> Answer:
        """Inbox and outbox in one transaction, then acknowledged."""
        fresh = await self._parts.store.accept(event, [], [event.topic])
        self._parts.desk.watch.receipt(event.channel, event.id, "applied" if fresh else "duplicate")
        self.wake()
        return Answer.ACCEPTED

    async def pending(self) -> list[str]:
        """What is on its way between outbox and inboxes, in words."""
        waiting = len(await self._parts.store.unpublished(1000)) + await self._parts.bus.backlog()
        return [f"{waiting} messages between outbox and inboxes"] if waiting else []

    def wake(self) -> None:
        """There may be something in the outbox."""
        self._wake.set()

    async def _relay(self, worker: Worker) -> None:
        failures = 0
        while True:
            self._wake.clear()
            try:
                full = await self._pass_on()
                failures = 0
            except Exception as error:  # noqa: BLE001 - a process that lives and does nothing is told by nobody
                failures += 1
                tell(self._parts.desk.watch, "outbox", "facts wait to go out", error)
                await asyncio.sleep(min(2.0**failures, 30.0))
                continue
            worker.wake()
            if not full:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._parts.claims.poll_seconds):
                        await self._wake.wait()

    async def _pass_on(self) -> bool:
        """Outbox to bus, by one process at a time so that the order holds, and bus to inboxes; True if
        there is probably more."""
        parts, claims = self._parts, self._parts.claims
        now = parts.desk.clock.now()
        alone = claims.poll_seconds is None
        if not alone and not await parts.store.lease(_RELAY, claims.name, now, now + _RELAY_US):
            return False
        messages = await parts.store.unpublished(_BATCH)
        # Noted once it is where it survives us: at the broker, or with the consumers where the broker dies
        # with this process. A crash before that publishes twice, which the inbox absorbs.
        numbers = [message.sequence for message in messages]
        if messages:
            await parts.bus.publish([await self._traced(message) for message in messages])
        if messages and parts.bus.outlives:
            await parts.store.published(numbers)
        await parts.bus.deliver(self._take)
        if messages and not parts.bus.outlives:
            await parts.store.published(numbers)
        return len(messages) == _BATCH

    async def _traced(self, message: Message) -> Message:
        """A part of its transaction, which whoever consumes it goes on with."""
        tracer = self._parts.desk.watch.tracer
        await tracer.relate(message.subject)
        with tracer.transaction(message.subject, f"publish {message.topic}", sequence=message.sequence):
            return replace(message, traceparent=tracer.traceparent())

    async def _take(self, consumer: str, message: Message) -> None:
        desk, name = self._parts.desk, f"bus {message.topic}"
        with desk.watch.tracer.transaction(
            message.subject, name, message.traceparent, consumer=consumer, sequence=message.sequence
        ):
            await self._parts.store.take(consumer, message, desk.clock.now())

    def _handler(self, reaction: Reaction) -> Handler:
        async def react(job: Job) -> Emits:
            desk = self._parts.desk
            case = await self._open(reaction, job)
            job.label = case.key
            await identify(desk, case)
            for act in reaction.acts:
                if act.__name__ in job.task.done:
                    continue
                with desk.watch.tracer.span(act.__name__):
                    async with self._locks.hold(case.aggregate):
                        await act(desk, case)
                    job.task = await self._parts.store.step_done(job.task, act.__name__)
            job.told = self._parts.announces.ended(reaction.consumer, case, desk.clock.now())
            if reaction.emits is None:
                return ()
            return ((reaction.emits(case), job.task.key),)

        return react

    async def _open(self, reaction: Reaction, job: Job) -> Case:
        """The case, shared for moments within a group of consumers, never beyond: a draft is not what was
        finalised. Whoever tries again reads afresh."""
        key = (reaction.group or "/".join(reaction.topics), job.task.key)
        # Consumers of one event start together: one reads, the others wait for it.
        async with self._reads.hold(f"{key}"):
            now = self._parts.desk.clock.now()
            read_at, case = self._cases.get(key, (0, None))
            # By its claims, not its attempts: these begin anew when an operator lets it go on, or with news.
            again = job.task.fence > 1
            if case is None or again or now - read_at > _SHARED_US:
                case = await reaction.open(self._parts.desk, job.task.key)
                if len(self._cases) >= _SHARED_MAX:
                    self._cases.clear()
                self._cases[key] = (now, case)
            return case

    async def _split_bill_run(self, job: Job) -> Emits:
        desk = self._parts.desk
        invoices, notes = await desk.billing.drafts(job.task.key)
        return (
            *[(str(Topic.INVOICE_DRAFTED), await related(desk, invoice)) for invoice in invoices],
            *[(str(Topic.CREDIT_NOTE_DRAFTED), await related(desk, note)) for note in notes],
        )
