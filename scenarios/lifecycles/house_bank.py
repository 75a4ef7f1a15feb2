"""The company's own bank: takes payouts, and now and then sends one back days later."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from simpy.events import Event

from scenarios.lifecycles.calendar import Calendar
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.issuer import Disturb
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

_HOUR = 15
# A payout is sent back two days after it was made at the earliest, and only while business is open.
_AFTER = timedelta(days=2)
_LAST_DAYS = timedelta(days=6)


class HouseBank:
    """Looks at what arrived once a day; whether it keeps it depends on the day and the currency alone."""

    def __init__(
        self,
        loop: SimLoop,
        calendar: Calendar,
        draws: KeyedDraws,
        profile: Profile,
        hands: Hands,
        disturb: Disturb,
    ) -> None:
        self._loop, self._calendar, self._draws, self._profile = loop, calendar, draws, profile
        self._hands, self._disturb = hands, disturb

    def life(self, last_day: date, counts: dict[str, int]) -> Generator[Event, Any, None]:
        """Until the last days of business."""
        while self._calendar.today() + _LAST_DAYS < last_day:
            yield self._loop.env.timeout(self._calendar.until_hour(_HOUR))
            made = self._calendar.today() - _AFTER
            if self._draws.uniform("payout returned", made) < self._profile.payout_returned:
                back = yield self._loop.act(self._send_back(made))
                if back:
                    counts["payout_returned"] = counts.get("payout_returned", 0) + back

    async def _send_back(self, made: date) -> int:
        found = await self._hands.call("stripe", "GET", "/v1/payouts?status=paid&limit=20")
        start = (made - date(1970, 1, 1)).days * 86_400
        mine = [row for row in found["data"] if start <= row["created"] < start + 86_400]
        for row in mine:
            self._disturb("fail_payout", {"payout": row["id"], "code": "account_closed"})
        return len(mine)
