"""What operators see of the work as a whole, and the older ways of acting on it, which leave."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, HTTPException

from core.api.v1.asking import Asker, caller, only_known
from core.api.v1.document import leaving
from core.api.v1.problems import told
from core.assemble import Core
from core.canonical.errors import CoreError
from core.governance.audit import Deed
from core.realtime import LogWatch

# Since when, and until when: the paged queue and jobs that are resources take their places.
_LEAVES = (date(2026, 11, 28), date(2027, 11, 28))


def operations(core: Core, watch: LogWatch) -> APIRouter:
    """Under /v1/operations."""
    router = APIRouter(
        prefix="/v1/operations",
        tags=["operations"],
        dependencies=[Depends(caller), Depends(only_known)],
        responses=told(401, 403, 422, 503),
    )
    _seen(router, core, watch)
    _acts(router, core)
    return router


def _seen(router: APIRouter, core: Core, watch: LogWatch) -> None:
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
        dependencies=[Depends(leaving(*_LEAVES, "/v1/exceptions"))],
    )
    async def parked() -> dict[str, Any]:
        return {"parked": [asdict(task) for task in await core.model.parked()]}

    @router.get("/counters", operation_id="listCounters", summary="Counters and the latest alerts")
    async def counters() -> dict[str, Any]:
        named = ("at", "severity", "subject", "text")
        alerts = [dict(zip(named, alert, strict=True)) for alert in watch.alerts]
        return {"counters": dict(sorted(watch.counts.items())), "alerts": alerts}


def _acts(router: APIRouter, core: Core) -> None:
    running: dict[str, asyncio.Lock] = {name: asyncio.Lock() for name in core.model.jobs}

    @router.post(
        "/redrive",
        operation_id="redrive",
        summary="Release everything that is held",
        deprecated=True,
        dependencies=[Depends(leaving(*_LEAVES, "/v1/exceptions/{number}/release"))],
    )
    async def redrive(who: Asker) -> dict[str, int]:
        async with core.trail.around(Deed(who.name, "exceptions:decide", "redrive", "everything held")):
            await core.exceptions.before_redrive(who.name)
            return {"released": await core.model.redrive()}

    @router.post(
        "/jobs/{name}",
        operation_id="runJob",
        summary="Run a job now; answers when it has ended",
        deprecated=True,
        dependencies=[Depends(leaving(*_LEAVES, "/v1/jobs"))],
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
