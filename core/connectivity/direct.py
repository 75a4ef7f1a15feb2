"""Direct: each fact is handled at once, vendor to vendor, with a bounded retry in memory.

No durable journal: what cannot be done while the sender waits is left to the sender's redelivery, and
what is refused is reported and dropped. The vendors' own keys and external ids prevent duplicates.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from core.canonical.errors import CoreError, Held, Refused, owner_of
from core.canonical.events import Event, Topic
from core.connectivity.belonging import identify, related
from core.connectivity.flows import FINALISE_CREDIT_NOTE, FINALISE_INVOICE, FLOW_OF, Flow
from core.connectivity.model import Answer, Parts
from core.connectivity.periodic import inline_policy, start_timetable
from core.connectivity.timed import timed_jobs
from core.ports.billing import Draft
from core.ports.durable import Task
from core.reliability.locks import KeyedLocks
from core.reliability.retry import PASSING, Budget, insist

# Drafts of one bill run that are worked on at once.
_FAN_OUT = 8


class Direct:
    """Implements Model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._at_work = 0
        self._locks = KeyedLocks()
        # A sender that is refused comes again soon: its tries and ours would multiply (law I-33).
        self._budget = Budget(parts.desk.clock, parts.settings.inline_attempts - 1)
        self.jobs: Mapping[str, Callable[[], Awaitable[None]]] = timed_jobs(parts, remember=False)

    def start(self) -> None:
        parts = self._parts
        start_timetable(parts, self.jobs, {"recognition": 4.0}, remember=False)

    async def accept(self, event: Event) -> Answer:
        watch = self._parts.desk.watch
        self._at_work += 1
        try:
            if event.topic is Topic.BILL_RUN_COMPLETED:
                await self._finalise(event.subject)
            else:
                await self._run(FLOW_OF[event.topic], event.subject)
        except PASSING as error:
            watch.alert("medium", event.subject, f"{event.topic}: {error.detail}; left to redelivery")
            return Answer.TRY_AGAIN
        except CoreError as error:
            # There is nowhere to hold it: a person reads the alert, or nobody does.
            asked = f"; ask {owner}" if (owner := owner_of(error)) else ""
            watch.alert("high", event.subject, f"{event.topic} dropped: {error.detail}{asked}")
            watch.receipt(event.channel, event.id, "rejected", error.detail)
            return Answer.ACCEPTED
        finally:
            self._at_work -= 1
        watch.receipt(event.channel, event.id, "applied")
        return Answer.ACCEPTED

    async def pending(self) -> list[str]:
        return [f"{self._at_work} deliveries being handled"] if self._at_work else []

    async def parked(self) -> list[Task]:
        return []

    async def redrive(self) -> int:
        return 0

    def wake(self) -> None:
        """Nothing is put back where nothing is held."""

    async def _run(self, flow: Flow, subject: str) -> None:
        parts = self._parts
        policy = inline_policy(parts)
        case = await insist(
            lambda: flow.open(parts.desk, subject),
            policy,
            parts.draws,
            flow.name,
            subject,
            budget=self._budget,
        )
        tracer = parts.desk.watch.tracer
        await identify(parts.desk, case)
        for step in flow.steps:
            # One act at a time per customer, as far as one process can see.
            with tracer.span(step.name):
                async with self._locks.hold(case.aggregate):
                    await insist(
                        lambda step=step: step.act(parts.desk, case),  # type: ignore[misc]
                        policy,
                        parts.draws,
                        step.name,
                        case.key,
                        budget=self._budget,
                    )
        # Nothing here is durable but this: it is told, or the sender of the fact comes again.
        now = parts.desk.clock.now()
        if told := parts.announces.ended(flow.name, case, now):
            await parts.store.announce(told, now)
            parts.announces.wake()

    async def _finalise(self, run: str) -> None:
        parts = self._parts
        invoices, notes = await insist(
            lambda: parts.desk.billing.drafts(run),
            inline_policy(parts),
            parts.draws,
            "drafts",
            run,
            budget=self._budget,
        )
        slots = asyncio.Semaphore(_FAN_OUT)
        errors: list[CoreError] = []

        async def one(flow: Flow, draft: Draft) -> None:
            async with slots:
                try:
                    # A transaction of its own, though the sender of the bill run waits for it.
                    await related(parts.desk, draft)
                    with parts.desk.watch.tracer.transaction(draft.id, flow.name):
                        await self._run(flow, draft.id)
                except CoreError as error:
                    errors.append(error)

        async with asyncio.TaskGroup() as group:
            for invoice in invoices:
                group.create_task(one(FINALISE_INVOICE, invoice))
            for note in notes:
                group.create_task(one(FINALISE_CREDIT_NOTE, note))
        passing = [error for error in errors if isinstance(error, PASSING)]
        if passing or errors:
            held = next((error for error in errors if isinstance(error, Held)), None)
            raise passing[0] if passing else held or Refused(errors[0].detail)
