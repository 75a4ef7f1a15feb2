"""What the timetable's jobs leave behind: who ran one last and how it ended, and a trace of each run."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from core.canonical.errors import CoreError
from core.connectivity.model import Parts
from core.ports.memory import Memory, Said

Job = Callable[[], Awaitable[None]]


def traced(parts: Parts, name: str, job: Job) -> Job:
    """A run is a transaction of its own, named by its job and moment, whoever starts it; it is linked to the
    customers' transactions that it does something for."""

    async def run() -> None:
        moment = datetime.fromtimestamp(parts.desk.clock.now() / 1_000_000, UTC)
        subject = f"job/{name}/{moment:%Y-%m-%dT%H:%M:%SZ}"
        with parts.desk.watch.tracer.transaction(subject, name):
            parts.desk.watch.tracer.known_as(subject)
            await job()

    return run


def all_traced(parts: Parts, jobs: Mapping[str, Job]) -> dict[str, Job]:
    """Each of them, by name."""
    return {name: traced(parts, name, job) for name, job in jobs.items()}


async def noted(parts: Parts, name: str, job: Job, by: str) -> None:
    """Run it, and say before and after how it goes. by: which worker."""
    began = parts.desk.clock.now()
    await say_run(parts.store, name, began, by, "running")
    try:
        await job()
    except BaseException as error:
        ended = parts.desk.clock.now()
        detail = error.detail if isinstance(error, CoreError) else type(error).__name__
        await say_run(parts.store, name, began, by, "failed", ended, detail)
        raise
    await say_run(parts.store, name, began, by, "done", parts.desk.clock.now())


async def say_run(
    store: Memory, name: str, began: int, by: str, state: str, ended: int = 0, result: str = ""
) -> None:
    """Only for people to see: a store that cannot take it stops no job. began, ended: microseconds."""
    body = {"by": by, "state": state, "began_at": began, "ended_at": ended, "result": result}
    with suppress(CoreError):
        await store.say(Said(f"job/{name}", ended or began, json.dumps(body)))
