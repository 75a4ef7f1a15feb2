"""Which events of use may be rated: each once, of a known subscription and meter, not of the future."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from core.canonical.usage import RejectedUsage, UsageEvent


@dataclass(frozen=True, slots=True)
class Intake:
    """duplicates: events whose id is known already; they are no error and change nothing."""

    accepted: tuple[UsageEvent, ...]
    duplicates: tuple[UsageEvent, ...]
    rejected: tuple[RejectedUsage, ...]


def take_in(
    events: Iterable[UsageEvent],
    *,
    today: date,
    meters: Collection[tuple[str, str]],
    seen: Collection[str] = (),
) -> Intake:
    """meters: (subscription, meter) that are under contract; seen: ids that were taken in before.

    A rejected event may be sent again under the same id once its reason is gone.
    """
    known, accepted, duplicates, rejected = set(seen), [], [], []
    subscriptions = {subscription for subscription, _ in meters}
    for event in events:
        if event.id in known:
            duplicates.append(event)
        elif reason := _why_not(event, today, meters, subscriptions):
            rejected.append(RejectedUsage(event, reason))
        else:
            known.add(event.id)
            accepted.append(event)
    return Intake(tuple(accepted), tuple(duplicates), tuple(rejected))


def _why_not(
    event: UsageEvent, today: date, meters: Collection[tuple[str, str]], subscriptions: Collection[str]
) -> str:
    if not event.id:
        return "id: it is empty; the product must number its events"
    if event.on > today:
        return f"on: {event.on} lies after today, {today}; send it when it has happened"
    if event.subscription not in subscriptions:
        return f"subscription: {event.subscription!r} is not known; sign it before it is used"
    if (event.subscription, event.meter) not in meters:
        return f"meter: {event.meter!r} is not in the contract {event.subscription}; amend it or the meter"
    return ""
