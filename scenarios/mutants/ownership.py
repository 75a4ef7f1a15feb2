"""Bugs by which one system's word is put over another's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from core.canonical.parties import Account
from core.ports.world import Request, Response
from core.settings import Controls, Settings
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, around, in_port


class NameTidied(Around):
    """Of Crm: the customer's name is put into capitals, where sales keeps it."""

    async def link_payment_customer(self, account: Account, customer: str, key: str) -> None:
        await self.real.link_payment_customer(account, customer, key)
        path = f"/services/data/v62.0/sobjects/Account/External_Id__c/{account.key}?updateOnly=true"
        await self.real._api.put("tidy_name", f"{key}/name", path, {"Name": account.name.upper()})


class DealClosedAgain(Around):
    """Of Transport: what is written back to a deal sets its stage too."""

    async def send(self, request: Request) -> Response:
        if request.operation == "activate":
            body: dict[str, Any] = orjson.loads(request.body)
            request = replace(request, body=orjson.dumps({**body, "StageName": "Closed Won"}))
        response: Response = await self.real.send(request)
        return response


def unguarded(sound: Settings) -> Settings:
    """The same settings without the guard of ownership."""
    controls: Controls = sound.controls.model_copy(update={"ownership": False})
    return sound.model_copy(update={"controls": controls})


NAME_TIDIED = in_port("crm", NameTidied)

OWNERSHIP = (
    Mutant(
        "customer_name_overwritten",
        "the customer's name is written back to the CRM as the integration likes it, past the guard that"
        " refuses it (C1, F58)",
        ("C1",),
        replace(NAME_TIDIED, settings=unguarded),
    ),
    Mutant(
        "deal_closed_by_the_core",
        "the write-back to a deal carries the stage as it was read, over sales' own change since (C1)",
        ("C1",),
        around("transport", DealClosedAgain),
    ),
)
