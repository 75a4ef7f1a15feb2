"""Zuora as a value: its whole table, its door, its troubles."""

from __future__ import annotations

from simulators.kit.acts import act
from simulators.kit.asked import Wish
from simulators.kit.mock import Vendor
from simulators.kit.table import Call, Reply, Route
from simulators.zuora.fidelity import FIDELITY
from simulators.zuora.routes.contract_table import CONTRACT_TABLE
from simulators.zuora.routes.door import TOKEN_PATH, beside, serve, token
from simulators.zuora.routes.errors import refused, request_id
from simulators.zuora.routes.money_table import MONEY_TABLE
from simulators.zuora.routes.query_table import QUERY_TABLE
from simulators.zuora.rules.options import OPTIONS
from simulators.zuora.rules.refusal import (
    INTERNAL,
    MISSING,
    NOT_FOUND,
    TEMPORARY,
    TOO_MANY,
    UNAUTHENTICATED,
    UNSUPPORTED,
    Refused,
)
from simulators.zuora.rules.sandbox import CLIENT_ID, CLIENT_SECRET, Sandbox

TABLE: tuple[Route, ...] = (
    Route("POST", TOKEN_PATH, "create_token", token, "sign in", public=True, form=True),
    *CONTRACT_TABLE,
    *MONEY_TABLE,
    *QUERY_TABLE,
)


def lacks(call: Call, field: str) -> Reply:
    """The refusal of a call without a field that has become mandatory."""
    return refused(call, Refused(MISSING, f"'{field}' is required.", field), headers=request_id(call))


def trouble(rules: Sandbox, kind: str, call: Call) -> Reply | None:
    """A trouble in Zuora's words, with the headers that every answer has. Signing in needs no token that
    could be over; what is unavailable is answered by somebody else, who knows no tenant."""
    if kind == "unknown_path":
        no = Refused(NOT_FOUND, f"The endpoint {call.path} does not exist.")
        return refused(call, no, status=404, headers=request_id(call))
    if kind == "wrong_method":
        no = Refused(UNSUPPORTED, f"The method {call.method} is not supported.")
        return refused(call, no, status=405, headers=request_id(call))
    if kind == "unavailable":
        return Reply(503, b"<html><body>Service Unavailable</body></html>", (("content-type", "text/html"),))
    if kind == "throttled":
        no = Refused(TOO_MANY, "The tenant's request limit is exceeded.")
        return refused(call, no, headers=(("retry-after", "1"), *beside(rules, call, spent=True)))
    headers = beside(rules, call)
    if kind == "token_expired" and call.path != TOKEN_PATH:
        no = Refused(UNAUTHENTICATED, "Failed to authenticate: the token is expired.")
        return refused(call, no, headers=headers[:1])
    if kind == "error_in_ok":
        no = Refused(TEMPORARY, "A temporary error occurred. Try again.")
        return refused(call, no, status=200, headers=headers)
    if kind == "server_error":
        return refused(call, Refused(INTERNAL, "An internal error occurred."), status=500, headers=headers)
    return None


def _expire_tokens(rules: Sandbox, _: Wish) -> None:
    """Every token issued so far is worthless from now on."""
    rules.tokens.revoke_all()


def credentials(_: Sandbox) -> dict[str, str]:
    """How to sign in."""
    return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


VENDOR = Vendor(
    name="zuora",
    title="Zuora Billing",
    port=4243,
    table=TABLE,
    open=Sandbox,
    serve=serve,
    trouble=trouble,
    acts={"expire_tokens": act(_expire_tokens)},
    credentials=credentials,
    fidelity=FIDELITY,
    options=OPTIONS,
    lacks=lacks,
)
