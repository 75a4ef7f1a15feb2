"""One signed-in conversation with Zuora: read, write, follow the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from core.canonical.errors import CoreError, Refused, Unavailable, Unclear
from core.connectors.session import Exchange, Limits, Session, parse
from core.connectors.zuora import wire
from core.connectors.zuora.judge import SYSTEM, judge
from core.connectors.zuora.wire import Json
from core.ports.world import Clock, Transport, Watch

PAGES_MAX = 10_000
# The vendor's maximum of an object query is 99; the SDK's own description says 50.
_QUERY_ROWS = 50
_TOKEN_MARGIN_US = 60_000_000


@dataclass(frozen=True, slots=True)
class ZuoraEndpoint:
    """Where the tenant is and how to sign in (OAuth client credentials)."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)


class Api:
    """Speaks JSON; every answer that comes back was a success."""

    def __init__(
        self, endpoint: ZuoraEndpoint, transport: Transport, watch: Watch, clock: Clock, limits: Limits
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
            {"zuora-version": wire.API_VERSION, "accept": "application/json"},
        )

    async def read(self, operation: str, key: str, path: str) -> Json:
        """One GET."""
        return await self._send(Exchange(operation, key, "GET", path, write=False))

    async def post(
        self, operation: str, key: str, path: str, body: Json, *, idempotency_key: bool = True
    ) -> Json:
        """One POST. The vendor keeps an answer by its key for a day, failures too: leave the key out
        where the object has a caller-given number, or a refusal would outlive its cause."""
        headers = {"idempotency-key": f"{operation}/{key}"[:255]} if idempotency_key else None
        return await self._send(
            Exchange(operation, key, "POST", path, write=True, json=body, headers=headers)
        )

    async def ask(self, operation: str, key: str, path: str, body: Json) -> Json:
        """A question that the vendor takes as a POST; it changes nothing."""
        return await self._send(Exchange(operation, key, "POST", path, write=False, json=body))

    async def put(self, operation: str, key: str, path: str, body: Json | None = None) -> Json:
        """One PUT; without a body it still sends {}, which the vendor wants (415 otherwise)."""
        return await self._send(Exchange(operation, key, "PUT", path, write=True, json=body or {}))

    async def pages(self, operation: str, key: str, path: str, rows: str) -> AsyncIterator[Json]:
        """The rows of a v1 list, page after page."""
        for _ in range(PAGES_MAX):
            page = await self.read(operation, key, path)
            for row in page[rows] or ():
                yield row
            if not page.get("nextPage"):
                return
            path = wire.path_of(str(page["nextPage"]))
        raise _endless(operation)

    async def query(
        self,
        operation: str,
        key: str,
        kind: str,
        filters: Sequence[str],
        expand: Sequence[str] = (),
        sort: str = "",
        fields: Sequence[str] = (),
    ) -> AsyncIterator[Json]:
        """The rows of an object query, page after page; fields: all where none are named."""
        first = wire.object_query(
            kind, filters=filters, expand=expand, sort=sort, page_size=_QUERY_ROWS, fields=fields
        )
        path = first
        for _ in range(PAGES_MAX):
            page = await self.read(operation, key, path)
            for row in page["data"] or ():
                yield row
            if not page.get("nextPage"):
                return
            path = f"{first}&{urlencode({'cursor': page['nextPage']})}"
        raise _endless(operation)

    async def _send(self, exchange: Exchange) -> Json:
        return cast(Json, parse(await self._session.send(exchange), SYSTEM))

    async def _sign_in(self) -> tuple[Mapping[str, str], int]:
        form = {
            "client_id": self._endpoint.client_id,
            "client_secret": self._endpoint.client_secret,
            "grant_type": "client_credentials",
        }
        exchange = Exchange("sign_in", "", "POST", "/oauth/token", write=False, form=urlencode(form).encode())
        now = self._clock.now()
        try:
            answer: dict[str, Any] = parse(await self._session.bare(exchange), SYSTEM)
            token, life_us = answer["access_token"], int(answer["expires_in"]) * 1_000_000
        except (Refused, Unclear, KeyError, ValueError) as error:
            # Whatever became of the token, the act it was for has not begun.
            raise Unavailable(f"sign_in: {error}", system=SYSTEM) from error
        headers = {"authorization": f"Bearer {token}"}
        return headers, now + max(life_us - _TOKEN_MARGIN_US, 0)


def _endless(operation: str) -> CoreError:
    return Unclear(f"{operation}: more than {PAGES_MAX} pages", system=SYSTEM)
