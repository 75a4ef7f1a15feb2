"""The door: sign-in, concurrency, refusals in the vendor's words; troubles and disturbances."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from simulators.kit.clock import day
from simulators.kit.table import Call, Reply, Route
from simulators.netsuite.routes.jobs import accept, batch_only_async, is_batch, wants_async
from simulators.netsuite.routes.services import forwarded
from simulators.netsuite.rules import keys, signin
from simulators.netsuite.rules.fields.catalogue import RECORDS
from simulators.netsuite.rules.kinds import TRANSACTIONS
from simulators.netsuite.rules.oauth1 import Request, addresses
from simulators.netsuite.rules.periods import closed
from simulators.netsuite.rules.refusal import Refused, forbidden, missing, user_error
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.errors import refusal

TYPES = {kind.lower(): kind for kind in RECORDS}


async def serve(sandbox: Sandbox, route: Route, call: Call) -> Reply:
    """The door: sign-in, permission, concurrency, then the handler; refusals in the vendor's words."""
    if route.public:
        return await route.handler(sandbox, call)
    authorization = call.headers.get("authorization", "")
    for name in ("type", "target"):
        # Addresses name record types without regard to case.
        if name in call.params:
            call.params[name] = TYPES.get(call.params[name].lower(), call.params[name])
    try:
        sandbox.company.signin.check(authorization, _covered(call), route.scope or keys.SCOPE)
        _permit(sandbox, call)
        if wants_async(call):
            return accept(sandbox, route, call)
        if route.operation == "create" and is_batch(call):
            return await batch_only_async(sandbox, call)
        if not sandbox.service_us:
            return await route.handler(sandbox, call)
        return await _in_a_slot(sandbox, route, call)
    except Refused as refused:
        return refusal(refused, authorization.partition(" ")[0].lower())


def _covered(call: Call) -> Request:
    urls = addresses(call.base_url, call.path, *forwarded(call))
    form = call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return Request(call.method, urls, call.query, call.body, form)


def _permit(sandbox: Sandbox, call: Call) -> None:
    for name in ("type", "target"):
        if call.params.get(name) in sandbox.denied:
            raise forbidden(f"access records of type {call.params[name]}")


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


def answers(kind: str, route: Route) -> bool:
    """Whether calls of a row can have such an answer: what writes may meet a closed period or a lock."""
    return kind in _WRITES.get(route.operation, ()) or kind in _ANYWHERE


def trouble(sandbox: Sandbox, kind: str, call: Call) -> Reply | None:
    """The vendor's answer to a trouble; it never hides an error in a 200."""
    if kind in ("period_closed", "record_locked"):
        return _ruled(sandbox, kind, call)
    if kind == "unknown_path":
        return refusal(Refused("NOT_FOUND", "The resource does not exist.", "Url", unquote(call.path)))
    if kind == "wrong_method":
        detail = f"Method {call.method} is not allowed here."
        return refusal(Refused("METHOD_NOT_ALLOWED", detail, "Url", unquote(call.path)))
    found = {
        "throttled": _throttled(),
        "too_many_at_once": _throttled(),
        "token_expired": signin.invalid_login(),
        "unavailable": Refused("SERVICE_UNAVAILABLE", "The service is temporarily unavailable."),
        "server_error": Refused("UNEXPECTED_ERROR", "An unexpected error occurred."),
    }.get(kind)
    return refusal(found) if found is not None else None


def lacks(_: Call, field: str) -> Reply:
    """The refusal of a call without a field that has become mandatory."""
    return refusal(missing(field))


_ANYWHERE = ("throttled", "too_many_at_once", "token_expired", "unavailable", "server_error")
_POSTS, _CHANGES = "period_closed", "record_locked"
_WRITES = {
    "create": (_POSTS,), "upsert": (_POSTS, _CHANGES), "update": (_POSTS, _CHANGES),
    "delete": (_POSTS, _CHANGES), "transform": (_POSTS,),
}  # fmt: skip


def _ruled(sandbox: Sandbox, kind: str, call: Call) -> Reply | None:
    """A refusal by the rules of accounting, to calls that could meet it; None to others."""
    row = call.params.get("target") or call.params.get("type", "")
    known = TYPES.get(row.lower(), row)
    if kind == _CHANGES:
        fits = call.method in ("PATCH", "PUT", "DELETE") and known in RECORDS and "id" in call.params
        said = "This record has been locked by a user defined workflow."  # unconfirmed: as REST words it
        return refusal(user_error(said)) if fits else None
    if call.method == "GET" or known not in TRANSACTIONS:
        return None
    now = day(sandbox.company.clock.now()).isoformat()
    period = next((p for p in sandbox.company.periods if p.sort == "month" and p.start <= now <= p.end), None)
    return refusal(closed(period.name)) if period is not None else None


def credentials(_: Sandbox) -> dict[str, str]:
    """How to sign in to the fresh sandbox: both ways."""
    return {
        "account": keys.ACCOUNT,
        "token_path": signin.TOKEN_PATH,
        "client_id": keys.CLIENT_ID,
        "client_secret": keys.CLIENT_SECRET,
        "certificate_id": keys.CERTIFICATE_ID,
        "private_key_pem": keys.TEST_PRIVATE_KEY_PEM,
        "algorithm": "ES256",
        "rsa_certificate_id": keys.RSA_CERTIFICATE_ID,
        "rsa_private_key_pem": keys.TEST_RSA_PRIVATE_KEY_PEM,
        "scope": keys.SCOPE,
        "consumer_key": keys.CONSUMER_KEY,
        "consumer_secret": keys.CONSUMER_SECRET,
        "token_id": keys.TOKEN_ID,
        "token_secret": keys.TOKEN_SECRET,
    }
