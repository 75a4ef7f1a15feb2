"""OAuth: the grants, introspection, revocation, and who is signed in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlencode

from simulators.kit.clock import SECOND
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import session_of
from simulators.salesforce.rules.identity import Grant, check_app, signature
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.signin import USERNAME
from simulators.salesforce.wire import oauth as shapes
from simulators.salesforce.wire.oauth import TokenForm, TokenOnly, denied, granted

# RFC 6749, 5.1: no cache may keep a token.
_NOT_KEPT = (("Cache-Control", "no-cache, no-store"), ("Pragma", "no-cache"))
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


async def token(org: Org, call: Call) -> Reply:
    """A session for a connected app; refusals have the OAuth shape, status 400."""
    try:
        grant = _granted(org, call)
    except Refused as refused:
        return json_reply(400, denied(refused.code, refused.message), _NOT_KEPT)
    issued_at = str(grant.issued_at * 1000 // SECOND)
    identity_url = call.base_url + grant.identity
    mark = signature(identity_url, issued_at)
    answer = granted(
        grant.access_token, call.base_url, identity_url, issued_at, mark, grant.scope, grant.refresh_token
    )
    return json_reply(200, answer, _NOT_KEPT)


def _granted(org: Org, call: Call) -> Grant:
    form = TokenForm.model_validate(form_of(call))
    client, secret = _client(form.client_id, form.client_secret, call)
    flow = _FLOWS.get(form.grant_type)
    if flow is None:
        raise Refused("unsupported_grant_type", "grant type not supported")
    return flow(org, form, client, secret, call)


def form_of(call: Call) -> dict[str, str]:
    """The fields of a posted form, and of the query string."""
    try:
        return {**call.args(), **dict(parse_qsl(call.body.decode(), keep_blank_values=True))}
    except ValueError:
        raise Refused("invalid_request", "the form cannot be read") from None


def _client(client: str, secret: str, call: Call) -> tuple[str, str]:
    """Client id and secret, of the form or of a Basic header."""
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return client, secret
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused("invalid_client", "invalid client credentials") from None
    return unquote(client), unquote(secret)


def _password(org: Org, form: TokenForm, client: str, secret: str, _: Call) -> Grant:
    return org.identity.by_password(client, secret, form.username, form.password)


def _credentials(org: Org, _: TokenForm, client: str, secret: str, __: Call) -> Grant:
    return org.identity.by_app(client, secret)


def _assertion(org: Org, form: TokenForm, _: str, __: str, call: Call) -> Grant:
    return org.identity.by_assertion(form.assertion, call.base_url)


def _refresh(org: Org, form: TokenForm, client: str, secret: str, _: Call) -> Grant:
    return org.identity.by_refresh(client, secret, form.refresh_token)


def _code(org: Org, form: TokenForm, client: str, secret: str, _: Call) -> Grant:
    return org.identity.by_code(client, secret, form.code, form.redirect_uri, form.code_verifier)


_FLOWS: dict[str, Callable[[Org, TokenForm, str, str, Call], Grant]] = {
    "password": _password,
    "client_credentials": _credentials,
    _JWT: _assertion,
    "refresh_token": _refresh,
    "authorization_code": _code,
}


async def authorize(org: Org, call: Call) -> Reply:
    """302 with a code, as if the user had signed in and allowed it."""
    args = form_of(call)
    redirect = args.get("redirect_uri", "")
    if not redirect.startswith(("http://", "https://")):
        return json_reply(400, denied("redirect_uri_missing", "redirect_uri is missing"))
    if args.get("response_type") != "code":
        answer = {"error": "unsupported_response_type", "error_description": "response type not supported"}
    else:
        try:
            code = org.identity.approve(
                args.get("client_id", ""), redirect, args.get("scope", ""), args.get("code_challenge", ""),
                args.get("code_challenge_method", "S256"),
            )  # fmt: skip
        except Refused as refused:
            return json_reply(400, denied(refused.code, refused.message))
        answer = {"code": code}
    if "state" in args:
        answer["state"] = args["state"]
    mark = "&" if "?" in redirect else "?"
    return Reply(302, b"", (("Location", f"{redirect}{mark}{urlencode(answer)}"),))


async def introspect(org: Org, call: Call) -> Reply:
    """What a token is good for; 401 unless the connected app asks."""
    form = TokenOnly.model_validate(form_of(call))
    client, secret = _client(form.client_id, form.client_secret, call)
    try:
        check_app(client, secret)
    except Refused as refused:
        return json_reply(401, denied("invalid_client", refused.message))
    identity = org.identity
    sub = f"{call.base_url}/id/{identity.org_id}/{identity.user_id}"
    session, scope = identity.find(form.token), identity.refresh_scope(form.token)
    if session is not None:
        issued = session.issued_at // SECOND
        return json_reply(
            200,
            {"active": True, "scope": session.scope, "client_id": session.client, "username": USERNAME,
             "sub": sub, "token_type": "access_token", "exp": session.until // SECOND, "iat": issued,
             "nbf": issued},
        )  # fmt: skip
    if scope is not None:
        return json_reply(
            200,
            {"active": True, "scope": scope, "client_id": client, "username": USERNAME, "sub": sub,
             "token_type": "refresh_token"},
        )  # fmt: skip
    return json_reply(200, {"active": False})


async def revoke(org: Org, call: Call) -> Reply:
    """200 and nothing: the token, and what came of it, is worthless."""
    try:
        org.identity.revoke(form_of(call).get("token", ""))
    except Refused as refused:
        return json_reply(400, denied(refused.code, refused.message))
    return Reply(200)


def _asking(org: Org, call: Call) -> Reply | None:
    """None for a live session; else the refusal, which here is plain text with status 403."""
    token = session_of(call) or form_of(call).get("access_token", "") or form_of(call).get("oauth_token", "")
    if org.identity.find(token) is not None:
        return None
    said = b"Bad_OAuth_Token" if token else b"Missing_OAuth_Token"
    return Reply(403, said, (("content-type", "text/html;charset=UTF-8"),))


async def user_info(org: Org, call: Call) -> Reply:
    """Who is signed in, as OpenID tells it."""
    refused = _asking(org, call)
    user = org.store.by_id[org.identity.user_id].values
    return refused or json_reply(200, shapes.user_info(call.base_url, org.identity.org_id, user))


async def identity(org: Org, call: Call) -> Reply:
    """Who is signed in, at the URL that the token reply names."""
    refused = _asking(org, call)
    user = org.store.find(call.params["user"])
    if refused is not None:
        return refused
    if call.params["organization"] != org.identity.org_id or user is None or user.entity.name != "User":
        return Reply(404, b"Bad_Id", (("content-type", "text/html;charset=UTF-8"),))
    return json_reply(200, shapes.identity(call.base_url, org.identity.org_id, user.values))


_OAUTH = "/services/oauth2"

LOGIN_TABLE = (
    Route("POST", f"{_OAUTH}/token", "token", token, "sign in", TokenForm, public=True, form=True),
    Route("GET", f"{_OAUTH}/authorize", "authorize", authorize, "a code for the sandbox's user", public=True),
    Route("POST", f"{_OAUTH}/introspect", "introspect", introspect, "what a token is good for", TokenOnly,
          public=True, form=True),
    Route("POST", f"{_OAUTH}/revoke", "revoke", revoke, "end a token", TokenOnly, public=True, form=True),
    Route("GET", f"{_OAUTH}/revoke", "revoke_by_get", revoke, "?token: end it", public=True),
    Route("GET", f"{_OAUTH}/userinfo", "user_info", user_info, "who is signed in (OpenID)", public=True),
    Route("POST", f"{_OAUTH}/userinfo", "user_info_by_post", user_info, "the same", public=True),
    Route("GET", "/id/{organization}/{user}", "identity", identity, "who is signed in", public=True),
)  # fmt: skip
