"""A conversation for one look at everything: no list is read twice, and events of all types are one list."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core.connectors.stripe.api import Api
from core.connectors.stripe.wire import Json, Params

# What a look asks for; the vendor takes up to twenty types in one call (docs.stripe.com/api/events/list).
TYPES = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "refund.updated",
    "refund.failed",
    "payout.paid",
    "payout.failed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
)


class Once(Api):
    """Speaks over the session of another; a list that could not be read to its end is not kept."""

    def __init__(self, real: Api) -> None:
        self._session = real.session
        self._lists: dict[str, list[Json]] = {}

    async def pages(self, operation: str, key: str, resource: str, params: Params) -> AsyncIterator[Json]:
        """The objects of a list, newest first, as they were when it was first asked for."""
        name = f"{resource} {sorted(params.items())}"
        if name not in self._lists:
            self._lists[name] = [row async for row in super().pages(operation, key, resource, params)]
        for row in self._lists[name]:
            yield row

    async def events(self, kind: str, since: int) -> list[Json]:
        """Of one type, out of the list of all of them."""
        if kind not in TYPES:
            return await super().events(kind, since)
        params = {"types": list(TYPES), "created": {"gte": since}}
        rows = self.pages("list_events", "since", "events", params)
        return [row async for row in rows if row["type"] == kind]
