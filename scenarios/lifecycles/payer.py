"""A customer who pays on an invoice: late or never, by card or by a debit that may come back."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from simpy.events import Event

from scenarios.lifecycles.calendar import DAY_US, Calendar
from scenarios.lifecycles.issuer import Issuer
from scenarios.lifecycles.wallet import ACCOUNT, GOOD_CARD, Wallet
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

Life = Generator[Event, Any, None]

# What the payer's bank says of a debit that it sends back; the shares are ours.
_CAUSES = {"insufficient_funds": 0.7, "incorrect_account_details": 0.15, "debit_not_authorized": 0.15}
# From the payment to its return: the debit is under way for four days, and most come back soon after.
_FIRST_DAYS, _LAST_DAYS = 6, 24
# What is begun must be seen to its end by the books: the return, and another payment.
_LEFT_DAYS = 12


class InvoicePayer:
    """Of one customer."""

    def __init__(
        self,
        loop: SimLoop,
        calendar: Calendar,
        draws: KeyedDraws,
        profile: Profile,
        wallet: Wallet,
        issuer: Issuer,
    ) -> None:
        self._loop, self._calendar, self._draws, self._profile = loop, calendar, draws, profile
        self._wallet, self._issuer = wallet, issuer

    def life(self, index: int, last_day: date, counts: dict[str, int]) -> Life:
        """Every week or so: pay what is old enough."""
        draws, profile = self._draws, self._profile
        if draws.uniform("never pays", index) < profile.never_pays:
            return
        by_debit = draws.uniform("by debit", index) < profile.debit_share
        delay = draws.lognormal(profile.pay_days_median, profile.pay_days_p95, "pays after", index)
        turn = 0
        while True:
            turn += 1
            yield self._days(5 + 3 * draws.uniform("payment day", index, turn), last_day)
            older_than = int(self._calendar.now() - delay * DAY_US) // 1_000_000
            paid = yield self._loop.act(self._wallet.pay_open(older_than, ACCOUNT if by_debit else GOOD_CARD))
            counts["paid_by_link"] = counts.get("paid_by_link", 0) + paid
            if paid and by_debit and draws.uniform("comes back", index, turn) < profile.debit_returned:
                self._loop.process(self._comes_back(index, turn, last_day, counts))

    def _comes_back(self, index: int, turn: int, last_day: date, counts: dict[str, int]) -> Life:
        days = self._draws.integer(_FIRST_DAYS, _LAST_DAYS, "return", index, turn)
        if self._calendar.today() + timedelta(days=days + _LEFT_DAYS) > last_day:
            return
        since = self._calendar.now() // 1_000_000 - 60
        yield self._days(days, last_day)
        charge = yield self._loop.act(self._wallet.latest_charge(since))
        if charge:
            cause = self._draws.weighted(_CAUSES, "return cause", index, turn)
            done = yield self._loop.act(self._issuer.complain(charge, cause))
            counts["debit_returned"] = counts.get("debit_returned", 0) + bool(done)

    def _days(self, days: float, last_day: date) -> Event:
        # Business ends with the last day: what would come later never comes.
        left = self._calendar.until(last_day + timedelta(days=1), 0)
        wait = max(int(days * DAY_US), 1)
        return self._loop.env.timeout(wait) if wait < left else self._loop.env.event()
