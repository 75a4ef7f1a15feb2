"""What customers use of the product, month by month: most of it told in time, some late, some twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.canonical.usage import UsageEvent
from scenarios.lifecycles.calendar import add_months
from scenarios.lifecycles.contract import Contract
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws

Record = Callable[[UsageEvent], None]


@dataclass(frozen=True, slots=True)
class Use:
    """One use. told: the day on which the product writes it down; twice: it does so once more."""

    on: date
    told: date
    quantity: Decimal
    twice: bool
    number: int


def uses(contract: Contract, draws: KeyedDraws, profile: Profile, month: int) -> list[Use]:
    """What is used in a month of the contract (1 is the first), in the order in which it is told."""
    i, start = contract.company.index, add_months(contract.start, month - 1)
    days = (add_months(contract.start, month) - start).days
    found = []
    for number in range(1, profile.usage_events + 1):
        on = start + timedelta(days=draws.integer(0, days - 1, "use day", i, month, number))
        late = draws.uniform("use late", i, month, number) < profile.usage_late
        # Late means: after the run that billed the month, which comes in the first days of the next.
        told = start + timedelta(days=days + draws.integer(3, 9, "told", i, month, number)) if late else on
        size = draws.lognormal(profile.usage_median, profile.usage_p95, "use", i, month, number)
        twice = draws.uniform("use twice", i, month, number) < profile.usage_twice
        found.append(Use(on, told, Decimal(max(1, round(size))), twice, number))
    return sorted(found, key=lambda use: (use.told, use.number))


def event_of(contract: Contract, month: int, use: Use) -> Iterator[UsageEvent]:
    """As the product writes it down; the same event again where it does so twice."""
    assert contract.meter is not None
    event = UsageEvent(
        id=f"USE-{contract.company.index:05d}-{month:03d}-{use.number:03d}",
        account=contract.company.key,
        subscription=f"S-{contract.original}",
        meter=contract.meter.unit,
        quantity=use.quantity,
        on=use.on,
    )
    yield event
    if use.twice:
        yield event
