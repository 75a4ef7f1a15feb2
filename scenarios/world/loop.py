"""SimLoop: an asyncio event loop whose clock and timer heap are one simpy.Environment.

SimPy counts whole microseconds since the start of the run; asyncio sees seconds. Nothing here waits:
when no handle is ready, the environment steps to the next moment at which something is scheduled.
"""

# asyncio keeps the ready queue and the timer flags private; a loop of one's own has to touch them.
# mypy: disable-error-code="override,attr-defined,assignment,misc,unused-ignore,type-arg,arg-type"

from __future__ import annotations

import asyncio
import threading
from asyncio import base_events, events
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from heapq import heappop, heappush
from typing import Any, NoReturn, cast

import simpy
from simpy.events import NORMAL, Event

from scenarios.world.hosts import HOST, Host

# Far more tasks and futures than any run has.
_ROUND = 2**32


class Fenced(RuntimeError):
    """Code under simulation tried to leave the simulation."""


class Deadlock(RuntimeError):
    """Nothing is ready, nothing is scheduled, and the main task is not done."""


class StepBudget(RuntimeError):
    """More handles ran than the budget allows: a livelock, most likely."""


class _Timer(Event):
    """A simpy event that makes one asyncio handle ready; leaner than a simpy.Timeout."""

    __slots__ = ("handle",)

    def __init__(self, env: simpy.Environment, handle: events.TimerHandle, fire: Any) -> None:
        self.env = env
        self.callbacks = [fire]
        self._ok, self._value, self._defused = True, None, True
        self.handle = handle


class SimTask(asyncio.Task):
    """A task hashed by order of creation, since sets of tasks iterate by hash."""

    def __init__(self, coro: Any, *, loop: SimLoop, name: str | None, context: Context | None) -> None:
        self._order = loop.next_order()
        super().__init__(coro, loop=loop, name=name or f"task-{self._order}", context=context)

    def __hash__(self) -> int:
        return self._order


class SimFuture(asyncio.Future):
    """A future hashed by order of creation."""

    def __init__(self, *, loop: SimLoop) -> None:
        self._order = loop.next_order()
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return self._order


class SimLoop(base_events.BaseEventLoop):
    """Deterministic virtual time. `step_budget` bounds the handles run (0: no bound)."""

    def __init__(self, *, step_budget: int = 0) -> None:
        self._order = 0
        super().__init__()
        self.env = simpy.Environment(initial_time=0)
        self.steps = 0
        self._budget = step_budget
        self._home = threading.get_ident()
        self._dead: set[SimTask] = set()
        self._graveyard: list[SimTask] = []

    # --- time ---

    def time(self) -> float:
        return cast(int, self.env._now) / 1_000_000

    @property
    def now_us(self) -> int:
        """Whole microseconds since the start of the run."""
        return cast(int, self.env._now)

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self._check_closed()
        env = self.env
        moment = max(round(when * 1_000_000), env._now)
        handle = events.TimerHandle(moment / 1_000_000, callback, args, self, context)
        # Straight onto the heap: the absolute moment is kept, no now + (when - now) drift.
        heappush(env._queue, (moment, NORMAL, next(env._eid), _Timer(env, handle, self._fire)))
        handle._scheduled = True
        return handle

    def call_later(
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def _fire(self, event: _Timer) -> None:
        handle: Any = event.handle
        handle._scheduled = False
        if not handle._cancelled:
            self._ready.append(handle)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers stay on the heap and are dropped when they come up."""

    # --- the one seam ---

    def _run_once(self) -> None:
        ready = self._ready
        if not ready:
            self._next_moment()
            return
        dead = self._dead
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle._cancelled or (dead and self._is_dead(handle)):
                continue
            self.steps += 1
            handle._run()
        if self._budget and self.steps > self._budget:
            raise StepBudget(f"{self.steps} steps by {self.time():.3f} s of virtual time")

    def _is_dead(self, handle: Any) -> bool:
        # Asked by type first: a callback may be bound to something that cannot be hashed.
        owner = getattr(handle._callback, "__self__", None)
        return type(owner) is SimTask and owner in self._dead

    def _next_moment(self) -> None:
        env = self.env
        queue = env._queue
        self._drop_cancelled(queue)
        if not queue:
            if self._stopping:
                return
            raise Deadlock(f"nothing ready and nothing scheduled at {self.time():.6f} s")
        moment = queue[0][0]
        # Everything of this instant first, then the ready queue: one order, always the same.
        while queue and queue[0][0] == moment:
            env.step()
            self._drop_cancelled(queue)

    @staticmethod
    def _drop_cancelled(queue: list[Any]) -> None:
        # A cancelled timer must not move the clock.
        while queue and type(queue[0][3]) is _Timer and queue[0][3].handle._cancelled:
            heappop(queue)

    # --- tasks ---

    def next_order(self) -> int:
        """1, 2, 3, … over all tasks and futures."""
        self._order += 1
        return self._order

    def renumber(self) -> None:
        """Go on from the next round number, so that nothing hangs on how many there were before."""
        self._order = (self._order // _ROUND + 1) * _ROUND

    def create_task(
        self, coro: Any, *, name: str | None = None, context: Context | None = None, **_: Any
    ) -> asyncio.Task[Any]:
        self._check_closed()
        host = context.get(HOST) if context is not None else HOST.get()
        if host is not None and not host.up:
            coro.close()
            raise Fenced(f"host {host.name} is down and starts no task")
        task = SimTask(coro, loop=self, name=name, context=context)
        if host is not None:
            host.tasks[task] = None
            task.add_done_callback(host.forget)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        return SimFuture(loop=self)

    def crash(self, host: Host) -> None:
        """A power cut: the host's tasks never run again, and none of their `finally` either."""
        tasks = cast("list[SimTask]", host.power_off())
        for task in tasks:
            task._log_destroy_pending = False
        self._dead.update(tasks)
        self._graveyard.extend(tasks)

    def bury(self) -> None:
        """After close: end the coroutines that never came to theirs, without a word to anybody."""
        for task in (*self._graveyard, *sorted(asyncio.all_tasks(self), key=hash)):
            task._log_destroy_pending = False
            # A coroutine that awaits in its `finally` refuses to be closed, once for each such await.
            for _ in range(100):
                try:
                    task.get_coro().close()
                except (Exception, asyncio.CancelledError):  # noqa: BLE001 - the run is over, nobody listens
                    continue
                break

    # --- simpy bridges ---

    def act(self, coro: Coroutine[Any, Any, Any]) -> Event:
        """Let a simpy process `yield` a coroutine; its result is the value of the event."""
        event = self.env.event()
        task = self.create_task(coro)

        def done(finished: asyncio.Task[Any]) -> None:
            error = None if finished.cancelled() else finished.exception()
            if finished.cancelled():
                event.fail(asyncio.CancelledError())
            elif error is not None:
                event.fail(error)
            else:
                event.succeed(finished.result())

        task.add_done_callback(done)
        return event

    def wait(self, event: Event) -> asyncio.Future[Any]:
        """Let a coroutine `await` a simpy event."""
        future = self.create_future()

        def copy(happened: Any) -> None:
            if future.done():
                return
            if happened._ok:
                future.set_result(happened._value)
            else:
                happened._defused = True
                future.set_exception(happened._value)

        if event.callbacks is None:
            copy(event)
        else:
            event.callbacks.append(copy)
        return future

    def process(self, generator: Generator[Event, Any, Any]) -> simpy.Process:
        """Start a simpy process."""
        return self.env.process(generator)

    # --- fences ---

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Context | None = None) -> Any:
        if threading.get_ident() != self._home:
            raise Fenced("another thread tried to reach the simulation")
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(self, _executor: Any, func: Any, *_: Any) -> NoReturn:
        raise Fenced(f"run_in_executor({getattr(func, '__qualname__', func)}): threads are fenced")

    def _fence(self, *args: Any, **_: Any) -> NoReturn:
        raise Fenced(f"real I/O is fenced inside the simulation: {args!r:.80}")

    add_reader = add_writer = sock_connect = sock_recv = sock_sendall = sock_accept = _fence
    create_connection = create_server = create_datagram_endpoint = _fence
    create_unix_connection = create_unix_server = connect_read_pipe = _fence
    getaddrinfo = getnameinfo = add_signal_handler = subprocess_exec = subprocess_shell = _fence

    def _write_to_self(self) -> None:
        """No selector to wake."""

    def _process_events(self, event_list: Any) -> None:
        """No selector, no events of it."""

    def get_debug(self) -> bool:
        return False


def run(main: Callable[[SimLoop], Coroutine[Any, Any, Any]], *, step_budget: int = 0) -> Any:
    """asyncio.run in virtual time; leftovers are cancelled in order of creation."""
    loop = SimLoop(step_budget=step_budget)
    try:
        result = loop.run_until_complete(loop.create_task(main(loop), name="main"))
        left = sorted(asyncio.all_tasks(loop) - loop._dead, key=hash)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        # Generators that died with their host stay as the power cut left them.
        if not loop._graveyard:
            loop.run_until_complete(loop.shutdown_asyncgens())
        return result
    finally:
        loop.close()
        loop.bury()
