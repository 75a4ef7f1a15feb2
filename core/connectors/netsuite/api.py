"""One signed-in conversation with NetSuite: records by external id, and SuiteQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.connectors.netsuite import wire
from core.connectors.netsuite.judge import SYSTEM, judge
from core.connectors.netsuite.signin import assertion
from core.connectors.netsuite.wire import Json
from core.connectors.session import Exchange, Limits, Session, parse
from core.ports.world import Clock, Transport, Watch

PAGES_MAX = 10_000
_ROWS = 1000
_SECOND_US = 1_000_000
_ASSERTION_SECONDS = 300
_TOKEN_MARGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class NetSuiteEndpoint:
    """Where the company is and how to sign in (OAuth 2.0 client credentials with a certificate).

    token_url: audience of the assertion, where it is not base_url + the token path;
    subsidiary: internal id that customers and journals belong to.
    """

    base_url: str
    client_id: str
    certificate_id: str
    private_key_pem: str = field(repr=False)
    token_url: str = ""
    scope: str = "rest_webservices"
    subsidiary: str = "1"


class Api:
    """Every answer that comes back was a success."""

    def __init__(
        self, endpoint: NetSuiteEndpoint, transport: Transport, watch: Watch, clock: Clock, limits: Limits
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
            # A name that the vendor does not know must be refused, not silently dropped.
            {"x-netsuite-propertynamevalidation": "error", "accept": "application/json"},
        )

    async def get(self, operation: str, kind: str, external_id: str, query: str = "") -> Json | None:
        """A record by external id; None if there is none."""
        path = wire.record_path(kind, external_id, query)
        try:
            return await self._read(Exchange(operation, external_id, "GET", path, write=False))
        except Missing:
            return None

    async def get_by_id(self, operation: str, kind: str, id: str) -> Json:  # noqa: A002
        """A record by internal id."""
        path = f"{wire.RECORDS}/{kind}/{id}"
        return await self._read(Exchange(operation, id, "GET", path, write=False))

    async def create(self, operation: str, key: str, kind: str, body: Json, made_from: str = "") -> None:
        """A new record; an external id that is taken is refused. made_from: another record, as in
        "customerDeposit/7"."""
        path = f"{wire.RECORDS}/{made_from}/!transform/{kind}" if made_from else f"{wire.RECORDS}/{kind}"
        await self._session.send(Exchange(operation, key, "POST", path, write=True, json=body))

    async def put(self, operation: str, key: str, kind: str, external_id: str, body: Json) -> None:
        """Insert or update by external id; sublists are replaced, so that twice is as good as once."""
        sublist = wire.SUBLIST.get(kind)
        path = wire.record_path(kind, external_id, f"replace={sublist}" if sublist else "")
        await self._session.send(Exchange(operation, key, "PUT", path, write=True, json=body))

    async def query(self, operation: str, key: str, text: str) -> list[dict[str, Any]]:
        """All rows of a query that is known to be short."""
        rows: list[dict[str, Any]] = []
        for page in range(PAGES_MAX):
            found = await self._select(operation, key, text, page * _ROWS)
            rows += found.get("items") or []
            if not found.get("hasMore"):
                return rows
        raise Unclear(f"{operation}: more than {PAGES_MAX} pages", system=SYSTEM)

    async def scan(
        self, operation: str, key: str, text: Callable[[int, int], str]
    ) -> AsyncIterator[dict[str, Any]]:
        """Rows by ascending id; text: the query for (last id seen, rows wanted)."""
        after = 0
        for _ in range(PAGES_MAX):
            rows = (await self._select(operation, key, text(after, _ROWS), 0)).get("items") or []
            for row in rows:
                yield row
            if len(rows) < _ROWS:
                return
            after = int(rows[-1]["id"])
        raise Unclear(f"{operation}: more than {PAGES_MAX} pages", system=SYSTEM)

    async def _select(self, operation: str, key: str, text: str, offset: int) -> Json:
        path = f"{wire.SUITEQL}?limit={_ROWS}&offset={offset}"
        headers = {"prefer": "transient"}
        return await self._read(
            Exchange(operation, key, "POST", path, write=False, json={"q": text}, headers=headers)
        )

    async def _read(self, exchange: Exchange) -> Json:
        return cast(Json, parse(await self._session.send(exchange), SYSTEM))

    async def _sign_in(self) -> tuple[Mapping[str, str], int]:
        endpoint, now = self._endpoint, self._clock.now()
        issued = now // _SECOND_US
        claims = {
            "iss": endpoint.client_id,
            "scope": [endpoint.scope],
            "aud": endpoint.token_url or endpoint.base_url.rstrip("/") + wire.TOKEN,
            "iat": issued,
            "exp": issued + _ASSERTION_SECONDS,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": wire.ASSERTION_TYPE,
            "client_assertion": assertion(endpoint.private_key_pem, endpoint.certificate_id, claims),
        }
        exchange = Exchange("sign_in", "", "POST", wire.TOKEN, write=False, form=urlencode(form).encode())
        try:
            answer: dict[str, Any] = parse(await self._session.bare(exchange), SYSTEM)
            # expires_in comes as text here.
            token, life_seconds = answer["access_token"], int(answer["expires_in"])
        except (Refused, Unclear, KeyError, ValueError) as error:
            # Whatever became of the token, the act it was for has not begun.
            raise Unavailable(f"sign_in: {error}", system=SYSTEM) from error
        life_us = max(life_seconds - _TOKEN_MARGIN_SECONDS, 0) * _SECOND_US
        return {"authorization": f"Bearer {token}"}, now + life_us
