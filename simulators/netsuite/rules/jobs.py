"""Asynchronous requests: a job with its tasks, and keys that keep a request from running twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.shelf import Numbers


@dataclass(slots=True)
class Task:
    """One request as it came; once done also its answer. progress: pending, succeeded or failed."""

    id: str
    operation: str
    params: dict[str, str]
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    base_url: str
    progress: str = "pending"
    started_at: int = 0
    ended_at: int = 0
    status: int = 0
    answer: bytes = b""
    answer_headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Job:
    """due: when it is run, in microseconds; key: its idempotency key or ""."""

    id: str
    due: int
    key: str
    tasks: list[Task] = field(default_factory=list)
    started: bool = False

    @property
    def completed(self) -> bool:
        """Whether every task has its answer."""
        return all(task.progress != "pending" for task in self.tasks)

    @property
    def progress(self) -> str:
        """The job as a whole: pending, processing, succeeded or failed."""
        if not self.completed:
            return "processing" if self.started else "pending"
        return "failed" if any(task.progress == "failed" for task in self.tasks) else "succeeded"


class Jobs:
    """Every job since the reset."""

    def __init__(self) -> None:
        self._numbers = Numbers(1)
        self.by_id: dict[str, Job] = {}
        self._by_key: dict[str, str] = {}

    def open(self, due: int, key: str, tasks: list[Task]) -> Job:
        """A new job; IdempotencyRefused if its key was used before."""
        if key:
            try:
                UUID(key)
            except ValueError:
                detail = "The idempotency key must be a UUID."
                raise Refused("INVALID_HEADER", detail, "Header", "X-NetSuite-Idempotency-Key") from None
            if key.lower() in self._by_key:
                raise IdempotencyRefused(self._by_key[key.lower()])
        job = Job(str(self._numbers.take()), due, key, tasks)
        self.by_id[job.id] = job
        if key:
            self._by_key[key.lower()] = job.id
        return job

    def pending(self) -> int:
        """Jobs not yet over."""
        return sum(not job.completed for job in self.by_id.values())


class IdempotencyRefused(Refused):
    """The key was used before; `job` is what came of it."""

    def __init__(self, job: str) -> None:
        super().__init__(
            "IDEMPOTENCY_ERROR",
            'A request with the same idempotency key is already submitted. See the "Location" header for a '
            "link to the previously submitted job",
        )
        self.job = job
