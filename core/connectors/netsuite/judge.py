"""What an answer of NetSuite means: done, refused, not begun, or nobody knows."""

from __future__ import annotations

import orjson

from core.canonical.errors import (
    AlreadyThere,
    CoreError,
    Missing,
    PeriodClosed,
    Refused,
    Unavailable,
    Unclear,
)
from core.connectors.netsuite import wire
from core.connectors.session import Exchange, common_error
from core.connectors.shapes import drifted
from core.ports.world import Response

SYSTEM = "netsuite"


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    """None for a success: 204 without a body for a write, 200 with JSON for a read."""
    status = response.status
    body, readable = _body(response)
    if 200 <= status < 300:
        if status == 202:
            return Unclear(f"{exchange.operation}: taken as a job, not done yet", system=SYSTEM)
        # A truncated answer of a write says no more than that something arrived.
        if not readable or (body is None and not (exchange.write and not response.body)):
            return Unclear(f"{exchange.operation}: {status} without JSON", system=SYSTEM)
        return None
    code, text = wire.reason(body)
    detail = f"{exchange.operation}: {text or 'no reason given'}"
    if status in (401, 409, 429) or status >= 500:
        return common_error(SYSTEM, response, detail, code)
    if wire.says_unfit(text):
        # Before what is absent: a field that is not there must not be taken for a record that is not.
        return drifted(SYSTEM, detail)
    if wire.says_busy(code, text):
        return Unavailable(detail, system=SYSTEM, code=code)
    if wire.says_closed(code, text):
        return PeriodClosed(detail, system=SYSTEM, code=code)
    if wire.says_taken(text):
        return AlreadyThere(detail, system=SYSTEM, code=code)
    if status == 404 or code == "NONEXISTENT_ID" or wire.says_absent(text):
        return Missing(detail, system=SYSTEM, code=code)
    return Refused(f"{status}: {detail}", system=SYSTEM, code=code)


def _body(response: Response) -> tuple[object, bool]:
    if not response.body:
        return None, True
    try:
        return orjson.loads(response.body), True
    except ValueError:
        return None, False
