"""How fast we may speak to a vendor: rate, concurrency, day's quota, pauses; money first; for all workers."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum

from core.canonical.errors import CoreError, Unavailable
from core.ports.world import Clock
from core.reliability.sharing import ANEW_SECONDS, Part, Shared

_SECOND_US, _DAY_US = 1_000_000, 86_400_000_000
# A vendor that only says "too many" is left alone for so long; and after each such answer we go half as
# fast, then faster again by a twentieth of the full rate with every good answer.
_PAUSE_SECONDS, _SLOWER, _FASTER, _LEAST = 1.0, 0.5, 0.05, 0.05
_WAITING_MAX = 10_000
# Of the day's quota this much is kept for what cannot wait.
_RESERVE = 0.1
# So many of the day's requests are taken at once.
_SLAB = 50


class Priority(IntEnum):
    """Who goes first when not all may: acts that move money or contracts, then what they need to know, then
    what is shown to people, then what is looked through by night."""

    ACT = 0
    READ = 1
    SHOW = 2
    BACKGROUND = 3


# Set by jobs that can wait; whoever is called from them inherits it.
BACKGROUND: ContextVar[bool] = ContextVar("background", default=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a vendor allows all workers together. per_second and per_day: None where it does not count;
    concurrency: at once."""

    concurrency: int = 10
    per_second: int | None = None
    per_day: int | None = None


UNHURRIED = Pace()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one limiter stands. running, waiting: requests; per_mille: of the full rate, what the vendor bears
    at present; paused_us: until it may be asked again, 0 for now."""

    system: str
    pace: Pace
    running: int
    waiting: int
    per_mille: int
    paused_us: int


class Limiter:
    """One a vendor and process; with `shared` the pace is that of all workers together: what one of them
    hears of pauses, all keep to."""

    def __init__(self, name: str, pace: Pace, clock: Clock, shared: Shared | None = None) -> None:
        self._name, self._pace, self._clock = name, pace, clock
        self._part = Part(name, pace.concurrency, pace.per_second, clock, shared) if shared else None
        self._keeper: asyncio.Task[None] | None = None
        self._running = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        # The share of the full rate that the vendor bears at present.
        self._share = 1.0
        self._tokens, self._refilled = float(pace.per_second or 0), clock.now()
        # When those of the last second were let go, counted as a meter counts that slides: a bucket that
        # was full lets twice the rate through in its first second.
        self._gone: deque[int] = deque()
        self._paused_until = 0
        self._day, self._left, self._taken = 0, {True: 0, False: 0}, dict[int, int]()
        self._used_up: set[bool] = set()
        self._counting = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def admitted(self, priority: Priority) -> AsyncIterator[None]:
        """Wait for a turn, keep it for the block. Unavailable if too many wait already, or if what is left of
        the day's quota is kept for more important things."""
        await self._count_day(priority)
        await self._admit(priority, next(self._order))
        try:
            yield
        finally:
            self._ended()

    async def throttled(self, retry_after: float | None) -> None:
        """The vendor said that it was too much: nobody asks before the pause is over, and then slower."""
        pause = _PAUSE_SECONDS if retry_after is None else retry_after
        self._heard(max(self._paused_until, self._clock.now() + int(pause * _SECOND_US)))
        if self._part is not None:
            # If the store is away the others hear it from the vendor.
            with suppress(CoreError):
                await self._part.pause(self._paused_until)

    def _heard(self, until: int) -> None:
        self._paused_until = until
        self._share = max(_LEAST, self._share * _SLOWER)
        self._tokens = min(self._tokens, 0.0)

    def answered(self) -> None:
        """A good answer: a little faster again."""
        self._share = min(1.0, self._share + _FASTER)

    def standing(self) -> Standing:
        """At this moment."""
        paused = max(0, self._paused_until - self._clock.now())
        share = round(self._share * 1000)
        return Standing(self._name, self._pace, self._running, len(self._waiting), share, paused)

    # --- turns ---

    async def _admit(self, priority: Priority, order: int) -> None:
        """Among the requests of this worker, then among those of all; whoever learns only there that the
        vendor is left alone waits again, in the same place."""
        while True:
            await self._take_turn(priority, order)
            if self._part is None:
                return
            try:
                granted = await self._granted(self._part)
            except BaseException:
                self._ended()
                raise
            if granted:
                return
            self._ended()

    async def _take_turn(self, priority: Priority, order: int) -> None:
        if self._part is not None and (self._keeper is None or self._keeper.done()):
            self._keeper = asyncio.create_task(self._keep(self._part))
        if self._waiting or not self._may_go():
            await self._turn(priority, order)
        else:
            self._go()

    def _ended(self) -> None:
        self._running -= 1
        self._let_go()

    async def _turn(self, priority: Priority, order: int) -> None:
        if len(self._waiting) >= _WAITING_MAX:
            raise Unavailable(f"{self._name}: {_WAITING_MAX} requests wait already", system=self._name)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, order, future))
        self._let_go()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                # It was given the turn in the same moment.
                self._running -= 1
            self._let_go()
            raise

    def _let_go(self) -> None:
        while self._waiting:
            if self._waiting[0][2].done():
                heapq.heappop(self._waiting)
                continue
            if not self._may_go():
                self._come_back()
                return
            _, _, future = heapq.heappop(self._waiting)
            self._go()
            future.set_result(None)

    def _may_go(self) -> bool:
        now = self._clock.now()
        if self._running >= self._slots or now < self._paused_until:
            return False
        if self._pace.per_second is None:
            return True
        rate = self._pace.per_second * self._share
        grown = self._tokens + (now - self._refilled) * rate / _SECOND_US
        self._tokens, self._refilled = min(rate, grown), now
        while self._gone and self._gone[0] <= now - _SECOND_US:
            self._gone.popleft()
        return self._tokens >= 1.0 and len(self._gone) < self._pace.per_second

    def _go(self) -> None:
        self._running += 1
        if self._pace.per_second is not None:
            self._tokens -= 1.0
            self._gone.append(self._clock.now())

    def _come_back(self) -> None:
        """A slot that becomes free calls by itself; time has to be waited for."""
        if self._running >= self._slots or (self._timer and not self._timer.cancelled()):
            return
        wait = (self._paused_until - self._clock.now()) / _SECOND_US
        if wait <= 0 and self._pace.per_second is not None:
            wait = (1.0 - self._tokens) / (self._pace.per_second * self._share)
            if len(self._gone) >= self._pace.per_second:
                wait = max(wait, (self._gone[0] + _SECOND_US - self._clock.now()) / _SECOND_US)
        self._timer = asyncio.get_running_loop().call_later(max(wait, 0.001), self._timed)

    def _timed(self) -> None:
        self._timer = None
        self._let_go()

    # --- what is shared, and the day ---

    @property
    def _slots(self) -> int:
        return self._pace.concurrency if self._part is None else self._part.slots

    async def _granted(self, part: Part) -> bool:
        """One of this moment's requests of all workers; False if one of them heard that it is too much."""
        await part.spend()
        until = await part.paused()
        if until <= max(self._clock.now(), self._paused_until):
            return self._clock.now() >= self._paused_until
        self._heard(until)
        return False

    async def _keep(self, part: Part) -> None:
        """While there is work: keep the slots, take those that others have left, let go who waits for one.
        Whoever comes while they are being given back has found none, and would be let go by nobody."""
        while True:
            with suppress(CoreError):
                await part.allot(self._running)
            self._let_go()
            await asyncio.sleep(ANEW_SECONDS)
            if self._idle:
                with suppress(CoreError):
                    await part.give_back()
                if self._idle:
                    return

    @property
    def _idle(self) -> bool:
        return not self._running and not self._waiting

    async def _count_day(self, priority: Priority) -> None:
        if self._pace.per_day is None:
            return
        urgent = priority < Priority.SHOW
        # One after the other: if each who finds nothing left took a slab, a burst would take the whole day.
        async with self._counting:
            day = self._clock.now() // _DAY_US
            if day != self._day:
                self._day, self._left, self._used_up = day, {True: 0, False: 0}, set()
            if not self._left[urgent] and urgent not in self._used_up:
                self._left[urgent] = await self._more_today(day, urgent)
                if not self._left[urgent]:
                    # What is spent does not come back today.
                    self._used_up.add(urgent)
            left = self._left[urgent]
            self._left[urgent] = max(0, left - 1)
        if not left:
            wait = (_DAY_US - self._clock.now() % _DAY_US) / _SECOND_US
            raise Unavailable(
                f"{self._name}: the day's {self._pace.per_day} requests are used up"
                f"{'' if urgent else ' but for what cannot wait'}",
                system=self._name,
                retry_after=wait,
            )

    async def _more_today(self, day: int, urgent: bool) -> int:
        """A slab of the day's quota: of what is left to all, or of what is not kept for what cannot wait."""
        assert self._pace.per_day is not None
        most = self._pace.per_day if urgent else self._pace.per_day - int(self._pace.per_day * _RESERVE)
        if self._part is None:
            taken = max(0, min(_SLAB, most - self._taken.get(day, 0)))
            self._taken = {day: self._taken.get(day, 0) + taken}
            return taken
        return await self._part.more_today(day, _SLAB, most)
