"""What of a revenue plan has been earned by a day: straight line by days, the last day takes the rest."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Schedule
from core.canonical.money import Money


def earned(plan: Schedule, until: date) -> Money:
    """What of a plan belongs to the days up to and with `until`; at its end, all of it."""
    days = (plan.end - plan.start).days
    if days <= 0:
        return plan.amount if plan.start <= until else Money(0, plan.amount.currency)
    elapsed = min(max((until - plan.start).days + 1, 0), days)
    return Money(plan.amount.minor * elapsed // days, plan.amount.currency)
