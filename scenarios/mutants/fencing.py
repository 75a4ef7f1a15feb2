"""Bugs in who has a task in hand, and in what those are kept from who had it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.assemble import Surroundings
from core.canonical.errors import Fenced
from core.ports.announcing import Announcement
from core.ports.durable import Task
from core.reliability.worker import Claims
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around
from scenarios.world.plant import Plant

# Shorter than an answer that is late, which is how a worker sleeps through it.
_LEASE_SECONDS = 5.0
_HOUR_US = 3_600_000_000
_LATE = met_by(Fault("F03", rate=0.2), Fault("F01", rate=0.1))


class NeverRenewed(Around):
    """Of Store. No bug in a store that fences: whoever is slow is followed, and writes nothing more."""

    async def extend(self, _tasks: Sequence[Task], _until: int) -> None:
        return None


class SameEpoch(Around):
    """Of Store."""

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        tasks: list[Task] = await self.real.claim(worker, now, until, limit, queues, aged=aged)
        again = [task for task in tasks if task.fence > 1]
        self.real.database.executemany("UPDATE task SET fence = 1 WHERE id = ?", [(t.id,) for t in again])
        return [replace(task, fence=1) for task in tasks]


class Unfenced(Around):
    """Of Store. An update of a row by its id alone: the epoch of its writer is not asked for."""

    async def _whoever(self, task: Task) -> Task:
        row = await self.real.task(task.id)
        return replace(task, fence=row.fence)

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        done: Task = await self.real.step_done(await self._whoever(task), step, version)
        return done

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        await self.real.finish(await self._whoever(task), emits, now, told)

    async def put_off(self, task: Task, due_at: int, error: str, label: str, *, counted: bool = True) -> None:
        await self.real.put_off(await self._whoever(task), due_at, error, label, counted=counted)


class GoesOn(Around):
    """Of Store."""

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        with suppress(Fenced):
            done: Task = await self.real.step_done(task, step, version)
            return done
        return replace(task, done=(*task.done, step), version=version)


class OutOfOthersHands(Around):
    """Of Store. By a clock that is an hour ahead."""

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        tasks: list[Task] = await self.real.claim(worker, now + _HOUR_US, until, limit, queues, aged=aged)
        return tasks

    async def next_due(self, queues: Collection[str] = ()) -> int | None:
        due: int | None = await self.real.next_due(queues)
        return None if due is None else due - _HOUR_US


def zombies(store: Callable[[Any], Any]) -> Plant:
    """Leases that are short and not renewed, around a store."""

    def given(sound: Surroundings) -> Surroundings:
        claims = Claims(lease_seconds=_LEASE_SECONDS)
        return replace(sound, store=store(NeverRenewed(sound.store)), claims=claims)

    return Plant(around=given)


FENCING = (
    Mutant(
        "claimed_under_the_same_epoch",
        "a task that is claimed again keeps the number of its first claim, so the two cannot be told apart"
        " (dbos-transact-java#491, F27)",
        ("I-43",),
        around("store", SameEpoch),
        faults=_LATE,
    ),
    Mutant(
        "written_under_any_epoch",
        "the store updates by id alone: who slept through its lease writes over who followed (PyQS#29, F27)",
        ("I-43",),
        zombies(Unfenced),
        faults=_LATE,
    ),
    Mutant(
        "goes_on_after_it_was_refused",
        "that the claim is over is logged as a warning, and the worker goes on with the next step (F27)",
        ("I-43",),
        zombies(GoesOn),
        faults=_LATE,
    ),
    Mutant(
        "taken_out_of_anothers_hand",
        "by a clock that is ahead a claim does not wait for the end of the lease: two work on one task (F27)",
        ("I-43",),
        around("store", OutOfOthersHands),
        faults=_LATE,
    ),
)
