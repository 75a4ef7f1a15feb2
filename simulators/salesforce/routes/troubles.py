"""Faults in this vendor's words, and what can be made to happen inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.table import Call, Reply, json_reply
from simulators.salesforce.rules.org import Org
from simulators.salesforce.wire.composite import locked
from simulators.salesforce.wire.errors import STATUS, error_array
from simulators.salesforce.wire.oauth import denied

_SAYS = {
    "unknown_path": ("NOT_FOUND", "The requested resource does not exist"),
    "wrong_method": ("METHOD_NOT_ALLOWED", "HTTP Method '{}' not allowed."),
    "throttled": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "token_expired": ("INVALID_SESSION_ID", "Session expired or invalid"),
    "unavailable": ("SERVER_UNAVAILABLE", "The server is temporarily unavailable."),
    "server_error": ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}


def trouble(kind: str, call: Call) -> Reply | None:
    """The answer to a trouble; None where the vendor has none."""
    if kind == "error_in_ok":
        return _all_locked(call)
    if call.path.startswith("/services/oauth2/"):
        if kind == "token_expired":
            return None
        if kind == "throttled":  # unconfirmed
            return json_reply(400, denied("invalid_grant", "login rate exceeded"))
    code, says = _SAYS[kind]
    return json_reply(STATUS[code], error_array(code, says.format(call.method)))


def _all_locked(call: Call) -> Reply | None:
    """Status 200, every part failed: another transaction holds the rows."""
    if "/composite" not in call.path:
        return None
    ids = [each for each in call.args().get("ids", "").split(",") if each]
    try:
        body = call.json() if call.body else None
    except ValueError:
        return None
    answer = locked(call.path.rstrip("/"), body, ids)
    return None if answer is None else json_reply(200, answer)


def disturb(org: Org, kind: str, wish: Mapping[str, Any]) -> None:
    """expire_tokens: every session ends. trust_certificate {"public_key": PEM}: the connected app
    takes JWT assertions signed with it."""
    if kind == "expire_tokens":
        org.identity.tokens.revoke_all()
    elif kind == "trust_certificate":
        org.identity.trust(str(wish["public_key"]))
    else:
        raise ValueError(f"kind: {kind!r} is not one of: expire_tokens, trust_certificate")
