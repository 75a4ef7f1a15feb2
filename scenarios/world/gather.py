"""Turns what a world holds at rest into evidence."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any

from core.settings import Settings
from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.conventions import (
    BookPolicy,
    CollectionPolicy,
    Conventions,
    DimensionPolicy,
    EntityPolicy,
)
from scenarios.evidence.crm import CrmBooks
from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.reading import from_json
from scenarios.evidence.run import Change, Convergence, Determinism, Evidence, Parked, Replay, Saga
from scenarios.evidence.tax import TaxBooks
from scenarios.world.build import World
from scenarios.world.metering import metered
from simulators.kit.table import dumps

_BOOKS: dict[str, tuple[str, Any]] = {
    "salesforce": ("crm", CrmBooks),
    "zuora": ("billing", BillingBooks),
    "stripe": ("payments", PaymentBooks),
    "avatax": ("tax", TaxBooks),
    "netsuite": ("erp", ErpBooks),
}


async def gather(world: World, billed_through: str, convergence: Convergence, replay: Replay) -> Evidence:
    """Everything the checkers may know of this world."""
    books = {
        name: from_json(kind, world.mocks[system].rules.books()) for system, (name, kind) in _BOOKS.items()
    }
    recorder = world.recorder
    return Evidence(
        token=world.spec.token,
        model=world.spec.model,
        seed=world.spec.seed,
        started_at=world.start,
        billed_through=billed_through,
        **books,
        product=world.product.books(),
        bank=world.bank.books(),
        conventions=conventions(world.settings),
        limits=metered(world),
        # Of vendors, whose commit logs are here; what those outside were told is judged by what they keep.
        operations=tuple(
            attempt.operation() for attempt in recorder.attempts if attempt.system in world.mocks
        ),
        changes=changes(world),
        deliveries=tuple(recorder.deliveries),
        receipts=tuple(recorder.receipts),
        parked=await parked(world),
        convergence=convergence,
        replay=replay,
        determinism=Determinism(log_hash(world), ""),
        written=recorder.written(),
        sagas=await taken_back(world),
        booted=tuple(world.booted),
        outbox=world.seen.outbox.evidence(),
        epochs=world.seen.epochs.evidence(),
        inbox=world.seen.inbox.evidence(world.settings.inbox_days),
    )


def conventions(settings: Settings) -> Conventions:
    """What the core was set to, in words of the checkers'."""
    own, company = settings.dimensions, settings.legal_entities
    return Conventions(
        DimensionPolicy(
            tuple(sorted(own.carries)), tuple(sorted(own.departments.items())), own.otherwise, own.overhead
        ),
        EntityPolicy(
            tuple(sorted(company.cashiers.items())) if company.entities else (),
            str(company.collection_fee_percent),
            company.eliminations,
            company.collection_fee_rounding.value,
            company.set_off.value,
        ),
        _books(settings),
        CollectionPolicy(1 + settings.collecting().most_retries),
    )


def _books(settings: Settings) -> BookPolicy:
    own = settings.books
    return BookPolicy(
        dispute_loss=own.dispute_loss.value,
        dispute_tax=own.dispute_tax.value,
        fees=own.fees.value,
        revaluation=own.revaluation.value,
        closing_rate=own.closing_rate.value,
        closed_period=own.closed_period.value,
        late_day=own.late_day.value,
        material=own.material or 0,
    )


def changes(world: World) -> tuple[Change, ...]:
    """The commit logs of all systems, in time order."""
    found = [
        Change(
            c.at,
            name,
            c.kind,
            c.id,
            c.event,
            c.state,
            c.version,
            c.refs,
            c.amount,
            c.currency,
            c.cause,
            c.says,
        )
        for name, mock in world.mocks.items()
        for c in mock.rules.history.changes
    ]
    found.sort(key=lambda change: change.at)
    return tuple(found)


async def parked(world: World) -> tuple[Parked, ...]:
    """The core's exception queue."""
    if world.core is None:
        return ()
    return tuple(
        Parked(
            task.label or task.key,
            task.queue,
            task.error,
            task.owner,
            task.attempts,
            task.first_at,
            task.due_at,
            unrecoverable=False,
        )
        for task in await world.core.model.parked()
    )


async def taken_back(world: World) -> tuple[Saga, ...]:
    """What operators had the core take back; its journal is read only where they did."""
    found: list[Saga] = []
    number = 1
    while world.recorder.counts["operators.undo"] and (task := await world.store.task(number)) is not None:
        if task.mode == "undo":
            found.append(Saga(task.label or task.key, task.queue, task.state, True, task.done))
        number += 1
    return tuple(found)


def log_hash(world: World) -> str:
    """One hash over everything that happened, in order."""
    whole = sha256()
    recorder = world.recorder
    for attempt in recorder.attempts:
        whole.update(
            f"{attempt.at} {attempt.ended_at} {attempt.system} {attempt.name} {attempt.key} {attempt.number}"
            f" {attempt.status} {attempt.claim} {attempt.fault}\n".encode()
        )
    for delivery in recorder.deliveries:
        whole.update(f"{delivery.at} {delivery.channel} {delivery.event} {delivery.status}\n".encode())
    for receipt in recorder.receipts:
        whole.update(f"{receipt.at} {receipt.channel} {receipt.event} {receipt.outcome}\n".encode())
    for change in changes(world):
        whole.update(f"{change.at} {change.system} {change.kind} {change.id} {change.event}".encode())
        whole.update(f" {change.state} {change.amount} {change.cause}\n".encode())
    for name, mock in world.mocks.items():
        whole.update(name.encode())
        whole.update(dumps(mock.rules.books()))
    whole.update(dumps(asdict(world.bank.books())))
    return whole.hexdigest()
