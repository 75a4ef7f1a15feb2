"""The door in front of every path: sign-in, limits, idempotency keys, errors, headers."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from simulators.kit.auth import bearer
from simulators.kit.table import Call, Headers, Reply, Route, json_reply
from simulators.zuora.routes.errors import refused
from simulators.zuora.rules.refusal import INVALID, LOCKED, TOO_MANY, UNAUTHENTICATED, UNSUPPORTED, Refused
from simulators.zuora.rules.sandbox import CLIENT_ID, CLIENT_SECRET, Sandbox

KEY_LENGTH_MAX = 255
# Operations that the vendor's own SDK sends with neither body nor content type; others answer 415 to that.
BODYLESS = frozenset(
    {
        "activate_order",
        "delete_subscription",
        "cancel_invoice",
        "unpost_invoice",
        "post_credit_memo",
        "unpost_credit_memo",
        "cancel_credit_memo",
        "post_debit_memo",
        "unpost_debit_memo",
        "cancel_debit_memo",
        "cancel_payment",
        "cancel_refund",
        "scrub_payment_method",
        "scrub_contact",
    }
)
_SECOND, _HOUR, _DAY = 1_000_000, 2_250_000, 27_000_000


async def serve(rules: Sandbox, route: Route, call: Call) -> Reply:
    """Answer one call that a row of the table matches; every answer says which request it is of."""
    reply = await _admit(rules, route, call)
    if any(name == "zuora-request-id" for name, _ in reply.headers):
        return reply
    return Reply(reply.status, reply.body, (*reply.headers, *_marks(rules, call)))


async def _admit(rules: Sandbox, route: Route, call: Call) -> Reply:
    if route.public:
        return await route.handler(rules, call)
    if rules.tokens.find(bearer(call.headers.get("authorization", ""))) is None:
        return refused(call, Refused(UNAUTHENTICATED, "Failed to authenticate: the token is not valid."))
    if not rules.rate.admit():
        return _throttled(call, "The tenant's request limit is exceeded.")
    if rules.in_flight >= rules.concurrency > 0:
        return _throttled(call, "The tenant's limit of concurrent requests is exceeded.")
    wanted = "multipart/form-data" if route.form else "json"
    given = call.headers.get("content-type", "")
    bodyless = not given and not call.body and route.operation in BODYLESS
    if call.method in ("POST", "PUT", "PATCH") and wanted not in given and not bodyless:
        no = Refused(UNSUPPORTED, "The content type of the request is not supported.")
        return refused(call, no, status=415)
    rules.state.expire()
    key = call.headers.get("idempotency-key", "")
    if key and call.method in ("POST", "PATCH"):
        reply = await _once(rules, route, call, key)
    else:
        reply = await _answer(rules, route, call)
    return reply


async def _once(rules: Sandbox, route: Route, call: Call, key: str) -> Reply:
    """The first answer of a key is kept for a day, whatever it was; the body is not compared."""
    if len(key) > KEY_LENGTH_MAX:
        no = Refused(INVALID, f"The Idempotency-Key is longer than {KEY_LENGTH_MAX} characters.")
        return refused(call, no)
    mark = f"{call.method} {call.path}?{call.query}".encode()
    kept = rules.keys.find(key)
    if kept is not None:
        if kept.fingerprint != mark:
            no = Refused(INVALID, "The Idempotency-Key was used with another method or URL.")
            return refused(call, no, status=422)
        if kept.reply is None:
            no = Refused(LOCKED, "A request with this Idempotency-Key is still in progress.")
            return refused(call, no)
        return kept.reply
    kept = rules.keys.begin(key, mark)
    try:
        kept.reply = await _answer(rules, route, call)
    finally:
        if kept.reply is None:
            rules.keys.forget(key)
    return kept.reply


async def _answer(rules: Sandbox, route: Route, call: Call) -> Reply:
    rules.in_flight += 1
    try:
        if rules.service_us:
            await asyncio.sleep(rules.service_us / _SECOND)
        reply = await route.handler(rules, call)
    except Refused as no:
        reply = refused(call, no)
    finally:
        rules.in_flight -= 1
    return Reply(reply.status, reply.body, (*reply.headers, *_headers(rules, call)))


def _headers(rules: Sandbox, call: Call) -> tuple[tuple[str, str], ...]:
    limit = rules.rate.limit
    left = max(limit - rules.rate.used, 0)
    concurrent = rules.concurrency
    return (
        *_marks(rules, call),
        ("ratelimit-limit", f"{limit}, {limit};w=60, {_HOUR};w=3600, {_DAY};w=86400"),
        ("ratelimit-remaining", str(left)),
        ("ratelimit-reset", "60"),
        ("concurrency-limit-type", "Default"),
        ("concurrency-limit-limit", str(concurrent)),
        ("concurrency-limit-remaining", str(max(concurrent - rules.in_flight - 1, 0))),
    )


def _marks(rules: Sandbox, call: Call) -> Headers:
    """The id of the request, and the caller's own mark of it."""
    own = (("zuora-request-id", rules.ids.hex("request", 32)),)
    track = call.headers.get("zuora-track-id")
    return (*own, ("zuora-track-id", track)) if track else own


def _throttled(call: Call, message: str) -> Reply:
    return refused(call, Refused(TOO_MANY, message), headers=(("retry-after", "1"),))


async def token(rules: Sandbox, call: Call) -> Reply:
    """POST /oauth/token: client credentials as a form, a bearer token back."""
    if not rules.token_rate.admit():
        return _throttled(call, "The limit of the token endpoint is exceeded.")
    if "form" not in call.headers.get("content-type", "form"):
        no = Refused(UNSUPPORTED, "The content type must be application/x-www-form-urlencoded.")
        return refused(call, no, status=415)
    form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    if not form.get("grant_type"):
        return _oauth_error(400, "invalid_request", "Missing grant type")
    if form["grant_type"] != "client_credentials":
        return _oauth_error(400, "unsupported_grant_type", "grant_type must be client_credentials")
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return _oauth_error(401, "invalid_client", "Bad client credentials")
    issued = rules.tokens.issue(CLIENT_ID)
    left = max(rules.token_rate.limit - rules.token_rate.used, 0)
    headers = (
        ("x-ratelimit-limit-minute", str(rules.token_rate.limit)),
        ("x-ratelimit-remaining-minute", str(left)),
    )
    body = {
        "access_token": issued.text,
        "token_type": "bearer",
        "expires_in": rules.tokens.life_seconds,
        "scope": "entity.11e643f4-0000-4000-8000-000000000000 service.usage.delete",
        "jti": rules.ids.hex("jti", 32),
    }
    return json_reply(200, body, headers)


def _oauth_error(status: int, error: str, text: str) -> Reply:
    return json_reply(status, {"error": error, "error_description": text})
