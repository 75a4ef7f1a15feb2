"""A machine's memory as a hash: whatever would let it act differently later changes it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from functools import partial

import pytest

from scenarios.world.loop import SimLoop, run
from scenarios.world.memory import Opaque, remembered


class Desk:
    """With slots below it and a dict of its own."""

    __slots__ = ("__dict__", "count")

    def __init__(self, count: int, note: str) -> None:
        self.count, self.note = count, note

    def act(self) -> None: ...


def adder(by):
    return lambda number: number + by


def itself():
    found = []
    found.append(found)
    return found


async def works_through(rows):
    for row in rows:
        await asyncio.sleep(row)


def waiting(times):
    """A coroutine that has got so far in a list which no variable of its own names."""

    async def main(_: SimLoop) -> bytes:
        task = asyncio.get_running_loop().create_task(works_through([5, 5, 5]))
        await asyncio.sleep(5 * times + 1)
        return remembered([task])

    return run(main)


DIFFERENT = [
    (Desk(1, "a"), Desk(2, "a")),
    (Desk(1, "a"), Desk(1, "b")),
    (Desk(1, "a").act, Desk(2, "a").act),
    (adder(1), adder(2)),
    (partial(adder, 1), partial(adder, 2)),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (deque([1], 2), deque([1], 3)),
    (iter([1, 2]), iter([1, 3])),
    (1, True),
    (b"1", "1"),
    ([[], []], [[1], []]),
    (OrderedDict(a=1), {"a": 1}),
    (ValueError("a"), ValueError("b")),
    (int, str),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_differs(one, other):
    assert remembered([one]) == remembered([one])
    assert remembered([one]) != remembered([other])


def test_what_is_alike_is_alike():
    for make in (lambda: Desk(1, "a"), lambda: adder(1), lambda: Desk(1, "a").act, itself):
        assert remembered([make()]) == remembered([make()])


def test_whether_two_are_one_matters():
    shared: list[int] = []
    assert remembered([[shared, shared]]) != remembered([[[], []]])


def test_where_a_task_stands_matters_though_no_name_says_it():
    assert waiting(0) == waiting(0)
    assert len({waiting(0), waiting(1), waiting(2), waiting(3)}) == 4


def test_what_cannot_be_looked_into_is_not_passed_over():
    with pytest.raises(Opaque, match="memoryview"):
        remembered([{"inside": [memoryview(b"")]}])
