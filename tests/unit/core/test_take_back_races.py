"""Money that comes while an invoice is taken back: it stands, its owner is told, nothing is left half way.

Under every model that keeps transactions of flows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.canonical.errors import Refused, Unavailable
from core.canonical.events import Topic
from core.canonical.money import Money
from core.connectivity.exceptions import ExceptionDesk, as_things_stand
from core.connectivity.flows import FLOWS, INVOICE
from core.connectivity.model import Model
from core.ports.durable import Task
from tests.unit.core import fakes
from tests.unit.core.fakes import Books, Office, event, make_invoice
from tests.unit.core.test_models import play

KEEPS = ["orchestrated", "hybrid", "batch"]
Between = Callable[[Office], None]
DONE = tuple(step.name for step in INVOICE.steps)


def paid(office: Office) -> None:
    books = office.books
    for key, request in books.requests.items():
        if request.status == "open":
            books.requests[key] = replace(request, status="paid", attempts=1)


def transferred(office: Office) -> None:
    """Half of it comes into billing by a transfer."""
    office.books.change("INV1", balance=Money(office.books.invoices["INV1"].total.minor // 2, "USD"))


async def worked(model: Model) -> None:
    """By the worker, or by the night."""
    if "nightly" in model.jobs:
        await model.jobs["nightly"]()
    else:
        model._worker.wake()  # type: ignore[attr-defined]
        await asyncio.sleep(600)


def taken_back(model: str, after: Between = lambda _: None) -> tuple[Task, Office]:
    """An invoice that is posted and asked for is taken back; after: what happens between the operator's
    decision and the first look of the worker."""

    async def story(office: Office, chosen: Model) -> Any:
        if model == "batch":
            office.books.change("INV1", status="posted")
            await chosen.jobs["nightly"]()
        else:
            await chosen.accept(event(Topic.INVOICE_FINALIZED, "INV1"))
            await asyncio.sleep(600)
        found = [await office.store.task(number) for number in range(1, 20)]
        (task,) = [each for each in found if each is not None and each.queue == INVOICE.name]
        assert (task.state, task.done) == ("done", DONE)
        desk = ExceptionDesk(
            office.store, office.clock, office.watch, FLOWS, may_undo=as_things_stand(office.desk)
        )
        await desk.undo(task.id, "billed by mistake", "ann")
        after(office)
        await worked(chosen)
        return await office.store.task(task.id), office

    books = Books()
    books.billed["acme"] = replace(books.billed["acme"], pays_by="invoice")
    books.invoices["INV1"] = make_invoice(status="posted")
    task, office = play(model, books, story)
    return task, office


def told(office: Office) -> set[str]:
    """What the customer was told."""
    rows = office.store.database.execute("SELECT key FROM seen WHERE key LIKE 'notice/%'")
    return {key.rpartition("/")[2] for (key,) in rows}


def stands(task: Task, office: Office, why: str) -> None:
    assert (task.state, task.mode, sorted(task.done)) == ("done", "do", sorted(DONE))
    assert why in task.error
    assert not office.books.notes
    assert office.books.invoices["INV1"].status == "posted"
    alerts = [text for level, text in office.alerts() if level == "high"]
    assert [text for text in alerts if "stands as it was, for accounts receivable" in text and why in text]


@pytest.mark.parametrize("model", KEEPS)
def test_with_nothing_in_between_it_is_taken_back_whole(model):
    task, office = taken_back(model)
    assert (task.state, task.mode) == ("undone", "undo")
    assert {name for name in task.done if name.startswith("~")} == {f"~{name}" for name in DONE}
    assert [request.status for request in office.books.requests.values()] == ["cancelled"]
    assert list(office.books.notes) == ["RV-INV1"]
    assert told(office) == {"announce_invoice", "announce_taken_back"}


@pytest.mark.parametrize("model", KEEPS)
def test_paid_between_the_decision_and_the_look(model):
    task, office = taken_back(model, paid)
    stands(task, office, "refund that at the processor")
    assert [request.status for request in office.books.requests.values()] == ["paid"]


@pytest.mark.parametrize("model", KEEPS)
def test_paid_between_the_look_and_the_withdrawal(model, monkeypatch):
    def while_withdrawn(office: Office) -> None:
        async def withdraw(_self: Any, request: Any, key: str) -> None:
            paid(office)
            raise Refused(f"{request.id} cannot be withdrawn: it has succeeded")

        monkeypatch.setattr(fakes.FakePayments, "withdraw", withdraw)

    task, office = taken_back(model, while_withdrawn)
    stands(task, office, "refund that at the processor")
    # Nobody was told that it is taken back, before nobody could pay it any more.
    assert told(office) - {"announce_receipt"} == {"announce_invoice"}


@pytest.mark.parametrize("model", KEEPS)
def test_a_transfer_between_the_withdrawal_and_the_reversal_and_the_rest_is_asked_for_anew(
    model, monkeypatch
):
    def while_reversed(office: Office) -> None:
        async def reverse(_self: Any, invoice: Any, on: Any, key: str) -> None:
            transferred(office)
            raise Refused("payments are applied to INV1")

        monkeypatch.setattr(fakes.FakeBilling, "reverse", reverse)

    task, office = taken_back(model, while_reversed)
    stands(task, office, "is settled in billing")
    total = office.books.invoices["INV1"].total.minor
    asked = [(each.status, each.amount.minor) for each in office.books.requests.values()]
    assert asked == [("cancelled", total), ("open", total // 2)]


@pytest.mark.parametrize("model", KEEPS)
def test_what_a_person_can_mend_is_held_and_turned_nowhere(model):
    """Billing refuses for another reason than money."""

    def closed(office: Office) -> None:
        office.books.trouble("billing.reverse", Refused("the period is closed"))

    task, office = taken_back(model, closed)
    assert (task.state, task.mode) == ("parked", "undo")
    assert "the period is closed" in task.error
    assert not [text for _, text in office.alerts() if "stands as it was" in text]


@pytest.mark.parametrize("model", ["orchestrated", "hybrid"])
def test_nobody_answers_whether_it_may_and_it_waits(model):
    def away(office: Office) -> None:
        office.books.trouble("payments.request_for", *[Unavailable("down")] * 2)

    task, _ = taken_back(model, away)
    assert task.state == "undone"


@pytest.mark.parametrize("model", KEEPS)
def test_a_power_cut_after_the_withdrawal_that_nobody_noted_and_then_money(model):
    """The request is gone at the processor, the journal does not say so, and a transfer has come."""

    def cut(office: Office) -> None:
        for key, request in office.books.requests.items():
            office.books.requests[key] = replace(request, status="cancelled")
        transferred(office)

    task, office = taken_back(model, cut)
    stands(task, office, "is settled in billing")
    assert [each.status for each in office.books.requests.values()] == ["cancelled", "open"]
