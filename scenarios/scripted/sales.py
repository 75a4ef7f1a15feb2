"""What sales and customers agree on: contracts signed, changed, renewed, cancelled, left to lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scenarios.lifecycles.calendar import add_months
from scenarios.lifecycles.sales import Deal, QuoteLine
from scenarios.scripted.stage import Held, Stage

_BILLED = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}


class Item(NamedTuple):
    """A product on a quote: seats after the change (0 takes it off), price of a seat and billing period in
    major units ("" leaves it as it is). alone: its stand-alone price, for one that is sold in a bundle;
    once: delivered at a point in time, and billed when the contract begins."""

    sku: str
    seats: int
    price: str = ""
    alone: str = ""
    once: bool = False


def _told(items: tuple[Item, ...]) -> str:
    parts = []
    for sku, seats, price, alone, _ in items:
        if seats:
            worth = f" (alone {alone})" if alone else ""
            parts.append(f"{seats} {sku} at {price}{worth}" if price else f"{seats} {sku}")
        else:
            parts.append(f"no {sku}")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Sign:
    """A new contract. starts: "" for the day it is signed; months: its term, 0 for one without end;
    billed: monthly, quarterly, half-yearly or yearly, in advance; contract: tells several apart."""

    on: str
    party: str
    items: tuple[Item, ...]
    months: int = 12
    billed: str = "monthly"
    starts: str = ""
    contract: str = ""

    def tell(self) -> str:
        term = f"{self.months} months" if self.months else "no end"
        starts = self.starts or self.on
        return f"{self.party} signs {_told(self.items)}, from {starts}, {term}, billed {self.billed}"

    async def perform(self, stage: Stage) -> None:
        start = date.fromisoformat(self.starts or self.on)
        held = Held(self.party, self.contract, start, self.months, _BILLED[self.billed])
        held.end = add_months(start, self.months) if self.months else None
        stage.held[self.party, self.contract] = held
        await stage.win(self.party, _deal(held, "new", start, held.end, _lines(held, self.items)))


@dataclass(frozen=True, slots=True)
class Change:
    """Products, seats or prices change in the middle of a term, from a day that may lie before or after
    the signature ("" is that day)."""

    on: str
    party: str
    items: tuple[Item, ...]
    why: str
    starts: str = ""
    contract: str = ""

    def tell(self) -> str:
        when = f", in force from {self.starts}" if self.starts else ""
        return f"{self.party}: {self.why}: {_told(self.items)}{when}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        start = date.fromisoformat(self.starts or self.on)
        await stage.win(self.party, _deal(held, "amendment", start, None, _lines(held, self.items)))


@dataclass(frozen=True, slots=True)
class Renew:
    """Another term from the end of the present one; items: what is new in it, the rest stays."""

    on: str
    party: str
    months: int
    items: tuple[Item, ...] = ()
    contract: str = ""

    def tell(self) -> str:
        new = f" with {_told(self.items)}" if self.items else " as it is"
        return f"{self.party} renews for {self.months} months{new}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        assert held.end is not None, f"{self.party}: a contract without end cannot be renewed"
        begin, held.end = held.end, add_months(held.end, self.months)
        kept = tuple(Item(sku, line.quantity) for sku, line in held.items.items() if line.months)
        named = {item.sku for item in self.items}
        items = (*self.items, *(item for item in kept if item.sku not in named))
        await stage.win(self.party, _deal(held, "renewal", begin, held.end, _lines(held, items)))


@dataclass(frozen=True, slots=True)
class Cancel:
    """The end of service on a day, the first one without it."""

    on: str
    party: str
    starts: str = ""
    contract: str = ""

    def tell(self) -> str:
        return f"{self.party} cancels; the last day of service is the one before {self.starts or self.on}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        start = date.fromisoformat(self.starts or self.on)
        gone = tuple(Item(sku, 0) for sku, line in held.items.items() if line.months)
        await stage.win(self.party, _deal(held, "cancellation", start, None, _lines(held, gone)))


@dataclass(frozen=True, slots=True)
class Deliver:
    """What is delivered at a point in time is accepted by the customer, and its people say so in the CRM."""

    on: str
    party: str
    sku: str
    contract: str = ""

    def tell(self) -> str:
        return f"{self.party} accepts {self.sku} as delivered"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        await stage.deliver(f"{held.name}-01", self.sku)


@dataclass(frozen=True, slots=True)
class NotRenew:
    """The offered renewal is lost: the contract runs out at its end."""

    on: str
    party: str
    contract: str = ""

    def tell(self) -> str:
        return f"{self.party} does not renew"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        assert held.end is not None, f"{self.party}: a contract without end does not lapse"
        deal = _deal(held, "renewal", held.end, add_months(held.end, held.months), ())
        await stage.lose(self.party, deal)


def _lines(held: Held, items: tuple[Item, ...]) -> tuple[QuoteLine, ...]:
    """Quote lines with the seats before, and the contract as it then stands."""
    lines = []
    for sku, seats, price, alone, once in items:
        before = held.items.get(sku)
        amount = Decimal(price) if price else (before.price if before else Decimal(0))
        worth = Decimal(alone) if alone else before.alone if before else None
        prior = before.quantity if before else 0
        line = QuoteLine(sku, seats, prior, amount, 0 if once else held.billed, worth)
        lines.append(line)
        if seats:
            held.items[sku] = line
        else:
            held.items.pop(sku, None)
    return tuple(lines)


def _deal(held: Held, kind: str, start: date, end: date | None, lines: tuple[QuoteLine, ...]) -> Deal:
    held.deals += 1
    return Deal(f"{held.name}-{held.deals:02d}", kind, f"{held.name}-01", start, end, lines)


@dataclass(frozen=True, slots=True)
class Suspend:
    """Service rests from a day on, which is the first one without it."""

    on: str
    party: str
    starts: str
    contract: str = ""

    def tell(self) -> str:
        return f"{self.party} suspends; the first day without service is {self.starts}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        held.rests_from = date.fromisoformat(self.starts)
        await stage.win(self.party, _deal(held, "suspension", held.rests_from, None, ()))


@dataclass(frozen=True, slots=True)
class Resume:
    """Service goes on; extends: whether the days of rest are added to the term."""

    on: str
    party: str
    starts: str
    extends: bool = True
    contract: str = ""

    def tell(self) -> str:
        term = "the days of rest are added to the term" if self.extends else "the term ends as it was to end"
        return f"{self.party} resumes on {self.starts}; {term}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        start, end = date.fromisoformat(self.starts), None
        if self.extends and held.end is not None and held.rests_from is not None:
            end = held.end = held.end + (start - held.rests_from)
        await stage.win(self.party, _deal(held, "resumption", start, end, ()))
