"""Bugs in the allocation of bundles: what is sold together, and earned one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from core.canonical.erp import Schedule
from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port

_YEAR = timedelta(days=365)


class AtListPrice(Around):
    """Of Crm: the price before the discount is what is allocated, so that nothing is to be moved."""

    async def bundles(self) -> AsyncIterator[Order | Held]:
        async for order in self.real.bundles():
            if isinstance(order, Order):
                lines = tuple(replace(line, price=line.alone or line.price) for line in order.lines)
                yield replace(order, lines=lines)


class ChangesUnseen(Around):
    """Of Crm: the allocation of the first day is never looked at again."""

    async def bundles(self) -> AsyncIterator[Order | Held]:
        async for order in self.real.bundles():
            if not isinstance(order, Order) or order.kind is OrderKind.NEW:
                yield order


class OverTheYear(Around):
    """Of Erp: what was delivered on a day is spread like a subscription."""

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        if schedule.key.startswith("SSP-") and schedule.end - schedule.start == timedelta(days=1):
            schedule = replace(schedule, end=schedule.start + _YEAR)
        await self.real.add_schedule(schedule, key)


class EachShareCutDown(Around):
    """Of Erp: each share is cut down to the cent by itself, so that one cent of a deal belongs to nobody."""

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        if schedule.key.startswith("SSP-") and schedule.amount.minor > 0:
            schedule = replace(schedule, amount=Money(schedule.amount.minor - 1, schedule.amount.currency))
        await self.real.add_schedule(schedule, key)


BUNDLES = (
    Mutant(
        "allocated_before_the_discount",
        "the price of a bundle is allocated at list, before its discount: each part keeps what it was billed"
        " for",
        ("C27",),
        in_port("crm", AtListPrice),
        profile="bundles",
        months=2,
    ),
    Mutant(
        "onboarding_spread_ratably",
        "what was delivered on one day is released like a subscription, over a year",
        ("C27",),
        in_port("erp", OverTheYear),
        profile="bundles",
        customers=20,
        months=3,
    ),
    Mutant(
        "residual_cent_lost",
        "shares of a price are cut down one by one and nobody takes the rest: the plans add up to less than"
        " was moved",
        ("C27",),
        in_port("erp", EachShareCutDown),
        profile="bundles",
        customers=20,
        months=3,
    ),
    Mutant(
        "bundle_change_not_respread",
        "a change of a bundle is billed and not allocated: what is left of the price stays as on day 1",
        ("C27",),
        in_port("crm", ChangesUnseen),
        profile="bundles",
        customers=40,
        months=4,
    ),
)
