"""A customer whose accounts payable transfer money to our bank: at times too little, or too much."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simpy.events import Event

from core.canonical.money import Money
from scenarios.lifecycles.calendar import DAY_US, Calendar
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.people import Company
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

Life = Generator[Event, Any, None]
# amount (negative: paid back), payer, remittance -> the bank's id.
PayIn = Callable[[Money, str, str], str]

# How a payment that is not right is wrong; the shares are ours.
_WRONG = {"short": 0.5, "over": 0.5}
_SHORT = (50, 80, 97)


class Transferrer:
    """Of one customer; remembers what it has sent for each invoice, whatever we have made of it."""

    def __init__(
        self,
        loop: SimLoop,
        calendar: Calendar,
        draws: KeyedDraws,
        profile: Profile,
        company: Company,
        hands: Hands,
        pay_in: PayIn,
    ) -> None:
        self._loop, self._calendar, self._draws, self._profile = loop, calendar, draws, profile
        self._company, self._hands, self._pay_in = company, hands, pay_in
        self._sent: dict[str, int] = {}
        self._over = 0

    def life(self, last_day: date, counts: dict[str, int]) -> Life:
        """Every week or two: one transfer for all that is old enough."""
        i, draws, profile = self._company.index, self._draws, self._profile
        delay = draws.lognormal(profile.pay_days_median, profile.pay_days_p95, "pays after", i)
        turn = 0
        while True:
            turn += 1
            wait = int((8 + 5 * draws.uniform("payment day", i, turn)) * DAY_US)
            # Business ends with the last day: what would come later never comes.
            left = self._calendar.until(last_day + timedelta(days=1), 0)
            yield self._loop.env.timeout(wait) if wait < left else self._loop.env.event()
            before = self._calendar.today() - timedelta(days=round(delay))
            owed = yield self._loop.act(self._owed(before))
            if owed:
                self._send(turn, owed, counts)

    async def _owed(self, before: date) -> list[tuple[str, int]]:
        """Invoices of ours by number, with what we have not sent yet, oldest first."""
        path = (
            f"/object-query/invoices?filter[]=invoiceDate.LE:{before.isoformat()}&filter[]=status.EQ:Posted"
        )
        rows = (await self._hands.call("zuora", "GET", path + "&expand[]=account&pageSize=99"))["data"]
        number = f"A-{self._company.key}"
        mine = [row for row in rows if row["account"]["accountNumber"] == number]
        found = []
        for row in sorted(mine, key=lambda row: (row["invoiceDate"], row["invoiceNumber"])):
            open_now = Money.of(Decimal(str(row["balance"])), str(row["currency"])).minor
            total = Money.of(Decimal(str(row["amount"])), str(row["currency"])).minor
            # What was credited or used since is not owed; what we sent may be under way.
            due = min(open_now, total - self._sent.get(row["invoiceNumber"], 0))
            if due > 0:
                found.append((str(row["invoiceNumber"]), due))
        return found

    def _send(self, turn: int, owed: list[tuple[str, int]], counts: dict[str, int]) -> None:
        i, draws = self._company.index, self._draws
        amount = sum(due for _, due in owed)
        kind = "transfer"
        if draws.uniform("wrong", i, turn) < self._profile.transfer_apart:
            wrong = draws.weighted(_WRONG, "how wrong", i, turn)
            kind = f"transfer_{wrong}"
            if wrong == "short":
                amount = max(amount * draws.choice(_SHORT, "short", i, turn) // 100, 1)
            else:
                amount += 1000 * draws.integer(1, 9, "over", i, turn)
        left = amount
        for number, due in owed:
            part = min(left, due)
            self._sent[number] = self._sent.get(number, 0) + part
            left -= part
        text = " ".join(number for number, _ in owed)
        self._pay_in(Money(amount, self._company.currency), self._company.name, text)
        counts[kind] = counts.get(kind, 0) + 1
