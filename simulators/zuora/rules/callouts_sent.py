"""Callouts on their way and behind us: attempts, the challenge of basic authentication, the history.

Wire facts from the vendor's callout documentation: which answers are tried again, the three headers, the
first request without credentials unless preemptive authentication is on.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.kit.spans import carried, served
from simulators.kit.table import dumps
from simulators.kit.webhooks import AnyMethod, Outbound

ATTEMPTS_MAX = 5
HISTORY_KEPT = 10_000
_RETRIED = frozenset({403, 408, 429})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a callout goes, and how."""

    url: str
    method: str = "POST"
    username: str = ""
    password: str = ""
    preemptive: bool = False
    required_auth: bool = False
    retry: bool = True

    @property
    def credentials(self) -> Mapping[str, str]:
        """The header that basic authentication asks for."""
        pair = b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"authorization": f"Basic {pair}"}


@dataclass(slots=True)
class Notice:
    """One event told to one receiver, and what came of it. id: the same on every attempt; params: the
    resolved merge fields; subjects: ids of the objects it is about; attempts: since the last sending; cause:
    see kit.webhooks.Delivery."""

    id: str
    seq: int
    event: str
    category: str
    notification: str
    target: Target
    params: Mapping[str, str]
    subjects: tuple[str, ...]
    context: Mapping[str, str]
    created_at: int
    attempts: int = 0
    status: int | None = None
    tried: bool = False
    ended: bool = False
    cause: str = field(default_factory=served)

    @property
    def failed(self) -> bool:
        """Whether its last attempt went wrong; only 200 is success."""
        return self.tried and self.status != 200


@dataclass(slots=True)
class Courier:
    """Sends notices, tries again what may be tried again, and remembers all of them."""

    clock: Clock
    ids: Ids
    outbound: Outbound
    agenda: Agenda
    attempts: int
    minutes: int
    pending: int = 0
    kept: dict[str, Notice] = field(default_factory=dict)

    def send(self, notice: Notice) -> None:
        """Begin, with as many attempts as there may be; returns at once."""
        self.kept[notice.id] = notice
        if len(self.kept) > HISTORY_KEPT:
            oldest = next((each for each in self.kept.values() if each.ended), None)
            if oldest is not None:
                del self.kept[oldest.id]
        self.pending += 1
        self.agenda.at(self.clock.now(), self._attempt, notice)

    async def _attempt(self, notice: Notice) -> None:
        over = True
        try:
            notice.attempts += 1
            status = await self._knock(notice)
            notice.status, notice.tried = status, True
            most = min(max(self.attempts, 1), ATTEMPTS_MAX) if notice.target.retry else 1
            if _try_again(status) and notice.attempts < most:
                over = False
                self.agenda.after(60.0 * self.minutes, self._attempt, notice)
        finally:
            if over:
                self.pending -= 1
                notice.ended = True

    async def _knock(self, notice: Notice) -> int | None:
        """One attempt: a receiver that asks for credentials is sent the same request with them."""
        target = notice.target
        first = target.credentials if target.required_auth and target.preemptive else {}
        status = await self._request(notice, first)
        if status == 401 and target.required_auth and not target.preemptive:
            status = await self._request(notice, target.credentials)
        return status

    async def _request(self, notice: Notice, own: Mapping[str, str]) -> int | None:
        target, request = notice.target, self.ids.hex("callout", 32)
        headers = {
            **carried(notice.cause),
            "user-agent": "Zuora-Callout",
            **own,
            "zuora-request-id": request,
            "zuora-notification-id": notice.id,
            "x-amzn-trace-id": f"Root=1-{request[:8]}-{request[8:]}",
        }
        url, body = target.url, b""
        if target.method in ("GET", "DELETE"):
            if notice.params:
                url += ("&" if "?" in url else "?") + urlencode(notice.params)
        else:
            headers["content-type"] = "application/json"
            body = dumps(dict(notice.params))
        if target.method == "POST" or not isinstance(self.outbound, AnyMethod):
            return await self.outbound.post(url, headers, body, event=notice.id, attempt=notice.attempts)
        return await self.outbound.send(
            target.method, url, headers, body, event=notice.id, attempt=notice.attempts
        )


def _try_again(status: int | None) -> bool:
    """No answer at all, 1xx, 5xx and three others; whatever else was said is final."""
    return status is None or status in _RETRIED or status < 200 or status >= 500
