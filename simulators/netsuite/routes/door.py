"""The door: sign-in, concurrency, refusals in the vendor's words; troubles and disturbances."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from simulators.kit.table import Call, Reply, Route
from simulators.netsuite.rules import signin
from simulators.netsuite.rules.periods import set_closed
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.errors import refusal


async def serve(sandbox: Sandbox, route: Route, call: Call) -> Reply:
    """The door: sign-in, concurrency, then the handler; refusals in the vendor's words."""
    if route.public:
        return await route.handler(sandbox, call)
    try:
        covered = signin.Request(call.method, call.base_url + call.path, call.query, call.body)
        sandbox.company.signin.check(call.headers.get("authorization", ""), covered)
        _refuse_async(call)
        if not sandbox.service_us:
            return await route.handler(sandbox, call)
        return await _in_a_slot(sandbox, route, call)
    except Refused as refused:
        return refusal(refused)


async def _in_a_slot(sandbox: Sandbox, route: Route, call: Call) -> Reply:
    if sandbox.busy >= sandbox.concurrency:
        raise _throttled()
    sandbox.busy += 1
    try:
        await asyncio.sleep(sandbox.service_us / 1e6)
        return await route.handler(sandbox, call)
    finally:
        sandbox.busy -= 1


def _throttled() -> Refused:
    return Refused("CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.")


def _refuse_async(call: Call) -> None:
    if "respond-async" in call.headers.get("prefer", "").lower():
        raise Refused("INVALID_HEADER", "Asynchronous processing is not available.", "Header", "Prefer")


def trouble(kind: str, call: Call) -> Reply | None:
    """The vendor's answer to a trouble; it never hides an error in a 200."""
    if kind == "unknown_path":
        return refusal(Refused("NOT_FOUND", "The resource does not exist.", "Url", unquote(call.path)))
    if kind == "wrong_method":
        detail = f"Method {call.method} is not allowed here."
        return refusal(Refused("METHOD_NOT_ALLOWED", detail, "Url", unquote(call.path)))
    found = {
        "throttled": _throttled(),
        "token_expired": signin.invalid_login(),
        "unavailable": Refused("SERVICE_UNAVAILABLE", "The service is temporarily unavailable."),
        "server_error": Refused("UNEXPECTED_ERROR", "An unexpected error occurred."),
    }.get(kind)
    return refusal(found) if found is not None else None


def disturb(sandbox: Sandbox, kind: str, wish: Mapping[str, Any]) -> None:
    """expire_tokens; close_period and reopen_period with {"name": "2026-01"}."""
    if kind == "expire_tokens":
        sandbox.company.signin.tokens.revoke_all()
    elif kind in ("close_period", "reopen_period"):
        set_closed(sandbox.company, str(wish.get("name", "")), kind == "close_period")
    else:
        raise ValueError(f"kind: {kind!r} is none of expire_tokens, close_period, reopen_period")


def credentials(_: Sandbox) -> dict[str, str]:
    """How to sign in to the fresh sandbox: both ways."""
    return {
        "account": signin.ACCOUNT,
        "token_path": signin.TOKEN_PATH,
        "client_id": signin.CLIENT_ID,
        "certificate_id": signin.CERTIFICATE_ID,
        "private_key_pem": signin.TEST_PRIVATE_KEY_PEM,
        "scope": signin.SCOPE,
        "consumer_key": signin.CONSUMER_KEY,
        "consumer_secret": signin.CONSUMER_SECRET,
        "token_id": signin.TOKEN_ID,
        "token_secret": signin.TOKEN_SECRET,
    }
