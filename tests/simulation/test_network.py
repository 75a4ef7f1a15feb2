"""The virtual network: servers in tasks of their own, latency by key, each fault as the catalogue says."""

from __future__ import annotations

import asyncio

import pytest

from core.canonical.errors import Unavailable, Unclear
from scenarios.faults import CATALOGUE, Fault
from tests.simulation.toy import TENANT, TIMEOUT, Lab, body, in_lab


async def outcome(lab: Lab, name: str = "a", **named) -> tuple[str, float]:
    """("201" or an error's name, seconds it took)."""
    began = lab.loop.now_us
    try:
        response = await lab.add(name, **named)
        return str(response.status), (lab.loop.now_us - began) / 1_000_000
    except (Unavailable, Unclear) as error:
        whose = "" if error.system == lab.system else " of somebody else"
        return type(error).__name__ + whose, (lab.loop.now_us - began) / 1_000_000


# --- without faults ---


def test_a_call_reaches_the_mock_and_comes_back():
    async def story(lab: Lab):
        response = await lab.add("a")
        return response.status, response.headers["content-type"], body(response), lab.network.in_flight

    assert in_lab(story) == (201, "application/json", {"name": "a", "count": 1}, 0)


def test_latency_lies_around_the_work():
    async def story(lab: Lab):
        lab.rules.service_seconds = 2.0
        status, took = await outcome(lab)
        (_, committed), *_ = lab.rules.added
        return status, took, committed / 1_000_000

    status, took, committed = in_lab(story)
    away = took - 2.0
    assert status == "201"
    assert committed == pytest.approx(0.4 * away + 2.0, abs=1e-5)


def latencies(seed: int, names: str) -> dict[str, float]:
    async def story(lab: Lab):
        return {name: (await outcome(lab, name))[1] for name in names}

    return in_lab(story, seed=seed)


def test_latency_depends_on_the_call_and_the_seed_alone():
    forward = latencies(1, "abcdef")
    assert latencies(1, "fedcba") == pytest.approx(forward, abs=2e-6)
    assert latencies(1, "ad") == pytest.approx({name: forward[name] for name in "ad"}, abs=2e-6)
    assert latencies(2, "abcdef") != forward
    assert len(set(forward.values())) == 6


def test_a_second_attempt_has_a_latency_of_its_own():
    async def story(lab: Lab):
        return [(await outcome(lab))[1] for _ in range(2)]

    first, second = in_lab(story)
    assert first != second


def test_a_clients_timeout_never_reaches_the_server():
    async def story(lab: Lab):
        lab.rules.service_seconds = 60.0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):
                await lab.add("a")
        assert lab.rules.added == []
        await asyncio.sleep(120)
        return [name for name, _ in lab.rules.added], lab.network.in_flight

    assert in_lab(story) == (["a"], 0)


def test_each_call_is_served_in_a_fresh_context():
    async def story(lab: Lab):
        TENANT.set("client")
        await lab.on_host(lab.add("a"))
        await lab.add("b")
        return lab.rules.seen, TENANT.get()

    seen, afterwards = in_lab(story)
    assert seen == [("0", "nobody", ""), ("1", "nobody", "")]
    assert afterwards == "client"


def test_a_crash_of_the_client_leaves_the_server_at_work():
    async def story(lab: Lab):
        lab.rules.service_seconds = 10.0
        lab.on_host(lab.add("a"))
        await asyncio.sleep(5)
        lab.loop.crash(lab.host)
        await asyncio.sleep(20)
        return [name for name, _ in lab.rules.added]

    assert in_lab(story) == ["a"]


def test_the_wire_status_is_written_down():
    async def story(lab: Lab):
        await lab.add("a")
        await lab.add("b", token=99)
        return [(a.number, a.status, a.claim, a.fault) for a in lab.recorder.attempts]

    assert in_lab(story) == [(1, 201, "ok", ""), (1, 401, "fail", "")]


# --- with faults ---


def test_f01_commits_and_loses_the_answer():
    async def story(lab: Lab):
        result = await outcome(lab)
        return result, [name for name, _ in lab.rules.added], lab.recorder.attempts[0].status

    assert in_lab(story, Fault("F01")) == (("Unclear", TIMEOUT), ["a"], 201)


def test_f02_never_reaches_the_vendor():
    async def story(lab: Lab):
        results = [await outcome(lab, f"item{n}") for n in range(60)]
        await asyncio.sleep(1000)
        return results, lab.rules.added

    results, added = in_lab(story, Fault("F02"))
    assert added == []
    refused = [took for kind, took in results if kind == "Unavailable"]
    vanished = [took for kind, took in results if kind == "Unclear"]
    assert 15 < len(refused) < 45
    assert len(refused) + len(vanished) == 60
    assert max(refused) < 10
    assert vanished == pytest.approx([TIMEOUT] * len(vanished))


def test_f03_is_applied_after_the_client_gave_up_and_asked_again():
    zombie = Fault("F03", site=("zuora", "add", "item:a", "1"), params=(("late_seconds", 90.0),))

    async def story(lab: Lab):
        first = await outcome(lab)
        second = await outcome(lab)
        in_between = len(lab.rules.added)
        await asyncio.sleep(1000)
        return first, second[0], in_between, [at for _, at in lab.rules.added]

    first, second, in_between, moments = in_lab(story, zombie)
    assert first == ("Unclear", TIMEOUT)
    assert (second, in_between) == ("201", 1)
    assert moments[1] == 120_000_000


def test_f06_says_ok_and_means_no():
    async def story(lab: Lab):
        response = await lab.add("a")
        return response.status, body(response), lab.rules.added

    assert in_lab(story, Fault("F06")) == (200, {"success": False, "error": "not done"}, [])


def test_f17_lets_the_answer_come_after_the_event():
    async def story(lab: Lab):
        plain = (await outcome(lab, "plain"))[1]
        committed = lab.rules.added[0][1]
        return plain, committed

    calm_took, calm_committed = in_lab(story)
    took, committed = in_lab(story, Fault("F17", params=(("late_seconds", 8.0),)))
    assert took == pytest.approx(calm_took + 8.0, abs=1e-5)
    assert committed == calm_committed


def test_f23_cuts_the_power_between_effect_and_record():
    async def story(lab: Lab):
        down: list[float] = []

        def crash(seconds: float) -> None:
            down.append(seconds)
            lab.loop.crash(lab.host)

        lab.network.crash = crash
        recorded = []

        async def flow() -> None:
            await lab.add("a")
            recorded.append("a")

        lab.on_host(flow())
        await asyncio.sleep(1000)
        return down, [name for name, _ in lab.rules.added], recorded, lab.recorder.attempts[0].claim

    fault = Fault("F23", params=(("down_seconds", 300.0),))
    assert in_lab(story, fault) == ([300.0], ["a"], [], "info")


def test_f23_needs_a_host_to_crash():
    async def story(lab: Lab):
        lab.network.crash = pytest.fail
        return (await outcome(lab))[0]

    assert in_lab(story, Fault("F23")) == "201"


def test_f39_throttles_in_the_vendors_own_words():
    async def story(lab: Lab):
        response = await lab.add("a")
        return response.status, response.headers["retry-after"], lab.rules.added

    assert in_lab(story, Fault("F39")) == (429, "7", [])


def test_f42_kills_the_token_on_the_way():
    once = Fault("F42", site=("zuora", "add", "item:a", "1"))

    async def story(lab: Lab):
        first = await lab.add("a", token=1)
        second = await lab.add("a", token=2)
        return first.status, second.status

    assert in_lab(story, once) == (401, 201)


def test_every_fault_of_a_call_is_understood():
    async def story(lab: Lab):
        await outcome(lab)
        return lab.recorder.fired, lab.recorder.attempts[0].fault

    for kind in CATALOGUE.values():
        if kind.where == "call":
            system = kind.systems[0]
            site = (system, "add", "item:a", "1")
            fired, noted = in_lab(story, Fault(kind.id, system=system), system=system)
            assert (fired, noted) == ([(kind.id, site)], kind.id)


def test_no_fault_after_healing_nor_outside_its_window():
    async def story(lab: Lab):
        found = []
        for day in range(5):
            await asyncio.sleep(day * 86_400 + 60 - lab.loop.time())
            lab.chance.healed = day >= 3
            found.append((await outcome(lab, f"item{day}"))[0])
        return found

    fault = Fault("F01", from_day=1, until_day=2)
    assert in_lab(story, fault) == ["201", "Unclear", "201", "201", "201"]
    assert in_lab(story, Fault("F01", from_day=3)) == ["201"] * 5
