"""Handlers of settings by category and name: the account's and each company's."""

from __future__ import annotations

from typing import Any

from simulators.avatax.routes.account import own_account
from simulators.avatax.routes.reading import bodies, path_number
from simulators.avatax.rules.sandbox import ACCOUNT, Sandbox
from simulators.avatax.wire import setup
from simulators.kit.table import Call, Reply, json_reply

# The account's settings are kept beside the companies', whose numbers begin with 1.
_ACCOUNT = 0


async def get_of_company(sandbox: Sandbox, call: Call) -> Reply:
    """All that was configured for a company."""
    return json_reply(200, _shown(sandbox, sandbox.companies.get(path_number(call, "id")).id))


async def set_of_company(sandbox: Sandbox, call: Call) -> Reply:
    """Each setting of the body is kept; the others stay."""
    return _set(sandbox, call, sandbox.companies.get(path_number(call, "id")).id)


async def get_of_account(sandbox: Sandbox, call: Call) -> Reply:
    """All that was configured for the account."""
    own_account(path_number(call, "id"))
    return json_reply(200, _shown(sandbox, _ACCOUNT))


async def set_of_account(sandbox: Sandbox, call: Call) -> Reply:
    """Each setting of the body is kept; the others stay."""
    own_account(path_number(call, "id"))
    return _set(sandbox, call, _ACCOUNT)


def _set(sandbox: Sandbox, call: Call, owner: int) -> Reply:
    wishes = bodies(call, setup.ConfigurationBody)
    kept = sandbox.configuration.setdefault(owner, {})
    for wish in wishes:
        kept[wish.category, wish.name] = wish.value
    return json_reply(200, _shown(sandbox, owner))


def _shown(sandbox: Sandbox, owner: int) -> list[dict[str, Any]]:
    whose = {"companyId": owner} if owner else {"accountId": int(ACCOUNT)}
    return [
        {**whose, "category": category, "name": name, "value": value}
        for (category, name), value in sandbox.configuration.get(owner, {}).items()
    ]
