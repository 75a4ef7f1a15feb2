"""Paths of asynchronous orders: 202 with a job, whose answer is fetched later."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.accounts import paying
from simulators.zuora.routes.orders import with_ids
from simulators.zuora.rules import errands
from simulators.zuora.rules.jobs import COMPLETED, Job
from simulators.zuora.rules.order import OrderWish
from simulators.zuora.rules.previews import Preview, PreviewWish
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import contract, previewing
from simulators.zuora.wire.actions import order_wish
from simulators.zuora.wire.ordering import OrderShape
from simulators.zuora.wire.previewing import PreviewShape
from simulators.zuora.wire.shape import check, parse


async def create_order(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/async/orders: 202."""
    body = parse(call)
    shape = check(OrderShape, body)
    return _begun(rules, await paying(rules, shape, order_wish(shape, body)), with_ids(call))


async def preview_order(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/async/orders/preview: 202."""
    body = parse(call)
    return _begun(rules, check(PreviewShape, body).preview(body))


async def delete_order(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/async/orders/{orderNumber}: 200, unlike the others (SDK)."""
    begun = _begun(rules, call.params["orderNumber"])
    return Reply(200, begun.body, begun.headers)


def _begun(rules: Sandbox, work: OrderWish | PreviewWish | str, ids: bool = False) -> Reply:
    job = errands.begin(rules.state, work, with_ids=ids)
    rules.agenda.after(rules.order_job_seconds, errands.finish, rules.state, job)
    return json_reply(202, {"success": True, "jobId": job.id})


async def get_job(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/async-jobs/{jobId}."""
    job = errands.find_job(rules.state, call.params["jobId"])
    result: dict[str, Any] | None = None
    if job.status == COMPLETED:
        result = _result(rules, job)
    return json_reply(200, {"success": True, "status": job.status, "errors": job.error, "result": result})


def _result(rules: Sandbox, job: Job) -> dict[str, Any] | None:
    if isinstance(job.preview, Preview):
        return {"jobType": "AsyncPreviewOrder", **previewing.result(rules.state, job.work, job.preview)}
    order = rules.state.orders.get(job.order) if job.order else None
    if order is None:
        return None
    shown = contract.placed(rules.state, order, with_ids=job.with_ids)
    return {"jobType": "AsyncCreateOrder", **shown}


TABLE = (
    Route("POST", "/v1/async/orders", "create_order_async", create_order, "an order as a job", OrderShape),
    Route(
        "POST",
        "/v1/async/orders/preview",
        "preview_order_async",
        preview_order,
        "a preview as a job",
        PreviewShape,
    ),
    Route(
        "DELETE",
        "/v1/async/orders/{orderNumber}",
        "delete_order_async",
        delete_order,
        "a deletion as a job",
    ),
    Route("GET", "/v1/async-jobs/{jobId}", "get_async_job", get_job, "how far a job is, and its answer"),
)
