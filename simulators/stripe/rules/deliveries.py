"""The way of events to one endpoint: signed, counted, and closed when nobody has taken anything for days."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from simulators.kit.agenda import Agenda
from simulators.kit.clock import DAY, SECOND, Clock
from simulators.kit.webhooks import Outbound
from simulators.stripe.rules.records_events import Endpoint

# What counts as delivered, because nobody wants it any more.
GONE = 0
# How long an endpoint may fail without a single success; the vendor says "multiple days" (unconfirmed).
_PATIENCE = 9 * DAY


class Line:
    """The way to one endpoint; it ends when the endpoint is deleted or disabled."""

    def __init__(self, endpoint: Endpoint, outbound: Outbound, clock: Clock, agenda: Agenda) -> None:
        self._endpoint, self._outbound, self._clock, self._agenda = endpoint, outbound, clock, agenda

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        if self._endpoint.deleted or self._endpoint.disabled:
            return GONE
        status = await self._outbound.post(url, headers, body, event=event, attempt=attempt)
        self._count(status is not None and 200 <= status < 300)
        return status

    def _count(self, taken: bool) -> None:
        """An endpoint that has taken nothing for days is switched off, also when nothing more is sent."""
        endpoint, now = self._endpoint, self._clock.now()
        if taken:
            endpoint.failing_since = 0
        elif not endpoint.failing_since:
            endpoint.failing_since = now
            self._agenda.at(now + _PATIENCE, self.give_up, now, periodic=True)

    def give_up(self, since: int) -> None:
        """It has failed since then, without a success."""
        if self._endpoint.failing_since == since:
            self._endpoint.disabled = True


@dataclass(frozen=True, slots=True)
class Signed:
    """The headers of each attempt to bring `body` to `endpoint`."""

    endpoint: Endpoint
    body: bytes

    def __call__(self, at: int) -> dict[str, str]:
        return {
            "Accept": "*/*; q=0.5, application/xml",
            "Cache-Control": "no-cache",
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(self.endpoint, at, self.body),
        }


def signature(endpoint: Endpoint, now: int, body: bytes) -> str:
    """Stripe-Signature of an attempt made `now`: one v1 for each secret that is still good."""
    at = now // SECOND
    signed = f"{at}.".encode() + body
    good = (text for text, until in endpoint.secrets if until == 0 or until > now)
    marks = [f"v1={hmac.new(text.encode(), signed, sha256).hexdigest()}" for text in good]
    return ",".join([f"t={at}", *marks])
