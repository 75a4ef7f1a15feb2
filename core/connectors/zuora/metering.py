"""Usage records: one an event of use, known again by the event's id in its description."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from core.canonical.errors import Held, Unclear
from core.canonical.usage import UsageEvent
from core.connectors.zuora import mapping, rating, wire
from core.connectors.zuora.api import PAGES_MAX, Api
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import kind_of
from core.finance.usage.accrual import BilledUse, MeteredContract

# What it does not know the vendor would drop in silence otherwise, the event's id among it.
_USAGE = "/v1/object/usage?rejectUnknownFields=true"
# The vendor keeps a description of at most so many characters.
_DESCRIPTION_MAX = 200


class Metering:
    """The vendor refuses no second record of the same use: whoever writes one has looked before, and
    sends the same idempotency key again after a lost answer."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def meters(self, subscription: str) -> frozenset[str]:
        """Units of the usage charges of a subscription's latest version."""
        path = f"/v1/subscriptions/{quote(subscription, safe='')}?charge-detail=last-segment"
        body = await self._api.read("get_subscription", subscription, path)
        return units(body)

    async def metered(self, event: UsageEvent) -> bool:
        """Whether a record of this event exists."""
        text = f"select Id from Usage where Description = '{_literal(event.id)}'"
        found = await self._api.ask("find_usage", event.id, "/v1/action/query", {"queryString": text})
        return bool(found["size"])

    async def metered_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of the events whose records were made at or after, page by page."""
        text = f"select Description from Usage where CreatedDate >= '{mapping.stamp(moment)}'"
        body: dict[str, Any] = {"queryString": text}
        path = "/v1/action/query"
        for _ in range(PAGES_MAX):
            page = await self._api.ask("list_usage", "since", path, body)
            for row in page["records"] or ():
                yield str(row["Description"] or "")
            if page.get("done", True):
                return
            path, body = "/v1/action/queryMore", {"queryLocator": page["queryLocator"]}
        raise Unclear(f"list_usage: more than {PAGES_MAX} pages", system=SYSTEM)

    async def contract(self, subscription: str) -> MeteredContract:
        """What a subscription's latest version is billed for by use."""
        path = f"/v1/subscriptions/{quote(subscription, safe='')}?charge-detail=last-segment"
        body = await self._api.read("get_subscription", subscription, path)
        return rating.contract(body, str(body["accountNumber"] or "").removeprefix("A-"))

    async def used_since(self, first: date) -> AsyncIterator[UsageEvent]:
        """Records of use of a day or later."""
        filters = [f"startDateTime.GE:{first.isoformat()}"]
        rows = self._api.query("list_used", "since", "usages", filters, fields=rating.USAGE_FIELDS)
        async for row in rows:
            yield rating.used(row)

    async def billed_since(self, first: date) -> AsyncIterator[BilledUse]:
        """Items of use whose service began on a day or later: also on a credit memo, where a bill run sets
        the last use of a contract off against what it gives back."""
        begun = f"serviceStartDate.GE:{first.isoformat()}"
        filters = [begun, f"uOM.NE:{wire.SEATS}", f"uOM.NE:{wire.PIECES}"]
        rows = self._api.query(
            "list_billed_use", "since", "invoice-items", filters, ["invoice"], fields=rating.ITEM_FIELDS
        )
        async for row in rows:
            if row["uOM"] and (found := rating.billed(row)) is not None:
                yield found
        filters = [begun, f"unitOfMeasure.NE:{wire.SEATS}", f"unitOfMeasure.NE:{wire.PIECES}"]
        fields = rating.MEMO_FIELDS
        rows = self._api.query(
            "list_set_off_use", "since", "credit-memo-items", filters, ["creditMemo"], fields=fields
        )
        async for row in rows:
            if row["unitOfMeasure"] and (found := rating.set_off(row)) is not None:
                yield found

    async def meter(self, event: UsageEvent, key: str) -> None:
        """A new record."""
        await self._api.post("create_usage", key, _USAGE, record(event))


def units(body: Json) -> frozenset[str]:
    """GET /v1/subscriptions/{number}: what its charges of use are measured in; removed plans are left out."""
    return frozenset(
        str((charge["uom"] if "uom" in charge else charge["unitOfMeasure"]) or "")
        for plan in body["ratePlans"] or ()
        if plan.get("lastChangeType") != "Remove"
        for charge in plan["ratePlanCharges"] or ()
        if kind_of(charge) == wire.USAGE
    )


def record(event: UsageEvent) -> dict[str, Any]:
    """Body of POST /v1/object/usage."""
    if len(event.id) > _DESCRIPTION_MAX:
        raise Held(f"usage id: {event.id[:40]}… has more than {_DESCRIPTION_MAX} characters; shorten it")
    return {
        "AccountNumber": mapping.account_number(event.account),
        "SubscriptionNumber": event.subscription,
        "UOM": event.meter,
        "Quantity": event.quantity,
        "StartDateTime": f"{event.on.isoformat()}T00:00:00Z",
        "Description": event.id,
    }


def _literal(text: str) -> str:
    """Inside the quotes of a query."""
    return text.replace("\\", "\\\\").replace("'", "\\'")
