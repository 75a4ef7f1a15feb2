"""What an answer of Stripe means: done, declined, refused, not begun, or nobody knows."""

from __future__ import annotations

import orjson

from core.canonical.errors import AlreadyThere, CoreError, Missing, Refused, TooLittle, Unavailable, Unclear
from core.connectors.session import Exchange, common_error
from core.connectors.shapes import drifted
from core.connectors.stripe import wire
from core.ports.world import Response

SYSTEM = "stripe"
# Acts to which "your card was declined" is an answer.
CHARGING = frozenset({"ask_payment", "charge_again"})


class KeySpent(Unclear):
    """The vendor replays, under our key, a failure of its own that it will go on replaying for a day.

    The first execution has ended, so what it left behind can be looked up; only then may another key
    be used.
    """


def judge(exchange: Exchange, response: Response) -> CoreError | None:
    """None for a success, and for a declined card where a charge was asked for."""
    try:
        body = orjson.loads(response.body)
    except ValueError:
        body = None
    status = response.status
    if 200 <= status < 300:
        if isinstance(body, dict):
            return None
        return Unclear(f"{exchange.operation}: {status} without a JSON object", system=SYSTEM)
    error = wire.error_of(body)
    if status == 402 and exchange.operation in CHARGING and isinstance(error.get("payment_intent"), dict):
        return None
    code = str(error.get("code") or "")
    detail = f"{exchange.operation}: {error.get('message') or f'status {status}'}"
    return _error(response, error, code, detail)


def _error(response: Response, error: wire.Json, code: str, detail: str) -> CoreError:
    status = response.status
    if status >= 500 and response.headers.get("idempotent-replayed") == "true":
        return KeySpent(detail, system=SYSTEM, code=code)
    if status == 429 or code in ("rate_limit", "lock_timeout"):
        # The vendor documents no Retry-After, but a gateway may send one.
        return Unavailable(detail, system=SYSTEM, code=code, retry_after=response.retry_after)
    if status in (409, 424) or error.get("type") == "idempotency_error":
        # Under this key something else is under way, or was done with other parameters: look first.
        return Unclear(detail, system=SYSTEM, code=code)
    if code in ("parameter_unknown", "parameter_missing"):
        return drifted(SYSTEM, detail)
    if code == "amount_too_small":
        return TooLittle(detail, system=SYSTEM, code=code)
    if code == "payment_intent_unexpected_state":
        return AlreadyThere(detail, system=SYSTEM, code=code)
    if status == 404 or code == "resource_missing":
        return Missing(detail, system=SYSTEM, code=code)
    if status == 402:
        return Refused(detail, system=SYSTEM, code=code)
    return common_error(SYSTEM, response, detail, code)
