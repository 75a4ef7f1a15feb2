"""Bugs between the product's meter and the invoice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from core.canonical.erp import Journal
from core.canonical.invoices import Invoice
from core.canonical.usage import UsageEvent
from core.ports.desk import Desk
from core.ports.world import Clock
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port
from scenarios.world.plant import Plant


@dataclass(frozen=True)
class EveryNotice(Around):
    """Of Billing: whoever is told writes, under the number of the notice."""

    told: list[str] = field(default_factory=list)

    async def metered(self, _event: UsageEvent) -> bool:
        return False

    async def meter(self, event: UsageEvent, key: str) -> None:
        self.told.append(key)
        await self.real.meter(event, f"{key}/{len(self.told)}")


@dataclass(frozen=True)
class MonthIsOver(Around):
    """Of Billing."""

    clock: Clock

    async def meter(self, event: UsageEvent, key: str) -> None:
        today = datetime.fromtimestamp(self.clock.now() / 1_000_000, UTC).date()
        # "The month is billed": what comes after it is logged and left.
        if (event.on.year, event.on.month) == (today.year, today.month):
            await self.real.meter(event, key)


def _month_is_over(desk: Desk) -> Desk:
    changed: dict[str, Any] = {"billing": MonthIsOver(desk.billing, desk.clock)}
    return replace(desk, **changed)


class PlannedLikeSeats(Around):
    """Of Billing: every line is taken for one in advance."""

    async def invoice(self, id_or_number: str) -> Invoice:
        found: Invoice = await self.real.invoice(id_or_number)
        return replace(found, lines=tuple(replace(line, metered=False) for line in found.lines))


class NobodyHasUsed(Around):
    """Of Billing: the month's end looks at bills alone."""

    async def used_since(self, _first: date) -> AsyncIterator[UsageEvent]:
        nothing: tuple[UsageEvent, ...] = ()
        for event in nothing:
            yield event


class NeverTurnedBack(Around):
    """Of Erp: what meets the bill is forgotten."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        met = {x.memo for x in journal.lines if x.account == "1150" and x.credit.minor}
        lines = tuple(x for x in journal.lines if not (journal.key.startswith("USE-") and x.memo in met))
        if lines:
            await self.real.post_journal(replace(journal, lines=lines), key)


USAGE = (
    Mutant(
        "usage_not_accrued",
        "use is revenue when it is billed: each month shows the use of the one before it (F50, cut-off)",
        ("C29",),
        in_port("billing", NobodyHasUsed),
        profile="usage_heavy",
        months=2,
    ),
    Mutant(
        "usage_accrual_never_turned_back",
        "what was accrued stays when it is billed: the same use is revenue twice",
        ("C29",),
        in_port("erp", NeverTurnedBack),
        profile="usage_heavy",
        months=3,
    ),
    Mutant(
        "usage_of_every_notice",
        "a meter event is written once a notice instead of once an event: what is told twice is billed twice"
        " (F13)",
        ("I-41",),
        in_port("billing", EveryNotice),
        profile="usage_heavy",
    ),
    Mutant(
        "late_usage_dropped",
        "use that arrives after its month has ended is dropped instead of billed as a difference (F15)",
        ("I-41",),
        Plant(desk=_month_is_over),
        profile="usage_heavy",
        months=2,
    ),
    Mutant(
        "usage_deferred",
        "metered lines get a revenue plan over days that are past, for money that was never deferred",
        ("I-46",),
        in_port("billing", PlannedLikeSeats),
        profile="usage_heavy",
        months=2,
    ),
)
