"""Work begun over HTTP: a won quote once more, jobs by name; each act once under its idempotency key."""

from __future__ import annotations

import asyncio

import pytest

from core.canonical.errors import Refused, Unavailable
from core.connectivity.jobs import Jobs
from core.ports.memory import Job
from core.reliability.worker import Claims
from tests.unit.core.api.client import Client, asked
from tests.unit.core.api.test_exceptions import WHY, held

QUOTE = {"opportunity": "q1"}
ASYNC = "respond-async, wait=10"


def jobs(client: Client, *, ends: asyncio.Event | None = None) -> list[str]:
    """The core's jobs are two of the test's; one waits until it may end."""
    ran: list[str] = []

    async def slow() -> None:
        ran.append("slow")
        if ends is not None:
            await ends.wait()

    async def bad() -> None:
        ran.append("bad")
        raise Unavailable("billing is away")

    client.jobs._known = {"slow": slow, "bad": bad}
    return ran


def test_a_won_quote_is_taken_in_and_becomes_a_subscription():
    async def story(client: Client):
        answer = await client("POST", "/v1/orders", QUOTE)
        await asyncio.sleep(60)
        return answer, await client("GET", answer.headers["location"])

    answer, after = asked(story)
    assert (answer.status, answer.json) == (202, {"number": "O-q1", "subscription": "S-q1"})
    assert (after.status, after.json["placed"]) == (200, True)


def test_a_quote_by_external_key_and_by_the_id_of_the_crm_is_one_transaction():
    async def story(client: Client):
        client.office.books.quote_ids["q1"] = "006x1"
        for named in ("q1", "006x1"):
            assert (await client("POST", "/v1/orders", {"opportunity": named})).status == 202
        tasks = [(task.queue, task.key) for task in await client.office.store.ready()]
        await asyncio.sleep(60)
        return tasks, client.office.books.asked().count("billing.place")

    assert asked(story) == ([("order_to_subscription", "006x1")], 1)


def test_the_same_key_and_body_answer_the_same_and_act_once():
    async def story(client: Client):
        answers = [await client("POST", "/v1/orders", QUOTE, idempotency_key="mine") for _ in range(3)]
        (task,) = await client.office.store.ready()
        return answers, client.office.books.diary.count(("crm.order", "")), task.first_at

    answers, asks, _ = asked(story)
    assert len({(a.status, a.body, a.headers["location"]) for a in answers}) == 1
    assert [a.headers.get("idempotent-replayed") for a in answers] == [None, "true", "true"]
    assert asks == 1


def test_the_same_key_for_anything_else_is_refused():
    async def story(client: Client):
        client.office.books.orders["q2"] = client.office.books.orders["q1"]
        await client("POST", "/v1/orders", QUOTE, idempotency_key="mine")
        return (
            await client("POST", "/v1/orders", {"opportunity": "q2"}, idempotency_key="mine"),
            await client("POST", "/v1/jobs", {"name": "dunning"}, idempotency_key="mine"),
        )

    for answer in asked(story):
        assert (answer.status, answer.json["type"]) == (422, "urn:tieout:problem:key-reused")


def test_a_key_that_is_being_worked_on_is_a_conflict():
    async def story(client: Client):
        client.office.books.pace = 5.0
        first = asyncio.ensure_future(client("POST", "/v1/orders", QUOTE, idempotency_key="mine"))
        await asyncio.sleep(1)
        second = await client("POST", "/v1/orders", QUOTE, idempotency_key="mine")
        return await first, second

    first, second = asked(story)
    assert first.status == 202
    assert (second.status, second.json["type"]) == (409, "urn:tieout:problem:in-flight")
    assert second.headers["retry-after"] == "1"


def test_what_failed_leaves_its_key_free_and_a_key_is_forgotten_after_a_day():
    async def story(client: Client):
        client.office.books.trouble("crm.order", Unavailable("throttled"))
        failed = await client("POST", "/v1/orders", QUOTE, idempotency_key="mine")
        worked = await client("POST", "/v1/orders", QUOTE, idempotency_key="mine")
        await asyncio.sleep(86_401)
        anew = await client("POST", "/v1/orders", QUOTE, idempotency_key="mine")
        return failed.status, worked.status, anew.headers.get("idempotent-replayed")

    assert asked(story) == (503, 202, None)


def test_a_decision_is_taken_once_under_its_key():
    async def story(client: Client):
        number = await held(client)
        path = f"/v1/exceptions/{number}/abandon"
        return [(await client("POST", path, WHY, idempotency_key="k")).status for _ in range(2)] + [
            (await client("POST", path, WHY, idempotency_key="other")).status
        ]

    assert asked(story) == [200, 200, 409]


@pytest.mark.parametrize("key", ["", "two words", "x" * 101])
def test_an_act_without_a_name_is_refused(key):
    async def story(client: Client):
        return await client("POST", "/v1/orders", QUOTE, idempotency_key=key), client.office.books.diary

    answer, diary = asked(story)
    assert (answer.status, answer.json["faults"][0]["field"]) == (422, "idempotency-key")
    assert diary == []


@pytest.mark.parametrize(
    ("body", "status"),
    [({"opportunity": "q9"}, 404), ({"opportunity": "q'1"}, 422), ({}, 422), ({"opportunity": 1}, 422)],
)
def test_a_quote_that_is_not_there_begins_nothing(body, status):
    async def story(client: Client):
        return (await client("POST", "/v1/orders", body)).status, await client.office.store.ready()

    assert asked(story) == (status, [])


def test_a_job_is_answered_at_once_and_looked_at_later():
    async def story(client: Client):
        ends = asyncio.Event()
        ran = jobs(client, ends=ends)
        begun = await client("POST", "/v1/jobs", {"name": "slow"}, prefer=ASYNC)
        busy = await client("POST", "/v1/jobs", {"name": "slow"}, prefer=ASYNC)
        during = await client("GET", begun.headers["location"])
        await asyncio.sleep(1)
        ends.set()
        await asyncio.sleep(1)
        return begun, busy, during, await client("GET", begun.headers["location"]), ran

    begun, busy, during, after, ran = asked(story)
    assert (begun.status, begun.headers["preference-applied"]) == (202, "respond-async")
    assert during.json == begun.json
    assert (busy.status, busy.json["type"]) == (409, "urn:tieout:problem:refused")
    assert (during.json["state"], after.json["state"], ran) == ("running", "done", ["slow"])
    assert after.json["ended_at"] > after.json["begun_at"]


def test_who_does_not_prefer_that_waits_for_the_end_but_not_for_ever():
    async def story(client: Client):
        jobs(client, ends=asyncio.Event())
        failed = await client("POST", "/v1/jobs", {"name": "bad"})
        endless = await client("POST", "/v1/jobs", {"name": "slow"})
        return failed, endless, client.office.alerts()

    failed, endless, alerts = asked(story)
    assert (failed.status, failed.json["state"], failed.json["result"]) == (200, "failed", "billing is away")
    assert (endless.status, endless.json["state"]) == (202, "running")
    assert "preference-applied" not in endless.headers
    assert ("high", "billing is away; begun by operator") in alerts


def test_a_job_that_was_cut_off_runs_again_and_one_that_nobody_knows_has_failed():
    async def story(client: Client):
        ran = jobs(client)
        store = client.office.store
        for number, name in enumerate(("slow", "gone")):
            await store.begin_job(Job(f"j{number}", name, "ann", "running", 1), 0)
        count = await client.jobs.resume()
        await asyncio.sleep(1)
        found = [(await client("GET", f"/v1/jobs/j{number}")).json["state"] for number in range(2)]
        return count, ran, found, await store.running_jobs()

    assert asked(story) == (1, ["slow"], ["done", "failed"], [])


def test_two_processes_that_share_a_store_run_a_job_once_and_take_over_from_the_dead():
    async def story(client: Client):
        store, office = client.office.store, client.office
        ends, ran = asyncio.Event(), []

        def process(name: str) -> Jobs:
            async def slow() -> None:
                ran.append(name)
                await ends.wait()

            claims = Claims(name, lease_seconds=60.0, poll_seconds=1.0)
            return Jobs({"slow": slow}, store, office.clock, office.watch, office.spawn, claims)

        first, second = process("api1"), process("api2")
        await first.begin("j1", "slow", "ann")
        refused = False
        try:
            await second.begin("j2", "slow", "bob")
        except Refused as error:
            refused = "as j1" in error.detail
        await asyncio.sleep(300)  # its lease is made longer while it runs
        alive = await second.resume()
        ends.set()
        await asyncio.sleep(1)
        ended = (await store.job("j1")).state
        await store.begin_job(Job("j4", "slow", "cy", "running", 1), 0)
        await store.lease("begun/slow", "api3", office.clock.now(), office.clock.now() + 30_000_000)
        early = await second.resume()
        await asyncio.sleep(31)
        late = await asyncio.gather(first.resume(), second.resume())
        await asyncio.sleep(1)
        return refused, alive, ended, early, sum(late), len(ran), (await store.job("j4")).state

    assert asked(story) == (True, 0, "done", 0, 1, 2, "done")


def test_work_that_was_begun_is_in_the_audit_log():
    async def story(client: Client):
        jobs(client)
        await client("POST", "/v1/orders", QUOTE)
        await client("POST", "/v1/jobs", {"name": "slow"})
        await client("POST", "/v1/jobs", {"name": "sloth"})
        return [(e.who, e.act, e.subject, e.outcome) for e in await client.office.store.audited(0, 50)]

    lines = asked(story)
    assert lines == [
        ("operator", act, subject, outcome)
        for act, subject, end in (
            ("replay", "order O-q1", "done"),
            ("begin", "job slow", "done"),
            ("begin", "job sloth", "refused"),
        )
        for outcome in ("asked", end)
    ]


def test_a_job_that_nobody_has_is_missing():
    async def story(client: Client):
        jobs(client)
        begun = await client("POST", "/v1/jobs", {"name": "sloth"})
        return begun, await client("GET", "/v1/jobs/j1")

    begun, looked = asked(story)
    assert (begun.status, looked.status) == (404, 404)
    assert "bad, slow" in begun.json["detail"]


def test_refused_by_the_crm_is_told_and_nothing_begun():
    async def story(client: Client):
        client.office.books.trouble("crm.order", Refused("not won"))
        return (await client("POST", "/v1/orders", QUOTE)).status, await client.office.store.ready()

    assert asked(story) == (409, [])
