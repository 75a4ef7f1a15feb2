"""Bulk API 1.0 with JSON or CSV: jobs of batches, as older clients load and ask."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.queries import rendered
from simulators.salesforce.rules.batches import Batch
from simulators.salesforce.rules.bulk import QUERIES, Job
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.tabular import body_of, read_table, write_table
from simulators.salesforce.rules.values import moment_text
from simulators.salesforce.wire import bulk as shapes
from simulators.salesforce.wire.bulk import ClassicWish

_ROOT = "/services/async/{version}/job"
_MODES = {"0": "Parallel", "1": "Serial", "Parallel": "Parallel", "Serial": "Serial"}
_FORMS = ("JSON", "CSV")


def _object(call: Call) -> dict[str, Any]:
    try:
        value = call.json()
    except ValueError:
        raise Refused("InvalidJob", "Unable to parse Job: the body is no JSON") from None
    if not isinstance(value, dict):
        raise Refused("InvalidJob", "Unable to parse Job: the body must be an object")
    return value


def _shown(org: Org, job: Job) -> dict[str, Any]:
    batches = org.batches.of[job.id]
    moments = moment_text(job.created), moment_text(job.stamp)
    return shapes.classic_job(job, batches, *moments, org.records.user_id)


async def open_job(org: Org, call: Call) -> Reply:
    """201: a job that waits for batches."""
    body = _object(call)
    told = {name: str(value) for name, value in body.items() if value is not None}
    form = told.get("contentType", "XML")
    if form not in _FORMS:
        raise Refused(
            "InvalidJob", f"contentType {form} is not supported here; use one of {', '.join(_FORMS)}"
        )
    told.setdefault("operation", "")
    told.setdefault("object", "")
    job = org.batches.open(told, call.params["version"])
    job.concurrency = _MODES.get(told.get("concurrencyMode", "Parallel"), "Parallel")
    return json_reply(201, _shown(org, job))


async def read_job(org: Org, call: Call) -> Reply:
    """A job and its counts."""
    return json_reply(200, _shown(org, org.batches.job(call.params["job"])))


async def switch_job(org: Org, call: Call) -> Reply:
    """Closed or Aborted."""
    job = org.batches.job(call.params["job"])
    org.batches.switch(job, str(_object(call).get("state", "")))
    return json_reply(200, _shown(org, job))


def _batch(batch: Batch) -> dict[str, Any]:
    return shapes.classic_batch(batch, moment_text(batch.created), moment_text(batch.stamp))


async def add_batch(org: Org, call: Call) -> Reply:
    """201: rows, or a query."""
    job = org.batches.job(call.params["job"])
    if job.operation in QUERIES:
        batch = org.batches.add(job, call.body, (), call.body.decode(errors="replace"))
        return json_reply(201, _batch(batch))
    if job.content == "CSV":
        header, lines = read_table(call.body, job.delimiter)
        rows = [body_of(header, line) for line in lines if len(line) == len(header)]
    else:
        try:
            rows = call.json()
        except ValueError:
            raise Refused("InvalidBatch", "Failed to parse JSON") from None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Refused("InvalidBatch", "The batch must be an array of objects")
    return json_reply(201, _batch(org.batches.add(job, call.body, rows)))


async def batches(org: Org, call: Call) -> Reply:
    """All batches of a job."""
    job = org.batches.job(call.params["job"])
    return json_reply(200, {"batchInfo": [_batch(each) for each in org.batches.of[job.id]]})


def _one(org: Org, call: Call) -> Batch:
    return org.batches.batch(org.batches.job(call.params["job"]), call.params["batch"])


async def read_batch(org: Org, call: Call) -> Reply:
    """A batch and its state."""
    return json_reply(200, _batch(_one(org, call)))


async def request(org: Org, call: Call) -> Reply:
    """What was sent."""
    batch = _one(org, call)
    kind = "text/csv" if batch.job.content == "CSV" else "application/json"
    return Reply(200, batch.sent, (("content-type", kind),))


async def result(org: Org, call: Call) -> Reply:
    """What became of each row; of a query, the ids of its results."""
    batch = _one(org, call)
    if batch.state != "Completed":
        raise Refused("InvalidBatch", f"Batch not completed: it is {batch.state}")
    if batch.query:
        return json_reply(200, [batch.result])
    if batch.job.content == "CSV":
        rows = [
            (
                each.id,
                str(each.success).lower(),
                str(each.created).lower(),
                "" if each.success else each.error,
            )
            for each in batch.done
        ]
        return Reply(
            200, write_table(("Id", "Success", "Created", "Error"), rows), (("content-type", "text/csv"),)
        )
    return json_reply(200, [shapes.classic_result(each) for each in batch.done])


async def query_result(org: Org, call: Call) -> Reply:
    """What a query found."""
    batch = _one(org, call)
    if not batch.query or call.params["result"] != batch.result:
        raise Refused("InvalidBatch", f"Invalid result id: {call.params['result']}")
    if batch.job.content == "CSV":
        header, rows = org.bulk.loader.table(batch.query, deleted=batch.job.operation == "queryAll")
        return Reply(200, write_table(header, rows), (("content-type", "text/csv"),))
    plan, scope, _ = org.cursors.plan(batch.query)
    assert plan.selection is not None
    shown = rendered(org, plan.selection, batch.found, scope, f"v{call.params['version']}")
    return json_reply(200, shown)


_JOB, _BATCH = f"{_ROOT}/{{job}}", f"{_ROOT}/{{job}}/batch/{{batch}}"

CLASSIC_TABLE = (
    Route("POST", _ROOT, "open_classic_job", open_job, "a job of the older bulk interface", ClassicWish),
    Route("GET", _JOB, "classic_job", read_job, "such a job and its counts"),
    Route("POST", _JOB, "switch_classic_job", switch_job, "close or abort it", ClassicWish),
    Route("POST", f"{_JOB}/batch", "add_batch", add_batch, "a batch of rows, or a query"),
    Route("GET", f"{_JOB}/batch", "list_batches", batches, "the batches of a job"),
    Route("GET", _BATCH, "classic_batch", read_batch, "a batch and its state"),
    Route("GET", f"{_BATCH}/request", "batch_request", request, "what was sent"),
    Route("GET", f"{_BATCH}/result", "batch_result", result, "what became of it"),
    Route("GET", f"{_BATCH}/result/{{result}}", "batch_query_result", query_result, "what a query found"),
)
