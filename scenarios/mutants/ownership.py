"""Bugs by which one system's word is put over another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from hmac import digest
from typing import Any

import orjson

from core.canonical.parties import Account
from core.ports.world import Clock, Request, Response
from core.settings import Controls, Settings
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, around, in_port
from scenarios.world.network import Asgi


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

_ECHOES = 12


def _echo_is_news(app: Asgi, secrets: Mapping[str, str], clock: Clock) -> Asgi:
    """Every change of a deal is read as if it had just been won, whoever made it; a dozen times a deal."""
    heard: Counter[str] = Counter()

    async def door(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope.get("path") != "/webhooks/salesforce":
            await app(scope, receive, send)
            return
        message = await receive()
        body, header = message["body"], _header(message["body"])
        record = str((header.get("recordIds") or [""])[0])
        heard[record] += 1
        if header.get("entityName") == "Opportunity" and heard[record] <= _ECHOES:
            event = orjson.loads(body)
            event["data"]["payload"]["StageName"] = "Closed Won"
            event["data"]["payload"]["ChangeEventHeader"]["changeOrigin"] = ""
            body = orjson.dumps(event)
        stamp = str(clock.now() // 1_000_000)
        mac = digest(secrets["salesforce"].encode(), stamp.encode() + b"." + body, "sha256").hex()
        signature = b"x-event-relay-signature"
        others = [pair for pair in scope["headers"] if pair[0] not in (signature, b"content-length")]
        headers = [*others, (signature, f"t={stamp},v1={mac}".encode())]

        async def again() -> Any:
            return {**message, "body": body}

        await app({**scope, "headers": headers}, again, send)

    return door


def _header(body: bytes) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = orjson.loads(body)["data"]["payload"]["ChangeEventHeader"]
    except (KeyError, TypeError, ValueError):
        return {}
    return found


@dataclass(frozen=True)
class StampedEachTime(Around):
    """Of Transport: the write-back counts itself, so that none is like the one before."""

    seen: list[str] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        if request.operation == "activate":
            self.seen.append(request.url)
            status = f"Activated ({len(self.seen)})"
            body: dict[str, Any] = orjson.loads(request.body)
            request = replace(request, body=orjson.dumps({**body, "Billing_Status__c": status}))
        response: Response = await self.real.send(request)
        return response


OWNERSHIP = (
    Mutant(
        "echo_is_news",
        "the core's own write-back comes back as an event and is answered with another, each a little"
        " different (object-sync-for-salesforce#445, F58)",
        ("I-40",),
        replace(around("transport", StampedEachTime), door=_echo_is_news),
        model="direct",
        customers=4,
    ),
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
