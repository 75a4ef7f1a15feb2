"""The door before every handler: key, limits, permission, idempotency, errors, standard headers."""

from __future__ import annotations

import asyncio
import base64
import binascii
from hashlib import blake2b

from simulators.kit.auth import bearer
from simulators.kit.clock import SECOND
from simulators.kit.idempotency import Kept
from simulators.kit.table import Call, Reply, Route
from simulators.stripe.rules.account import Account
from simulators.stripe.rules.keys import ApiKey, public
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.errors import plain, refusal
from simulators.stripe.wire.forms import Invalid, pairs
from simulators.stripe.wire.version import API_VERSION, is_version

_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using"
    " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
)
_OTHER_PARAMETERS = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with."
    " Try using a key other than '{key}' if you meant to execute a different request."
)
_OTHER_ENDPOINT = (
    "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{now}' vs"
    " '{first}'). Try using a key other than '{key}' if you meant to execute a different request."
)
_IN_USE = (
    "There is currently another in-progress request using this Stripe-Idempotency-Key. Please retry your"
    " request later. (Key: {key})"
)
# That the status is 401 is unconfirmed.
_PUBLISHABLE = (
    "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a"
    " list of your API keys at https://dashboard.stripe.com/account/apikeys."
)
# Bytes of parameters that are remembered as they came.
_SHORT = 1024
SORRY = "Sorry! There was an error while talking to one of our backends. Support has been notified."
RATE_LIMITED = "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits."


async def serve(account: Account, route: Route, call: Call) -> Reply:
    """One call, from key to answer; every answer has a Request-Id and says its version.

    All of it happens at one moment: the clock is read once, and stands still but where a call waits.
    """
    account.clock.bend(account.clock.now())
    try:
        return await _served(account, route, call)
    finally:
        account.clock.bend(None)


async def _served(account: Account, route: Route, call: Call) -> Reply:
    account.catch_up()
    request = account.numbers.short("req")
    version = call.headers.get("stripe-version", API_VERSION)
    live = False
    try:
        if version != API_VERSION and not is_version(version):
            raise Refused(f"Invalid Stripe API version: {version}")
        key = _authenticated(account, call)
        live = key.live
        mode = account.mode(live)
        _admitted(mode, route)
        _permitted(account, key, route, call)
        reply = await _executed(account, mode, route, call, request)
    except Refused as no:
        reply = refusal(no, request, live, account.clock.now())
    except Invalid as wrong:
        reply = _invalid(wrong, request, live, account.clock.now())
    headers = (*reply.headers, ("request-id", request), ("stripe-version", version))
    return Reply(reply.status, reply.body, headers)


async def _executed(account: Account, mode: Mode, route: Route, call: Call, request: str) -> Reply:
    """Execute under an idempotency key if there is one; only POST knows keys."""
    key = call.headers.get("idempotency-key", "") if call.method == "POST" else ""
    if not key:
        if account.options.write_us and call.method == "POST":
            await _work(account)
        return await _answered(account, mode, route, call, request, key)
    if len(key) > 255:
        raise Refused("Idempotency keys can be at most 255 characters long.", type="idempotency_error")
    kept = mode.keys.find(key)
    if kept is not None:
        return _replayed(kept, key, call)
    kept = mode.keys.begin(key, _fingerprint(call))
    try:
        if account.options.write_us:
            await _work(account)
        reply = await _answered(account, mode, route, call, request, key)
        headers = (*reply.headers, ("idempotency-key", key), ("original-request", request))
        kept.reply = Reply(reply.status, reply.body, headers)
        return kept.reply
    finally:
        # Parameters that did not parse (or a crash of this mock) never began to execute.
        if kept.reply is None:
            mode.keys.forget(key)


async def _answered(account: Account, mode: Mode, route: Route, call: Call, request: str, key: str) -> Reply:
    """The handler's answer, or the refusal that it ran into. Handlers commit without waiting."""
    mode.events.request = (request, key)
    broken = account.take_breakdown(route.operation) if account.breakdowns else None
    try:
        if broken is not None and not broken.applied:
            return server_error()
        reply: Reply = await route.handler(mode, call)
    except Refused as no:
        reply = refusal(no, request, mode.live, mode.clock.now())
    finally:
        mode.events.request = ("", "")
    return server_error() if broken is not None else reply


def server_error() -> Reply:
    """500."""
    return plain(500, "api_error", SORRY)


async def _work(account: Account) -> None:
    """A write takes its time; meanwhile others are served, and the clock goes on."""
    account.clock.bend(None)
    await asyncio.sleep(account.options.write_us / SECOND)
    account.clock.bend(account.clock.now())


def _replayed(kept: Kept, key: str, call: Call) -> Reply:
    first = kept.fingerprint.partition(b"\0")[0].decode()
    if first != call.path:
        raise Refused(_OTHER_ENDPOINT.format(now=call.path, first=first, key=key), type="idempotency_error")
    if kept.fingerprint != _fingerprint(call) and _parameters(kept.fingerprint) != _digest(call):
        raise Refused(_OTHER_PARAMETERS.format(key=key), type="idempotency_error")
    if kept.reply is None:
        raise Refused(
            _IN_USE.format(key=key), type="idempotency_error", code="idempotency_key_in_use", status=409
        )
    return Reply(kept.reply.status, kept.reply.body, (*kept.reply.headers, ("idempotent-replayed", "true")))


def _fingerprint(call: Call) -> bytes:
    """Path, and the parameters: as they came if they are short, for most are never compared."""
    if len(call.query) + len(call.body) <= _SHORT:
        return f"{call.path}\0={call.query}\0".encode() + call.body
    return call.path.encode() + b"\0#" + _digest(call)


def _parameters(fingerprint: bytes) -> bytes:
    """The digest of the parameters that a fingerprint holds."""
    held = fingerprint.partition(b"\0")[2]
    if held[:1] == b"#":
        return held[1:]
    query, _, body = held[1:].partition(b"\0")
    return _digest(Call("POST", "", query.decode(), body=body))


def _digest(call: Call) -> bytes:
    """The same for the same parameters, whatever their order."""
    return blake2b(repr(sorted(pairs(call))).encode(), digest_size=16).digest()


def _authenticated(account: Account, call: Call) -> ApiKey:
    """The key of a Bearer header, or the user name of a Basic one."""
    header = call.headers.get("authorization", "")
    text = header[7:].strip() if header.startswith("Bearer ") else bearer(header)
    if not text and header[:6].lower() == "basic ":
        try:
            text = base64.b64decode(header[6:], validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            text = ""
    if not text:
        raise Refused(_NO_KEY, status=401)
    key = account.keys.get(text)
    if key is None:
        raise Refused(f"Invalid API Key provided: {ApiKey(text, live=False).masked}", status=401)
    if key.expired:
        raise Refused(f"Expired API Key provided: {key.masked}", code="api_key_expired", status=401)
    return key


def _admitted(mode: Mode, route: Route) -> None:
    if not mode.window.admit():
        raise Refused(RATE_LIMITED, code="rate_limit", status=429, reason="global-rate")
    if route.operation.startswith("search_") and not mode.searches.admit():
        raise Refused(RATE_LIMITED, code="rate_limit", status=429, reason="endpoint-rate")


def _permitted(account: Account, key: ApiKey, route: Route, call: Call) -> None:
    other = call.headers.get("stripe-account")
    if other and other != account.id:
        raise Refused(
            f"The provided key '{key.masked}' does not have access to account '{other}' (or that account does"
            " not exist). Application access may have been revoked.",
            code="account_invalid",
            status=403,
        )
    if key.kind == "publishable":
        secret = dict(pairs(call)).get("client_secret", "")
        if not public(route.operation, secret):
            raise Refused(_PUBLISHABLE, code="secret_key_required", status=401)
    elif not key.may(route.scope):
        raise Refused(
            f"The provided key '{key.masked}' does not have the required permissions for this endpoint on"
            f" account '{account.id}'. Having the '{route.scope}' permission would allow this"
            " request to continue.",
            status=403,
        )


def _invalid(wrong: Invalid, request: str, live: bool, now: int) -> Reply:
    no = Refused(wrong.message, code=wrong.code, param=wrong.param)
    return refusal(no, request, live, now)
