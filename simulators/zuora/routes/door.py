"""The door in front of every path: sign-in, limits, idempotency keys, errors, headers."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from simulators.kit.auth import bearer
from simulators.kit.table import Call, Headers, Reply, Route, json_reply
from simulators.zuora.routes.errors import refused, request_id
from simulators.zuora.rules.limits import DEFAULT, HIGH_VOLUME, OBJECT_QUERY
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
        "cancel_credit_memo_async",
        "post_debit_memo_async",
        "cancel_debit_memo_async",
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
# Operations that have a limit of concurrent requests of their own (developer portal, rate limits).
HIGH = frozenset(
    {
        "create_account",
        "create_order",
        "preview_order",
        "create_subscription",
        "preview_subscription",
        "update_subscription",
        "cancel_subscription",
        "renew_subscription",
    }
)
TOKEN_PATH = "/oauth/token"
_SECOND = 1_000_000


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
    kind = _kind(route)
    if not rules.rates.admit():
        reply = _throttled(call, "The tenant's request limit is exceeded.")
    elif rules.lanes.full(kind):
        reply = _throttled(call, "The tenant's limit of concurrent requests is exceeded.")
    else:
        reply = await _taken(rules, route, call)
    if any(name == "zuora-request-id" for name, _ in reply.headers):
        return reply  # kept under an idempotency key, with the headers that it had then
    return Reply(reply.status, reply.body, (*reply.headers, *_headers(rules, call, kind)))


async def _taken(rules: Sandbox, route: Route, call: Call) -> Reply:
    wanted = "multipart/form-data" if route.form else "json"
    given = call.headers.get("content-type", "")
    bodyless = not given and not call.body and route.operation in BODYLESS
    if call.method in ("POST", "PUT", "PATCH") and wanted not in given and not bodyless:
        no = Refused(UNSUPPORTED, "The content type of the request is not supported.")
        return refused(call, no, status=415)
    rules.state.expire()
    key = call.headers.get("idempotency-key", "")
    if key and call.method in ("POST", "PATCH"):
        return await _once(rules, route, call, key)
    return await _answer(rules, route, call)


def _kind(route: Route) -> str:
    if route.path.startswith("/object-query"):
        return OBJECT_QUERY
    return HIGH_VOLUME if route.operation in HIGH else DEFAULT


def beside(rules: Sandbox, call: Call, *, spent: bool = False) -> Headers:
    """Headers of an answer that was not served: the id of the request follows from the request itself, what
    never reached the door draws no number. spent: the quota is used up."""
    if call.path == TOKEN_PATH:
        return request_id(call)
    kind = OBJECT_QUERY if call.path.startswith("/object-query") else DEFAULT
    track = call.headers.get("zuora-track-id")
    own = (*request_id(call), *((("zuora-track-id", track),) if track else ()))
    return (*own, *rules.rates.headers(spent=spent), *rules.lanes.headers(kind))


async def _once(rules: Sandbox, route: Route, call: Call, key: str) -> Reply:
    """The first answer of a key is kept for a day, whatever it was; the body is not compared.

    The two refusals that are of the key itself have a real status whatever the API version.
    """
    if len(key) > KEY_LENGTH_MAX:
        no = Refused(INVALID, f"The Idempotency-Key is longer than {KEY_LENGTH_MAX} characters.")
        return refused(call, no)
    mark = f"{call.method} {call.path}?{call.query}".encode()
    kept = rules.keys.find(key)
    if kept is not None:
        if kept.fingerprint != mark:
            no = Refused(INVALID, "The Idempotency-Key was used with another method or URL.")
            return refused(call, no, status=422, always=True)
        if kept.reply is None:
            no = Refused(LOCKED, "A request with this Idempotency-Key is still in progress.")
            return refused(call, no, status=409, always=True)
        return kept.reply
    kept = rules.keys.begin(key, mark)
    try:
        reply = await _answer(rules, route, call)
        kept.reply = Reply(reply.status, reply.body, (*reply.headers, *_headers(rules, call, _kind(route))))
    finally:
        if kept.reply is None:
            rules.keys.forget(key)
    return kept.reply


async def _answer(rules: Sandbox, route: Route, call: Call) -> Reply:
    kind = _kind(route)
    rules.lanes.enter(kind)
    try:
        if rules.service_us:
            await asyncio.sleep(rules.service_us / _SECOND)
        return await route.handler(rules, call)
    except Refused as no:
        return refused(call, no)
    finally:
        rules.lanes.leave(kind)


def _headers(rules: Sandbox, call: Call, kind: str) -> Headers:
    return (*_marks(rules, call), *rules.rates.headers(), *rules.lanes.headers(kind))


def _marks(rules: Sandbox, call: Call) -> Headers:
    """The id of the request, and the caller's own mark of it."""
    own = (("zuora-request-id", rules.ids.hex("request", 32)),)
    track = call.headers.get("zuora-track-id")
    return (*own, ("zuora-track-id", track)) if track else own


def _throttled(call: Call, message: str) -> Reply:
    return refused(call, Refused(TOO_MANY, message), headers=(("retry-after", "1"),))


async def token(rules: Sandbox, call: Call) -> Reply:
    """POST /oauth/token: client credentials as a form, a bearer token back."""
    fits = rules.token_rate.admit()
    headers: Headers = ()
    if rules.token_rate.limit:
        limit, left = str(rules.token_rate.limit), str(rules.token_rate.left)
        headers = (("x-ratelimit-limit-minute", limit), ("x-ratelimit-remaining-minute", left))
    if not fits:
        reply = _throttled(call, "The limit of the token endpoint is exceeded.")
        return Reply(reply.status, reply.body, (*reply.headers, *headers))
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
