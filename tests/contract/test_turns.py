"""Whose turn it is: money first, a share by age, nothing overtakes in its queue; bugs in it are found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ports.durable import Rank, Store, Task
from core.store.postgres import PostgresStore
from core.store.sqlite import SqliteStore
from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

QUEUES = {"payment": Rank.MONEY, "refund": Rank.MONEY, "order": Rank.BUSINESS, "status": Rank.SHOWN}
_NOW, _LEASE = 50, 1000


@dataclass(frozen=True)
class Turn:
    """One claim: what was ready before, what it was asked for, what it took."""

    before: Sequence[Task]
    now: int
    limit: int
    aged: int
    took: Sequence[Task] = field(default_factory=list)

    def broken(self) -> list[str]:
        """The promises that it breaks, in words."""
        due = [task for task in self.before if task.due_at <= self.now]
        taken = {task.id for task in self.took}
        left = [task for task in due if task.id not in taken]
        named = {task.id: task for task in due}
        found = []
        if len(self.took) != min(self.limit, len(due)):
            found.append("as many as there are and were asked for")
        out_of_turn = [n for n in taken if any(other.rank < named[n].rank for other in left)]
        if len(out_of_turn) > self.aged:
            found.append("what is shown went before money")
        longest = sorted(due, key=lambda task: (task.due_at, task.id))[: min(self.aged, self.limit)]
        if any(task.id not in taken for task in longest):
            found.append("what is longest due was left")
        for n in taken:
            task = named[n]
            if any(t.queue == task.queue and (t.due_at, t.id) < (task.due_at, task.id) for t in left):
                found.append("overtaken within its queue")
        return found


async def turns(store: Store, work: Sequence[tuple[str, int]], limit: int, aged: int) -> list[Turn]:
    """All claims until nothing is due."""
    await store.rank(QUEUES)
    for n, (queue, at) in enumerate(work):
        await store.enqueue(queue, str(n), at)
    found: list[Turn] = []
    while True:
        # What is in hand is due after its lease; what is not yet due stays.
        before = await store.ready()
        took = await store.claim("w", _NOW, _NOW + _LEASE, limit, aged=aged)
        found.append(Turn(before, _NOW, limit, aged, took))
        if not took:
            return found


WORK = st.lists(st.tuples(st.sampled_from(sorted(QUEUES)), st.integers(0, 70)), max_size=30)


@settings(max_examples=60)
@given(WORK, st.integers(1, 7), st.integers(0, 7))
def test_every_claim_keeps_to_whose_turn_it_is(work, limit, aged):
    store = SqliteStore()
    for turn in asyncio.run(turns(store, work, limit, aged)):
        assert turn.broken() == []
    store.close()


@pytest.mark.parametrize("aged", [0, 1, 3])
def test_every_claim_on_a_server_keeps_to_whose_turn_it_is(postgres_server, aged):  # noqa: F811
    work = [(sorted(QUEUES)[n * 7 % 4], n * 37 % 71) for n in range(60)]

    async def main() -> list[Turn]:
        store = await PostgresStore.open(await fresh_database(postgres_server), connections=2)
        try:
            return await turns(store, work, 4, aged)
        finally:
            await store.close()

    for turn in asyncio.run(main()):
        assert turn.broken() == []


class OldestFirst(SqliteStore):
    """The bug: whatever waits longest goes first, whoever it is."""

    async def claim(self, worker, now, until, limit, queues=(), *, aged=0):
        return await super().claim(worker, now, until, limit, queues, aged=limit)


class MoneyOnly(SqliteStore):
    """The bug: by rank alone, so that what is shown may wait for ever."""

    async def claim(self, worker, now, until, limit, queues=(), *, aged=0):
        return await super().claim(worker, now, until, limit, queues)


class NewestFirst(SqliteStore):
    """The bug: within a rank the other way round."""

    def _due(self, rank, now, limit, queues):
        return super()._due(rank, now, 1000, queues)[::-1][:limit]


@pytest.mark.parametrize(
    ("bug", "broken"),
    [
        (OldestFirst, "what is shown went before money"),
        (MoneyOnly, "what is longest due was left"),
        (NewestFirst, "overtaken within its queue"),
    ],
)
def test_a_planted_bug_in_claiming_is_found_out(bug, broken):
    work = [("status", n) for n in range(8)] + [("payment", 20 + n) for n in range(8)]
    store = bug()
    found = [word for turn in asyncio.run(turns(store, work, 4, 1)) for word in turn.broken()]
    assert broken in found
    store.close()
