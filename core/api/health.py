"""Whether the process lives, and whether the deployment can do its work: what each answer means."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from core.api.v1.problems import told
from core.assemble import Core
from core.canonical.errors import CoreError
from core.observing.health import State
from core.observing.overview import health
from core.observing.view import View

_AWAY = "the store does not answer"


def health_routes(core: Core, view: View | None) -> APIRouter:
    """GET /healthz (the process answers: start it again if it does not) and GET /readyz (work can be taken
    in: send it events). Neither asks for a token; neither names more than states."""
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
    async def readyz() -> dict[str, Any]:
        """200 with "ready", or with "degraded" where work is taken in but waits: a vendor, the bus or the
        workers are not well. 503 where nothing can be taken in."""
        try:
            await core.model.pending()
        except CoreError:
            # Whoever asks has shown no token: where the store is and who we are there is for the log.
            raise HTTPException(503, _AWAY) from None
        if view is None:
            return {"status": "ready"}
        state, dependencies = await health(view)
        if state is State.DOWN:
            raise HTTPException(503, _AWAY)
        return {
            "status": "ready" if state is State.UP else state,
            "dependencies": {each.name: each.state for each in dependencies},
        }

    return router
