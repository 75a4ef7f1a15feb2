"""What a mock has yet to do by itself, by due time: jobs, retries, midnights. Part of its state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from heapq import heappop, heappush
from typing import Any

from simulators.kit.clock import SECOND, Clock

# A bound method of something in the mock's state, or a function of a module: snapshots pickle it.
Act = Callable[..., Awaitable[None] | None]
Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Entry:
    """One thing to do. periodic: it comes again for ever, so nobody waits for it to be over."""

    __slots__ = ("act", "args", "cancelled", "due", "periodic")

    def __init__(self, due: int, act: Act, args: tuple[Any, ...], periodic: bool) -> None:
        self.due, self.act, self.args, self.periodic = due, act, args, periodic
        self.cancelled = False

    def cancel(self) -> None:
        """Do not do it; without effect once it has begun."""
        self.cancelled = True


class Agenda:
    """One a mock. Acts run at their due time on the mock's clock, in order of due time, then of entry.

    While time is moved by hand (`held`), nothing runs by itself: whoever moves it runs the acts.
    """

    def __init__(self, clock: Clock, spawn: Spawn) -> None:
        self._clock, self._spawn = clock, spawn
        self._heap: list[tuple[int, int, Entry]] = []
        self._running: dict[int, Entry] = {}
        self._count = 0
        self._closed = False
        self._forget()

    def _forget(self) -> None:
        self.held = False
        self._woken: asyncio.Event | None = None
        self._kept = False

    def at(self, due: int, act: Act, *args: Any, periodic: bool = False) -> Entry:
        """Do `act(*args)` at `due` (microseconds), or at once if that has passed."""
        entry = Entry(due, act, args, periodic)
        if self._closed:
            return entry
        self._count += 1
        if due <= self._clock.now() and not self.held:
            self._launch(self._count, entry)
        else:
            heappush(self._heap, (due, self._count, entry))
            self.wake()
        return entry

    def after(self, seconds: float, act: Act, *args: Any, periodic: bool = False) -> Entry:
        """Do it `seconds` from now."""
        return self.at(self._clock.now() + round(seconds * SECOND), act, *args, periodic=periodic)

    @property
    def waiting(self) -> int:
        """What is under way or still to come, but for the periodic."""
        entries = [entry for _, _, entry in self._heap] + list(self._running.values())
        return sum(not (entry.periodic or entry.cancelled) for entry in entries)

    @property
    def busy(self) -> bool:
        """Whether an act is under way."""
        return bool(self._running)

    def next_due(self) -> int | None:
        """When the next act is due, in microseconds."""
        while self._heap and self._heap[0][2].cancelled:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    async def run_next(self) -> None:
        """Do the next act now, to its end."""
        _, number, entry = heappop(self._heap)
        await self._do(number, entry)

    def close(self) -> None:
        """Nothing more is done, nor taken on."""
        self._closed = True
        self._heap.clear()
        self.wake()

    def wake(self) -> None:
        """Look anew at what is next: after a change of the clock or of its pace, or after a thaw."""
        if self._woken is not None:
            self._woken.set()
        if self._heap and not self._kept and not self.held:
            self._kept = True
            self._spawn(self._keep())

    # --- on its own

    async def _keep(self) -> None:
        """Wait for the next act and launch it, as long as there is one."""
        woken = self._woken = asyncio.Event()
        loop = asyncio.get_running_loop()
        try:
            while (due := self.next_due()) is not None and not self.held:
                pause = due - self._clock.now()
                if pause <= 0:
                    _, number, entry = heappop(self._heap)
                    self._launch(number, entry)
                    continue
                woken.clear()
                timer = loop.call_later(pause / SECOND / self._pace(), woken.set)
                await woken.wait()
                timer.cancel()
        finally:
            self._kept = False
            self._woken = None

    def _pace(self) -> float:
        # A clock that stands still is looked at now and then; whoever moves it wakes us.
        return float(getattr(self._clock, "pace", 1.0)) or 1e-6

    def _launch(self, number: int, entry: Entry) -> None:
        self._running[number] = entry
        self._spawn(self._do(number, entry))

    async def _do(self, number: int, entry: Entry) -> None:
        self._running[number] = entry
        try:
            if not (entry.cancelled or self._closed):
                doing = entry.act(*entry.args)
                if doing is not None:
                    await doing
        finally:
            self._running.pop(number, None)

    # --- snapshots

    def __getstate__(self) -> dict[str, Any]:
        """What was under way is to be done again: at least once, as after a restart of the vendor's own."""
        state = {
            name: value for name, value in self.__dict__.items() if name not in ("_woken", "_kept", "held")
        }
        again = [(entry.due, number, entry) for number, entry in self._running.items()]
        state["_heap"], state["_running"] = sorted([*self._heap, *again], key=lambda item: item[:2]), {}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()
