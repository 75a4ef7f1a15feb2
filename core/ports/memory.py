"""What the core remembers of those who call it: answers under idempotency keys, and jobs by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered under an idempotency key. fingerprint: of what was asked; status: of HTTP, 0 while
    it is being worked on; body: JSON; location: where what came of it is, "" for nowhere."""

    fingerprint: str
    status: int = 0
    body: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that somebody started by name. state: running, done or failed; result: why it failed; moments
    in microseconds, ended_at 0 while it runs."""

    id: str
    name: str
    by: str
    state: str
    begun_at: int
    ended_at: int = 0
    result: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody in the deployment said of itself last. name: "process/NAME" or "job/NAME"; at: when,
    microseconds; body: JSON."""

    name: str
    at: int
    body: str


class Memory(Protocol):
    """Each call is one transaction."""

    async def say(self, said: Said) -> None:
        """In place of what was said under the name before."""
        ...

    async def said(self, since: int) -> list[Said]:
        """What was said since a moment, by name."""
        ...

    async def day_spent(self, day: int) -> dict[str, int]:
        """How many of a day's requests all workers have taken, by vendor; day: since 1970, UTC."""
        ...

    async def begin_answer(
        self, key: str, fingerprint: str, now: int, until: int, forget: int
    ) -> Answered | None:
        """Take an idempotency key in hand until a moment: None if it is ours now, else what is under it.
        Free are keys first used before `forget`, and those of the same fingerprint whose time in hand has
        run out before they were answered."""
        ...

    async def answer(self, key: str, given: Answered) -> None:
        """What was answered; nothing if the key was taken for something else meanwhile."""
        ...

    async def drop_answer(self, key: str, fingerprint: str) -> None:
        """Nothing was done under it: it is free; nothing if it has been answered."""
        ...

    async def forget_answers(self, before: int) -> int:
        """Keys first used before this moment are free; returns how many."""
        ...

    async def begin_job(self, job: Job, forget: int) -> bool:
        """False if the id is known, unless that one ended before `forget`."""
        ...

    async def end_job(self, job_id: str, state: str, result: str, now: int) -> None:
        """It is done or has failed; nothing if it has ended before."""
        ...

    async def job(self, job_id: str) -> Job | None:
        """One job, whatever its state."""
        ...

    async def running_jobs(self) -> list[Job]:
        """Those that have not ended, oldest first."""
        ...
