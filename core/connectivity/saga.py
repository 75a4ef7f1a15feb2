"""Durable sagas: a flow as a task whose finished steps are journalled, so that it can go on anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.canonical.events import Event, Topic
from core.connectivity.belonging import identify, related
from core.connectivity.flows import FINALISE_CREDIT_NOTE, FINALISE_INVOICE, FLOW_OF, Act, Case, Flow
from core.connectivity.model import Answer, Parts
from core.connectivity.taking_back import Run, take_back
from core.reliability.locks import Locks
from core.reliability.worker import Emits, Handler, Job

BILL_RUN = "bill_run"


class Sagas:
    """The flows of an orchestrator. The bill run is a saga of its own that starts others.

    emits: by flow, the topic that its end is announced on (hybrid).
    """

    def __init__(
        self,
        parts: Parts,
        flows: Iterable[Flow],
        locks: Locks | None = None,
        emits: Mapping[str, Callable[[Any], str]] | None = None,
    ) -> None:
        self._parts = parts
        self._locks = locks or parts.locks()
        self._emits = emits or {}
        self.handlers: dict[str, Handler] = {BILL_RUN: self._split_bill_run}
        self.owners = {BILL_RUN: "billing operations"}
        self.ranks: dict[str, int] = {}
        for flow in flows:
            self.handlers[flow.name] = self._handler(flow)
            self.owners[flow.name] = flow.owner
            self.ranks[flow.name] = flow.rank

    async def accept(self, event: Event) -> Answer:
        """Durable first, then acknowledged, then worked on."""
        queue = BILL_RUN if event.topic is Topic.BILL_RUN_COMPLETED else FLOW_OF[event.topic].name
        fresh = await self._parts.store.accept(event, [queue], [])
        self._parts.desk.watch.receipt(event.channel, event.id, "applied" if fresh else "duplicate")
        return Answer.ACCEPTED

    async def begin(self, flow: Flow, subject: str) -> bool:
        """Start or restart a flow, as reconciliation does; False if it is under way."""
        return await self._parts.store.reopen(flow.name, subject, self._parts.desk.clock.now())

    def _handler(self, flow: Flow) -> Handler:
        async def run(job: Job) -> Emits:
            desk, store, announces = self._parts.desk, self._parts.store, self._parts.announces
            case = await flow.open(desk, job.task.key)
            job.label = case.key
            await identify(desk, case)
            steps = flow.steps_of(job.task.version)
            if job.task.mode == "undo":
                job.task = await take_back(self._parts, flow, steps, job.task, case, self._undo_in(case))
                if job.task.mode == "undo":
                    job.told = announces.taken_back(flow.name, case, job.task.done, desk.clock.now())
                    return ()
                # It may not be taken back any more, and goes on from what is the case by now.
                case = await flow.open(desk, job.task.key)
            version = job.task.version or flow.version
            for step in steps:
                if step.name in job.task.done:
                    continue
                # One act at a time per customer: nothing stale is written over something new.
                with desk.watch.tracer.span(step.name):
                    async with self._locks.hold(case.aggregate):
                        await step.act(desk, case)
                    job.task = await store.step_done(job.task, step.name, version)
            job.told = announces.ended(flow.name, case, desk.clock.now())
            emits = self._emits.get(flow.name)
            return ((emits(case), job.task.key),) if emits else ()

        return run

    def _undo_in(self, case: Case) -> Run:
        async def run(_: str, undo: Act, of: Case) -> None:
            async with self._locks.hold(case.aggregate):
                await undo(self._parts.desk, of)

        return run

    async def _split_bill_run(self, job: Job) -> Emits:
        parts = self._parts
        invoices, notes = await parts.desk.billing.drafts(job.task.key)
        now = parts.desk.clock.now()
        for invoice in invoices:
            await parts.store.enqueue(FINALISE_INVOICE.name, await related(parts.desk, invoice), now)
        for note in notes:
            await parts.store.enqueue(FINALISE_CREDIT_NOTE.name, await related(parts.desk, note), now)
        return ()
