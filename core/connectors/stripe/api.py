"""One conversation with Stripe: read, write under a key, follow the cursors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from core.canonical.errors import Unclear
from core.connectors.session import Exchange, Limits, Session, parse
from core.connectors.stripe import wire
from core.connectors.stripe.judge import SYSTEM, KeySpent, judge
from core.connectors.stripe.wire import Json, Params
from core.ports.world import Clock, Transport, Watch

PAGES_MAX = 10_000
# How many keys one act may use up, one after the other, on failures that the vendor keeps.
KEYS_MAX = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StripeEndpoint:
    """Where the API is, and the secret key of the account (sk_…)."""

    base_url: str
    secret_key: str = field(repr=False)


class Api:
    """Speaks form bodies and JSON; what comes back was a success, or a declined card."""

    def __init__(
        self, endpoint: StripeEndpoint, transport: Transport, watch: Watch, clock: Clock, limits: Limits
    ) -> None:
        headers = {
            "authorization": f"Bearer {endpoint.secret_key}",
            "stripe-version": wire.API_VERSION,
            "accept": "application/json",
        }
        self._session = Session(
            SYSTEM, endpoint.base_url, transport, watch, judge, None, clock, limits, headers
        )

    @property
    def session(self) -> Session:
        """What it speaks over."""
        return self._session

    async def read(self, operation: str, key: str, path: str) -> Json:
        """One GET."""
        return await self._send(Exchange(operation, key, "GET", path, write=False))

    async def pages(self, operation: str, key: str, resource: str, params: Params) -> AsyncIterator[Json]:
        """The objects of a list, newest first, page after page."""
        wish = {**params, "limit": wire.PAGE_SIZE}
        for _ in range(PAGES_MAX):
            page = await self.read(operation, key, wire.path(resource, params=wish))
            rows = page["data"] or ()
            for row in rows:
                yield row
            if not page["has_more"] or not rows:
                return
            wish["starting_after"] = rows[-1]["id"]
        raise Unclear(f"{operation}: more than {PAGES_MAX} pages", system=SYSTEM)

    async def events(self, kind: str, since: int) -> list[Json]:
        """Of one type, at or after a moment in seconds since 1970, newest first."""
        params = {"type": kind, "created": {"gte": since}}
        return [row async for row in self.pages("list_events", kind, "events", params)]

    async def write(
        self,
        operation: str,
        key: str,
        path: str,
        params: Params,
        done: Callable[[], Awaitable[T | None]],
        understood: Callable[[Json], Awaitable[T]],
    ) -> T:
        """One POST under an idempotency key made of `key`.

        Where the vendor has stored a failure of its own under that key, `done` says whether the act
        took place nevertheless; if not, the act is tried under the next key.
        """
        for count in range(1, KEYS_MAX + 1):
            token = key if count == 1 else f"{key}#{count}"
            headers = {"idempotency-key": token[-wire.KEY_LENGTH_MAX :]}
            exchange = Exchange(
                operation, key, "POST", path, write=True, form=wire.form(params), headers=headers
            )
            try:
                return await understood(await self._send(exchange))
            except KeySpent:
                found = await done()
                if found is not None:
                    return found
                if count == KEYS_MAX:
                    raise
        raise AssertionError("unreachable")

    async def _send(self, exchange: Exchange) -> Json:
        return cast(Json, parse(await self._session.send(exchange), SYSTEM))
