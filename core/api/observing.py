"""What operators and their dashboards see: metrics for Prometheus, and how the flows stand."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Response

from core.api.v1.asking import Asker, caller, only_known
from core.api.v1.problems import told
from core.canonical.errors import CoreError
from core.observing.metrics import CONTENT_TYPE
from core.observing.overview import overview
from core.observing.slo import Burn
from core.observing.view import View


def observing_routes(view: View) -> APIRouter:
    """GET /metrics, /v1/operations/slos and /v1/operations/overview, all for a token with its
    scope (Prometheus sends one by its `authorization` setting).
    Without the store the metrics are those of this process alone."""
    router = APIRouter(tags=["operations"], dependencies=[Depends(caller)], responses=told(401, 403))

    @router.get("/metrics", operation_id="getMetrics", summary="For Prometheus")
    async def metrics() -> Response:
        try:
            return Response(await view.text(), media_type=CONTENT_TYPE)
        except CoreError:
            return Response(view.metrics.text(), media_type=CONTENT_TYPE)

    @router.get(
        "/v1/operations/slos",
        operation_id="listSlos",
        summary="How fast each flow uses up what it may miss",
        dependencies=[Depends(only_known)],
        responses=told(422, 503),
    )
    async def slos() -> dict[str, Any]:
        try:
            return {"slos": [_shown(burn) for burn in await view.objectives.look()]}
        except CoreError as error:
            raise HTTPException(503, error.detail) from None

    @router.get(
        "/v1/operations/overview",
        operation_id="getOverview",
        summary="The whole deployment at one look",
        dependencies=[Depends(only_known)],
        responses=told(422, 503),
    )
    async def at_one_look(who: Asker) -> dict[str, Any]:
        """who: whose token it is, and its scopes: a page offers nothing that would be refused."""
        try:
            return {**await overview(view), "who": {"name": who.name, "scopes": sorted(who.scopes)}}
        except CoreError as error:
            raise HTTPException(503, error.detail) from None

    return router


def _shown(burn: Burn) -> dict[str, Any]:
    return {
        "flow": burn.flow,
        "owner": burn.owner,
        "objective_minutes": burn.minutes,
        "windows": {
            window: {"burn_rate": round(float(rate), 3), "good": counts.good, "bad": counts.bad}
            for (window, rate), counts in zip(burn.rates, _in_order(burn), strict=True)
        },
        "alarms": list(burn.ringing),
    }


def _in_order(burn: Burn) -> list[Any]:
    return [counts for _, counts in sorted(burn.counts.items())]
