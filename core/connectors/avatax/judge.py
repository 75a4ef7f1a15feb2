"""What an answer of AvaTax means: done, refused, not begun, or nobody knows."""

from __future__ import annotations

import orjson

from core.canonical.errors import AlreadyThere, CoreError, Missing, Unavailable, Unclear
from core.connectors.avatax import wire
from core.connectors.session import Exchange, common_error
from core.connectors.shapes import drifted
from core.ports.world import Response

SYSTEM = "avatax"
_STATUS_OF_DOCUMENT = "DocStatus"


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    """None for a success."""
    try:
        body = orjson.loads(response.body)
    except ValueError:
        body = None
    if 200 <= response.status < 300:
        if isinstance(body, dict):
            return None
        return Unclear(f"{exchange.operation}: {response.status} without a JSON object", system=SYSTEM)
    number, text, refers = wire.reason(body)
    code = str(number or "")
    detail = f"{exchange.operation}: {text or f'status {response.status}'}"
    if response.status == 429 or number in wire.THROTTLED:
        return Unavailable(detail, system=SYSTEM, code=code, retry_after=response.retry_after)
    if response.status >= 500:
        return common_error(SYSTEM, response, detail, code)
    # A document that counts already is in the wrong state for being made, or committed, again.
    if number in wire.ALREADY or (number == wire.GET_TAX_ERROR and _STATUS_OF_DOCUMENT in f"{refers} {text}"):
        return AlreadyThere(detail, system=SYSTEM, code=code)
    if number == wire.VALUE_REQUIRED:
        return drifted(SYSTEM, detail)
    if number == wire.NOT_FOUND:
        return Missing(detail, system=SYSTEM, code=code)
    return common_error(SYSTEM, response, detail, code)
