"""What an answer of Zuora means: done, refused, not begun, or nobody knows."""

from __future__ import annotations

import orjson

from core.canonical.errors import AlreadyThere, CoreError, Missing, Refused, Unavailable, Unclear
from core.connectors.session import Exchange, SignedOut, common_error
from core.connectors.shapes import drifted
from core.connectors.zuora import wire
from core.ports.world import Response

SYSTEM = "zuora"


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    """None for a success; a 200 with success:false is read by its code like any other error."""
    try:
        body = orjson.loads(response.body)
    except ValueError:
        body = None
    if 200 <= response.status < 300:
        if not isinstance(body, dict):
            return Unclear(f"{exchange.operation}: {response.status} without a JSON object", system=SYSTEM)
        if body.get("success", body.get("Success", True)) is not False:
            return None
    code, text = wire.reason(body)
    detail = f"{exchange.operation}: {text or 'no reason given'}"
    return _error(response, text, detail, code)


def _error(response: Response, text: str, detail: str, code: str) -> CoreError:
    status, category = response.status, wire.category(code)
    # The status, where it is one, outranks the code: a gateway in between speaks by status only.
    if status in (401, 409, 429) or status >= 500:
        return common_error(SYSTEM, response, detail, code)
    if category == wire.SIGNED_OUT:
        return SignedOut(detail, system=SYSTEM, code=code)
    if category == wire.THROTTLED:
        return Unavailable(detail, system=SYSTEM, code=code)
    if category in wire.UNCLEAR_CATEGORIES:
        return Unclear(detail, system=SYSTEM, code=code)
    if category in wire.UNFIT_CATEGORIES or wire.says_unfit(text):
        return drifted(SYSTEM, detail)
    if wire.says_taken(text):
        return AlreadyThere(detail, system=SYSTEM, code=code)
    if status == 404 or category == wire.NOT_FOUND or wire.says_absent(text):
        return Missing(detail, system=SYSTEM, code=code)
    return Refused(detail, system=SYSTEM, code=code)
