"""Bugs between an event's arrival and the end of its work."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.canonical.erp import Schedule
from core.canonical.events import Event
from core.ports.announcing import Announcement
from core.ports.durable import Task
from core.ports.world import Clock
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port
from scenarios.world.network import Asgi
from scenarios.world.plant import Plant


@dataclass(frozen=True)
class NewEachTime(Around):
    """Of Erp."""

    seen: dict[str, int] = field(default_factory=dict)

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        times = self.seen[key] = self.seen.get(key, 0) + 1
        if times > 1:
            schedule = replace(schedule, key=f"{schedule.key}-{times}")
        await self.real.add_schedule(schedule, key)


class DoneWhenTaken(Around):
    """Of Store. What the worker says of a task afterwards finds nothing to write to."""

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        tasks: list[Task] = await self.real.claim(worker, now, until, limit, queues, aged=aged)
        for task in tasks:
            await self.real.finish(task, (), now)
        return tasks

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        return replace(task, done=(*task.done, step), version=version)

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        pass

    async def put_off(self, task: Task, due_at: int, error: str, label: str, *, counted: bool = True) -> None:
        pass

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        pass


class GhostRecovery(Around):
    """Of Store."""

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        if task.queue != "payout_to_ledger":
            await self.real.finish(task, emits, now, told)
            return
        # The end is not written down: recovery finds the flow open, again and again.
        await self.real.put_off(task, now + _RECOVERY_US, "recovered", task.label)


class ForgottenSoon(Around):
    """Of Store."""

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        fresh: bool = await self.real.accept(event, queues, topics)
        await self.real.forget(event.at - _CACHED_US)
        return fresh


# As long as a cache of ids in memory is often set to.
_CACHED_US = 24 * 3_600_000_000
_RECOVERY_US = 6 * 3_600_000_000


def _taken_first(app: Asgi, _secrets: Mapping[str, str], _clock: Clock) -> Asgi:
    # Whoever works in the background must be held, or the collector takes it away.
    at_work: set[asyncio.Task[None]] = set()

    async def nobody_hears(_message: MutableMapping[str, Any]) -> None:
        return None

    async def door(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(app(scope, receive, nobody_hears))
        at_work.add(task)
        task.add_done_callback(at_work.discard)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return door


EVENTS = (
    Mutant(
        "redelivery_is_news",
        "a redelivered event plans revenue under a fresh external id (woo-payments#3783, F13)",
        ("I-19",),
        in_port("erp", NewEachTime),
        model="direct",
    ),
    Mutant(
        "acknowledged_and_dropped",
        "200 is answered before anything is done or written down: what fails then is gone"
        " (fenilsonani/email-server#36, F16)",
        ("I-31",),
        Plant(door=_taken_first),
        model="direct",
        faults=met_by(Fault("F39", "netsuite", "post_invoice", rate=0.7)),
    ),
    Mutant(
        "done_before_it_is_done",
        "work is acknowledged when it is taken, not when it has ended: an error loses it (F25)",
        ("I-02", "I-12"),
        around("store", DoneWhenTaken),
        faults=met_by(Fault("F39", "netsuite", "post_invoice", rate=0.5)),
    ),
    Mutant(
        "ghost_recovery",
        "recovery adopts flows that have ended and runs them for ever (dbos-transact-py#759, F30)",
        ("I-37",),
        around("store", GhostRecovery),
    ),
    Mutant(
        "ids_of_events_in_a_cache_of_a_day",
        "ids of accepted events expire after a day, while the vendor repeats for three and people for thirty"
        " (F13)",
        ("I-36",),
        around("store", ForgottenSoon),
        customers=4,
    ),
)
