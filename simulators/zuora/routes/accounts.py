"""Paths of accounts."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import accounts
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import party
from simulators.zuora.wire.shape import read


async def create_account(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/accounts."""
    shape = read(party.NewAccount, call)
    made = accounts.open_account(rules.state, shape.wish(shape.accountNumber, shape.currency))
    return json_reply(200, party.created(made))


async def get_account(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}."""
    return json_reply(200, party.detail(accounts.find(rules.state, call.params["key"])))


async def update_account(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/accounts/{key}."""
    account = accounts.find(rules.state, call.params["key"])
    accounts.change(rules.state, account, read(party.AccountChange, call).wish())
    return json_reply(200, {"success": True})


TABLE = (
    Route("POST", "/v1/accounts", "create_account", create_account, "open an account", party.NewAccount),
    Route("GET", "/v1/accounts/{key}", "get_account", get_account, "an account by id or number"),
    Route("PUT", "/v1/accounts/{key}", "update_account", update_account, "change one", party.AccountChange),
)
