"""Bulk API 2.0: jobs that load rows of CSV, jobs that answer a query."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence

from simulators.kit.table import Call, Headers, Reply, Route, json_reply
from simulators.salesforce.routes.door import model_of
from simulators.salesforce.routes.multipart import parted
from simulators.salesforce.rules.bulk import LOADS, QUERIES, Job
from simulators.salesforce.rules.loading import Outcome
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.tabular import DELIMITERS, ENDINGS, write_table
from simulators.salesforce.rules.values import moment_text
from simulators.salesforce.wire import bulk as shapes
from simulators.salesforce.wire.bulk import IngestWish, QueryWish, StateWish

_ROOT = "/services/data/{version}/jobs"
_INGEST, _QUERY = ("V2Ingest",), ("V2Query",)
_PAGE = 50_000  # rows of a query's results in one answer
_LIST = 1_000
_CSV: Headers = (("content-type", "text/csv"),)


def _check(wish: IngestWish | QueryWish, operations: Sequence[str]) -> None:
    for name, value, known in (
        ("operation", wish.operation, operations), ("contentType", wish.contentType, ("CSV",)),
        ("columnDelimiter", wish.columnDelimiter, DELIMITERS), ("lineEnding", wish.lineEnding, ENDINGS),
    ):  # fmt: skip
        if value not in known:
            raise Refused("INVALIDJOB", f"InvalidJob : {name}: '{value}' is not one of {', '.join(known)}")


def _plain(org: Org, job: Job) -> dict[str, object]:
    return shapes.job(job, moment_text(job.created), moment_text(job.stamp), org.records.user_id)


def _info(org: Org, job: Job) -> dict[str, object]:
    moments = moment_text(job.created), moment_text(job.stamp)
    return shapes.job_info(job, *moments, org.records.user_id, org.bulk.took(job))


async def open_ingest(org: Org, call: Call) -> Reply:
    """A job that waits for its rows; as multipart, one that has them."""
    both = parted(call)
    wish = model_of(call if both is None else both[0], IngestWish)
    _check(wish, LOADS)
    told = wish.model_dump(exclude={"assignmentRuleId"})
    job = org.bulk.open("V2Ingest", told, call.params["version"][1:])
    if both is not None:
        org.bulk.upload(job, both[1])
        org.bulk.switch(job, "UploadComplete")
    return json_reply(200, _plain(org, job))


async def open_query(org: Org, call: Call) -> Reply:
    """A job that answers a query."""
    wish = model_of(call, QueryWish)
    _check(wish, QUERIES)
    told = wish.model_dump(exclude={"query", "operation"})
    job = org.bulk.ask(wish.query, wish.operation, told, call.params["version"][1:])
    return json_reply(200, _plain(org, job))


def _job(org: Org, call: Call) -> Job:
    return org.bulk.find(call.params["id"], _QUERY if "/jobs/query/" in call.path else _INGEST)


async def upload(org: Org, call: Call) -> Reply:
    """201: the rows."""
    kind = call.headers.get("content-type", "text/csv")
    if "csv" not in kind:
        said = f"Content-Type header specified in HTTP request is not supported: {kind}"
        raise Refused("UNSUPPORTED_MEDIA_TYPE", said)
    org.bulk.upload(_job(org, call), call.body)
    return Reply(201)


async def switch(org: Org, call: Call) -> Reply:
    """UploadComplete: the rows are all there; Aborted: stop."""
    job = _job(org, call)
    org.bulk.switch(job, model_of(call, StateWish).state)
    return json_reply(200, _plain(org, job))


async def read(org: Org, call: Call) -> Reply:
    """A job with its progress."""
    return json_reply(200, _info(org, _job(org, call)))


async def drop(org: Org, call: Call) -> Reply:
    """204."""
    org.bulk.drop(_job(org, call))
    return Reply(204)


async def every(org: Org, call: Call) -> Reply:
    """All jobs, newest first."""
    kinds = _QUERY if call.path.rstrip("/").endswith("/query") else (*_INGEST, "Classic")
    found = [job for job in reversed(org.bulk.jobs.values()) if job.kind in kinds]
    asked = call.args().get("jobType")
    found = [job for job in found if asked in (None, job.kind)]
    start = int(call.args().get("queryLocator") or 0) if call.args().get("queryLocator", "0").isdigit() else 0
    end = start + _LIST
    path = call.path.rstrip("/")
    more = f"{path}?queryLocator={end}" if end < len(found) else None
    rows = [{**_plain(org, job), "jobType": job.kind} for job in found[start:end]]
    return json_reply(200, {"done": more is None, "records": rows, "nextRecordsUrl": more})


def _table(job: Job, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Reply:
    return Reply(200, write_table(header, rows, job.delimiter, job.ending), _CSV)


def _with_rows(job: Job) -> list[tuple[Outcome, list[str]]]:
    return list(zip(job.done, job.rows, strict=False))


async def successes(org: Org, call: Call) -> Reply:
    """The rows that were written, with their ids."""
    job = _job(org, call)
    rows = [
        (done.id, "true" if done.created else "false", *row) for done, row in _with_rows(job) if done.success
    ]
    return _table(job, ("sf__Id", "sf__Created", *job.header), rows)


async def failures(org: Org, call: Call) -> Reply:
    """The rows that were refused, and why."""
    job = _job(org, call)
    named = [name.lower() for name in job.header].index("id") if "id" in map(str.lower, job.header) else -1
    rows = [
        (row[named] if 0 <= named < len(row) else "", done.error, *row)
        for done, row in _with_rows(job)
        if not done.success
    ]
    return _table(job, ("sf__Id", "sf__Error", *job.header), rows)


async def unprocessed(org: Org, call: Call) -> Reply:
    """The rows that were never looked at: the job failed or was stopped."""
    job = _job(org, call)
    rest = job.rows[len(job.done) :] if job.state in ("Failed", "Aborted") else []
    return _table(job, job.header, rest)


async def results(org: Org, call: Call) -> Reply:
    """?maxRecords&locator: rows of a query, and where the next ones begin."""
    job = _job(org, call)
    if job.state != "JobComplete":
        said = f"Results are not available: the job is in state {job.state}"
        raise Refused("INVALIDJOBSTATE", said)  # unconfirmed: code and text
    args = call.args()
    most = int(args["maxRecords"]) if args.get("maxRecords", "").isdigit() else _PAGE
    header, rows = job.table
    start = _start(args.get("locator", ""))
    end = start + max(1, most)
    if start and start >= len(rows):
        raise Refused("INVALID_QUERY_LOCATOR", "invalid query locator")
    locator = "null" if end >= len(rows) else base64.b64encode(str(end).encode()).decode().rstrip("=")
    page = rows[start:end]
    reply = _table(job, header, page)
    told = (("Sforce-Locator", locator), ("Sforce-NumberOfRecords", str(len(page))))
    return Reply(200, reply.body, (*reply.headers, *told))


def _start(locator: str) -> int:
    if locator in ("", "null"):
        return 0
    try:
        return int(base64.b64decode(f"{locator}{'=' * (-len(locator) % 4)}", validate=True))
    except (binascii.Error, ValueError):
        raise Refused("INVALID_QUERY_LOCATOR", "invalid query locator") from None


_ONE, _ASKED = f"{_ROOT}/ingest/{{id}}", f"{_ROOT}/query/{{id}}"

JOB_TABLE = (
    Route("POST", f"{_ROOT}/ingest", "open_ingest_job", open_ingest, "a job that loads rows", IngestWish),
    Route("GET", f"{_ROOT}/ingest", "list_ingest_jobs", every, "jobs that load rows"),
    Route("GET", _ONE, "ingest_job", read, "such a job and its progress"),
    Route("PATCH", _ONE, "switch_ingest_job", switch, "hand it in, or stop it", StateWish),
    Route("DELETE", _ONE, "delete_ingest_job", drop, "forget it"),
    Route("PUT", f"{_ONE}/batches", "upload", upload, "its rows, as CSV"),
    Route("GET", f"{_ONE}/successfulResults", "successful_results", successes, "rows that were written"),
    Route("GET", f"{_ONE}/failedResults", "failed_results", failures, "rows that were refused, and why"),
    Route("GET", f"{_ONE}/unprocessedrecords", "unprocessed_records", unprocessed, "rows not looked at"),
    Route("GET", f"{_ONE}/unprocessedRecords", "unprocessed_records_too", unprocessed, "the same"),
    Route("POST", f"{_ROOT}/query", "open_query_job", open_query, "a job that answers a query", QueryWish),
    Route("GET", f"{_ROOT}/query", "list_query_jobs", every, "jobs that answer queries"),
    Route("GET", _ASKED, "query_job", read, "such a job and its progress"),
    Route("PATCH", _ASKED, "switch_query_job", switch, "stop it", StateWish),
    Route("DELETE", _ASKED, "delete_query_job", drop, "forget it"),
    Route("GET", f"{_ASKED}/results", "query_results", results, "?maxRecords&locator: what it found"),
)
