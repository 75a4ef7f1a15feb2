"""The account itself over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.account import account
from simulators.stripe.wire.params import Nothing


async def retrieve_account(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "account")
    wanted = call.params.get("account", mode.account_id)
    if wanted != mode.account_id:
        raise Refused(
            f"The provided key does not have access to account '{wanted}' (or that account does not exist)."
            " Application access may have been revoked.",
            code="account_invalid",
            status=403,
        )
    return drawn(mode, account(mode.account_id, mode.opened_at))
