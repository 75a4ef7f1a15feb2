"""A customer who calls a card payment back, and how the bank decides."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from simpy.events import Event

from scenarios.lifecycles.calendar import DAY_US, Calendar
from scenarios.lifecycles.issuer import INQUIRY, Issuer
from scenarios.lifecycles.wallet import Wallet
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

# Shares of causes and days to the bank's word are ours; the rate and the share won are the profile's.
_CAUSES = {"fraudulent": 0.55, "product_not_received": 0.3, INQUIRY: 0.15}
_ESCALATED = 0.4
_FIRST_DAYS, _LAST_DAYS = 2, 6
# A payment older than this is not called back: 28 days.
_FRESH_US = 28 * DAY_US


class Complaints:
    """Of one customer, once a month at most."""

    def __init__(
        self, loop: SimLoop, calendar: Calendar, draws: KeyedDraws, profile: Profile, issuer: Issuer
    ) -> None:
        self._loop, self._calendar, self._draws = loop, calendar, draws
        self._profile, self._issuer = profile, issuer

    def life(
        self, index: int, wallet: Wallet, last_day: date, counts: dict[str, int]
    ) -> Generator[Event, Any, None]:
        """Look at the last payment each month; nothing is begun that the run would not see decided."""
        month = 0
        while True:
            month += 1
            days = 7 + 7 * self._draws.uniform("complaint day", index, month)
            yield self._loop.env.timeout(int(days * DAY_US))
            # Two words of the bank at most, and time to hear them.
            if self._calendar.today() + timedelta(days=2 * _LAST_DAYS) > last_day:
                return
            if self._draws.uniform("disputes", index, month) < self._profile.dispute:
                yield from self._latest(index, month, wallet, counts)
            yield self._loop.env.timeout(16 * DAY_US)

    def refund(
        self, index: int, month: int, wallet: Wallet, counts: dict[str, int]
    ) -> Generator[Event, Any, None]:
        """What becomes of a refund that was just made: now and then the card is closed and it comes back."""
        if self._draws.uniform("refund returned", index, month) >= self._profile.refund_returned:
            return
        charge = yield self._loop.act(wallet.latest_refunded())
        yield self._wait("refund", index, month)
        back = yield self._loop.act(self._issuer.send_back_refund(charge))
        if back:
            counts["refund_returned"] = counts.get("refund_returned", 0) + 1

    def _latest(
        self, index: int, month: int, wallet: Wallet, counts: dict[str, int]
    ) -> Generator[Event, Any, None]:
        since = self._calendar.now() - _FRESH_US
        charge = yield self._loop.act(wallet.latest_charge(since // 1_000_000))
        if charge:
            yield from self._one(index, month, charge, counts)

    def _one(
        self, index: int, month: int, charge: str, counts: dict[str, int]
    ) -> Generator[Event, Any, None]:
        draws = self._draws
        cause = draws.weighted(_CAUSES, "cause", index, month)
        dispute = yield self._loop.act(self._issuer.complain(charge, cause))
        if not dispute:
            return
        counts["dispute"] = counts.get("dispute", 0) + 1
        yield self._wait("first word", index, month)
        if cause == INQUIRY:
            escalated = draws.uniform("escalated", index, month) < _ESCALATED
            status = "needs_response" if escalated else "warning_closed"
            going_on = yield self._loop.act(self._issuer.decide(dispute, status))
            if not (going_on and escalated):
                return
            yield self._wait("second word", index, month)
        status = "won" if draws.uniform("wins", index, month) < self._profile.dispute_won else "lost"
        ended = yield self._loop.act(self._issuer.decide(dispute, status))
        if ended:
            counts[f"dispute_{status}"] = counts.get(f"dispute_{status}", 0) + 1

    def _wait(self, *key: object) -> Event:
        days = self._draws.integer(_FIRST_DAYS, _LAST_DAYS, "bank", *key)
        return self._loop.env.timeout(days * DAY_US)
