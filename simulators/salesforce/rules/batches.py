"""Batches of the older bulk interface: a job holds many, each worked on by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.ids import Ids
from simulators.salesforce.rules.bulk import LOADS, QUERIES, Bulk, Job
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.loading import Outcome
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record

ROWS_MAX = 10_000
_PREFIX, _RESULT = "751", "752"


@dataclass(slots=True)
class Batch:
    """One batch. sent: the bytes as they came; rows: bodies to be written, none of a query; found:
    what a query found."""

    id: str
    job: Job
    sent: bytes
    rows: list[dict[str, Any]]
    created: int
    stamp: int
    query: str = ""
    state: str = "Queued"
    message: str = ""
    done: list[Outcome] = field(default_factory=list)
    found: list[Record] = field(default_factory=list)
    result: str = ""

    @property
    def failed(self) -> int:
        """Rows that were refused."""
        return sum(not each.success for each in self.done)

    @property
    def processed(self) -> int:
        """Rows dealt with, or found."""
        return len(self.found) if self.query else len(self.done)


class Batches:
    """One an org."""

    def __init__(self, ids: Ids, bulk: Bulk) -> None:
        self._ids, self._bulk = ids, bulk
        self.of: dict[str, list[Batch]] = {}

    def open(self, wish: dict[str, str], version: str) -> Job:
        """A new job."""
        if wish["operation"] not in (*LOADS, *QUERIES):
            raise _wrong("InvalidJob", f"Unknown operation: {wish['operation']}")
        try:
            job = self._bulk.open("Classic", wish, version)
        except Refused as refused:
            raise _wrong("InvalidJob", refused.message.removeprefix("InvalidJob : ")) from None
        self.of[job.id] = []
        return job

    def job(self, text: str) -> Job:
        """The job of that id."""
        job = self._bulk.jobs.get(full_id(text) or "")
        if job is None or job.kind != "Classic":
            raise _wrong("InvalidJob", f"Invalid job id: {text}")
        return job

    def batch(self, job: Job, text: str) -> Batch:
        """The batch of that id."""
        for each in self.of[job.id]:
            if each.id == full_id(text):
                return each
        raise _wrong("InvalidBatch", f"Invalid batch id: {text}")

    def add(self, job: Job, sent: bytes, rows: Sequence[dict[str, Any]], query: str = "") -> Batch:
        """A batch more, worked on soon."""
        if job.state != "Open":
            raise _wrong("InvalidJobState", f"Job is not open: {job.id}")
        if len(rows) > ROWS_MAX:
            raise _wrong("ExceededQuota", f"The number of records exceeds {ROWS_MAX}")
        now = self._bulk.loader.cursors.now()
        key = record_id(_PREFIX, self._ids.count("batch"))
        batch = Batch(key, job, sent, list(rows), now, now, query)
        self.of[job.id].append(batch)
        self._bulk.after(self.work, batch)
        return batch

    def switch(self, job: Job, state: str) -> None:
        """Closed or Aborted."""
        if state not in ("Closed", "Aborted") or job.state not in ("Open", state):
            raise _wrong("InvalidJobState", f"Job cannot become {state}: it is {job.state}")
        self._bulk.move(job, state)
        if state == "Aborted":
            for batch in self.of[job.id]:
                if batch.state == "Queued":
                    batch.state = "NotProcessed"

    def work(self, batch: Batch) -> None:
        """Do a batch, all of it."""
        if batch.state != "Queued":
            return
        job, loader = batch.job, self._bulk.loader
        batch.stamp = loader.cursors.now()
        try:
            if batch.query:
                batch.found = loader.records_of(batch.query, deleted=job.operation == "queryAll")
                batch.result = record_id(_RESULT, self._ids.count("result"))
            else:
                header = list(dict.fromkeys(name for row in batch.rows for name in _names(row)))
                loader.check_header(job.object, header, job.operation, job.external)
                seen: set[str] = set()
                for row in batch.rows:
                    batch.done.append(loader.load(job.object, job.operation, job.external, row, seen))
        except Refused as refused:
            batch.state = "Failed"
            said = refused.message
            known = said.startswith("InvalidBatch")
            batch.message = (
                said if known else f"InvalidBatch : Failed to process query: {refused.code}: {said}"
            )
        else:
            batch.state = "Completed"


def _names(row: dict[str, Any]) -> list[str]:
    """The columns of a row; a nested parent counts as Parent.Key."""
    out = []
    for name, value in row.items():
        if name == "attributes":
            continue
        if isinstance(value, dict):
            out += [f"{name}.{key}" for key in value if key != "attributes"]
        else:
            out.append(name)
    return out


def _wrong(code: str, text: str) -> Refused:
    return Refused(code, text)
