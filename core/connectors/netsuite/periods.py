"""Accounting periods: which of them still take postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.canonical.errors import PeriodClosed
from core.connectors.netsuite import wire
from core.connectors.netsuite.api import Api
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.shapes import day
from core.ports.world import Clock

# The books close by hand, a few times a month; nothing older than this is believed.
_BELIEVED_US = 10 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """first, last: inclusive."""

    first: date
    last: date
    open: bool


class Periods:
    """The calendar of the ledger, remembered for ten minutes at most."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._periods: list[Period] = []
        self._until = 0

    def forget(self) -> None:
        """A posting was refused for its period: what is remembered is out of date."""
        self._until = 0

    async def first_open_day(self, on: date) -> date:
        """`on` if its period is open, else the first day of the next open one; PeriodClosed if none."""
        for period in await self._calendar():
            if period.open and on <= period.last:
                return max(on, period.first)
        raise PeriodClosed(f"no accounting period is open on {on} or after", system=SYSTEM)

    async def _calendar(self) -> list[Period]:
        if self._clock.now() >= self._until:
            now = self._clock.now()
            rows = await self._api.query("list_periods", "all", wire.PERIODS)
            self._periods = sorted(
                (
                    Period(
                        day(row["first"], "first", SYSTEM),
                        day(row["last"], "last", SYSTEM),
                        not any(_yes(row.get(name)) for name in ("closed", "arlocked", "alllocked")),
                    )
                    for row in rows
                ),
                key=lambda period: period.first,
            )
            self._until = now + _BELIEVED_US
        return self._periods


def _yes(value: object) -> bool:
    return value in (True, "T", "true")
