"""The treasury enters exchange rates in the ledger: at go-live and on the last day of every month."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from simpy.events import Event

from scenarios.lifecycles.calendar import Calendar, month_after
from scenarios.lifecycles.hands import NETSUITE, Hands
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

# US dollars for one at go-live; later months move by up to four hundredths either way.
_DOLLARS = {"USD": Decimal(1), "EUR": Decimal("1.08"), "GBP": Decimal("1.27"), "JPY": Decimal("0.0067")}
_MOVES = Decimal("0.04")
# A few minutes before the day, so that they hold for whatever is posted on it.
_HOUR = -0.1


class Treasury:
    """homes: currencies that our entities keep their books in."""

    def __init__(
        self, loop: SimLoop, calendar: Calendar, hands: Hands, draws: KeyedDraws, homes: Sequence[str]
    ) -> None:
        self._loop, self._calendar, self._hands, self._draws = loop, calendar, hands, draws
        self._homes = sorted(set(homes))
        self._now = dict(_DOLLARS)
        self._ids: dict[str, str] = {}

    def month_ends(self, open_for_business: Callable[[], bool]) -> Generator[Event, object, None]:
        """New rates for each last day of a month, as long as there is business."""
        while open_for_business():
            today = self._calendar.today()
            last = month_after(today) - timedelta(days=1)
            if self._calendar.until(last, _HOUR) <= 0:
                last = month_after(month_after(today)) - timedelta(days=1)
            yield self._loop.env.timeout(self._calendar.until(last, _HOUR))
            if open_for_business():
                self._move(last)
                yield self._loop.act(self.enter(last))

    async def enter(self, on: date) -> None:
        """Every currency in every home currency, from a day on."""
        self._ids = self._ids or await currency_ids(self._hands)
        for base in self._homes:
            for code, dollars in self._now.items():
                if code == base:
                    continue
                fields = {
                    "baseCurrency": {"id": self._ids[base]},
                    "transactionCurrency": {"id": self._ids[code]},
                    "exchangeRate": str(round(dollars / self._now[base], 8)),
                    "effectiveDate": on.isoformat(),
                }
                await self._hands.call(
                    "netsuite", "POST", f"{NETSUITE}/record/v1/currencyRate", json_body=fields
                )

    def _move(self, on: date) -> None:
        for code in _DOLLARS:
            if code != "USD":
                drawn = Decimal(str(round(self._draws.uniform("exchange rate", code, on), 6)))
                self._now[code] = round(self._now[code] * (1 + _MOVES * (2 * drawn - 1)), 8)


async def currency_ids(hands: Hands) -> dict[str, str]:
    """Internal ids of the ledger's currencies, by ISO code."""
    found = await hands.call(
        "netsuite",
        "POST",
        f"{NETSUITE}/query/v1/suiteql?limit=1000&offset=0",
        json_body={"q": "SELECT id, symbol FROM currency"},
        headers={"prefer": "transient"},
    )
    return {row["symbol"]: str(row["id"]) for row in found["items"]}
