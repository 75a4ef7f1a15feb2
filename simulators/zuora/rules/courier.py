"""Carries callouts: the challenge before the password, attempts that end, a history of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.kit.webhooks import Outbound

HISTORY_MAX, ATTEMPTS_MAX = 10_000, 5
_OK, _CHALLENGE = 200, 401


@dataclass(slots=True)
class Callout:
    """One notification on its way to one URL. plain: headers of a request without a password; secret:
    the authorization, sent at once if `preemptive`, else only after a challenge."""

    id: str
    name: str
    event: str
    namespace: str
    url: str
    body: bytes
    plain: Mapping[str, str]
    secret: str
    preemptive: bool
    attempts_max: int
    about: tuple[str, ...]
    attempts: int = 0
    outcome: str = "pending"


@dataclass(frozen=True, slots=True)
class Record:
    """One attempt as the history shows it. status None: nobody answered."""

    callout: Callout = field(repr=False)
    attempt: int
    at: int
    status: int | None


class Courier:
    """One a tenant. pause: seconds between attempts."""

    def __init__(self, clock: Clock, ids: Ids, outbound: Outbound, agenda: Agenda, pause: float) -> None:
        self._clock, self._ids, self._outbound, self._agenda = clock, ids, outbound, agenda
        self._pause = pause
        self.pending = 0
        self.records: deque[Record] = deque(maxlen=HISTORY_MAX)
        self.sent: dict[str, Callout] = {}

    def send(self, callout: Callout) -> None:
        """Start delivering; returns at once."""
        self.sent[callout.id] = callout
        if len(self.sent) > HISTORY_MAX:
            del self.sent[next(iter(self.sent))]
        self.pending += 1
        self._agenda.at(self._clock.now(), self._attempt, callout)

    def resend(self, key: str) -> bool:
        """Send a notification again by its id; False if it is unknown or under way."""
        callout = self.sent.get(key)
        if callout is None or callout.outcome == "pending":
            return False
        callout.attempts, callout.outcome = 0, "pending"
        self.send(callout)
        return True

    async def _attempt(self, callout: Callout) -> None:
        over = True
        try:
            callout.attempts += 1
            status = await self._post(callout, signed=callout.preemptive)
            if status == _CHALLENGE and callout.secret and not callout.preemptive:
                status = await self._post(callout, signed=True)
            self.records.append(Record(callout, callout.attempts, self._clock.now(), status))
            if status == _OK:
                callout.outcome = "delivered"
            elif callout.attempts < callout.attempts_max:
                over = False
                self._agenda.after(self._pause, self._attempt, callout)
            else:
                callout.outcome = "given_up"
        finally:
            if over:
                self.pending -= 1

    async def _post(self, callout: Callout, *, signed: bool) -> int | None:
        headers = {
            **callout.plain,
            "zuora-request-id": self._ids.hex("callout", 32),
            "zuora-notification-id": callout.id,
        }
        if signed and callout.secret:
            headers["authorization"] = callout.secret
        return await self._outbound.post(
            callout.url, headers, callout.body, event=callout.id, attempt=callout.attempts
        )
