"""Looks on at who has a task in hand, and in whose name it is written and acted on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, cast

from core.assemble import Surroundings
from core.canonical.errors import Fenced
from core.ports.durable import Store, Task
from core.ports.tracing import Tracer
from core.ports.world import Request, Response, Transport
from core.store.sqlite import SqliteStore
from scenarios.evidence.durable import Claim, Effect, Epochs, Refusal, Sending, TaskName
from scenarios.world.telling_time import TellsTime

# In whose name the code at hand writes: the epoch of its claim by the task's id.
_NAMED: ContextVar[Mapping[int, int]] = ContextVar("named", default={})  # noqa: B039 - never changed in place
# Which task, under which epoch, the code at hand works on.
_AT_WORK: ContextVar[tuple[TaskName, int] | None] = ContextVar("at_work", default=None)

# What is written about a task by whoever has it in hand.
_BY_CLAIM = ("step_done", "finish", "put_off", "park", "step_undone", "turn_back")
# In memory, and rolled back with the transaction that fires the trigger.
_TABLES = (
    "PRAGMA temp_store = MEMORY",
    """CREATE TEMP TABLE claimed (place INTEGER PRIMARY KEY, at INTEGER, task INTEGER, epoch INTEGER,
    former INTEGER, holder TEXT, in_hand_of TEXT, until INTEGER)""",
    """CREATE TEMP TABLE written (task INTEGER, epoch INTEGER, current INTEGER, at INTEGER)""",
    # Whoever renews a lease sets its end alone.
    """CREATE TEMP TRIGGER task_is_claimed AFTER UPDATE OF fence, worker ON main.task
    WHEN NEW.worker <> '' OR NEW.fence <> OLD.fence BEGIN
    INSERT INTO claimed (at, task, epoch, former, holder, in_hand_of, until)
    VALUES (lab_now(), NEW.id, NEW.fence, OLD.fence, NEW.worker,
    CASE OLD.state WHEN 'ready' THEN OLD.worker ELSE '' END, OLD.due_at); END""",
    """CREATE TEMP TRIGGER task_is_written AFTER UPDATE ON main.task
    WHEN lab_epoch(NEW.id) OR (OLD.worker <> '' AND OLD.state = 'ready' AND NEW.fence = OLD.fence
    AND (NEW.done <> OLD.done OR NEW.state <> OLD.state)) BEGIN
    INSERT INTO written VALUES (NEW.id, lab_epoch(NEW.id), OLD.fence, lab_now()); END""",
)
_NAMES = "JOIN main.task ON task.id = {0}.task"
_CLAIMS = f"""SELECT at, queue, key, epoch, former, holder, in_hand_of, until
FROM claimed {_NAMES.format("claimed")} ORDER BY place"""
_EFFECTS = f"""SELECT queue, key, epoch, current, min(at), count(*)
FROM written {_NAMES.format("written")} GROUP BY task.id, epoch, current ORDER BY min(written.rowid)"""


class EpochLog(TellsTime):
    """Of a store that one process has open. now: microseconds; store: in the place of that one, inside of
    everything else that is put around."""

    def __init__(self, store: SqliteStore, now: Callable[[], int]) -> None:
        super().__init__(store.database, now)
        self._db.create_function("lab_epoch", 1, lambda task: _NAMED.get().get(task, 0))
        for statement in _TABLES:
            self._db.execute(statement)
        self.store = cast("Store", _Refusing(store, self._refuse))
        self._refusals: list[Refusal] = []
        self._sendings: dict[tuple[TaskName, int], Sending] = {}

    def wire(self, around: Surroundings) -> Surroundings:
        """The same, looked at from outside of everything else that is put around."""
        store = cast("Store", _Named(around.store))
        return replace(around, store=store, transport=_Heard(around.transport, self._send))

    def evidence(self) -> Epochs:
        """All so far."""
        claims = (Claim(at, (queue, key), *rest) for at, queue, key, *rest in self._db.execute(_CLAIMS))
        effects = (Effect((queue, key), *rest) for queue, key, *rest in self._db.execute(_EFFECTS))
        return Epochs(tuple(claims), tuple(effects), tuple(self._refusals), tuple(self._sendings.values()))

    def _refuse(self, task: Task) -> None:
        self._refusals.append(Refusal(self._now(), (task.queue, task.key), task.fence))

    def _send(self, request: Request) -> None:
        at_work = _AT_WORK.get()
        if request.write and at_work is not None:
            self._sendings[at_work] = Sending(self._now(), *at_work, request.attempt)


class _Named:
    """Stands for core.ports.durable.Store: whatever call it has; what is written about a task in hand is
    written in the name of the claim that its writer knows."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        for name in _BY_CLAIM:
            setattr(self, name, self._in_a_name(getattr(inner, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def extend(self, tasks: Sequence[Task], until: int) -> None:
        with _named({task.id: task.fence for task in tasks}):
            await self._inner.extend(tasks, until)

    def _in_a_name(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def write(task: Task, *args: Any, **named: Any) -> Any:
            with _named({task.id: task.fence}):
                return await call(task, *args, **named)

        return write


class _Refusing:
    """Stands for core.ports.durable.Store: whatever call it has; hears what is refused."""

    def __init__(self, inner: Store, refused: Callable[[Task], None]) -> None:
        self._inner, self._refused = inner, refused
        for name in _BY_CLAIM:
            setattr(self, name, self._heard(getattr(inner, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _heard(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def write(task: Task, *args: Any, **named: Any) -> Any:
            try:
                return await call(task, *args, **named)
            except Fenced:
                self._refused(task)
                raise

        return write


@contextmanager
def _named(claims: Mapping[int, int]) -> Iterator[None]:
    _NAMED.set(claims)
    try:
        yield
    finally:
        # Not by a token: what a power cut ended is closed in another context.
        _NAMED.set({})


class _Heard:
    """Implements core.ports.world.Transport."""

    def __init__(self, inner: Transport, heard: Callable[[Request], None]) -> None:
        self._inner, self._heard = inner, heard

    async def send(self, request: Request) -> Response:
        self._heard(request)
        return await self._inner.send(request)


class _Noted:
    """Stands for core.ports.tracing.Tracer: whatever call it has; remembers which claim is worked on."""

    def __init__(self, inner: Tracer) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @contextmanager
    def transaction(
        self, subject: str, name: str, parent: str = "", /, **attributes: str | int
    ) -> Iterator[None]:
        _AT_WORK.set(((name, subject), int(attributes["claim"])) if "claim" in attributes else None)
        with self._inner.transaction(subject, name, parent, **attributes):
            yield


def noting(tracer: Tracer) -> Tracer:
    """The same, by which an EpochLog knows what a request is sent for."""
    return cast("Tracer", _Noted(tracer))
