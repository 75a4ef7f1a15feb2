"""What every call passes: session, version, daily quota, refusals, the header that counts calls."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from simulators.kit.auth import bearer
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.rules.duplicates import Duplicates
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.bulk import classic_error
from simulators.salesforce.wire.errors import duplicates, error_array, status_of

Model = TypeVar("Model", bound=BaseModel)
_OLDEST, _LATEST = 31.0, 68.0  # what is older was retired in 2025
_VERSION = re.compile(r"v\d\d\.\d")
_CLIENT = re.compile(r"client=([^,;\s]+)")


async def serve(org: Org, route: Route, call: Call) -> Reply:
    """Answer one call; every answer tells how much of the daily quota is used."""
    if route.scope == "own":  # SOAP, CometD and sign-in have doors of their own
        return await route.handler(org, call)
    classic = call.path.startswith("/services/async/")
    try:
        _admit(org, route, call, classic)
    except Refused as refused:
        reply = _classic(refused) if classic else refusal(refused)
    else:
        reply = await answer(org, route, call)
    reply = spoken(reply)
    usage = ("Sforce-Limit-Info", f"api-usage={org.quota.used}/{org.quota.limit}")
    return Reply(reply.status, reply.body, (*reply.headers, usage))


async def answer(org: Org, route: Route, call: Call) -> Reply:
    """The handler's answer, refusals as the vendor words them."""
    try:
        return await route.handler(org, call)
    except Refused as refused:
        return _classic(refused) if call.path.startswith("/services/async/") else refusal(refused)


def spoken(reply: Reply) -> Reply:
    """The answer with the vendor's name for JSON, which tells the character set."""
    named = tuple(
        (name, f"{value};charset=UTF-8" if (name, value) == ("content-type", "application/json") else value)
        for name, value in reply.headers
    )
    return Reply(reply.status, reply.body, named, reply.cut)


def _classic(refused: Refused) -> Reply:
    """A refusal as the older bulk interface words it."""
    code = "InvalidSessionId" if refused.code == "INVALID_SESSION_ID" else refused.code
    text = "Invalid session id" if refused.code == "INVALID_SESSION_ID" else refused.message
    return json_reply(400, classic_error(code, text))


def session_of(call: Call) -> str:
    """The token that a call shows; "OAuth <token>" is the older word for Bearer."""
    authorization = call.headers.get("authorization", "")
    return bearer(authorization) or authorization.removeprefix("OAuth ")


def _admit(org: Org, route: Route, call: Call, classic: bool) -> None:
    version = call.params.get("version")
    if version is not None and not _VERSION.fullmatch(f"v{version}" if classic else version):
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    if version is not None:
        _check_version(float(version.removeprefix("v")))
    if route.public:
        return
    org.identity.session(call.headers.get("x-sfdc-session", "") if classic else session_of(call))
    if not org.quota.admit():
        raise Refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    client = _CLIENT.search(call.headers.get("sforce-call-options", ""))
    named = f";client={client[1]}" if client else ""
    wish = call.headers.get("sforce-duplicate-rule-header", "").replace(" ", "").lower()
    org.duplicates.insisted = not classic and "allowsave=true" in wish and "/jobs/" not in call.path
    org.bus.origin = f"com/salesforce/api/rest/{(version or 'v62.0').removeprefix('v')}{named}"


def _check_version(version: float) -> None:
    if version > _LATEST:
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    if version < _OLDEST:
        said = "This API version is retired. Use a later one."  # unconfirmed: the text
        raise Refused("UNSUPPORTED_API_VERSION", said)


def refusal(refused: Refused) -> Reply:
    """A refusal as a reply."""
    status = status_of(refused.code, refused.fields)
    said = error_array(refused.code, refused.message, refused.fields)
    if isinstance(refused, Duplicates):
        said[0] = {"duplicateResult": duplicates(refused.rule, refused.related), **said[0]}
    return json_reply(status, said)


def body_of(call: Call) -> dict[str, Any]:
    """The JSON object of a body; JSON_PARSER_ERROR, UNSUPPORTED_MEDIA_TYPE if it is none."""
    kind = call.headers.get("content-type", "application/json")
    if "json" not in kind:
        said = f"Content-Type header specified in HTTP request is not supported: {kind}"
        raise Refused("UNSUPPORTED_MEDIA_TYPE", said)
    try:
        value = call.json()
    except ValueError as error:
        raise Refused("JSON_PARSER_ERROR", f"Unexpected input: {error}") from None
    if not isinstance(value, dict):
        raise Refused("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object")
    return value


def model_of(call: Call, model: type[Model]) -> Model:
    """The body as one of the vendor's own envelopes."""
    try:
        return model.model_validate(body_of(call))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused("JSON_PARSER_ERROR", f"{first['msg']} at {where}") from None
