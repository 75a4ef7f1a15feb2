"""What operators decide about a saga: held, released, skipped, taken back exactly once, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.canonical.events import Topic
from core.canonical.money import Money
from core.connectivity.exceptions import ExceptionDesk, as_things_stand
from core.connectivity.flows import FLOWS, INVOICE, ORDER, Flow, Step
from core.connectivity.orchestrated import Orchestrated
from core.connectivity.saga import Sagas
from core.governance.duties import Duties, HoldAndRelease
from core.ports.durable import Task
from tests.unit.core.fakes import Books, Office, event, in_office, make_account, make_invoice, make_order

Story = Callable[[Office, Orchestrated, ExceptionDesk], Awaitable[Any]]


def new_business() -> Books:
    books = Books(billed={}, orders={"q1": make_order()})
    books.accounts["acme"] = make_account(customer="")
    return books


def play(story: Story, books: Books | None = None) -> Any:
    async def main(office: Office) -> Any:
        model = Orchestrated(office.parts(dunning_hour=None, durable_first_seconds=60.0))
        model.start()
        desk = ExceptionDesk(office.store, office.clock, office.watch, FLOWS)
        return await story(office, model, desk)

    return in_office(main, books or new_business())


async def only(office: Office, state: str = "parked") -> Task:
    (task,) = await (office.store.parked() if state == "parked" else office.store.ready())
    return task


async def held_at_the_crm(office: Office, model: Orchestrated) -> Task:
    """The order is placed in billing; the CRM refuses to hear of it."""
    office.books.trouble("crm.activate", Refused("validation rule"))
    await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
    await asyncio.sleep(60)
    return await only(office)


def test_undo_takes_back_what_is_done_once_and_the_doubtful_step_too():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)
        await desk.undo(held.id, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        again = await office.store.task(held.id)
        # News about it later does not open it again.
        await model.accept(replace(event(Topic.QUOTE_ACCEPTED, "q1"), id="e-again"))
        await asyncio.sleep(60)
        return held.done[-1], again.state, again.done, await office.store.ready(), office.books

    last, state, done, ready, books = play(story)
    assert (last, state, ready) == ("place_order", "undone", [])
    assert done[-8:-5] == ("place_order", "~activate_in_crm", "~place_order")
    assert books.withdrawn == ["O-q1"]
    assert books.withdrawn_in_crm == ["q1"]  # nobody knew whether the CRM had heard: it was told in any case


def test_undo_after_everything_was_done():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(60)
        await desk.undo(1, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        return (await office.store.task(1)).state, office.books

    state, books = play(story)
    assert (state, books.withdrawn, books.withdrawn_in_crm) == ("undone", ["O-q1"], ["q1"])


def test_an_undo_that_is_broken_off_goes_on_where_it_was():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(60)
        office.books.trouble("billing.withdraw", Unavailable("maintenance"))
        await desk.undo(1, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(10)
        waiting = await only(office, "ready")
        await asyncio.sleep(3600)
        return waiting.done[-2:], (await office.store.task(1)).state, office.books

    last, state, books = play(story)
    assert (last, state) == (("~announce_order", "~activate_in_crm"), "undone")
    assert (books.withdrawn, books.withdrawn_in_crm) == (["O-q1"], ["q1"])


def test_what_was_never_placed_is_not_withdrawn_from_billing():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        office.books.trouble("billing.place", Refused("no such product"))
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(60)
        await desk.undo((await only(office)).id, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        return (await office.store.task(1)).state, office.books.withdrawn

    assert play(story) == ("undone", [])


def test_what_cannot_be_taken_back_says_so_and_stays_held():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        office.books.invoices["INV1"] = make_invoice(status="draft")
        office.books.trouble("billing.finalise_invoice", Refused("no such item"))
        await model.accept(event(Topic.INVOICE_DRAFTED, "INV1"))
        await asyncio.sleep(60)
        held = await only(office)
        with pytest.raises(
            Refused, match=r"tax_invoice cannot be taken back by the core: cancel the draft in billing"
        ):
            await desk.undo(held.id, "by hand", "ann")
        return (await office.store.task(held.id)).state

    books = Books()
    assert play(story, books) == "parked"


def test_skip_counts_the_step_as_done_by_hand():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)
        skipped = await desk.skip(held.id, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        return skipped.done[-1], (await office.store.task(held.id)).state, office.books.activated

    assert play(story) == ("activate_in_crm", "done", set())


def test_release_goes_on_where_it_was():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)
        await desk.release(held.id, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        asked = office.books.diary if hasattr(office.books, "diary") else []
        return (await office.store.task(held.id)).state, office.books.activated, asked

    state, activated, _ = play(story)
    assert (state, activated) == ("done", {"q1"})


def test_hold_takes_it_out_of_the_workers_hand():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        office.books.trouble("crm.activate", Unavailable("slow"))
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(1)
        held = await desk.hold((await only(office, "ready")).id, "the customer has called", "ann")
        await asyncio.sleep(86_400)
        found = await office.store.task(held.id)
        return found.state, found.error, found.owner, found.held_by, office.books.activated

    assert play(story) == ("parked", "held: the customer has called", "sales operations", "ann", set())


def test_given_up_stays_out_of_the_queue():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)
        await desk.abandon(held.id, "entered by hand", "ann")
        await model.accept(replace(event(Topic.QUOTE_ACCEPTED, "q1"), id="e-again"))
        await asyncio.sleep(60)
        return (
            await office.store.parked(),
            await office.store.ready(),
            (await office.store.task(held.id)).state,
        )

    assert play(story) == ([], [], "abandoned")


def test_wrong_decisions_are_refused_with_the_state():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(60)
        said = []
        for act in (
            lambda: desk.release(1, "by hand", "ann"),
            lambda: desk.hold(1, "too late", "ann"),
            lambda: desk.skip(1, "by hand", "ann"),
            lambda: desk.abandon(1, "no", "ann"),
            lambda: desk.undo(99, "by hand", "ann"),
        ):
            with pytest.raises((Refused, Missing)) as told:
                await act()
            said.append(told.value.detail.partition(": ")[2])
        return said

    assert play(story) == [
        "it is done; release is not possible",
        "it is done; hold is not possible",
        "there is no step left to skip",
        "2 characters; say it in 3 to 500",
        "there is none",
    ]


# --- rolling versions ---


def versions(begun: int, flow: Flow) -> Any:
    """A saga begun under a version, met by a core that knows `flow`; (acts, state, error)."""

    async def main(office: Office) -> Any:
        office.books.orders["q1"] = make_order()
        office.books.accounts["acme"] = make_account(customer="")
        parts = office.parts(dunning_hour=None)
        await office.store.enqueue(flow.name, "q1", office.clock.now())
        (task,) = await office.store.claim("old", office.clock.now(), office.clock.now() + 1, 1)
        task = await office.store.step_done(task, "first", begun)
        from core.connectivity.engine import make_worker

        sagas = Sagas(parts, [flow])
        await asyncio.sleep(1)
        office.spawn(make_worker(parts, sagas.handlers, sagas.owners, sagas.ranks).run())
        await asyncio.sleep(120)
        found = await office.store.task(task.id)
        return found.done, found.state, found.error

    return in_office(main, Books())


def step(name: str) -> Step:
    async def act(*_: Any) -> None:
        pass

    return Step(name, act)


FIRST, SECOND, THIRD = step("first"), step("second"), step("third")
NEW = replace(ORDER, name="trial", steps=(FIRST, THIRD), version=2, earlier={1: (FIRST, SECOND)})


def test_a_saga_ends_under_the_version_it_was_begun_with():
    assert versions(1, NEW) == (("first", "second"), "done", "")
    assert versions(2, NEW) == (("first", "third"), "done", "")


def test_a_saga_of_a_newer_version_waits_for_a_newer_worker():
    done, state, error = versions(3, NEW)
    assert (done, state) == (("first",), "ready")
    assert error == "trial: begun under version 3, this worker knows 2"


def test_a_version_that_nobody_knows_any_more_is_held_for_a_person():
    done, state, error = versions(1, replace(NEW, earlier={}))
    assert (done, state) == (("first",), "parked")
    assert "version 1 is no longer known, only 2" in error


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.name)
def test_every_step_says_in_one_way_how_it_is_taken_back(flow):
    for step in flow.steps:
        assert [step.undo is not None, step.harmless, step.final != ""].count(True) == 1, step.name
    # A compensation that a later step makes impossible would leave half of it behind.
    assert flow.may_undo is None or not any(step.final for step in flow.steps)


def test_what_can_be_taken_back_is_an_order_and_an_invoice():
    assert [flow.name for flow in FLOWS.values() if any(step.undo for step in flow.steps)] == [
        ORDER.name,
        INVOICE.name,
    ]


def invoiced(trouble: dict[str, Exception], between: Callable[[Books], None] = lambda _: None):
    """An invoice that is posted, asked for and taken back; what became of it."""

    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        await model.accept(event(Topic.INVOICE_FINALIZED, "INV1"))
        await asyncio.sleep(60)
        between(office.books)
        for call, error in trouble.items():
            office.books.trouble(call, error)
        await desk.undo(1, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(600)
        return await office.store.task(1), office.books

    books = Books()
    books.billed["acme"] = replace(books.billed["acme"], pays_by="invoice")
    books.invoices["INV1"] = make_invoice(status="posted")
    return play(story, books)


def test_an_invoice_is_taken_back_by_its_opposite_once():
    task, books = invoiced(
        {"billing.reverse": Unclear("no answer"), "payments.withdraw": Unavailable("down")}
    )
    assert task.state == "undone"
    assert [name for name in task.done if name.startswith("~")] == [
        # First nobody can pay any more, then backwards.
        f"~{name}"
        for name in (INVOICE.door, *(s.name for s in reversed(INVOICE.steps) if s.name != INVOICE.door))
    ]
    assert [request.status for request in books.requests.values()] == ["cancelled"]
    assert [(note.number, note.total) for note in books.notes.values()] == [
        ("RV-INV1", books.invoices["INV1"].total)
    ]


def test_an_invoice_that_was_paid_is_not_taken_back_by_half():
    def paid(books: Books) -> None:
        for key, request in books.requests.items():
            books.requests[key] = replace(request, status="paid")

    task, books = invoiced({}, paid)
    assert (task.state, task.mode) == ("done", "do")
    assert "refund that at the processor" in task.error
    assert not [name for name in task.done if name.startswith("~")]
    assert not books.notes


def test_an_invoice_that_the_ledger_never_had_has_no_opposite():
    task, books = invoiced({}, lambda books: books.ledger.pop(("invoice", "INV1")))
    assert (task.state, task.mode) == ("done", "do")
    assert "release it, then take it back" in task.error
    assert not books.notes


def test_what_may_not_be_taken_back_is_said_before_anything_is_decided_and_its_remedy_works():
    async def story(office: Office, model: Orchestrated, plain: ExceptionDesk):
        desk = ExceptionDesk(
            office.store, office.clock, office.watch, FLOWS, may_undo=as_things_stand(office.desk)
        )
        office.books.trouble("erp.post_invoice", Refused("no such field"))
        await model.accept(event(Topic.INVOICE_FINALIZED, "INV1"))
        await asyncio.sleep(60)
        held = await only(office)
        with pytest.raises(Refused, match="it is not in the ledger; release it, then take it back"):
            await desk.undo(held.id, "by hand", "ann")
        # Once it is being taken back there is no way forward again.
        assert await office.store.task(held.id) == held
        await desk.release(held.id, "the field is back", "ann")
        model._worker.wake()
        await asyncio.sleep(60)
        # Nobody answers who could say whether it may: the worker waits for them.
        office.books.trouble("erp.invoice", Unavailable("down"))
        await desk.undo(held.id, "by hand", "ann")
        model._worker.wake()
        await asyncio.sleep(600)
        return await office.store.task(held.id), office.books

    books = Books()
    books.billed["acme"] = replace(books.billed["acme"], pays_by="invoice")
    books.invoices["INV1"] = make_invoice(status="posted")
    task, books = play(story, books)
    assert task.state == "undone"
    assert list(books.notes) == ["RV-INV1"]


def test_every_decision_has_two_lines_and_what_is_refused_says_why():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)
        await desk.release(held.id, "asked for", "ann")
        with pytest.raises(Refused, match="release is not possible"):
            await desk.release(held.id, "asked for", "bob")
        with pytest.raises(Missing):
            await desk.abandon(999, "no such thing", "ann")
        return [
            (e.who, e.act, e.outcome, e.reason.partition(";")[2]) for e in await office.store.audited(0, 99)
        ]

    assert play(story) == [
        ("ann", "release", "asked", ""),
        ("ann", "release", "done", ""),
        ("bob", "release", "asked", ""),
        ("bob", "release", "refused", " release is not possible"),
        ("ann", "abandon", "asked", ""),
        ("ann", "abandon", "refused", ""),
    ]


def test_nothing_is_decided_that_cannot_be_written_down():
    async def story(office: Office, model: Orchestrated, desk: ExceptionDesk):
        held = await held_at_the_crm(office, model)

        async def away(deed: object, now: int) -> Any:
            raise Unavailable("store: no answer", system="store")

        office.store.note = away  # type: ignore[method-assign]
        with pytest.raises(Unavailable):
            await desk.release(held.id, "asked for", "ann")
        return (await office.store.task(held.id)).state

    assert play(story) == "parked"


def test_who_held_does_not_let_it_go_on_and_somebody_else_does():
    async def story(office: Office, model: Orchestrated, _: ExceptionDesk):
        worth: list[Money | None] = [None]

        async def about(task: Task) -> Money | None:
            return worth[0]

        duties = Duties(HoldAndRelease.SOMEBODY_ELSE, {"EUR": 500})
        desk = ExceptionDesk(office.store, office.clock, office.watch, FLOWS, duties=duties, worth=about)
        held = await held_at_the_crm(office, model)
        await desk.release(held.id, "the core held it", "ann")
        await desk.hold(held.id, "to be looked at", "ann")
        for act in (desk.release, desk.skip):
            with pytest.raises(Refused, match="SoD-1: ann held it"):
                await act(held.id, "seems fine", "ann")
        with pytest.raises(Refused, match="SoD-1: ann held it"):
            await desk.before_redrive("ann")
        await desk.before_redrive("bob")
        await desk.release(held.id, "seems fine", "bob")
        await desk.hold(held.id, "once more", "ann")
        worth[0] = Money(500, "EUR")
        await desk.release(held.id, "it is little", "ann")
        lines = [e for e in await office.store.audited(0, 99) if e.outcome == "refused"]
        return [(e.who, e.act, "SoD-1" in e.reason) for e in lines]

    assert play(story) == [("ann", "release", True), ("ann", "skip", True)]
