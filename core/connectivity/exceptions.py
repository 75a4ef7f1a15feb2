"""The desk of the operators: hold, release, skip, undo or give up one transaction, each with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager

from core.canonical.errors import CoreError, Missing, Refused
from core.canonical.money import Money
from core.connectivity.flows import Flow, Step
from core.governance.audit import Deed, Trail
from core.governance.duties import Duties
from core.ports.desk import Desk
from core.ports.durable import Store, Task
from core.ports.world import Clock, Watch

# What an operator must have been granted to decide here.
SCOPE = "exceptions:decide"
_TEXT_MAX = 500

# What a transaction is about.
Worth = Callable[[Task], Awaitable[Money | None]]


# Refused if a transaction of this flow may not be taken back as things stand.
MayUndo = Callable[[Flow, Task], Awaitable[None]]


def as_things_stand(desk: Desk) -> MayUndo:
    """Asks the systems what the worker will ask them again before its first compensation; whom nobody answers
    is told nothing, the worker waits."""

    async def may_undo(flow: Flow, task: Task) -> None:
        if flow.may_undo is None:
            return
        try:
            await flow.may_undo(desk, await flow.open(desk, task.key))
        except Refused:
            raise
        except CoreError:
            return

    return may_undo


async def _anything(_: Flow, __: Task) -> None:
    return None


async def _unknown(_: Task) -> Money | None:
    return None


class ExceptionDesk:
    """What a person may decide about a transaction. Each call is one change in the store, or Refused with the
    remedy, or Missing for an id that nobody has; nothing is done halfway.

    Nothing is decided without a line in the audit log, and what was refused has one too.

    flows: those whose steps can be skipped or undone; a consumer of events has no steps of its own to undo;
    trail: writes the lines, made of the store if there is none; duties: what one person must not do both
    halves of; worth: what a transaction is about in money, None if that is not known; may_undo: whether it
    may be taken back at all, asked before anything is decided, for there is no way back from it; wake: called
    when something has been decided, for a worker of this process may rest.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        watch: Watch,
        flows: Mapping[str, Flow],
        trail: Trail | None = None,
        duties: Duties | None = None,
        worth: Worth = _unknown,
        may_undo: MayUndo = _anything,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._clock, self._watch, self._flows = store, clock, watch, flows
        self._trail = trail or Trail(store, clock.now)
        self._duties, self._worth, self._may_undo = duties or Duties(), worth, may_undo
        self._wake = wake

    async def hold(self, number: int, why: str, by: str) -> Task:
        """Stop what is ready or under way: its worker's next word is not taken down any more."""
        async with self._written(number, "hold", why, by):
            reason, task = _reason(why), await self.look(number)
            flow = self._flows.get(task.queue)
            owner = flow.owner if flow else "integration"
            done = await self._store.hold(number, f"held: {reason}", owner, by, self._clock.now())
            return await self._decided(done, task, "hold", reason, by)

    async def release(self, number: int, why: str, by: str) -> Task:
        """It goes on with the step where it was held."""
        async with self._written(number, "release", why, by):
            reason, task = _reason(why), await self.look(number)
            await self._separate(task, by)
            done = await self._store.release(number, self._clock.now())
            return await self._decided(done, task, "release", reason, by)

    async def skip(self, number: int, why: str, by: str) -> Task:
        """The step it is held at was done by hand: it goes on with the next."""
        async with self._written(number, "skip", why, by):
            reason, task = _reason(why), await self.look(number)
            step = self._held_at(task)
            await self._separate(task, by)
            done = await self._store.skip(number, step.name, self._clock.now())
            return await self._decided(done, task, f"skip {step.name}", reason, by)

    async def undo(self, number: int, why: str, by: str) -> Task:
        """Compensate exactly what is done, backwards. Refused where a step cannot be taken back."""
        async with self._written(number, "undo", why, by):
            reason, task = _reason(why), await self.look(number)
            steps = self._steps(task)
            stuck = [step for step in steps if step.name in task.done and step.final]
            if stuck:
                names = ", ".join(step.name for step in stuck)
                remedies = "; ".join(dict.fromkeys(step.final for step in stuck))
                raise Refused(f"{_name(task)}: {names} cannot be taken back by the core: {remedies}")
            if all(step.undo is None for step in steps):
                raise Refused(f"{_name(task)}: {task.queue} has nothing to take back")
            if task.mode != "undo":
                await self._may_undo(self._flows[task.queue], task)
            done = await self._store.undo(number, self._clock.now())
            return await self._decided(done, task, "undo", reason, by)

    async def abandon(self, number: int, why: str, by: str) -> Task:
        """It was dealt with by hand; later news about it does not open it again."""
        async with self._written(number, "abandon", why, by):
            reason, task = _reason(why), await self.look(number)
            done = await self._store.abandon(number, f"given up: {reason}", by, self._clock.now())
            return await self._decided(done, task, "abandon", reason, by)

    async def before_redrive(self, by: str) -> None:
        """Refused if any that is held must not be released by this person: all go on, or none."""
        for task in await self._store.parked():
            await self._separate(task, by)

    async def _separate(self, task: Task, by: str) -> None:
        if self._duties.asks_who_held(task.held_by, by):
            rule = self._duties.against_release(task.held_by, by, await self._worth(task))
            if rule:
                raise Refused(f"{_name(task)}: {rule}")

    def _written(self, number: int, act: str, why: str, by: str) -> AbstractAsyncContextManager[None]:
        return self._trail.around(Deed(by, SCOPE, act, f"transaction {number}", reason=why))

    async def look(self, number: int) -> Task:
        """One transaction, whatever its state; Missing if there is none."""
        task = await self._store.task(number)
        if task is None:
            raise Missing(f"transaction {number}: there is none")
        return task

    def _steps(self, task: Task) -> tuple[Step, ...]:
        flow = self._flows.get(task.queue)
        if flow is None:
            raise Refused(f"{_name(task)}: {task.queue} is no flow of steps; release or give it up")
        return flow.steps_of(task.version)

    def _held_at(self, task: Task) -> Step:
        left = [step for step in self._steps(task) if step.name not in task.done]
        if not left or task.mode == "undo":
            raise Refused(f"{_name(task)}: there is no step left to skip")
        return left[0]

    async def _decided(self, done: bool, before: Task, act: str, why: str, by: str) -> Task:
        verb = act.partition(" ")[0]
        if not done:
            raise Refused(f"{_name(before)}: it is {before.state}; {verb} is not possible")
        self._wake()
        self._watch.count(f"operators.{verb}")
        self._watch.alert("low", _name(before), f"{act} of {before.queue} by {by}: {why}")
        return await self.look(before.id)


def _name(task: Task) -> str:
    return task.label or task.key


def _reason(why: str) -> str:
    text = " ".join(why.split())
    if not 3 <= len(text) <= _TEXT_MAX:
        raise Refused(f"why: {len(text)} characters; say it in 3 to {_TEXT_MAX}")
    return text
