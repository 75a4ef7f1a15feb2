"""POST /services/oauth2/token: password, client credentials, JWT bearer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from simulators.kit.clock import SECOND
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.rules.identity import Grant, signature
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.oauth import TokenForm, denied, granted

_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


async def token(org: Org, call: Call) -> Reply:
    """A session for a connected app; refusals have the OAuth shape, status 400."""
    try:
        grant = _granted(org, call)
    except Refused as refused:
        return json_reply(400, denied(refused.code, refused.message))
    issued_at = str(grant.issued_at * 1000 // SECOND)
    identity_url = call.base_url + grant.identity
    return json_reply(
        200,
        granted(
            grant.access_token, call.base_url, identity_url, issued_at, signature(identity_url, issued_at),
            grant.scope,
        ),
    )  # fmt: skip


def _granted(org: Org, call: Call) -> Grant:
    try:
        sent = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    except ValueError:
        raise Refused("invalid_request", "the form cannot be read") from None
    form = TokenForm.model_validate(sent)
    client, secret = _client(form, call)
    flow = _FLOWS.get(form.grant_type)
    if flow is None:
        raise Refused("unsupported_grant_type", "grant type not supported")
    return flow(org, form, client, secret, call)


def _client(form: TokenForm, call: Call) -> tuple[str, str]:
    """Client id and secret, of the form or of a Basic header."""
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.client_id, form.client_secret
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused("invalid_client", "invalid client credentials") from None
    return unquote(client), unquote(secret)


def _password(org: Org, form: TokenForm, client: str, secret: str, _: Call) -> Grant:
    user = org.records.user_id
    return org.identity.by_password(client, secret, form.username, form.password, user)


def _credentials(org: Org, _: TokenForm, client: str, secret: str, __: Call) -> Grant:
    return org.identity.by_app(client, secret, org.records.user_id)


def _assertion(org: Org, form: TokenForm, _: str, __: str, call: Call) -> Grant:
    return org.identity.by_assertion(form.assertion, org.records.user_id, call.base_url)


_FLOWS: dict[str, Callable[[Org, TokenForm, str, str, Call], Grant]] = {
    "password": _password,
    "client_credentials": _credentials,
    _JWT: _assertion,
}

LOGIN_TABLE = (
    Route("POST", "/services/oauth2/token", "token", token, "sign in", TokenForm, public=True, form=True),
)
