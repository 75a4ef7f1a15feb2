"""Daily: whose use of this month has come to a threshold, told once for each."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from core.canonical.errors import CoreError
from core.canonical.events import Topic
from core.canonical.facts import Fact, UsageThresholdReached
from core.connectivity.model import Parts
from core.reliability.retry import Policy, insist


class Thresholds:
    """By the settings, for each meter; nothing without."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self) -> None:
        """Adds up what billing has taken in of this month and, on its first days, of the month before. What
        was told is not told again: the fact has the same name."""
        parts, wanted = self._parts, self._parts.settings.webhooks.usage_thresholds
        if not wanted:
            return
        today = parts.desk.today
        first = (today - timedelta(days=3)).replace(day=1)
        policy = Policy(parts.settings.inline_attempts, parts.settings.inline_first_seconds)
        try:
            used = await insist(lambda: self._used(first), policy, parts.draws, "thresholds", first)
        except CoreError as error:
            parts.desk.watch.alert("medium", "usage thresholds", f"use could not be read: {error.detail}")
            return
        facts = [
            _fact(*key, threshold, quantity)
            for key, quantity in sorted(used.items())
            for threshold in sorted(wanted[key[2]])
            if quantity >= threshold
        ]
        now = parts.desk.clock.now()
        if told := parts.announces.facts(facts, now):
            await parts.store.announce(told, now)
            parts.announces.wake()

    async def _used(self, first: date) -> dict[tuple[str, str, str, str], Decimal]:
        used: defaultdict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
        async for event in self._parts.desk.billing.used_since(first):
            if event.meter in self._parts.settings.webhooks.usage_thresholds:
                used[event.account, event.subscription, event.meter, f"{event.on:%Y-%m}"] += event.quantity
        return used


def _fact(
    customer: str, subscription: str, meter: str, month: str, threshold: Decimal, quantity: Decimal
) -> Fact:
    told = UsageThresholdReached(subscription, customer, meter, month, threshold, quantity)
    key = f"{subscription}/{meter}/{month}/{threshold}"
    return Fact(Topic.USAGE_THRESHOLD_REACHED, key, f"subscriptions/{subscription}", customer, told)
