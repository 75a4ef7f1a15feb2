"""Nothing depends on where an object lies in memory or on how strings are hashed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.world.loop import SimLoop, run

COUNT = 60
ROOT = Path(__file__).resolve().parents[2]


def task_group_cancel_order() -> list[int]:
    ended: list[int] = []

    async def work(n: int) -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append(n)

    async def main(loop: SimLoop) -> None:
        with pytest.raises(ExceptionGroup):  # noqa: PT012
            async with asyncio.TaskGroup() as group:
                for n in range(COUNT):
                    group.create_task(work(n))
                await asyncio.sleep(1)
                raise ValueError

    run(main)
    return ended


def wait_order() -> list[int]:
    async def main(loop: SimLoop) -> list[int]:
        tasks = [loop.create_task(asyncio.sleep(1, n)) for n in range(COUNT)]
        done, _ = await asyncio.wait(tasks)
        return [task.result() for task in done]

    return run(main)


def wait_for_futures_order() -> list[int]:
    async def main(loop: SimLoop) -> list[int]:
        futures = {}
        for n in range(COUNT):
            future = loop.create_future()
            futures[future] = n
            loop.call_later(1, future.set_result, None)
        done, _ = await asyncio.wait(futures)
        return [futures[future] for future in done]

    return run(main)


def as_completed_order() -> list[int]:
    """Of tasks: bare coroutines are put into a set by as_completed itself, by their address."""

    async def main(loop: SimLoop) -> list[int]:
        tasks = [loop.create_task(asyncio.sleep(1, n)) for n in range(COUNT)]
        return [await future for future in asyncio.as_completed(tasks)]

    return run(main)


def all_tasks_order() -> list[str]:
    async def main(loop: SimLoop) -> list[str]:
        tasks = [loop.create_task(asyncio.sleep(1), name=str(n)) for n in range(COUNT)]
        names = [task.get_name() for task in asyncio.all_tasks()]
        await asyncio.gather(*tasks)
        return names

    return run(main)


def nested_groups_order() -> list[tuple[int, int]]:
    """Groups in groups, begun at different times, so that creation numbers lie far apart."""
    ended: list[tuple[int, int]] = []

    async def leaf(a: int, b: int) -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append((a, b))

    async def branch(a: int) -> None:
        await asyncio.sleep(a % 3)
        async with asyncio.TaskGroup() as group:
            for b in range(4):
                group.create_task(leaf(a, b))

    async def main(loop: SimLoop) -> None:
        tasks = {loop.create_task(branch(a)) for a in range(9)}
        await asyncio.sleep(5)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    run(main)
    return ended


CASES: dict[str, Callable[[], object]] = {
    case.__name__: case
    for case in (
        task_group_cancel_order,
        wait_order,
        wait_for_futures_order,
        as_completed_order,
        all_tasks_order,
        nested_groups_order,
    )
}


def test_small_sets_iterate_in_order_of_creation():
    in_order = list(range(COUNT))
    assert task_group_cancel_order() == in_order
    assert wait_order() == in_order
    assert wait_for_futures_order() == in_order
    assert as_completed_order() == in_order


def test_tasks_and_futures_are_counted_together_from_one():
    async def main(loop: SimLoop) -> list[int]:
        made = [loop.create_future(), loop.create_task(asyncio.sleep(0)), loop.create_future()]
        await asyncio.sleep(1)
        return [hash(each) for each in made]

    first = run(main)
    assert first == [first[0], first[0] + 1, first[0] + 2]
    assert run(main) == first


def test_the_same_twice_in_one_process():
    for case in CASES.values():
        assert case() == case()


_CHILD = """
import json, sys
noise = int(sys.argv[1])
junk = [bytearray((i * 7919 * noise) % 5000 + 1) for i in range(noise * 50)]
junk = [each for i, each in enumerate(junk) if i % 3]
from tests.simulation.test_loop_determinism import CASES
print(json.dumps({name: case() for name, case in CASES.items()}))
"""


def _in_a_process(hash_seed: str, noise: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(noise)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def test_the_same_in_other_processes():
    here = json.loads(json.dumps({name: case() for name, case in CASES.items()}))
    for hash_seed, noise in (("0", 1), ("1", 40), ("random", 333)):
        assert _in_a_process(hash_seed, noise) == here
