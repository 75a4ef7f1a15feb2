"""Hybrid: sagas for order-to-cash, events for changes, batch for close and for repair."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any

from core.canonical.events import Event, Topic
from core.close.month_end import MonthEnd
from core.close.once import Patience
from core.connectivity.choreography import Choreography
from core.connectivity.engine import in_words, make_worker
from core.connectivity.flows import FLOWS, ORDER, Act
from core.connectivity.model import Answer, Parts
from core.connectivity.monthly import monthly
from core.connectivity.noting import all_traced, traced
from core.connectivity.periodic import by_one, inline_policy, start_timetable
from core.connectivity.reactions import REACTIONS, Reaction, subscription_topic
from core.connectivity.saga import Sagas
from core.connectivity.timed import timed_jobs
from core.governance.ownership import standard
from core.ports.desk import Desk
from core.ports.durable import Task
from core.reconcile.finding import Finding
from core.reconcile.nightly import Reconciliation
from core.reconcile.owners import OwnershipLook
from core.reliability.timetable import Entry, keep
from core.steps.cases import OrderCase

# Which facts travel as events; all others go to a saga.
BY_EVENT = frozenset(
    {
        Topic.PAYMENT_SETTLED,
        Topic.PAYMENT_FAILED,
        Topic.PAYMENT_REFUNDED,
        Topic.REFUND_FAILED,
        Topic.DISPUTE_OPENED,
        Topic.DISPUTE_WITHDRAWN,
        Topic.DISPUTE_CLOSED,
        Topic.PAYOUT_PAID,
        Topic.PAYOUT_FAILED,
        Topic.TRANSFER_RECEIVED,
        Topic.TRANSFER_SENT,
    }
)
_CONSUMERS = frozenset(
    {
        "crm_orders",
        "payments_in_billing",
        "receipts",
        "crm_payments",
        "crm_failures",
        "refund_credits",
        "refunds_in_ledger",
        "crm_refunds",
        "refund_failures",
        "dispute_desk",
        "disputes",
        "dispute_outcomes",
        "payouts",
        "payout_failures",
        "transfers",
        "transfers_in_ledger",
        "crm_transfers",
        "paid_back",
        "paid_back_in_ledger",
    }
)


async def _by_event(_: Desk, __: Any) -> None:
    """A consumer does it."""


def _while_it_stands(act: Act) -> Act:
    """A consumer may come to it long after the saga, which an operator has taken back meanwhile: what is
    withdrawn is not activated again. Both act under the customer's lock, so what is read here holds."""

    @wraps(act)
    async def guarded(desk: Desk, case: OrderCase) -> None:
        if not await desk.crm.withdrawn(case.order):
            await act(desk, case)

    return guarded


# That the subscription has changed travels as an event; taking it back is still the saga's.
_ORDER = replace(
    ORDER,
    steps=tuple(
        replace(step, act=_by_event) if step.name in ("activate_in_crm", "announce_order") else step
        for step in ORDER.steps
    ),
)


def _guarded(reaction: Reaction) -> Reaction:
    if reaction.consumer != "crm_orders":
        return reaction
    return replace(reaction, acts=tuple(_while_it_stands(act) for act in reaction.acts))


class Hybrid:
    """Implements Model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        locks = parts.locks()
        flows = [_ORDER if flow is ORDER else flow for flow in FLOWS.values()]
        self._sagas = Sagas(parts, flows, locks, {_ORDER.name: subscription_topic})
        reactions = [_guarded(reaction) for reaction in REACTIONS if reaction.consumer in _CONSUMERS]
        self._consumers = Choreography(parts, reactions, bill_runs=False, locks=locks)
        self._worker = make_worker(
            parts,
            {**self._sagas.handlers, **self._consumers.handlers},
            {**self._sagas.owners, **self._consumers.owners},
            {**self._sagas.ranks, **self._consumers.ranks},
            self._consumers.wake,
        )
        owners = OwnershipLook(parts.desk, parts.store, standard())
        self.reconciliation = Reconciliation(
            parts.desk,
            parts.store,
            parts.settings.reconcile_days,
            self._mend,
            owners if parts.settings.controls.conflicts else None,
        )
        self._month_end = MonthEnd(parts.desk, Patience(inline_policy(parts), parts.draws))
        own = {"reconciliation": self.reconciliation.cycle, "month_end": self._month_end.run}
        self.jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            **all_traced(parts, own),
            **timed_jobs(parts, remember=True),
        }

    def start(self) -> None:
        parts, settings = self._parts, self._parts.settings
        parts.spawn(self._worker.run())
        self._consumers.start(self._worker)
        hours = {"recognition": 4.0}
        if settings.controls.reconciliation:
            hours["reconciliation"] = settings.reconcile_hour
        start_timetable(parts, self.jobs, hours)
        if (day := settings.close_day) is not None:
            closing = traced(parts, "month_end", lambda: self._close_on(day))
            close = Entry("month_end", hours["recognition"] + 2, by_one(parts, "month_end", closing))
            parts.spawn(keep(close, parts.desk.clock, parts.desk.watch, parts.store))

    async def accept(self, event: Event) -> Answer:
        if event.topic in BY_EVENT:
            return await self._consumers.accept(event)
        answer = await self._sagas.accept(event)
        self._worker.wake()
        return answer

    async def pending(self) -> list[str]:
        return await self._consumers.pending() + in_words(await self._parts.store.ready())

    async def parked(self) -> list[Task]:
        return await self._parts.store.parked()

    async def redrive(self) -> int:
        count = await self._parts.store.redrive(self._parts.desk.clock.now())
        self.wake()
        return count

    def wake(self) -> None:
        self._worker.wake()

    async def _close_on(self, day: int) -> None:
        async def close(_: Parts, month: date) -> bool:
            return await self._month_end.close(month)

        await monthly(self._parts, "close", day, close, remember=True)

    async def _mend(self, finding: Finding) -> bool:
        await self._parts.desk.watch.tracer.touch(finding.subject)
        begun = await self._sagas.begin(FLOWS[finding.flow], finding.subject)
        self._worker.wake()
        return begun
