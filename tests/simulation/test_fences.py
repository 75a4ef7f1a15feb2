"""Inside a run nobody leaves it: each way out raises and names the line that tried."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
import tempfile
import threading
import time
import uuid
from collections.abc import Callable

import pytest

from scenarios.world.fences import _FENCED, fenced
from scenarios.world.loop import Fenced, SimLoop, run

ATTEMPTS: dict[str, Callable[[], object]] = {
    "time.time": lambda: time.time(),  # noqa: PLW0108 - looked up when called
    "time.time_ns": lambda: time.time_ns(),  # noqa: PLW0108 - looked up when called
    "time.monotonic": lambda: time.monotonic(),  # noqa: PLW0108 - looked up when called
    "time.monotonic_ns": lambda: time.monotonic_ns(),  # noqa: PLW0108 - looked up when called
    "time.sleep": lambda: time.sleep(0),
    "random.random": lambda: random.random(),  # noqa: PLW0108 - looked up when called
    "random.randint": lambda: random.randint(1, 6),
    "random.randrange": lambda: random.randrange(6),
    "random.choice": lambda: random.choice("ab"),
    "random.shuffle": lambda: random.shuffle([]),
    "random.uniform": lambda: random.uniform(0, 1),
    "os.urandom": lambda: os.urandom(1),
    "uuid.uuid1": lambda: uuid.uuid1(),  # noqa: PLW0108 - looked up when called
    "uuid.uuid4": lambda: uuid.uuid4(),  # noqa: PLW0108 - looked up when called
    "secrets.token_hex": lambda: secrets.token_hex(),  # noqa: PLW0108 - looked up when called
    "secrets.token_bytes": lambda: secrets.token_bytes(),  # noqa: PLW0108 - looked up when called
    "secrets.token_urlsafe": lambda: secrets.token_urlsafe(),  # noqa: PLW0108 - looked up when called
    "socket.connect": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "socket.create_connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "Thread.start": lambda: threading.Thread(target=print).start(),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_each_fence_raises_and_names_the_caller(name):
    with fenced(), pytest.raises(Fenced) as caught:
        ATTEMPTS[name]()
    line = ATTEMPTS[name].__code__.co_firstlineno
    assert name in str(caught.value)
    assert f"{__file__}:{line};" in str(caught.value)


def test_every_fence_is_tried_above():
    assert len(ATTEMPTS) == len(_FENCED)


def test_fences_come_down_again():
    before = [getattr(owner, name) for owner, name, _ in _FENCED]
    with pytest.raises(LookupError), fenced():
        raise LookupError
    assert [getattr(owner, name) for owner, name, _ in _FENCED] == before
    assert time.time() > 0


def test_libraries_look_for_their_own_ends():
    """A temporary name, a uuid made from random bytes inside the library: not called by us."""
    with fenced():
        assert tempfile.gettempdir()
        assert next(tempfile._get_candidate_names())  # draws from random.Random of its own
        assert len(random.Random(1).choices("ab", k=3)) == 3
        assert uuid.uuid5(uuid.NAMESPACE_DNS, "a")


def test_a_call_through_a_library_passes():
    namespace: dict[str, object] = {"__name__": "somebody.elses.library", "time": time}
    exec("def look(): return time.time()", namespace)
    with fenced():
        assert namespace["look"]() > 0


@pytest.mark.parametrize("ours", ["core.steps.dun", "simulators.kit.clock", "scenarios.world.play"])
def test_our_own_code_is_recognised_by_its_package(ours):
    namespace: dict[str, object] = {"__name__": ours, "time": time}
    exec("def look(): return time.time()", namespace)
    with fenced(), pytest.raises(Fenced, match=r"wall clock: time\.time"):
        namespace["look"]()


# --- the loop's own fences ---


def attempt(act):
    async def main(loop: SimLoop) -> None:
        await act(loop)

    with pytest.raises(Fenced) as caught:
        run(main)
    return str(caught.value)


def test_the_executor_is_fenced():
    async def to_thread(loop: SimLoop) -> None:
        await asyncio.to_thread(sorted, [])

    async def in_executor(loop: SimLoop) -> None:
        await loop.run_in_executor(None, sorted, [])

    assert "threads are fenced" in attempt(to_thread)
    assert "run_in_executor(sorted)" in attempt(in_executor)


@pytest.mark.parametrize(
    "leave",
    [
        lambda loop: asyncio.open_connection("127.0.0.1", 9),
        lambda loop: asyncio.start_server(print, "127.0.0.1", 0),
        lambda loop: loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0)),
        lambda loop: loop.getaddrinfo("localhost", 80),
        lambda loop: asyncio.create_subprocess_exec("true"),
        lambda loop: asyncio.create_subprocess_shell("true"),
        lambda loop: loop.sock_connect(None, ("127.0.0.1", 9)),
    ],
)
def test_sockets_and_processes_are_fenced(leave):
    async def act(loop: SimLoop) -> None:
        await leave(loop)

    assert "real I/O is fenced" in attempt(act)


def test_another_thread_cannot_reach_in():
    caught: list[BaseException] = []

    async def main(loop: SimLoop) -> None:
        def outside() -> None:
            try:
                loop.call_soon_threadsafe(print)
            except Fenced as error:
                caught.append(error)

        thread = threading.Thread(target=outside)
        thread.start()
        thread.join()

    run(main)
    assert "another thread" in str(caught[0])


def test_the_home_thread_may_use_the_threadsafe_call():
    async def main(loop: SimLoop) -> list[int]:
        heard: list[int] = []
        loop.call_soon_threadsafe(heard.append, 1)
        await asyncio.sleep(0)
        return heard

    assert run(main) == [1]


def test_the_virtual_clock_works_behind_the_fences():
    async def main(loop: SimLoop) -> float:
        async with asyncio.timeout(10):
            await asyncio.sleep(5)
        return loop.time()

    with fenced():
        assert run(main) == 5.0
