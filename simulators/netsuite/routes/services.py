"""Everything that is not a record: tokens, SuiteQL, limits."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from simulators.kit.table import Call, Reply, json_reply
from simulators.netsuite.routes.shared import body_of, collection
from simulators.netsuite.rules import keys, signin
from simulators.netsuite.rules.oauth1 import addresses
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.errors import oauth_refusal
from simulators.netsuite.wire.models import QueryBody
from simulators.netsuite.wire.shapes import moment

_STORED = ("cache-control", "no-store")


def _form(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


async def token(sandbox: Sandbox, call: Call) -> Reply:
    """OAuth 2.0: client credentials with a signed assertion, authorization code, refresh token."""
    form, desk = _form(call), sandbox.company.signin
    grant = form.get("grant_type", "")
    try:
        if grant == "client_credentials":
            urls = (call.base_url + call.path, *addresses(call.base_url, call.path, *forwarded(call)))
            given, refresher = desk.exchange(form, urls), ""
        elif grant in ("authorization_code", "refresh_token"):
            given, refresher = desk.redeem(form, call.headers.get("authorization", ""))
        else:
            raise signin.OAuthRefused("invalid_request", f"grant_type {grant!r} is not supported")
    except signin.OAuthRefused as refused:
        return oauth_refusal(refused)
    # expires_in is a text here: NetSuite's help shows it in quotes.
    value = {"access_token": given.text, "expires_in": str(desk.tokens.life_seconds), "token_type": "bearer"}
    if refresher:
        value["refresh_token"] = refresher
    return json_reply(200, value, (_STORED,))


async def revoke(sandbox: Sandbox, call: Call) -> Reply:
    """OAuth 2.0: a token is worth nothing from now on."""
    try:
        sandbox.company.signin.revoke(_form(call), call.headers.get("authorization", ""))
    except signin.OAuthRefused as refused:
        return oauth_refusal(refused)
    return Reply(200, b"")


async def authorize(sandbox: Sandbox, call: Call) -> Reply:
    """OAuth 2.0: consent is given at once, and the browser sent back with a code."""
    args = call.args()
    target = args.get("redirect_uri", "")
    if not target:
        return oauth_refusal(signin.OAuthRefused("invalid_request", "redirect_uri is missing"))
    back = {"state": args["state"]} if args.get("state") else {}
    try:
        code = sandbox.company.signin.authorize(args)
    except signin.OAuthRefused as refused:
        back["error"] = refused.error
    else:
        back |= {"role": keys.ROLE_ID, "entity": keys.USER_ID, "company": keys.ACCOUNT, "code": code}
    joint = "&" if "?" in target else "?"
    return Reply(302, b"", (("location", f"{target}{joint}{urlencode(back)}"),))


async def token_info(_: Sandbox, __: Call) -> Reply:
    """Whose token it is: company, user, role."""
    value = {
        "companyName": keys.COMPANY,
        "companyId": keys.ACCOUNT,
        "userName": keys.USER,
        "userId": int(keys.USER_ID),
        "roleName": keys.ROLE,
        "roleId": int(keys.ROLE_ID),
    }
    return json_reply(200, value)


async def revoke_token(sandbox: Sandbox, _: Call) -> Reply:
    """Token-based authentication: the token that signs this call is worth nothing from now on."""
    sandbox.company.signin.tba.revoked = True
    return json_reply(200, {"success": True})


async def suiteql(sandbox: Sandbox, call: Call) -> Reply:
    """POST of a query."""
    wanted = {each.strip().lower() for each in call.headers.get("prefer", "").split(",")}
    if "transient" not in wanted:
        detail = "The required request header 'Prefer' must be 'transient'."
        raise Refused("INVALID_HEADER", detail, "Header", "Prefer")
    try:
        query = QueryBody.model_validate(body_of(call)).q
    except ValidationError as error:
        detail = "The body must be an object with the text q."
        raise Refused("INVALID_CONTENT", detail, "Path", "q") from error
    limit, offset = page_bounds(call.args())
    found = sandbox.library.query(query, limit, offset)
    items: list[dict[str, Any]] = [{"links": [], **row} for row in found.rows]
    return collection(call, items, limit, offset, found.total, ())


async def limits(sandbox: Sandbox, _: Call) -> Reply:
    """How many calls at once the account allows."""
    value = {
        "accountConcurrencyLimit": sandbox.concurrency,
        "accountUnallocatedConcurrencyLimit": sandbox.concurrency,
        "integrationLimitType": "accountLimit",
    }
    return json_reply(200, value)


async def server_time(sandbox: Sandbox, _: Call) -> Reply:
    """The present, in UTC; the name of the property is unconfirmed."""
    return json_reply(200, {"serverTime": moment(sandbox.company.clock.now())})


def forwarded(call: Call) -> tuple[str, str]:
    """(protocol, host) under which a proxy took the call."""
    return call.headers.get("x-forwarded-proto", ""), call.headers.get("x-forwarded-host", "")
