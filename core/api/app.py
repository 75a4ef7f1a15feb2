"""The core over HTTP in real time: webhooks in, health, and the desk of its operators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException

from core.api.observing import observing_routes
from core.api.signing_in import Gate
from core.api.v1 import conflicts, exceptions, resources, work
from core.api.v1.asking import Asker, caller, only_known
from core.api.v1.document import documented, leaving
from core.api.v1.problems import answer_with_problems, told
from core.api.v1.shell import Shell
from core.assemble import Core
from core.canonical.errors import CoreError
from core.governance.accounts import Accounts
from core.governance.audit import Deed
from core.observing.view import View
from core.realtime import LogWatch

# Since when, and until when: the paged queue takes its place.
_PARKED_LEAVES = (date(2026, 11, 28), date(2027, 11, 28))


def core_app(
    core: Core, watch: LogWatch, token: str, view: View | None = None, accounts: Accounts | None = None
) -> FastAPI:
    """`token`: what operators send as a bearer token; ValueError if it is empty. view: what is shown of
    this process and its deployment, None for nothing; accounts: of services, beside the operators."""
    app = FastAPI(
        title="Tieout integration core", version="1", docs_url=None, redoc_url=None, lifespan=_resuming(core)
    )
    gate = Gate(token, accounts or Accounts(), core.desk.clock, core.trail)
    app.state.core, app.state.identify = core, gate
    answer_with_problems(app)
    app.include_router(_health(core))
    app.include_router(gate.routes())
    app.include_router(_operations(core, watch))
    for resources_of in (exceptions, resources, work, conflicts):
        app.include_router(resources_of.router)
    if view is not None:
        app.include_router(observing_routes(view))
    documented(app)
    app.mount("/webhooks", core.webhooks)
    app.add_middleware(Shell, clock=core.desk.clock)
    return app


def _resuming(core: Core) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await core.jobs.resume()
        yield

    return lifespan


def _health(core: Core) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", operation_id="isAlive", summary="The process answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get(
        "/readyz",
        operation_id="isReady",
        summary="The store answers too: work can be taken in",
        responses=told(503),
    )
    async def readyz() -> dict[str, str]:
        try:
            await core.model.pending()
        except CoreError as error:
            raise HTTPException(503, error.detail) from None
        return {"status": "ready"}

    return router


def _operations(core: Core, watch: LogWatch) -> APIRouter:
    router = APIRouter(
        prefix="/v1/operations",
        tags=["operations"],
        dependencies=[Depends(caller), Depends(only_known)],
        responses=told(401, 403, 422, 503),
    )
    running: dict[str, asyncio.Lock] = {name: asyncio.Lock() for name in core.model.jobs}

    @router.get("/pending", operation_id="listPending", summary="What has not ended, in words")
    async def pending() -> dict[str, Any]:
        found = await core.model.pending()
        if watch.under_way:
            found = [*found, f"{watch.under_way} calls under way"]
        return {"pending": found}

    @router.get(
        "/parked",
        operation_id="listParked",
        summary="The exception queue",
        deprecated=True,
        dependencies=[Depends(leaving(*_PARKED_LEAVES, "/v1/exceptions"))],
    )
    async def parked() -> dict[str, Any]:
        return {"parked": [asdict(task) for task in await core.model.parked()]}

    @router.get("/counters", operation_id="listCounters", summary="Counters and the latest alerts")
    async def counters() -> dict[str, Any]:
        named = ("at", "severity", "subject", "text")
        alerts = [dict(zip(named, alert, strict=True)) for alert in watch.alerts]
        return {"counters": dict(sorted(watch.counts.items())), "alerts": alerts}

    @router.post("/redrive", operation_id="redrive", summary="Release everything that is held")
    async def redrive(who: Asker) -> dict[str, int]:
        async with core.trail.around(Deed(who.name, "exceptions:decide", "redrive", "everything held")):
            await core.exceptions.before_redrive(who.name)
            return {"released": await core.model.redrive()}

    @router.post(
        "/jobs/{name}",
        operation_id="runJob",
        summary="Run a job now; answers when it has ended",
        responses=told(404, 409),
    )
    async def run(who: Asker, name: str) -> dict[str, str]:
        if name not in running:
            raise HTTPException(404, f"no job {name!r}; there are: {', '.join(sorted(running))}")
        if running[name].locked():
            raise HTTPException(409, f"job {name!r} is running")
        async with running[name]:
            try:
                async with core.trail.around(Deed(who.name, "jobs:run", "run", f"job {name}")):
                    await core.model.jobs[name]()
            except CoreError as error:
                raise HTTPException(503, error.detail) from None
        return {"done": name}

    return router
