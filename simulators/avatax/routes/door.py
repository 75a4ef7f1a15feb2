"""The door in front of every handler: who is there, how often, and how a refusal looks."""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import blake2b

from simulators.avatax.rules.numbers import NUMBERS
from simulators.avatax.rules.refusal import TaxRefusal, required
from simulators.avatax.rules.sandbox import ACCOUNT, BEARER, PASSWORD, USER, Sandbox
from simulators.avatax.wire.errors import detail, envelope, status_of
from simulators.kit.table import Call, Reply, Route, json_reply

_FAILED = "Missing authentication or unable to authenticate the user or the account."
LICENSE_KEY, USER_PASSWORD, TOKEN = "AccountIdLicenseKey", "UsernamePassword", "OpenIdBearerToken"

# The vendor's answer to each trouble; it has no errors inside a 200. Unconfirmed: the names under
# unknown_path, wrong_method and unavailable.
_TROUBLES = {
    "unknown_path": ("IncorrectPathError", 404, "The path of this request does not exist."),
    "wrong_method": ("IncorrectPathError", 405, "The method is not supported at this path."),
    "throttled": ("RequestLimitExceeded", 429, "The request limit of this account is exceeded."),
    "token_expired": ("AuthenticationException", 401, "Authentication failed."),
    "unavailable": ("ServerUnreachable", 503, "The service cannot be reached."),
    "server_error": ("UnhandledException", 500, "An unexpected error occurred."),
}


async def serve(sandbox: Sandbox, route: Route, call: Call) -> Reply:
    """Authenticate, meter, handle; every answer carries an x-correlation-id, which SDKs insist on."""
    correlation = _guid(sandbox.ids.hex("correlation", 32))
    sandbox.under_way += 1
    try:
        if not route.public:
            who(sandbox, call)
            _meter(sandbox, route)
        reply = await route.handler(sandbox, call)
    except TaxRefusal as refusal:
        reply = _refused(refusal)
    finally:
        sandbox.under_way -= 1
    return Reply(reply.status, reply.body, (*reply.headers, ("x-correlation-id", correlation)))


def trouble(_: Sandbox, kind: str, call: Call) -> Reply | None:
    """AvaTax's words for a trouble; None where it has none."""
    if kind not in _TROUBLES:
        return None
    code, status, message = _TROUBLES[kind]
    # The id follows from the request alone: what never reached the door draws no number.
    asked = f"{kind} {call.method} {call.path}?{call.query}".encode() + call.body
    correlation = _guid(blake2b(asked, digest_size=16).hexdigest())
    error = envelope([detail(code, NUMBERS[code], message)])
    return json_reply(status, error, (("x-correlation-id", correlation),))


def lacks(call: Call, field: str) -> Reply:
    """The refusal of a call without a field that has become mandatory."""
    reply = _refused(required(field))
    asked = blake2b(f"{call.method} {call.path} ".encode() + call.body, digest_size=16).hexdigest()
    return Reply(reply.status, reply.body, (*reply.headers, ("x-correlation-id", _guid(asked))))


def signed_in(sandbox: Sandbox, call: Call) -> str:
    """By which means the caller is known; "" if it is not."""
    try:
        return who(sandbox, call)
    except TaxRefusal:
        return ""


def who(sandbox: Sandbox, call: Call) -> str:
    """By which means the caller is known; refuses strangers."""
    given = call.headers.get("authorization", "")
    if given == _expected(sandbox.licence):
        return LICENSE_KEY
    scheme, _, text = given.partition(" ")
    if not given:
        raise TaxRefusal("AuthenticationException", "Authentication failed.", _FAILED)
    if scheme.lower() == "bearer":
        if text.strip() == BEARER:
            return TOKEN
        raise TaxRefusal("BearerTokenInvalid", "The bearer token is not valid.", _FAILED)
    if scheme.lower() != "basic":
        raise TaxRefusal("AuthenticationIncomplete", "Authentication Incomplete.", _FAILED)
    try:
        pair = b64decode(text.strip(), validate=True).decode()
    except ValueError:
        raise TaxRefusal(
            "BasicAuthIncorrect", "The Basic authentication header cannot be read.", _FAILED
        ) from None
    if pair == f"{ACCOUNT}:{sandbox.licence}":
        return LICENSE_KEY
    if pair == f"{USER}:{PASSWORD}":
        return USER_PASSWORD
    raise TaxRefusal("AuthenticationException", "Authentication failed.", _FAILED)


@lru_cache(maxsize=64)
def _expected(licence: str) -> str:
    return "Basic " + b64encode(f"{ACCOUNT}:{licence}".encode()).decode()


def _meter(sandbox: Sandbox, route: Route) -> None:
    if sandbox.concurrent_max and sandbox.under_way > sandbox.concurrent_max:
        raise TaxRefusal(
            "ConcurrentRequestLimitExceeded", "The limit of concurrent requests of this account is exceeded."
        )
    if not sandbox.window.admit(route.cost):
        raise TaxRefusal("RequestLimitExceeded", _TROUBLES["throttled"][2])


def _refused(refusal: TaxRefusal) -> Reply:
    details = [
        detail(one.code, NUMBERS[one.code], one.message, one.description, one.param, one.sub_code)
        for one in (refusal, *refusal.more)
    ]
    return json_reply(status_of(refusal.code), envelope(details))


def _guid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
