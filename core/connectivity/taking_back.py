"""Taking a transaction back: its steps in turn, or a return to where it was once it may not be any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from core.canonical.errors import CoreError, Refused
from core.connectivity.flows import Act, Case, Flow, Step
from core.connectivity.model import Parts
from core.ports.durable import Task
from core.reliability.retry import PASSING

# Does one compensation of a step, named first, in the model's own way: under its locks, or with its patience.
Run = Callable[[str, Act, Any], Awaitable[None]]


async def take_back(
    parts: Parts, flow: Flow, steps: Sequence[Step], task: Task, case: Case, run: Run
) -> Task:
    """The task as it then stands: all of it compensated (mode "undo"), or turned back (mode "do") because the
    systems say by now that it may not be taken back, as where a customer has paid between the operator's
    decision and this. What had been compensated is then done anew, the owner is told, and its work goes on
    from there. Refused, and nothing noted, for what a person can still mend and release."""
    may_undo = flow.may_undo
    try:
        if may_undo is not None and not _begun(task):
            await may_undo(parts.desk, case)
        for step in in_turn(flow, steps, task.done):
            if f"~{step.name}" in task.done:
                continue
            with parts.desk.watch.tracer.span(f"~{step.name}"):
                if step.undo is not None:
                    await run(step.name, step.undo, case)
                task = await parts.store.step_undone(task, step.name)
    except PASSING:
        raise
    except Refused:
        why = await _refusal(parts, flow, task.key)
        if not why:
            raise
        return await _turned_back(parts, flow, steps, task, case, why)
    return task


def in_turn(flow: Flow, steps: Sequence[Step], done: Sequence[str]) -> tuple[Step, ...]:
    """First the step that lets money in, so that none comes once people are told. Then the one that may have
    been under way: nobody knows whether it happened, so its compensation looks before it acts, as all of
    them do. Then backwards through what is done."""
    door = [step for step in steps if step.name == flow.door and step.name in done]
    doubtful = [step for step in steps if step.name not in done][:1]
    rest = [step for step in steps if step.name in done and step not in door]
    return (*door, *doubtful, *reversed(rest))


def _begun(task: Task) -> bool:
    return any(name.startswith("~") for name in task.done)


async def _refusal(parts: Parts, flow: Flow, key: str) -> str:
    """Why it may not be taken back as things stand now, "" if it may, or where nobody answers."""
    if flow.may_undo is None:
        return ""
    try:
        await flow.may_undo(parts.desk, await flow.open(parts.desk, key))
    except PASSING:
        return ""
    except Refused as error:
        return error.detail
    except CoreError:
        return ""
    return ""


async def _turned_back(
    parts: Parts, flow: Flow, steps: Sequence[Step], task: Task, case: Case, why: str
) -> Task:
    """Forwards again. The compensation that it stood at may have happened without being noted: its step is
    done anew, too, as safe to repeat as every step is."""
    gone = {name.removeprefix("~") for name in task.done if name.startswith("~")}
    stood_at = next((step.name for step in in_turn(flow, steps, task.done) if step.name not in gone), "")
    left = [name for name in task.done if not name.startswith("~") and name not in gone | {stood_at}]
    said = f"not taken back: {why}"
    anew = f"; done anew: {', '.join(sorted(gone))}" if gone else ""
    task = await parts.store.turn_back(task, left, said)
    watch, label = parts.desk.watch, task.label or case.key
    watch.count("operators.undo_turned_back")
    watch.alert("high", label, f"{flow.name} stands as it was, for {flow.owner}: {said}{anew}")
    return task
