"""The core over HTTP in real time: webhooks in, health, and the desk of its operators."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

from core.assemble import Core
from core.canonical.errors import CoreError
from core.governance.audit import Deed, Outcome, Trail
from core.realtime import LogWatch

# Whom the one token stands for.
OPERATORS = "operators"


def core_app(core: Core, watch: LogWatch, token: str) -> FastAPI:
    """`token`: what operators send as a bearer token; ValueError if it is empty."""
    if not token:
        raise ValueError("token: the operators' token must not be empty")
    app = FastAPI(title="Tieout integration core", docs_url=None, redoc_url=None)
    app.include_router(_health(core))
    app.include_router(_operations(core, watch, _guard(token, core.trail)))
    app.mount("/webhooks", core.webhooks)
    return app


def _guard(token: str, trail: Trail) -> Callable[[Request], Any]:
    expected = f"Bearer {token}".encode()

    async def guard(request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            why = "wrong token" if given else "no token"
            await trail.write(Deed("unknown", "", request.method, request.url.path, Outcome.REFUSED, why))
            raise HTTPException(401, "a bearer token is needed", {"www-authenticate": "Bearer"})

    return guard


def _health(core: Core) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="The process answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="The store answers too: work can be taken in")
    async def readyz() -> dict[str, str]:
        try:
            await core.model.pending()
        except CoreError as error:
            raise HTTPException(503, error.detail) from None
        return {"status": "ready"}

    return router


def _operations(core: Core, watch: LogWatch, guard: Callable[[Request], Any]) -> APIRouter:
    router = APIRouter(prefix="/v1/operations", tags=["operations"], dependencies=[Depends(guard)])
    running: dict[str, asyncio.Lock] = {name: asyncio.Lock() for name in core.model.jobs}

    @router.get("/pending", summary="What has not ended, in words")
    async def pending() -> dict[str, Any]:
        found = await core.model.pending()
        if watch.under_way:
            found = [*found, f"{watch.under_way} calls under way"]
        return {"pending": found}

    @router.get("/parked", summary="The exception queue")
    async def parked() -> dict[str, Any]:
        return {"parked": [asdict(task) for task in await core.model.parked()]}

    @router.get("/counters", summary="Counters and the latest alerts")
    async def counters() -> dict[str, Any]:
        named = ("at", "severity", "subject", "text")
        alerts = [dict(zip(named, alert, strict=True)) for alert in watch.alerts]
        return {"counters": dict(sorted(watch.counts.items())), "alerts": alerts}

    @router.post("/redrive", summary="Release everything that is held")
    async def redrive() -> dict[str, int]:
        async with core.trail.around(Deed(OPERATORS, "exceptions:decide", "redrive", "everything held")):
            return {"released": await core.model.redrive()}

    @router.post("/jobs/{name}", summary="Run a job now; answers when it has ended")
    async def run(name: str) -> dict[str, str]:
        if name not in running:
            raise HTTPException(404, f"no job {name!r}; there are: {', '.join(sorted(running))}")
        if running[name].locked():
            raise HTTPException(409, f"job {name!r} is running")
        async with running[name]:
            try:
                async with core.trail.around(Deed(OPERATORS, "jobs:run", "run", f"job {name}")):
                    await core.model.jobs[name]()
            except CoreError as error:
                raise HTTPException(503, error.detail) from None
        return {"done": name}

    return router
