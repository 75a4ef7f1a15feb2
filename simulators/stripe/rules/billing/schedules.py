"""Subscription schedules: a subscription's future, phase by phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe.rules.billing.alterations import Alterations
from simulators.stripe.rules.billing.calendar import step
from simulators.stripe.rules.billing.contract_records import Phase, Schedule, Subscription
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash, differences, taken
from simulators.stripe.rules.billing.subscription_life import ENDED
from simulators.stripe.rules.billing.subscriptions import Subscriptions
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.shelf import Shelf

Wish = Mapping[str, Any]
_OVER = frozenset({"canceled", "completed", "released"})


class Schedules:
    """The schedules of one mode."""

    def __init__(self, desk: Desk, subscriptions: Subscriptions, alterations: Alterations) -> None:
        self._desk, self._subs, self._alterations = desk, subscriptions, alterations
        self.shelf: Shelf[Schedule] = Shelf()
        subscriptions.cycles.ended = self.orphaned

    def take(self, id: str, param: str = "schedule", *, path: bool = False) -> Schedule:  # noqa: A002
        """The schedule; Refused with resource_missing."""
        return taken(self.shelf, "subscription schedule", id, param, path=path)

    def create(self, customer: str, phases: Sequence[Wish], start: int, wish: Wish) -> Schedule:
        """A new schedule; a start that has come begins its first phase at once."""
        made = self._new(customer, self._phases(phases, start), wish)
        if start <= self._desk.now():
            self.begin(made)
        else:
            made.timers["phase"] = self._desk.later(customer, start, self.begin, made)
        return made

    def of(self, sub: Subscription, wish: Wish) -> Schedule:
        """A schedule for a subscription as it is: one phase, its current period."""
        if sub.schedule:
            text = f"You cannot create a subscription schedule: {sub.id} is already attached to one."
            raise clash(text, "from_subscription")
        if sub.status in ENDED:
            raise clash("The subscription has ended.", "from_subscription")
        start, end = sub.period
        items = tuple(
            {"price": i.price, "quantity": i.quantity, "tax_rates": [r.id for r in i.tax_rates]}
            for i in sub.items
        )
        made = self._new(sub.customer, [Phase(start, end, items)], wish)
        made.subscription, made.status, made.current = sub.id, "active", 0
        sub.schedule = made.id
        self._wait(made)
        return made

    def _new(self, customer: str, phases: list[Phase], wish: Wish) -> Schedule:
        ground = self._desk.ground
        made = Schedule(
            ground.numbers.new("sub_sched"),
            ground.clock.now(),
            ground.live,
            customer,
            phases,
            wish.get("end_behavior", "release"),
            settings=wish.get("default_settings") or {},
            metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
            test_clock=self._desk.clock_id(customer),
        )
        self.shelf.add(made, ("customer", customer))
        self._desk.note(made, "created", made.status, customer)
        self._desk.emit("subscription_schedule.created", made)
        return made

    def _phases(self, wishes: Sequence[Wish], start: int) -> list[Phase]:
        """Phases one after the other; each ends at a moment or after a duration."""
        if not wishes:
            raise clash("Missing required param: phases.", "phases", "parameter_missing")
        found: list[Phase] = []
        for i, wish in enumerate(wishes):
            begin = found[-1].end if found else start
            plan = self._subs.wishes.first(wish.get("items") or (), f"phases[{i}][items]")
            end = wish.get("end_date")
            if wish.get("duration"):
                if end is not None:
                    text = "You may only specify one of these parameters: end_date, duration."
                    raise clash(text, f"phases[{i}][duration]")
                interval, count = wish["duration"]
                end = step(begin, interval, count, 1)
            elif end is None:
                recurring = plan[0].price.recurring
                assert recurring is not None
                if i < len(wishes) - 1:
                    text = "All phases but the last need an `end_date` or a `duration`."
                    raise clash(text, f"phases[{i}][duration]", "parameter_missing")
                end = step(begin, recurring.interval, recurring.interval_count, 1)
            if end <= begin:
                raise clash("The end of a phase must be after its start.", f"phases[{i}][end_date]")
            trial_end = end if wish.get("trial") else wish.get("trial_end")
            found.append(
                Phase(
                    begin,
                    end,
                    tuple(wish.get("items") or ()),
                    tuple(wish.get("add_invoice_items") or ()),
                    wish.get("proration_behavior", "create_prorations"),
                    trial_end,
                    {k: v for k, v in wish.items() if k in _SETTINGS},
                    tuple(wish.get("discounts") or ()),
                )
            )
        return found

    def begin(self, schedule: Schedule) -> None:
        """The first phase: the subscription begins."""
        if schedule.status != "not_started":
            return
        phase = schedule.phases[0]
        wish = {**schedule.settings, **phase.settings, "items": phase.items}
        if phase.trial_end:
            wish["trial_end"] = phase.trial_end
        if phase.discounts:
            wish["discounts"] = phase.discounts
        wish["add_invoice_items"] = phase.add_invoice_items
        wish["payment_behavior"] = "default_incomplete"
        sub = self._subs.create(schedule.customer, wish)
        if sub.status == "incomplete":
            # A schedule's first invoice is collected like any later one.
            self._subs.cycles.go(sub, "active")
            self._subs.cycles.wait(sub)
        schedule.subscription, schedule.status, schedule.current = sub.id, "active", 0
        sub.schedule = schedule.id
        self._desk.note(schedule, "started", "active", schedule.customer, sub.id)
        self._desk.emit("subscription_schedule.updated", schedule, {"status": "not_started"})
        self._wait(schedule)

    def _wait(self, schedule: Schedule) -> None:
        cancel_timer(schedule.timers, "phase")
        end = schedule.phases[schedule.current].end
        schedule.timers["phase"] = self._desk.later(schedule.customer, end, self.turn, schedule, early=True)

    def turn(self, schedule: Schedule) -> None:
        """A phase is over: the next begins, or the schedule ends."""
        if schedule.status != "active":
            return
        sub = self._subs.take(schedule.subscription)
        if schedule.current + 1 >= len(schedule.phases):
            self._complete(schedule, sub)
            return
        schedule.current += 1
        phase = schedule.phases[schedule.current]
        wish: dict[str, Any] = {
            **phase.settings,
            "items": self._difference(sub, phase),
            "proration_behavior": phase.proration,
            "add_invoice_items": phase.add_invoice_items,
        }
        if phase.trial_end:
            wish["trial_end"] = phase.trial_end
        if phase.discounts:
            wish["discounts"] = phase.discounts
        # At a boundary the old period is over, so that there is nothing to prorate.
        renewed = sub.period[1] <= self._desk.now()
        if renewed:
            wish["proration_behavior"] = "none"
        self._alterations.update(sub, wish)
        self._desk.note(schedule, "phase", "active", schedule.customer, sub.id)
        self._desk.emit("subscription_schedule.updated", schedule, {})
        self._wait(schedule)

    def _difference(self, sub: Subscription, phase: Phase) -> list[Wish]:
        """What makes the subscription's items those of the phase."""
        wanted = {getattr(w["price"], "id", w["price"]): w for w in phase.items}
        found: list[Wish] = []
        spare = [i for i in sub.items if i.price.id not in wanted]
        for item in sub.items:
            if item.price.id in wanted:
                found.append({**wanted.pop(item.price.id), "id": item.id})
        for wish in wanted.values():
            if spare:
                found.append({**wish, "id": spare.pop(0).id})
            else:
                found.append(wish)
        return [*found, *({"id": item.id, "deleted": True} for item in spare)]

    def _complete(self, schedule: Schedule, sub: Subscription) -> None:
        now = self._desk.now()
        if schedule.end_behavior == "cancel":
            schedule.status, schedule.completed_at = "completed", now
            sub.schedule = ""
            self._subs.cycles.cancel(sub, invoice_now=True)
            self._desk.emit("subscription_schedule.completed", schedule)
            return
        self.release(schedule)

    def update(self, schedule: Schedule, wish: Wish) -> Schedule:
        """Other phases from the current one on, or another end."""
        self._living(schedule, "update")
        previous: dict[str, Any] = {}
        if "phases" in wish:
            start = wish["phases"][0].get("start_date") or schedule.phases[max(schedule.current, 0)].start
            schedule.phases = self._phases(wish["phases"], start)
            if schedule.status == "active":
                now = self._desk.now()
                current = [i for i, p in enumerate(schedule.phases) if p.start <= now < p.end]
                if not current:
                    raise clash("One of the phases must be the current one.", "phases")
                schedule.current = current[0]
                self._wait(schedule)
        if "metadata" in wish:
            metadata = merged(schedule.metadata, wish["metadata"])
            previous["metadata"] = differences(schedule.metadata, metadata)
            schedule.metadata = metadata
        if "end_behavior" in wish:
            previous["end_behavior"], schedule.end_behavior = schedule.end_behavior, wish["end_behavior"]
        self._desk.note(schedule, "updated", schedule.status, schedule.customer)
        self._desk.emit("subscription_schedule.updated", schedule, previous)
        return schedule

    def cancel(self, schedule: Schedule, wish: Wish) -> Schedule:
        """The schedule and its subscription end at once."""
        self._living(schedule, "cancel")
        cancel_timer(schedule.timers, "phase")
        schedule.status, schedule.canceled_at = "canceled", self._desk.now()
        sub = self._subs.shelf.get(schedule.subscription)
        if sub is not None and sub.status not in ENDED:
            sub.schedule = ""
            self._subs.cycles.cancel(
                sub, invoice_now=wish.get("invoice_now", True), prorate=wish.get("prorate", True)
            )
        self._desk.note(schedule, "canceled", "canceled", schedule.customer)
        self._desk.emit("subscription_schedule.canceled", schedule)
        return schedule

    def release(self, schedule: Schedule) -> Schedule:
        """The subscription goes on as it is, on its own."""
        self._living(schedule, "release")
        cancel_timer(schedule.timers, "phase")
        sub = self._subs.shelf.get(schedule.subscription)
        if sub is not None:
            sub.schedule = ""
        schedule.released_subscription, schedule.subscription = schedule.subscription, ""
        schedule.status, schedule.released_at = "released", self._desk.now()
        self._desk.note(schedule, "released", "released", schedule.customer)
        self._desk.emit("subscription_schedule.released", schedule)
        return schedule

    def orphaned(self, sub: Subscription) -> None:
        """Its subscription was cancelled by other means."""
        schedule = self.shelf.get(sub.schedule) if sub.schedule else None
        if schedule is not None and schedule.status not in _OVER:
            cancel_timer(schedule.timers, "phase")
            schedule.status, schedule.canceled_at = "canceled", self._desk.now()
            self._desk.emit("subscription_schedule.canceled", schedule)

    def _living(self, schedule: Schedule, what: str) -> None:
        if schedule.status in _OVER:
            text = f"You cannot {what} a subscription schedule that is in the `{schedule.status}` status."
            raise clash(text)


_SETTINGS = frozenset(
    {
        "collection_method",
        "days_until_due",
        "default_payment_method",
        "default_tax_rates",
        "description",
        "metadata",
    }
)
