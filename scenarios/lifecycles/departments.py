"""The company's own departments: billing operations run the bills, controlling closes the periods."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from datetime import date, timedelta
from typing import Any

from simpy.events import Event

from scenarios.lifecycles.calendar import DAY_US, Calendar, month_after
from scenarios.lifecycles.hands import NETSUITE, Hands
from scenarios.world.loop import SimLoop

# Hours of the UTC day.
_BILL_RUN_HOUR, _DUNNING_HOUR, _CLOSE_HOUR = 6, 9, 18
# Books of a month are closed on this day of the next: about the fifth working day.
_CLOSE_DAY = 7


class Departments:
    """`last_day`: bills are run up to here; later runs (after heal) repeat that day for what was late.

    runs_bills: whether the morning of a day has a bill run, as long as business is open.
    """

    def __init__(self, loop: SimLoop, calendar: Calendar, hands: Hands, last_day: date) -> None:
        self._loop, self._calendar, self._hands = loop, calendar, hands
        self.last_day = last_day
        self.runs_bills: Callable[[date], bool] = lambda _: True
        self.business_open = True
        self.periods: dict[str, str] = {}

    def billing_operations(self) -> Generator[Event, object, None]:
        """One bill run a morning over everything due, on the days that have one."""
        while True:
            yield self._loop.env.timeout(self._calendar.until_hour(_BILL_RUN_HOUR))
            today = self._calendar.today()
            if not self.business_open or self.runs_bills(today):
                yield self._loop.act(self.bill_run(min(today, self.last_day)))

    def collections(
        self, press: Callable[[str], Coroutine[Any, Any, None]]
    ) -> Generator[Event, object, None]:
        """Every morning the core's dunning is started, as long as business is open."""
        while self.business_open:
            yield self._loop.env.timeout(self._calendar.until_hour(_DUNNING_HOUR))
            if self.business_open:
                yield self._loop.act(press("dunning"))
                yield self._loop.act(press("write_off"))

    async def bill_run(self, on: date) -> None:
        """Drafts for everything due by `on`."""
        wish = {"targetDate": on.isoformat(), "invoiceDate": on.isoformat(), "autoPost": False}
        await self._hands.call("zuora", "POST", "/v1/bill-runs", json_body=wish)

    def controlling(self) -> Generator[Event, object, None]:
        """Each month closed a week into the next."""
        while True:
            today = self._calendar.today()
            close_on = today.replace(day=_CLOSE_DAY)
            if today >= close_on:
                close_on = month_after(today).replace(day=_CLOSE_DAY)
            wait = (close_on - today).days * DAY_US - self._calendar.into_day() + _CLOSE_HOUR * DAY_US // 24
            yield self._loop.env.timeout(wait)
            closing = (self._calendar.today().replace(day=1) - timedelta(days=1)).replace(day=1)
            if closing < self.last_day.replace(day=1):
                yield self._loop.act(self.close(closing))

    async def close(self, month: date) -> None:
        """Close one period; quiet if it is closed."""
        await self._turn(month, closed=True)

    async def reopen(self, month: date) -> None:
        """Open a closed period again."""
        await self._turn(month, closed=False)

    async def _turn(self, month: date, *, closed: bool) -> None:
        name = f"{month:%b %Y}"
        if not self.periods:
            await self._read_periods()
        path = f"{NETSUITE}/record/v1/accountingPeriod/{self.periods[name]}"
        # What leaves the ledger alone may still be done: a receipt that came back moves off its invoice.
        wish = {"closed": closed, "allowNonGLChanges": True}
        await self._hands.call("netsuite", "PATCH", path, json_body=wish)

    async def _read_periods(self) -> None:
        answer = await self._hands.call(
            "netsuite",
            "POST",
            f"{NETSUITE}/query/v1/suiteql?limit=1000&offset=0",
            json_body={"q": "SELECT id, periodname FROM accountingPeriod"},
            headers={"prefer": "transient"},
        )
        self.periods = {row["periodname"]: str(row["id"]) for row in answer["items"]}
