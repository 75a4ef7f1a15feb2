"""What an answer of Salesforce means: done, refused, not begun, or nobody knows."""

from __future__ import annotations

import orjson

from core.canonical.errors import CoreError, Missing, Refused, Unavailable, Unclear
from core.connectors.salesforce import wire
from core.connectors.session import Exchange, SignedOut, common_error
from core.connectors.shapes import drifted
from core.ports.world import Response

SYSTEM = "salesforce"
# It did not happen, and the same may succeed a moment later: a row was locked, somebody else's upsert
# of the same key came first, a cursor was given up for a newer one.
PASSING = frozenset(
    {"REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW", "DUPLICATE_VALUE", "INVALID_QUERY_LOCATOR"}
)
_ABSENT = frozenset({"NOT_FOUND", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})
# A column that does not exist, a field that has become mandatory.
_UNFIT = frozenset({"INVALID_FIELD", "REQUIRED_FIELD_MISSING"})
_NO_SUCH_PARENT = "Foreign key external ID"


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    """None for a success. Rows of a collection are judged one by one by whoever sent them."""
    status = response.status
    body = None
    try:
        body = orjson.loads(response.body) if response.body else None
        readable = body is not None or status == 204
    except ValueError:
        readable = False
    if 200 <= status < 300:
        return None if readable else Unclear(f"{exchange.operation}: {status} without JSON", system=SYSTEM)
    code, text = wire.reason(body)
    if status == 412:
        # Changed since it was read: not executed, and another reading may do.
        return Unavailable(f"{exchange.operation}: changed meanwhile", system=SYSTEM, code=code)
    detail = f"{exchange.operation}: {text or f'status {status}'}"
    if exchange.operation == "sign_in" and status in (400, 401):
        # Without a session nothing was done, whatever the reason.
        return Unavailable(detail, system=SYSTEM, code=code)
    return error_of(code, text, detail) or common_error(SYSTEM, response, detail, code)


def error_of(code: str, text: str, detail: str) -> CoreError | None:
    """By the code alone; None where the status has to decide."""
    if code == "INVALID_SESSION_ID":
        return SignedOut(detail, system=SYSTEM, code=code)
    if code in PASSING:
        return Unavailable(detail, system=SYSTEM, code=code)
    if code in _ABSENT or text.startswith(_NO_SUCH_PARENT):
        return Missing(detail, system=SYSTEM, code=code)
    if code in _UNFIT:
        return drifted(SYSTEM, detail)
    if code == "MULTIPLE_CHOICES":
        return Refused(detail, system=SYSTEM, code=code)
    return None
