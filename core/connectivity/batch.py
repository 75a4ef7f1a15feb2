"""Batch: a nightly run reads what changed since its watermark, works it off, and proves its totals.

It listens to no events. A row that fails is carried over to the next night; a row that is refused, or
fails for a week, is parked. Rows are remembered, so that an overlap or a second run does nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from core.canonical.errors import CoreError, Fenced, owner_of
from core.canonical.events import Event
from core.close.once import for_one_look
from core.connectivity.belonging import comes_of, identify, related
from core.connectivity.engine import in_words
from core.connectivity.flows import (
    CREDIT_NOTE,
    DISPUTE,
    DISPUTE_OUTCOME,
    DISPUTE_WITHDRAWAL,
    FINALISE_CREDIT_NOTE,
    FINALISE_INVOICE,
    INVOICE,
    ORDER,
    PAID_BACK,
    PAYMENT,
    PAYMENT_FAILURE,
    PAYOUT,
    PAYOUT_FAILURE,
    REFUND,
    REFUND_FAILURE,
    TRANSFER,
    USAGE,
    Act,
    Case,
    Flow,
)
from core.connectivity.model import Answer, Parts
from core.connectivity.noting import traced
from core.connectivity.periodic import inline_policy, start_timetable
from core.connectivity.taking_back import take_back
from core.connectivity.timed import timed_jobs
from core.governance.ownership import standard
from core.ports.desk import Desk
from core.ports.durable import Task
from core.reconcile.owners import OwnershipLook
from core.reliability.retry import PASSING, insist, listed, what_happened

# What is read again each night, against rows that were committed late.
_OVERLAP = timedelta(minutes=30)
# Rows worked on at once; nights after which a row that keeps failing is parked.
_FAN_OUT, _NIGHTS = 8, 7

Reader = Callable[[datetime], AsyncIterator[str]]


class Batch:
    """Implements Model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._running = asyncio.Lock()
        self._owners = OwnershipLook(parts.desk, parts.store, standard())
        self.jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            "nightly": traced(parts, "nightly", self._nightly),
            **timed_jobs(parts, remember=True),
        }

    def start(self) -> None:
        parts = self._parts
        hour = parts.settings.batch_hour
        start_timetable(parts, self.jobs, {"nightly": hour, "recognition": hour + 3})

    async def accept(self, event: Event) -> Answer:
        self._parts.desk.watch.receipt(event.channel, event.id, "ignored", "batch reads, it does not listen")
        return Answer.ACCEPTED

    async def pending(self) -> list[str]:
        busy = ["the nightly run is under way"] if self._running.locked() else []
        return busy + in_words(await self._parts.store.ready())

    async def parked(self) -> list[Task]:
        return await self._parts.store.parked()

    async def redrive(self) -> int:
        return await self._parts.store.redrive(self._parts.desk.clock.now())

    def wake(self) -> None:
        """It is done in the next night."""

    # --- the night ---

    async def _nightly(self) -> None:
        # A second start while one is running waits, and then finds nothing to do.
        async with self._running:
            await self._parts.store.take_back(self._parts.claims.name, self._parts.desk.clock.now())
            for flow, read in self._programme():
                await self._job(flow, read)
            if self._parts.settings.controls.conflicts:
                await self._owners.run(for_one_look(self._parts.desk))

    def _programme(self) -> tuple[tuple[Flow, Reader], ...]:
        desk = self._parts.desk

        async def quotes(since: datetime) -> AsyncIterator[str]:
            async for quote in desk.crm.won_since(since):
                yield quote.id

        async def drafts(_: datetime) -> AsyncIterator[str]:
            for draft in (await desk.billing.drafts(""))[0]:
                yield await related(desk, draft)

        async def draft_notes(_: datetime) -> AsyncIterator[str]:
            for draft in (await desk.billing.drafts(""))[1]:
                yield await related(desk, draft)

        async def invoices(since: datetime) -> AsyncIterator[str]:
            async for row in desk.billing.invoices_since(since):
                if row.status == "posted":
                    yield row.id

        async def notes(since: datetime) -> AsyncIterator[str]:
            async for row in desk.billing.credit_notes_since(since):
                if row.status == "posted" and row.reference != "refund":
                    yield row.id

        async def payments(since: datetime) -> AsyncIterator[str]:
            async for request in desk.payments.paid_since(since):
                yield await comes_of(desk, request.id, request.invoice)

        async def refunds(since: datetime) -> AsyncIterator[str]:
            async for refund in desk.payments.refunds_since(since):
                yield await comes_of(desk, refund.id, refund.invoice)

        async def failures(since: datetime) -> AsyncIterator[str]:
            async for request in desk.payments.failed_since(since):
                yield await comes_of(desk, request.id, request.invoice)

        return (
            (ORDER, quotes),
            (USAGE, desk.product.usage_since),
            (FINALISE_INVOICE, drafts),
            (FINALISE_CREDIT_NOTE, draft_notes),
            (INVOICE, invoices),
            (CREDIT_NOTE, notes),
            (PAYMENT, payments),
            (PAYMENT_FAILURE, failures),
            (REFUND, refunds),
            (REFUND_FAILURE, desk.payments.refunds_failed_since),
            (DISPUTE, desk.payments.disputes_opened_since),
            (DISPUTE_WITHDRAWAL, desk.payments.disputes_withdrawn_since),
            (DISPUTE_OUTCOME, desk.payments.disputes_closed_since),
            (PAYOUT, desk.payments.payouts_since),
            (PAYOUT_FAILURE, desk.payments.payouts_failed_since),
            (TRANSFER, partial(_transfers, desk, 1)),
            (PAID_BACK, partial(_transfers, desk, -1)),
        )

    async def _job(self, flow: Flow, read: Reader) -> None:
        """Read since the watermark, remember the rows, move the watermark, then work them off."""
        store, clock, watch = self._parts.store, self._parts.desk.clock, self._parts.desk.watch
        began = clock.now()
        mark = await store.watermark(flow.name)
        since = datetime.fromtimestamp(mark / 1_000_000, UTC) - _OVERLAP if mark else _epoch()
        try:
            rows = await insist(
                lambda: listed(read(since)), inline_policy(self._parts), self._parts.draws, flow.name, mark
            )
        except Exception as error:  # noqa: BLE001 - what one source says must not end the night of all others
            text = f"could not be read, tried again tomorrow: {what_happened(error)}"
            watch.alert("high", flow.name, text)
            return
        fresh = 0
        for row in rows:
            fresh += await store.enqueue(flow.name, row, clock.now())
        await store.move_watermark(flow.name, began)
        done, failed = await self._work_off(flow)
        await store.total(flow.name, clock.now(), done, f"read {len(rows)} fresh {fresh} failed {failed}")
        if failed:
            watch.alert("medium", flow.name, f"{failed} rows carried over or parked, {done} done")

    async def _work_off(self, flow: Flow) -> tuple[int, int]:
        store, clock = self._parts.store, self._parts.desk.clock
        began, claims = clock.now(), self._parts.claims
        # On most nights most flows have nothing to do, and a claim in vain is a write all the same.
        due = await store.next_due([flow.name])
        if due is None or due > began:
            return 0, 0
        lease = int(claims.lease_seconds * 1_000_000)
        results: list[bool] = []
        tracer = self._parts.desk.watch.tracer

        async def lane() -> None:
            # What is put off during the pass is due after its beginning, and waits for the next night.
            while task := await store.claim(claims.name, began, clock.now() + lease, 1, [flow.name]):
                await tracer.relate(task[0].key)
                with tracer.transaction(
                    task[0].key, flow.name, claim=task[0].fence, attempts=task[0].attempts
                ):
                    try:
                        results.append(await self._row(flow, task[0]))
                    except Fenced:
                        # Another has it: whatever was done here was done under the business key, and once.
                        self._parts.desk.watch.count("fenced")

        async with asyncio.TaskGroup() as group:
            for _ in range(_FAN_OUT):
                group.create_task(lane())
        return results.count(True), results.count(False)

    async def _row(self, flow: Flow, task: Task) -> bool:
        parts = self._parts
        policy, label = inline_policy(parts), task.label
        try:
            case = await self._opened(flow, task)
            label, tracer = case.key, parts.desk.watch.tracer
            await identify(parts.desk, case)
            if task.mode == "undo":
                task = await take_back(parts, flow, flow.steps, task, case, self._patiently)
                if task.mode == "undo":
                    await self._taken_back(flow, task, case)
                    return True
                # It may not be taken back any more, and goes on from what is the case by now.
                case = await self._opened(flow, task)
            for step in flow.steps:
                if step.name in task.done:
                    continue
                with tracer.span(step.name):
                    await insist(
                        lambda step=step: step.act(parts.desk, case),  # type: ignore[misc]
                        policy,
                        parts.draws,
                        step.name,
                        case.key,
                    )
                    task = await parts.store.step_done(task, step.name)
        except PASSING as error:
            parts.desk.watch.tracer.failed(error.detail)
            if task.attempts + 1 < _NIGHTS:
                await parts.store.put_off(task, parts.desk.clock.now() + 1, error.detail, label)
            else:
                await self._park(flow, task, f"after {_NIGHTS} nights: {error.detail}", label)
            return False
        except Fenced:
            raise
        except CoreError as error:
            await self._park(flow, task, f"refused: {error.detail}", label, owner_of(error))
            return False
        except Exception as error:  # noqa: BLE001 - one row that nobody foresaw must not end every night
            await self._park(flow, task, what_happened(error), label)
            return False
        now = parts.desk.clock.now()
        await parts.store.finish(task, (), now, parts.announces.ended(flow.name, case, now))
        parts.announces.wake()
        return True

    async def _opened(self, flow: Flow, task: Task) -> Case:
        parts = self._parts
        return await insist(
            lambda: flow.open(parts.desk, task.key), inline_policy(parts), parts.draws, flow.name, task.key
        )

    async def _patiently(self, name: str, undo: Act, case: Case) -> None:
        parts = self._parts
        await insist(lambda: undo(parts.desk, case), inline_policy(parts), parts.draws, f"~{name}", case.key)

    async def _taken_back(self, flow: Flow, task: Task, case: Case) -> None:
        parts, now = self._parts, self._parts.desk.clock.now()
        told = parts.announces.taken_back(flow.name, case, task.done, now)
        await parts.store.finish(task, (), now, told)
        parts.announces.wake()

    async def _park(self, flow: Flow, task: Task, why: str, label: str, asked: str = "") -> None:
        parts, owner = self._parts, asked or flow.owner
        parts.desk.watch.tracer.failed(why)
        await parts.store.park(task, why, owner, label or task.key, parts.desk.clock.now())
        parts.desk.watch.alert("high", label or task.key, f"{flow.name} held for {owner}: {why}")


async def _transfers(desk: Desk, sign: int, since: datetime) -> AsyncIterator[str]:
    """Those that came in (1), or that we sent (-1)."""
    async for transfer in desk.bank.transfers_since(since):
        if (await desk.bank.transfer(transfer)).amount.minor * sign > 0:
            yield transfer


def _epoch() -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC)
