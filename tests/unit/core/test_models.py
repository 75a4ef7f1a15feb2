"""The five models against small books: what each promises when things go well, twice, or wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.assemble import MODELS
from core.canonical.erp import Schedule
from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.canonical.events import Topic
from core.connectivity.model import Answer, Model
from core.ports.durable import Task
from tests.unit.core.fakes import (
    DAY,
    START_US,
    Books,
    Office,
    event,
    in_office,
    make_account,
    make_dispute,
    make_invoice,
    make_note,
    make_order,
    make_payout,
    make_refund,
    make_request,
    usd,
)

LISTENING = ("direct", "orchestrated", "event_driven", "hybrid")
DURABLE = ("orchestrated", "event_driven", "hybrid")
NIGHT = 5.5 * 3600  # after the batch, the reconciliation and the rest of the night's jobs


def play(model: str, books: Books, story: Callable[[Office, Model], Any], **settings: Any) -> Any:
    """A story with a started model."""

    async def main(office: Office) -> Any:
        chosen = MODELS[model](office.parts(**{"dunning_hour": None, **settings}))
        chosen.start()
        return await story(office, chosen)

    return in_office(main, books)


def new_business() -> Books:
    books = Books(billed={}, orders={"q1": make_order()})
    books.accounts["acme"] = make_account(customer="")
    return books


def everything() -> Books:
    """A quarter's worth of facts, none of them known to the core yet."""
    books = new_business()
    books.accounts["acme"] = make_account(customer="", pays_by="invoice")
    books.invoices["INV1"] = make_invoice()
    books.notes["CM1"] = make_note()
    books.refunds["re_1"] = make_refund()
    books.disputes["du_1"] = make_dispute(status="lost")
    books.payouts["po_1"] = make_payout()
    books.payouts["po_2"] = make_payout("po_2", "failed")
    books.requests["pi_1"] = make_request()
    return books


FACTS = (
    (Topic.QUOTE_ACCEPTED, "q1"),
    (Topic.BILL_RUN_COMPLETED, "BR1"),
    (Topic.INVOICE_FINALIZED, "idINV1"),
    (Topic.CREDIT_NOTE_FINALIZED, "idCM1"),
    (Topic.PAYMENT_SETTLED, "pi_1"),
    (Topic.PAYMENT_REFUNDED, "re_1"),
    (Topic.DISPUTE_OPENED, "du_1"),
    (Topic.DISPUTE_WITHDRAWN, "du_1"),
    (Topic.DISPUTE_CLOSED, "du_1"),
    (Topic.PAYOUT_PAID, "po_1"),
    (Topic.PAYOUT_FAILED, "po_2"),
)


async def tell_all(model: Model, *, pause: float = 60) -> list[Answer]:
    answers = []
    for n, (topic, subject) in enumerate(FACTS):
        answers.append(await model.accept(event(topic, subject, f"e{n}")))
        await asyncio.sleep(pause)
    return answers


def outcome(books: Books) -> dict[str, Any]:
    """What the books say in the end, without who came first."""
    return {
        "placed": sorted(books.placed),
        "activated": books.activated,
        "invoices": {i.number: (i.status, i.balance) for i in books.invoices.values()},
        "payments": books.payments,
        "refunded": books.refunded,
        "tax": books.tax,
        "ledger": {key: posted.total for key, posted in books.ledger.items()},
        "plans": {key: plan.amount for key, plan in books.plans.items()},
        "flags": books.flags,
        "mirrors": {key: (m.status, m.balance) for key, m in books.mirrors.items()},
    }


def expected() -> dict[str, Any]:
    return {
        "placed": ["O-q1"],
        "activated": {"q1"},
        "invoices": {"INV1": ("posted", usd(0))},
        "payments": {"pi_1": "INV1"},
        "refunded": {"re_1": "CM-re_1"},
        "tax": {"INV1": "committed", "CM1": "committed", "CM-re_1": "committed"},
        "ledger": {
            ("invoice", "INV1"): usd(10_800),
            ("credit_note", "CM1"): usd(2_160),
            ("receipt", "pi_1"): usd(10_800),
            ("credit_note", "CM-re_1"): usd(5_400),
            ("refund", "re_1"): usd(5_400),
            ("journal", "du_1-withdrawn"): usd(12_300),
            ("journal", "du_1-lost"): usd(10_800),
            ("journal", "po_1"): usd(10_800),
            ("journal", "po_2"): usd(10_800),
            ("journal", "po_2-failed"): usd(10_500),
        },
        "plans": {
            "RS-INV1-2026-01-15-2026-02-15": usd(10_000),
            "RS-CM1-2026-01-15-2026-02-15": usd(-2_000),
            # Half of the invoice is given back on the first day of its service.
            "RS-CM-re_1-2026-01-15-2026-02-15": usd(-5_000),
            # 16 of 31 days are ahead: 51.62, of which the credit note has taken 10.33 already.
            "RS-du_1-2026-01-15-2026-02-15": usd(-4_129),
        },
        "flags": {"INV1": "du_1 lost"},
        "mirrors": {"INV1": ("Refunded", usd(0))},
    }


# --- all is well ---


@pytest.mark.parametrize("model", LISTENING)
def test_every_fact_ends_in_every_book(model):
    async def story(office: Office, model: Model):
        answers = await tell_all(model)
        return set(answers), await model.pending(), await model.parked(), office

    answers, pending, parked, office = play(model, books := everything(), story)
    assert (answers, pending, parked) == ({Answer.ACCEPTED}, [], [])
    assert outcome(books) == expected()
    assert office.alerts() == []
    assert office.outcomes() == ["applied"] * len(FACTS)


def test_batch_reads_the_same_in_one_night():
    async def story(office: Office, model: Model):
        # Nothing is told; the calls of a bill run and of the day are found by reading.
        await asyncio.sleep(NIGHT)
        await asyncio.sleep(86_400)
        return await model.pending(), await model.parked()

    assert play("batch", books := everything(), story) == ([], [])
    assert outcome(books) == expected()


@pytest.mark.parametrize("model", DURABLE)
def test_facts_in_the_wrong_order_end_the_same(model):
    async def story(office: Office, model: Model):
        for n, (topic, subject) in enumerate(reversed(FACTS)):
            await model.accept(event(topic, subject, f"e{n}"))
        await asyncio.sleep(3 * 86_400)
        return await model.pending(), await model.parked()

    assert play(model, books := everything(), story) == ([], [])
    assert outcome(books) == expected()


# --- twice ---


@pytest.mark.parametrize("model", LISTENING)
def test_every_event_twice_changes_nothing(model):
    async def story(office: Office, model: Model):
        await tell_all(model)
        first = outcome(office.books)
        answers = await tell_all(model)
        return first, set(answers), await model.pending(), office.outcomes()[len(FACTS) :]

    first, answers, pending, outcomes = play(model, books := everything(), story)
    assert outcome(books) == first == expected()
    assert (answers, pending) == ({Answer.ACCEPTED}, [])
    assert set(outcomes) == ({"applied"} if model == "direct" else {"duplicate"})


@pytest.mark.parametrize("model", LISTENING)
def test_three_at_once_do_it_once(model):
    async def story(office: Office, model: Model):
        office.books.pace = 0.5
        same = event(Topic.QUOTE_ACCEPTED, "q1")
        answers = await asyncio.gather(*(model.accept(same) for _ in range(3)))
        await asyncio.sleep(60)
        return set(answers)

    assert play(model, books := new_business(), story) == {Answer.ACCEPTED}
    assert list(books.placed) == ["O-q1"]
    assert books.customers == {"acme": "cus_acme"}


# --- what may pass ---


@pytest.mark.parametrize("model", LISTENING)
@pytest.mark.parametrize("error", [Unavailable("down"), Unclear("no answer"), Missing("not yet")])
def test_a_passing_trouble_is_outlived(model, error):
    async def story(office: Office, model: Model):
        answer = await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(3600)
        return answer, await model.pending()

    books = new_business()
    books.trouble("billing.place", error, error)
    assert play(model, books, story) == (Answer.ACCEPTED, [])
    assert list(books.placed) == ["O-q1"]


@pytest.mark.parametrize("model", LISTENING)
def test_a_lost_answer_is_asked_again_with_the_same_key(model):
    async def story(office: Office, model: Model):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(3600)

    books = new_business()
    books.lose("billing.place")
    play(model, books, story)
    assert [key for operation, key in books.diary if operation == "billing.place"] == [
        "order:q1/place_order"
    ] * 2
    assert list(books.placed) == ["O-q1"]


def test_direct_leaves_a_lasting_trouble_to_the_sender():
    async def story(office: Office, model: Model):
        first = await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        took = office.loop.time()
        second = await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        return first, second, took, office.alerts(), office.outcomes(), await model.pending()

    books = new_business()
    books.trouble("billing.place", *[Unclear("no answer")] * 4)
    first, second, took, alerts, outcomes, pending = play("direct", books, story)
    assert (first, second) == (Answer.TRY_AGAIN, Answer.ACCEPTED)
    assert took < 1 + 3 + 9 + 0.1
    assert alerts == [("medium", "quote_accepted: no answer; left to redelivery")]
    assert (outcomes, pending) == (["applied"], [])


@pytest.mark.parametrize("model", DURABLE)
def test_the_sender_does_not_wait_for_the_work(model):
    async def story(office: Office, model: Model):
        office.books.pace = 1.0
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        took, waiting = office.loop.time(), await model.pending()
        await asyncio.sleep(120)
        return took, len(waiting), await model.pending()

    assert play(model, new_business(), story) == (0.0, 1, [])


@pytest.mark.parametrize("model", DURABLE)
def test_a_resumed_flow_does_not_repeat_the_steps_behind_it(model):
    async def story(office: Office, model: Model):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(3600)

    books = new_business()
    books.trouble("erp.upsert_customer", Unavailable("down"), Unavailable("down"))
    play(model, books, story)
    asked = books.asked()
    assert (asked.count("tax.estimate"), asked.count("billing.open_account")) == (1, 1)
    assert asked.count("erp.upsert_customer") == 3


# --- what is refused ---


def test_direct_drops_what_is_refused_and_says_so():
    async def story(office: Office, model: Model):
        answer = await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        return answer, office.alerts(), office.outcomes(), await model.parked()

    books = new_business()
    books.trouble("billing.place", Refused("no such product"))
    answer, alerts, outcomes, parked = play("direct", books, story)
    assert answer is Answer.ACCEPTED
    assert alerts == [("high", "quote_accepted dropped: no such product")]
    assert (outcomes, parked) == (["rejected"], [])


@pytest.mark.parametrize("model", DURABLE)
def test_what_was_put_right_and_released_at_once_is_read_afresh(model):
    """Not with what was read seconds ago, before somebody put it right."""

    async def story(office: Office, model: Model):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(5)
        (held,) = await model.parked()
        office.books.accounts["acme"] = right
        await model.redrive()
        await asyncio.sleep(600)
        return held.error, await model.parked(), list(office.books.placed)

    books = new_business()
    right = books.accounts["acme"]
    books.accounts["acme"] = replace(right, email="none")
    error, parked, placed = play(model, books, story)
    assert "the e-mail address 'none' is none" in error
    assert (parked, placed) == ([], ["O-q1"])


@pytest.mark.parametrize("model", DURABLE)
def test_what_is_refused_is_held_until_an_operator_releases_it(model):
    async def story(office: Office, model: Model):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(3600)
        (held,) = await model.parked()
        before = await model.pending(), list(office.books.placed)
        released = await model.redrive()
        await asyncio.sleep(3600)
        return held, before, released, await model.parked(), office.alerts()

    books = new_business()
    books.trouble("billing.place", Refused("no such product"))
    held, before, released, parked, alerts = play(model, books, story)
    assert (held.label, held.owner, held.error) == (
        "order:q1",
        "sales operations",
        "refused: no such product",
    )
    assert before == ([], [])
    assert (released, parked) == (1, [])
    assert list(books.placed) == ["O-q1"]
    assert len(alerts) == 1
    assert alerts[0][0] == "high"


@pytest.mark.parametrize("model", DURABLE)
def test_a_trouble_without_end_is_held_after_days(model):
    async def story(office: Office, model: Model):
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(2 * 86_400)
        early = len(await model.parked())
        await asyncio.sleep(4 * 86_400)
        return early, [task.error for task in await model.parked()]

    books = new_business()
    books.trouble("billing.place", *[Unavailable("down")] * 99)
    alone = {"reconciliation": False}  # which would begin it again every night
    assert play(model, books, story, controls=alone) == (0, ["after 24 attempts: down"])


# --- a bill run ---


@pytest.mark.parametrize("model", LISTENING)
def test_a_bill_run_finalises_each_draft_and_one_failure_stops_no_other(model):
    async def story(office: Office, model: Model):
        answer = await model.accept(event(Topic.BILL_RUN_COMPLETED, "BR1"))
        await asyncio.sleep(3600)
        return answer, len(await model.parked()), len(office.alerts())

    numbers = [f"INV{n}" for n in range(20)]
    books = Books(invoices={number: make_invoice(number) for number in numbers})
    books.notes["CM1"] = make_note()
    books.trouble("tax.assess_invoice", Refused("no such address"))
    answer, parked, alerts = play(model, books, story)
    assert answer is Answer.ACCEPTED
    assert [i.status for i in books.invoices.values()].count("posted") == 19
    assert books.notes["CM1"].status == "posted"
    assert parked == (0 if model == "direct" else 1)
    assert alerts == 1


def test_direct_asks_again_for_a_bill_run_of_which_a_draft_may_still_pass():
    async def story(office: Office, model: Model):
        return [await model.accept(event(Topic.BILL_RUN_COMPLETED, "BR1")) for _ in range(2)]

    books = Books(invoices={"INV1": make_invoice(), "INV2": make_invoice("INV2")})
    books.trouble("billing.finalise_invoice", *[Unavailable("down")] * 4)
    answers = play("direct", books, story, inline_attempts=2)
    assert answers == [Answer.TRY_AGAIN, Answer.ACCEPTED]
    assert {i.status for i in books.invoices.values()} == {"posted"}


# --- one at a time per customer ---


@pytest.mark.parametrize("model", DURABLE)
def test_acts_on_one_customer_never_overlap(model):
    async def story(office: Office, model: Model):
        books = office.books
        books.pace = 1.0
        for n in range(4):
            await model.accept(event(Topic.INVOICE_FINALIZED, f"INV{n}", f"e{n}"))
        running, most = 0, 0
        post = office.desk.erp.post_invoice

        async def counted(*args: Any) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await post(*args)
            running -= 1

        office.desk.erp.post_invoice = counted
        await asyncio.sleep(3600)
        return most, len(books.ledger), await model.pending()

    invoices = {f"INV{n}": make_invoice(f"INV{n}", status="posted") for n in range(4)}
    assert play(model, Books(invoices=invoices), story) == (1, 4, [])


# --- batch ---


def test_batch_listens_to_nothing():
    async def story(office: Office, model: Model):
        answer = await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(3600)
        return answer, office.outcomes(), office.books.diary

    assert play("batch", new_business(), story) == (Answer.ACCEPTED, ["ignored"], [])


def test_batch_a_second_run_does_nothing():
    async def story(office: Office, model: Model):
        await model.jobs["nightly"]()
        await model.jobs["nightly"]()
        office.books.diary.clear()
        first = outcome(office.books)
        await asyncio.gather(model.jobs["nightly"](), model.jobs["nightly"]())
        writes = [operation for operation, key in office.books.diary if key]
        return first, writes, await model.pending()

    first, writes, pending = play("batch", books := everything(), story)
    assert outcome(books) == first == expected()
    assert (writes, pending) == ([], [])


def test_batch_moves_its_watermark_to_the_beginning_of_the_reading():
    async def story(office: Office, model: Model):
        office.books.pace = 1.0
        await asyncio.sleep(1000)
        await model.jobs["nightly"]()
        return await office.store.watermark("order_to_subscription") - START_US, office.loop.time()

    mark, ended = play("batch", new_business(), story)
    assert mark == 1_000_000_000
    assert ended > 1005


def test_batch_reads_from_the_mark_with_an_overlap():
    since = []

    async def story(office: Office, model: Model):
        won = office.desk.crm.won_since

        def noted(moment):
            since.append(moment.timestamp() * 1_000_000 - START_US)
            return won(moment)

        office.desk.crm.won_since = noted
        await asyncio.sleep(86_400)
        await model.jobs["nightly"]()
        await model.jobs["nightly"]()

    # The timetable's own run of 2 o'clock came before.
    play("batch", new_business(), story, batch_hour=23.0)
    # The look for conflicts of ownership, which each night ends with, reads all quotes from the beginning.
    orders = [moment for moment in since if moment]
    assert orders[-1] == (86_400 - 1800) * 1_000_000


def test_batch_carries_a_failing_row_over_and_parks_it_after_a_week():
    async def story(office: Office, model: Model):
        seen = []
        for _ in range(8):
            await asyncio.sleep(86_400)
            seen.append((len(await office.store.ready()), len(await model.parked())))
        return seen, [task.error for task in await model.parked()], office.alerts()

    books = new_business()
    books.trouble("billing.place", *[Unclear("no answer")] * 999)
    seen, errors, alerts = play("batch", books, story)
    assert seen == [(1, 0)] * 6 + [(0, 1)] * 2
    assert errors == ["after 7 nights: no answer"]
    assert [text for severity, text in alerts if severity == "high"] == [
        "order_to_subscription held for sales operations: after 7 nights: no answer"
    ]


@pytest.mark.parametrize("error", [Refused("no such item"), LookupError("nobody thought of it")])
def test_batch_one_refused_row_stops_no_other_and_totals_are_kept(error):
    async def story(office: Office, model: Model):
        await model.jobs["nightly"]()
        rows = office.store._db.execute(
            "SELECT rows, amounts FROM control_total WHERE job = 'invoice_to_ledger'"
        )
        return rows.fetchall(), [task.key for task in await model.parked()]

    books = Books(invoices={f"INV{n}": make_invoice(f"INV{n}", status="posted") for n in range(5)})
    books.trouble("erp.post_invoice", error)
    totals, parked = play("batch", books, story)
    assert totals == [(4, "read 5 fresh 5 failed 1")]
    assert len(parked) == 1
    assert len([key for key in books.ledger if key[0] == "invoice"]) == 4


def test_batch_a_row_that_another_has_taken_over_is_left_to_it_and_the_night_goes_on():
    """As where a night stood still for longer than its leases, and another was begun elsewhere."""

    async def story(office: Office, model: Model):
        sound = office.store.step_done

        async def taken_over(task: Task, step: str, version: int = 0) -> Task:
            if task.key == "idINV0":
                taken = "UPDATE task SET fence = fence + 1, worker = 'other' WHERE id = ?"
                office.store._db.execute(taken, (task.id,))
            return await sound(task, step, version)

        office.store.step_done = taken_over  # type: ignore[method-assign]
        await model.jobs["nightly"]()
        return [(task.key, task.worker) for task in await office.store.ready()], office.watch.counts["fenced"]

    books = Books(invoices={f"INV{n}": make_invoice(f"INV{n}", status="posted") for n in range(3)})
    assert play("batch", books, story) == ([("idINV0", "other")], 1)
    assert len([key for key in books.ledger if key[0] == "invoice"]) == 2


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ([Unavailable("down")] * 4, "down"),
        ([LookupError("nobody thought of it")], "unexpected LookupError: nobody thought of it"),
    ],
)
def test_batch_a_source_that_cannot_be_read_is_read_tomorrow_and_the_others_tonight(errors, said):
    async def story(office: Office, model: Model):
        await asyncio.sleep(NIGHT)
        first = list(office.books.placed), await office.store.watermark("order_to_subscription")
        others = await office.store.watermark("invoice_to_ledger")
        await asyncio.sleep(86_400)
        return first, others, office.alerts()

    books = new_business()
    books.trouble("crm.won_since", *errors)
    first, others, alerts = play("batch", books, story)
    assert first == ([], 0)
    assert others > 0
    assert alerts == [("high", f"could not be read, tried again tomorrow: {said}")]
    assert list(books.placed) == ["O-q1"]


# --- hybrid ---


def test_hybrid_repairs_at_night_what_it_never_heard_of():
    async def story(office: Office, model: Model):
        await asyncio.sleep(3 * 86_400)
        return await model.pending(), await model.parked(), model.reconciliation.cycles

    pending, parked, cycles = play("hybrid", books := everything(), story)
    assert (pending, parked) == ([], [])
    assert outcome(books) == expected()
    assert cycles[0] > 0
    assert cycles[-1] == 0


def test_hybrid_without_reconciliation_does_not():
    async def story(office: Office, model: Model):
        await asyncio.sleep(3 * 86_400)

    play("hybrid", books := everything(), story, controls={"reconciliation": False})
    assert books.placed == {}


# --- jobs of all models ---


@pytest.mark.parametrize("model", MODELS)
def test_revenue_of_a_month_is_released_on_the_second_of_the_next_and_once(model):
    async def story(office: Office, model: Model):
        await asyncio.sleep(31 * 86_400 + 3600)
        before = len(office.books.journals)
        await asyncio.sleep(2 * 86_400)
        after = list(office.books.journals)
        await model.jobs["recognition"]()
        await asyncio.sleep(20 * 86_400)
        return before, after, list(office.books.journals)

    plan = Schedule("RS-1", "INV1", usd(10_000), DAY, date(2026, 2, 15))
    books = Books(plans={"RS-1": plan})
    before, after, later = play(model, books, story)
    assert before == 0
    assert after == later == ["REV-2026-01-USD-001"]


@pytest.mark.parametrize("model", MODELS)
def test_dunning_tries_the_card_again_in_the_morning(model):
    async def story(office: Office, model: Model):
        await asyncio.sleep(16.5 * 86_400)
        return office.books.requests["pi_INV1"].attempts

    books = Books(invoices={"INV1": replace(make_invoice(status="posted"), due=DAY)})
    books.requests["pi_INV1"] = make_request("pi_INV1", status="failed")
    assert play(model, books, story, dunning_hour=9.0) == 2


@pytest.mark.parametrize("model", MODELS)
def test_dunning_of_one_customer_fails_alone(model):
    async def story(office: Office, model: Model):
        for number in ("INV1", "INV2"):
            office.books.change(number, due=DAY)
            office.books.requests[f"pi_{number}"] = make_request(f"pi_{number}", number, status="failed")
        office.books.trouble("payments.charge_again", *[Unavailable("down")] * 4)
        await asyncio.sleep(20 * 86_400)
        before = len(office.watch.alerts)
        await model.jobs["dunning"]()
        attempts = sorted(request.attempts for request in office.books.requests.values())
        return attempts, office.alerts()[before:]

    books = Books(invoices={n: make_invoice(n, status="posted") for n in ("INV1", "INV2")})
    attempts, alerts = play(model, books, story)
    assert attempts == [1, 2]
    assert alerts == [("medium", "dunning put off to tomorrow: down")]


def test_hybrid_does_not_activate_what_was_withdrawn_before_its_consumer_came_to_it():
    async def story(office: Office, model: Model):
        office.books.trouble("crm.activate", Unavailable("maintenance"))
        await model.accept(event(Topic.QUOTE_ACCEPTED, "q1"))
        await asyncio.sleep(20)  # the saga is done, its consumer waits for the CRM
        assert [task.queue for task in await office.store.ready()] == ["crm_orders"]
        assert await office.store.undo(1, office.clock.now())
        model._worker.wake()
        await asyncio.sleep(3600)
        return office.books, await office.store.ready()

    books, left = play("hybrid", new_business(), story, durable_first_seconds=600.0)
    assert (books.withdrawn_in_crm, left) == (["q1"], [])
    assert "q1" not in books.activated
    assert books.diary.count(("crm.activate", "order:q1/activate_in_crm")) == 1
