"""Bulk jobs: rows loaded, or a query answered, by a job that works on its own and can be watched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.loading import Loader, Outcome
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.tabular import body_of, read_table
from simulators.salesforce.rules.values import moment_text

LOADS = ("insert", "update", "upsert", "delete", "hardDelete")
QUERIES = ("query", "queryAll")
CHUNK = 10_000  # rows of one internal batch
_PREFIX = "750"
# Seconds until a job is begun, and that each internal batch takes.
_BEGIN, _STEP = 0.1, 0.2
_LAST = ("JobComplete", "Failed", "Aborted")


@dataclass(slots=True)
class Job:
    """One job. kind: V2Ingest, V2Query or Classic; created, stamp: microseconds; done: outcomes of rows
    in their order; table: what a query found (header, rows)."""

    id: str
    kind: str
    operation: str
    object: str
    external: str
    delimiter: str
    ending: str
    version: str
    content: str
    created: int
    stamp: int
    state: str
    query: str = ""
    concurrency: str = "Parallel"
    data: bytes = b""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    done: list[Outcome] = field(default_factory=list)
    table: tuple[list[str], list[list[str]]] = field(default_factory=lambda: ([], []))
    error: str = ""
    began: int = 0

    @property
    def failed(self) -> int:
        """Rows that were refused."""
        return sum(not each.success for each in self.done)

    @property
    def processed(self) -> int:
        """Rows dealt with, or found."""
        return len(self.table[1]) if self.kind == "V2Query" else len(self.done)


class Bulk:
    """One an org. seconds: how long a job waits and each of its steps takes; 0 for the quick default."""

    def __init__(self, clock: Clock, ids: Ids, agenda: Agenda, loader: Loader, seconds: int) -> None:
        self._clock, self._ids, self._agenda, self.loader = clock, ids, agenda, loader
        self._begin, self._step = (float(seconds), float(seconds)) if seconds else (_BEGIN, _STEP)
        self.jobs: dict[str, Job] = {}

    def after(self, act: Callable[..., None], *args: Any, begin: bool = True) -> None:
        """Do it when its turn comes."""
        self._agenda.after(self._begin if begin else self._step, act, *args)

    def open(self, kind: str, wish: Mapping[str, str], version: str) -> Job:
        """A new job; INVALIDJOB where it makes no sense."""
        operation, name = wish["operation"], wish["object"]
        entity = self.loader.catalogue.known(name)
        if entity is None:
            raise Refused("INVALIDJOB", f"InvalidJob : Unable to find object: {name}")
        if operation in LOADS and not entity.writable:
            said = f"InvalidJob : Entity '{name}' is not supported by the Bulk API."
            raise Refused("INVALIDENTITY", said)
        external = wish.get("externalIdFieldName", "")
        if operation == "upsert":
            self._check_key(entity, external)
        now = self._clock.now()
        job = Job(
            record_id(_PREFIX, self._ids.count("job")), kind, operation, entity.name, external,
            wish.get("columnDelimiter") or "COMMA", wish.get("lineEnding") or "LF", version,
            wish.get("contentType") or "CSV", now, now, "Open",
        )  # fmt: skip
        self.jobs[job.id] = job
        return job

    @staticmethod
    def _check_key(entity: Entity, external: str) -> None:
        found = entity.named.get(external.lower())
        if found is None or not (found.external or found.name == "Id"):
            said = f"InvalidJob : Field name provided, {external} does not match an External ID, "
            raise Refused("INVALIDJOB", f"{said}Salesforce Id, or indexed field for {entity.name}")

    def ask(self, query: str, operation: str, wish: Mapping[str, str], version: str) -> Job:
        """A new query job, which begins by itself."""
        plan, _, _ = self.loader.cursors.plan(query)
        self.loader.check_bulk_query(plan)
        job = self.open("V2Query", {**wish, "operation": operation, "object": plan.entity.name}, version)
        job.query, job.state = query, "UploadComplete"
        self.after(self.start, job)
        return job

    def find(self, text: str, kinds: Sequence[str]) -> Job:
        """The job of that id; NOT_FOUND if there is none."""
        job = self.jobs.get(full_id(text) or "")
        if job is None or job.kind not in kinds:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        return job

    def upload(self, job: Job, data: bytes) -> None:
        """The rows of an open job, once."""
        if job.state != "Open" or job.data:
            raise _wrong_state(job, "upload data to")
        job.data = data

    def switch(self, job: Job, state: str) -> None:
        """UploadComplete or Aborted."""
        allowed = {
            "UploadComplete": job.state == "Open" and job.kind == "V2Ingest",
            "Aborted": job.state not in _LAST,
        }
        if state not in allowed:
            raise Refused("INVALIDJOB", f"InvalidJob : '{state}' is not a valid state to set a job to")
        if not allowed[state]:
            raise _wrong_state(job, "close or abort")
        self.move(job, state)
        if state == "Aborted" and job.data and not job.rows:
            with suppress(Refused):  # what was sent in is told as not looked at
                job.header, job.rows = read_table(job.data, job.delimiter)
        if state == "UploadComplete":
            self.after(self.start, job)

    def drop(self, job: Job) -> None:
        """Forget a job that is over (or was never handed in)."""
        if job.state in ("InProgress", "UploadComplete") or (job.state == "Open" and job.kind == "V2Query"):
            raise _wrong_state(job, "delete")
        del self.jobs[job.id]

    def move(self, job: Job, state: str) -> None:
        """A new state at the present moment."""
        job.state, job.stamp = state, self._clock.now()

    # --- working

    def start(self, job: Job) -> None:
        """Begin a job that was handed in."""
        if job.state != "UploadComplete":
            return
        job.began = self._clock.now()
        self.move(job, "InProgress")
        if job.kind == "V2Query":
            self.after(self.answer, job, begin=False)
            return
        try:
            job.header, job.rows = read_table(job.data, job.delimiter)
            self.loader.check_header(job.object, job.header, job.operation, job.external)
        except Refused as refused:
            job.error = refused.message
            self.move(job, "Failed")
            return
        self.after(self.step, job, begin=False)

    def step(self, job: Job) -> None:
        """One internal batch; then the next, or the end."""
        if job.state != "InProgress":
            return
        start = len(job.done)
        seen: set[str] = set()
        for row in job.rows[start : start + CHUNK]:
            if len(row) != len(job.header):
                job.done.append(Outcome(False, code="INVALID_ROW", message="wrong number of columns"))
                continue
            job.done.append(
                self.loader.load(job.object, job.operation, job.external, body_of(job.header, row), seen)
            )
        if len(job.done) < len(job.rows):
            self.after(self.step, job, begin=False)
        else:
            self.move(job, "JobComplete")

    def answer(self, job: Job) -> None:
        """Run the query."""
        if job.state != "InProgress":
            return
        try:
            job.table = self.loader.table(job.query, deleted=job.operation == "queryAll")
        except Refused as refused:
            job.error = refused.message
            self.move(job, "Failed")
        else:
            self.move(job, "JobComplete")

    def took(self, job: Job) -> int:
        """Milliseconds that a job has been worked on."""
        end = job.stamp if job.state in _LAST else self._clock.now()
        return (end - job.began) * 1000 // SECOND if job.began else 0

    def moment(self, now: int) -> str:
        """A moment as jobs tell it."""
        return moment_text(now)

    def pending(self) -> int:
        """Jobs that are still working."""
        return sum(job.state in ("UploadComplete", "InProgress") for job in self.jobs.values())


def _wrong_state(job: Job, act: str) -> Refused:
    # unconfirmed: code and text.
    return Refused("INVALIDJOBSTATE", f"Cannot {act} job {job.id} in state {job.state}")
