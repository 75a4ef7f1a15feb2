"""Asynchronous requests: taken as jobs, run a little later, asked about; batches are jobs of many tasks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from simulators.kit.table import Call, Handler, Reply, Route, dumps
from simulators.netsuite.routes import lines, records, services
from simulators.netsuite.routes.shared import body_of, collection, singular
from simulators.netsuite.rules import desks
from simulators.netsuite.rules.jobs import IdempotencyRefused, Job, Task
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.errors import refusal
from simulators.netsuite.wire.references import RECORD_PATH
from simulators.netsuite.wire.shapes import links, moment

JOB_PATH = "/services/rest/async/v1/job"
_MOST = 100
_APPLIED = ("preference-applied", "respond-async")
# What may be asked for asynchronously, by operation.
HANDLERS: dict[str, Handler] = {
    "create": records.create,
    "read": records.read,
    "update": records.update,
    "upsert": records.upsert,
    "delete": records.remove,
    "list": records.listing,
    "transform": records.transform,
    "attach": lines.attach,
    "detach": lines.detach,
    "suiteql": services.suiteql,
}
_BATCHES = {"batch_update": "update", "batch_upsert": "upsert", "batch_delete": "delete"}


def wants_async(call: Call) -> bool:
    """Whether the caller prefers an answer later."""
    return "respond-async" in call.headers.get("prefer", "").lower()


def is_batch(call: Call) -> bool:
    """Whether the body is a collection of records."""
    return "type=collection" in call.headers.get("content-type", "").lower().replace(" ", "")


def _has_items(call: Call) -> bool:
    # No record has a property of that name, so that such a body can only be a batch.
    body = body_of(call)
    return isinstance(body, dict) and isinstance(body.get("items"), list)


def accept(sandbox: Sandbox, route: Route, call: Call) -> Reply:
    """Take a request as a job: 202 and where to ask about it."""
    batch = _BATCHES.get(route.operation, "")
    if route.operation == "create" and (is_batch(call) or _has_items(call)):
        batch = "create"
    if batch:
        tasks = _split(sandbox, batch, call)
    elif route.operation in HANDLERS:
        tasks = [
            _task("1", route.operation, call, call.params, call.method, call.path, call.query, call.body)
        ]
    else:
        raise Refused("INVALID_HEADER", "Asynchronous processing is not available here.", "Header", "Prefer")
    due = sandbox.company.clock.now() + sandbox.async_us
    try:
        job = sandbox.jobs.open(due, call.headers.get("x-netsuite-idempotency-key", ""), tasks)
    except IdempotencyRefused as refused:
        reply = refusal(refused)
        place = ("location", f"{JOB_PATH}/{refused.job}")
        return Reply(reply.status, reply.body, (*reply.headers, _APPLIED, place))
    sandbox.agenda.at(due, run, sandbox, job)
    return Reply(
        202, b"", (_APPLIED, ("location", f"{JOB_PATH}/{job.id}"), ("content-type", "application/json"))
    )


async def batch_only_async(_: Sandbox, call: Call) -> Reply:
    """PATCH, PUT and DELETE of a collection, without the header that they need."""
    detail = f"The {call.method} operation on a collection requires the header Prefer: respond-async."
    raise Refused("INVALID_HEADER", detail, "Header", "Prefer")


async def run(sandbox: Sandbox, job: Job) -> None:
    """Do what a job is to do, each task by itself."""
    if job.started:
        return
    job.started = True
    for task in job.tasks:
        task.started_at = sandbox.company.clock.now()
        call = Call(
            task.method, task.path, task.query, task.headers, task.body, dict(task.params), task.base_url
        )
        try:
            reply = await HANDLERS[task.operation](sandbox, call)
        except Refused as refused:
            reply = refusal(refused)
        task.status, task.answer, task.answer_headers = reply.status, reply.body, reply.headers
        task.ended_at = sandbox.company.clock.now()
        task.progress = "succeeded" if reply.status < 400 else "failed"


def _split(sandbox: Sandbox, operation: str, call: Call) -> list[Task]:
    kind = call.params["type"]
    desks.shelf(sandbox.company, kind)
    if operation == "delete":
        keys = [each.strip() for each in call.args().get("ids", "").split(",") if each.strip()]
        rows: list[dict[str, Any]] = [{"id": key} for key in keys]
    else:
        body = body_of(call)
        rows = body.get("items") if isinstance(body, dict) else []  # type: ignore[assignment]
        if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
            raise Refused(
                "INVALID_CONTENT", "The request body must be a collection with items.", "Path", "items"
            )
    if not rows:
        place, where = ("QueryParam", "ids") if operation == "delete" else ("Path", "items")
        raise Refused("INVALID_PARAMETER", "A batch needs at least one record.", place, where)
    if len(rows) > _MOST:
        detail = f"A batch request can work with {_MOST} records at most."
        raise Refused("INVALID_REQUEST", detail, "Path", "items")
    return [_part(str(i + 1), operation, call, row, i) for i, row in enumerate(rows)]


def _part(number: str, operation: str, call: Call, row: dict[str, Any], at: int) -> Task:
    kind = call.params["type"]
    path, params, body = f"{RECORD_PATH}{kind}", {"type": kind}, dumps(row)
    if operation != "create":
        key = str(row.get("id") or "")
        if operation == "upsert" or (not key and row.get("externalId")):
            key = f"eid:{row['externalId']}" if row.get("externalId") else key
        if not key:
            name = "externalId" if operation == "upsert" else "id"
            raise Refused(
                "INVALID_CONTENT", f"A record of the batch has no {name}.", "Path", f"items[{at}].{name}"
            )
        path, params["id"] = f"{path}/{quote(key, safe=':')}", key
    query = "" if operation == "delete" else call.query
    if operation == "delete":
        body = b""
    methods = {"create": "POST", "update": "PATCH", "upsert": "PUT", "delete": "DELETE"}
    return _task(number, operation, call, params, methods[operation], path, query, body)


def _task(
    number: str,
    operation: str,
    call: Call,
    params: dict[str, str],
    method: str,
    path: str,
    query: str,
    body: bytes,
) -> Task:
    headers = {name: value for name, value in call.headers.items() if name not in ("authorization", "prefer")}
    if operation == "suiteql":
        headers["prefer"] = "transient"
    return Task(number, operation, dict(params), method, path, query, headers, body, call.base_url)


async def job(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a job."""
    found = await _job(sandbox, call)
    path = f"{call.base_url}{JOB_PATH}/{found.id}"
    value = {
        "links": links(path),
        "completed": found.completed,
        "id": found.id,
        "progress": found.progress,
        "task": {"links": links(f"{path}/task")},
    }
    return singular(200, value)


async def tasks(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a job's tasks."""
    found = await _job(sandbox, call)
    limit, offset = page_bounds(call.args())
    shown = [_shown(call, found, each) for each in found.tasks]
    return collection(call, shown[offset : offset + limit], limit, offset, len(shown))


async def task(sandbox: Sandbox, call: Call) -> Reply:
    """GET of one task."""
    found = await _job(sandbox, call)
    return singular(200, _shown(call, found, _task_of(found, call)))


async def result(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a task's result: the answer that the request would have had."""
    found = _task_of(await _job(sandbox, call), call)
    if found.progress == "pending":
        raise Refused("NONEXISTENT_ID", "The task has no result yet.", "Url", call.path)
    return Reply(found.status, found.answer, found.answer_headers)


async def _job(sandbox: Sandbox, call: Call) -> Job:
    found = sandbox.jobs.by_id.get(call.params["job"])
    if found is None:
        raise Refused("NONEXISTENT_ID", "The job does not exist.", "Url", call.path)
    if found.due <= sandbox.company.clock.now():
        await run(sandbox, found)
    return found


def _task_of(found: Job, call: Call) -> Task:
    each = next((each for each in found.tasks if each.id == call.params["task"]), None)
    if each is None:
        raise Refused("NONEXISTENT_ID", "The task does not exist.", "Url", call.path)
    return each


def _shown(call: Call, found: Job, each: Task) -> dict[str, Any]:
    path = f"{call.base_url}{JOB_PATH}/{found.id}/task/{each.id}"
    value: dict[str, Any] = {
        "links": links(path),
        "id": each.id,
        "completed": each.progress != "pending",
        "progress": each.progress,
    }
    if value["completed"]:
        value["links"] = [{"rel": "related", "href": f"{path}/result"}, *links(path)]
        value |= {"startTime": moment(each.started_at), "endTime": moment(each.ended_at)}
    return value
