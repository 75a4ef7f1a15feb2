"""One signed-in conversation with an org: query, write by external id, follow the cursors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from core.canonical.errors import Unclear
from core.connectors.salesforce import wire
from core.connectors.salesforce.judge import SYSTEM, judge
from core.connectors.salesforce.wire import Json
from core.connectors.session import Exchange, Limits, Session, parse
from core.connectors.shapes import moment
from core.ports.world import Clock, Response, Transport, Watch

PAGES_MAX = 10_000
_MARGIN_US = 60_000_000


@dataclass(frozen=True, slots=True)
class SalesforceEndpoint:
    """The org's own domain and a connected app (client credentials).

    session_seconds: the app's session length; the token's answer does not tell it.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    session_seconds: int = 7200


class Api:
    """Every answer that comes back was a success, but for the rows of a collection."""

    def __init__(
        self, endpoint: SalesforceEndpoint, transport: Transport, watch: Watch, clock: Clock, limits: Limits
    ) -> None:
        self._endpoint, self._clock = endpoint, clock
        self._session = Session(
            SYSTEM,
            endpoint.base_url,
            transport,
            watch,
            judge,
            self._sign_in,
            clock,
            limits,
            {"accept": "application/json", "sforce-call-options": f"client={wire.CLIENT}"},
        )

    def now(self) -> int:
        """Microseconds: from when on what is asked next is true."""
        return self._clock.now()

    async def query(self, operation: str, key: str, soql: str) -> AsyncIterator[Json]:
        """The rows of a query, batch after batch."""
        path = wire.query(soql)
        for _ in range(PAGES_MAX):
            page: Json = parse(await self._get(operation, key, path), SYSTEM)
            for row in page.get("records") or ():
                yield row
            if page.get("done", True):
                return
            path = str(page["nextRecordsUrl"])
        raise Unclear(f"{operation}: more than {PAGES_MAX} batches", system=SYSTEM)

    async def children(self, operation: str, key: str, found: object) -> list[Json]:
        """All rows of a subquery, whose further batches stand behind a link of its own."""
        if not isinstance(found, dict):
            return []
        page: Json = found
        rows: list[Json] = list(page.get("records") or ())
        for _ in range(PAGES_MAX):
            if page.get("done", True):
                return rows
            page = parse(await self._get(operation, key, str(page["nextRecordsUrl"])), SYSTEM)
            rows += page.get("records") or ()
        raise Unclear(f"{operation}: more than {PAGES_MAX} batches", system=SYSTEM)

    async def put(self, operation: str, key: str, path: str, fields: Json) -> None:
        """Change, or make, the one record that `path` names by an external id."""
        await self._session.send(Exchange(operation, key, "PATCH", path, write=True, json=fields))

    async def create(self, operation: str, key: str, kind: str, fields: Json) -> None:
        """A new record."""
        path = f"{wire.ROOT}/sobjects/{kind}"
        await self._session.send(Exchange(operation, key, "POST", path, write=True, json=fields))

    async def change(
        self, operation: str, key: str, record: str, fields: Json, unmodified_since: str
    ) -> None:
        """Change a record ("Type/id") unless somebody has changed it since; the time is its own stamp."""
        path = f"{wire.ROOT}/sobjects/{record}"
        headers = {"if-unmodified-since": wire.http_date(moment(unmodified_since, "SystemModstamp", SYSTEM))}
        await self._session.send(
            Exchange(operation, key, "PATCH", path, write=True, json=fields, headers=headers)
        )

    async def _get(self, operation: str, key: str, path: str) -> Response:
        return await self._session.send(Exchange(operation, key, "GET", path, write=False))

    async def _sign_in(self) -> tuple[Mapping[str, str], int]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._endpoint.client_id,
            "client_secret": self._endpoint.client_secret,
        }
        exchange = Exchange("sign_in", "", "POST", wire.TOKEN, write=False, form=urlencode(form).encode())
        now = self._clock.now()
        answer: dict[str, Any] = parse(await self._session.bare(exchange), SYSTEM)
        if "access_token" not in answer:
            raise Unclear("sign_in: the answer holds no access_token", system=SYSTEM)
        headers = {"authorization": f"Bearer {answer['access_token']}"}
        return headers, now + max(self._endpoint.session_seconds * 1_000_000 - _MARGIN_US, 0)
