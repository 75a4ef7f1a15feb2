"""Durable sagas: a flow as a task whose finished steps are journalled, so that it can go on anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.canonical.events import Event, Topic
from core.connectivity.belonging import identify, related
from core.connectivity.flows import FINALISE_CREDIT_NOTE, FINALISE_INVOICE, FLOW_OF, Case, Flow, Step
from core.connectivity.model import Answer, Parts
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
                await self._undo(job, case, flow, steps)
                job.told = announces.taken_back(flow.name, case, job.task.done, desk.clock.now())
                return ()
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

    async def _undo(self, job: Job, case: Case, flow: Flow, steps: Sequence[Step]) -> None:
        """First whether it may be taken back at all. Then backwards through what is done, and before that the
        step that may have been under way: nobody knows whether it happened, so its compensation looks before
        it acts, as all of them do."""
        done = job.task.done
        if flow.may_undo is not None and not any(name.startswith("~") for name in done):
            await flow.may_undo(self._parts.desk, case)
        doubtful = [step for step in steps if step.name not in done][:1]
        for step in (*doubtful, *reversed([step for step in steps if step.name in done])):
            if f"~{step.name}" in done:
                continue
            with self._parts.desk.watch.tracer.span(f"~{step.name}"):
                if step.undo is not None:
                    async with self._locks.hold(case.aggregate):
                        await step.undo(self._parts.desk, case)
                job.task = await self._parts.store.step_undone(job.task, step.name)

    async def _split_bill_run(self, job: Job) -> Emits:
        parts = self._parts
        invoices, notes = await parts.desk.billing.drafts(job.task.key)
        now = parts.desk.clock.now()
        for invoice in invoices:
            await parts.store.enqueue(FINALISE_INVOICE.name, await related(parts.desk, invoice), now)
        for note in notes:
            await parts.store.enqueue(FINALISE_CREDIT_NOTE.name, await related(parts.desk, note), now)
        return ()
