"""Jobs that every model has each day: the timetable, dunning and write-offs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta

from core.canonical.errors import CoreError
from core.connectivity.model import Parts
from core.connectivity.noting import noted, traced
from core.ports.billing import Row
from core.reliability.horizons import days_named
from core.reliability.retry import Policy, insist
from core.reliability.timetable import Entry, keep
from core.steps.dun import Dunned, dun
from core.steps.write_off import GivenUp, give_up

# An invoice may reach dunning so many days after it was due: the longest durable retry, and a margin.
_LATE_DAYS = 7
# How late the timetable of another worker may strike.
_TURN_US = 3600 * 1_000_000
_FORGET_HOUR = 1.0
# An answer under an idempotency key is given again for a day.
_ANSWERS_US = 86_400_000_000
# Invoices older than this are not looked for when writing off.
_LOOK_BACK = timedelta(days=400)


def start_timetable(
    parts: Parts,
    jobs: Mapping[str, Callable[[], Awaitable[None]]],
    hours: Mapping[str, float],
    *,
    remember: bool = True,
) -> None:
    """Each job at its hour of the UTC day, and dunning unless it is started from outside.

    remember: a model with a durable memory also makes good a run that was broken off or missed.
    """
    clock, watch, marks = parts.desk.clock, parts.desk.watch, parts.store if remember else None
    if parts.settings.dunning_hour is not None:
        hours = {**hours, "dunning": parts.settings.dunning_hour}
    if parts.settings.write_off_hour is not None and parts.settings.collecting().soonest is not None:
        hours = {**hours, "write_off": parts.settings.write_off_hour}
    if "ownership" in jobs:
        hours = {**hours, "ownership": parts.settings.reconcile_hour}
    if "intercompany" in jobs:  # before what they owe each other is remeasured
        hours = {**hours, "intercompany": hours["recognition"] + 0.5}
    if parts.claims.poll_seconds is not None:  # a deployment, which lives for years
        forget = traced(parts, "forget", lambda: _forget(parts))
        entry = Entry("forget", _FORGET_HOUR, by_one(parts, "forget", forget))
        parts.spawn(keep(entry, clock, watch, marks))
    if "usage_thresholds" in jobs:
        hours = {**hours, "usage_thresholds": hours["recognition"] - 1}
    if "revaluation" in jobs:  # when the revenue of the month is in
        hours = {**hours, "revaluation": hours["recognition"] + 1}
    for name, hour in hours.items():
        parts.spawn(keep(Entry(name, hour, by_one(parts, name, jobs[name])), clock, watch, marks))


async def _forget(parts: Parts) -> None:
    """Events that nobody can repeat any more, and what went on to consumers before that (law I-36); documents
    about which nothing can come any more."""
    now = parts.desk.clock.now()
    before = now - parts.settings.inbox_days * 86_400_000_000
    parts.desk.watch.count("forgotten", await parts.store.forget(before))
    parts.desk.watch.count("forgotten", await parts.store.forget_passed_on(before, now))
    parts.desk.watch.count("forgotten", await parts.store.forget_deliveries(before))
    named = now - days_named(parts.settings.inbox_days, parts.settings.days_given_up) * 86_400_000_000
    parts.desk.watch.count("forgotten", await parts.store.forget_roots(named))
    await parts.store.forget_answers(now - _ANSWERS_US)


def by_one(parts: Parts, name: str, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[bool]]:
    """The job, done by one worker where several share a store and a timetable; whether it was this one."""

    async def once() -> bool:
        now = parts.desk.clock.now()
        if parts.claims.poll_seconds is None:
            await job()
            return True
        # Kept and not given back: the others come at the same hour, some of them a little late.
        if not await parts.store.lease(f"job/{name}", parts.claims.name, now, now + _TURN_US):
            return False
        await noted(parts, name, job, parts.claims.name)
        return True

    return once


def today(parts: Parts) -> date:
    """The UTC date."""
    return parts.desk.today


def inline_policy(parts: Parts) -> Policy:
    """Retry in memory."""
    settings = parts.settings
    return Policy(settings.inline_attempts, settings.inline_first_seconds)


class Dunning:
    """Every morning: the cards behind what is due, on the days of the dunning calendar."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._collecting = parts.settings.collecting()
        # Customers known to pay by invoice: nothing is charged there, so nothing is asked twice.
        self._by_invoice: set[str] = set()

    async def run(self) -> None:
        """One failure does not stop the others."""
        parts, on = self._parts, today(self._parts)
        try:
            # Older ones have been tried on every day of the calendar, also if it began some days late.
            oldest = on - timedelta(days=self._collecting.longest + _LATE_DAYS)
            rows = [row async for row in parts.desk.billing.open_invoices(oldest, on)]
        except CoreError as error:
            parts.desk.watch.alert("medium", "dunning", f"open invoices could not be read: {error.detail}")
            return
        for row in rows:
            if row.account not in self._by_invoice:
                await self._one(row, on)

    async def _one(self, row: Row, on: date) -> None:
        parts, watch = self._parts, self._parts.desk.watch
        try:
            with watch.tracer.span("dun", invoice=row.number):
                await watch.tracer.touch(row.number)
                outcome = await insist(
                    lambda: dun(parts.desk, row, self._collecting, on),
                    inline_policy(parts),
                    parts.draws,
                    "dunning",
                    row.number,
                )
        except CoreError as error:
            watch.alert("medium", row.number, f"dunning put off to tomorrow: {error.detail}")
            return
        if outcome is Dunned.BY_INVOICE:
            self._by_invoice.add(row.account)


class WriteOffs:
    """Every day: what the policy of its segment gives up, once a person has approved it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self) -> None:
        """Nothing without a policy; one failure does not stop the others."""
        parts, on = self._parts, today(self._parts)
        settings, watch = parts.settings, parts.desk.watch
        collecting = settings.collecting()
        if collecting.soonest is None:
            return
        due = on - timedelta(days=collecting.soonest)
        try:
            rows = [row async for row in parts.desk.billing.open_invoices(due - _LOOK_BACK, due)]
        except CoreError as error:
            watch.alert("medium", "write-off", f"open invoices could not be read: {error.detail}")
            return
        for row in rows:
            try:
                with watch.tracer.span("write off", invoice=row.number):
                    await watch.tracer.touch(row.number)
                    outcome = await insist(
                        lambda row=row: give_up(  # type: ignore[misc]
                            parts.desk, row, collecting, on, approved=settings.write_off_approved
                        ),
                        inline_policy(parts),
                        parts.draws,
                        "write off",
                        row.number,
                    )
            except CoreError as error:
                watch.alert("medium", row.number, f"write-off put off to tomorrow: {error.detail}")
                continue
            if outcome is GivenUp.WAITS:
                watch.alert("medium", row.number, f"{row.open} is to be written off: approve it")
