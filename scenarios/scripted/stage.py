"""Performs a script: each act on its day, among departments that bill, collect and close as ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date

from core.canonical.payments import Transfer
from scenarios.lifecycles.calendar import Calendar
from scenarios.lifecycles.departments import Departments
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.issuer import Disturb, Issuer
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, QuoteLine, Sales
from scenarios.lifecycles.transferrer import PayIn
from scenarios.lifecycles.usage import Record
from scenarios.lifecycles.wallet import Wallet
from scenarios.scripted.places import company
from scenarios.scripted.script import Act, Script

# The acts of a day come one after the other, from this hour on, half an hour apart.
_FIRST_HOUR, _APART = 9.0, 0.5


@dataclass(slots=True)
class Held:
    """A contract as sales knows it. months: its term; billed: months of a billing period; items: by SKU."""

    party: str
    contract: str
    start: date
    months: int
    billed: int
    end: date | None = None
    rests_from: date | None = None
    deals: int = 0
    items: dict[str, QuoteLine] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The part of a deal's key that all deals of the contract share."""
        return f"OPP-{self.party}{self.contract and '-' + self.contract}"


class Stage:
    """What acts work with. companies, wallets: by the customer's key; held: contracts by key and name;
    disputes: the latest of each customer."""

    def __init__(
        self,
        script: Script,
        calendar: Calendar,
        departments: Departments,
        sales: Sales,
        hands: Hands,
        inside_stripe: Disturb,
        record_usage: Record,
        pay_in: PayIn,
        last_paid_in: Callable[[str], Transfer],
        take_back: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self.script, self.calendar, self.departments, self.hands = script, calendar, departments, hands
        self._sales, self.inside_stripe, self.record_usage = sales, inside_stripe, record_usage
        self.pay_in, self.last_paid_in, self.take_back = pay_in, last_paid_in, take_back
        self.issuer = Issuer(hands, inside_stripe)
        self.companies: dict[str, Company] = {
            party.key: company(party, index) for index, party in enumerate(script.parties, start=1)
        }
        self.wallets = {key: Wallet(hands, each.email) for key, each in self.companies.items()}
        self.held: dict[tuple[str, str], Held] = {}
        self.disputes: dict[str, str] = {}

    async def open(self) -> None:
        """The customers as prospects."""
        for party in self.script.parties:
            terms = "Card" if party.pays == "card" else "Net 30"
            await self._sales.create_account(self.companies[party.key], terms)

    async def play(self, act: Act, hour: float) -> None:
        """Wait for an act's day and hour, then do it."""
        await asyncio.sleep(self.calendar.until(date.fromisoformat(act.on), hour) / 1_000_000)
        await act.perform(self)

    def timed(self) -> list[tuple[Act, float]]:
        """The acts in order, with the hour of their day."""
        seen: dict[str, int] = {}
        found = []
        for act in self.script.acts:
            nth = seen[act.on] = seen.get(act.on, -1) + 1
            found.append((act, _FIRST_HOUR + nth * _APART))
        return found

    async def win(self, party: str, deal: Deal) -> None:
        """A deal that is won today."""
        await self._sales.win(self.companies[party], deal, self.calendar.today())

    async def deliver(self, deal: str, sku: str) -> None:
        """What a deal promised to deliver once is delivered today."""
        await self._sales.deliver(deal, sku, self.calendar.today())

    async def lose(self, party: str, deal: Deal) -> None:
        """A deal that is lost today."""
        await self._sales.lose(self.companies[party], deal, self.calendar.today())
