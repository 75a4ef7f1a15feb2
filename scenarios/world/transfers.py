"""Customers' own transfers on the company's account: booked on a bank day, told again until heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import digest
from typing import Any

from core.canonical.errors import Missing
from core.canonical.money import Money
from core.canonical.payments import Transfer
from simulators.kit.clock import DAY, day
from simulators.kit.table import dumps
from simulators.kit.webhooks import Outbound

# The secret that the bank signs with; a sandbox value like all others.
BANK_SECRET = "tieout-bank-secret"
# Seconds between attempts: over about five days, then a notice is given up.
_PAUSES = (60, 300, 1800, 7200, 18_000, 36_000, 86_400, 86_400, 86_400, 86_400)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Booked:
    """at: the moment from which the bank shows it, microseconds."""

    at: int
    transfer: Transfer


class Transfers:
    """Implements core.ports.bank.Bank; outside the core's machine, whose crash is none here.

    url: where notices go, "" for a core that reads and does not listen; now: microseconds.
    """

    def __init__(
        self, now: Callable[[], int], post: Outbound, spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        self._now, self._post, self._spawn = now, post, spawn
        self._booked: list[Booked] = []
        self.url = ""
        self.pending = 0
        self.takes_transfers = False

    def pay_in(self, amount: Money, payer: str, text: str) -> str:
        """A customer sends money; negative: we send it back. Returns the bank's id."""
        return self._move(amount, payer, text)

    async def transfer(self, id: str) -> Transfer:  # noqa: A002
        for each in self._booked:
            if each.transfer.id == id and each.at <= self._now():
                return each.transfer
        raise Missing(f"transfer: {id!r} is not on the account", system="bank")

    async def transfers_since(self, moment: datetime) -> AsyncIterator[str]:
        since, now = int(moment.timestamp() * 1_000_000), self._now()
        for each in sorted(self._booked, key=lambda b: b.at):
            if since <= each.at <= now:
                yield each.transfer.id

    def lines(self) -> tuple[Transfer, ...]:
        """What is booked by now, in order."""
        now = self._now()
        return tuple(b.transfer for b in sorted(self._booked, key=lambda b: b.at) if b.at <= now)

    @property
    def last_booked(self) -> int:
        """When the account last moved, in microseconds; 0: never."""
        return max((b.at for b in self._booked if b.at <= self._now()), default=0)

    def last_of(self, payer: str) -> Transfer:
        """The latest that a customer paid in; LookupError if there is none."""
        found = [
            b.transfer for b in self._booked if b.transfer.payer == payer and b.transfer.amount.minor > 0
        ]
        if not found:
            raise LookupError(f"{payer} has paid nothing in")
        return found[-1]

    def _move(self, amount: Money, payer: str, text: str) -> str:
        now = self._now()
        on = bank_day(day(now))
        # A weekend waits for the Monday's first hours.
        at = now if on == day(now) else (on - date(1970, 1, 1)).days * DAY + DAY // 4
        transfer = Transfer(f"TR{len(self._booked) + 1:06d}", on, amount, payer, text)
        self._booked.append(Booked(at, transfer))
        self.pending += 1
        self._spawn(self._tell(transfer, at - now))
        return transfer.id

    async def _tell(self, transfer: Transfer, wait: int) -> None:
        try:
            await asyncio.sleep(wait / 1_000_000)
            if not self.url:
                return
            way = "received" if transfer.amount.minor > 0 else "sent"
            notice = f"N-{transfer.id}"
            created = self._now() // 1_000_000
            said = {"id": notice, "type": f"transfer.{way}", "transfer": transfer.id, "created": created}
            body = dumps(said)
            for attempt, pause in enumerate((*_PAUSES, 0), start=1):
                headers = {"content-type": "application/json", **signed(body, self._now())}
                status = await self._post.post(self.url, headers, body, event=notice, attempt=attempt)
                if status is not None and 200 <= status < 300:
                    return
                await asyncio.sleep(pause)
        finally:
            self.pending -= 1


def bank_day(on: date) -> date:
    """The day itself, or the Monday after a weekend; the bank keeps no other holidays."""
    return on + timedelta(days=7 - on.weekday()) if on.weekday() >= _SATURDAY else on


def signed(body: bytes, now: int, secret: str = BANK_SECRET) -> dict[str, str]:
    """The header that the bank signs a notice with. now: microseconds."""
    seconds = now // 1_000_000
    mac = digest(secret.encode(), f"{seconds}.".encode() + body, "sha256").hex()
    return {"X-Bank-Signature": f"t={seconds},v1={mac}"}
