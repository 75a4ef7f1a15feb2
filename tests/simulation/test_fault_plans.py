"""Fault plans are values: written, read, replayed, shrunk."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.faults import (
    CATALOGUE,
    Fault,
    Plan,
    PlanError,
    calm_plan,
    none_plan,
    read_plan,
    storm_plan,
)
from scenarios.spec import Spec, TokenError, pack, read_token, unpack
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws
from tests.simulation.toy import Lab, in_lab

DAY = 86_400_000_000


@st.composite
def faults(draw):
    kind = draw(st.sampled_from(sorted(CATALOGUE.values(), key=lambda kind: kind.id)))
    begins = draw(st.floats(0, 365))
    names = draw(st.lists(st.sampled_from(sorted(kind.params)), unique=True)) if kind.params else []
    site = draw(st.just(()) | st.tuples(*[st.text(max_size=8)] * 4))
    return Fault(
        kind.id,
        draw(st.sampled_from(("*", *kind.systems))),
        draw(st.sampled_from(("*", "place_order"))),
        draw(st.floats(0.0001, 1)),
        begins,
        begins + draw(st.floats(0.01, 100)),
        site,
        tuple((name, float(draw(st.floats(*kind.params[name][1:])))) for name in names),
    )


plans = st.builds(Plan, st.text(min_size=1, max_size=10), st.lists(faults(), max_size=6).map(tuple))


@given(plans)
def test_a_plan_survives_writing_and_reading(tmp_path_factory, plan):
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(plan.to_json())
    assert read_plan(path) == plan
    assert unpack(pack(plan)) == plan


def test_a_plan_file_says_only_what_is_not_by_default():
    plan = Plan("p", (Fault("F01", "stripe"), Fault("F03", params=(("late_seconds", 5.0),))))
    assert json.loads(plan.to_json())["faults"] == [
        {"id": "F01", "system": "stripe"},
        {"id": "F03", "params": {"late_seconds": 5.0}},
    ]


BAD = {
    "unknown id": ('{"id": "F99"}', "id: 'F99' is not a known fault; one of F01"),
    "no id": ('{"system": "stripe"}', 'faults[1].id: each fault is an object with an "id"'),
    "no object": ('"F01"', 'faults[1].id: each fault is an object with an "id"'),
    "unknown field": ('{"id": "F01", "rte": 1}', "faults[1].rte: unknown field; allowed: from_day"),
    "wrong system": (
        '{"id": "F06", "system": "stripe"}',
        "faults[1].system: 'stripe' cannot have F06; one of *",
    ),
    "rate too high": ('{"id": "F01", "rate": 1.5}', "faults[1].rate: 1.5 must be above 0 and at most 1"),
    "rate of nothing": ('{"id": "F01", "rate": 0}', "faults[1].rate: 0 must be above 0"),
    "rate no number": ('{"id": "F01", "rate": "often"}', "faults[1].rate: 'often' must be a number"),
    "no window": ('{"id": "F01", "from_day": 5, "until_day": 5}', "from_day, until_day: 5 to 5 is no window"),
    "before the start": ('{"id": "F01", "from_day": -1}', "from_day, until_day: -1 to"),
    "unknown parameter": (
        '{"id": "F01", "params": {"x": 1}}',
        "faults[1].params: F01 has no 'x'; it has none",
    ),
    "out of range": (
        '{"id": "F03", "params": {"late_seconds": 0}}',
        "faults[1].params.late_seconds: 0.0 must lie in 1 to 86400",
    ),
    "parameter no number": ('{"id": "F03", "params": {"late_seconds": "x"}}', "faults[1].params: {'late_"),
    "parameters no object": ('{"id": "F03", "params": [1]}', "faults[1].params: [1] must be an object"),
    "half a site": ('{"id": "F01", "site": ["stripe", "ask"]}', "faults[1].site: ('stripe', 'ask') must be"),
    "site no list": ('{"id": "F01", "site": 5}', "faults[1].site: 5 must be a list"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_plan_names_file_line_and_field(tmp_path, case):
    row, says = BAD[case]
    path = tmp_path / "plan.json"
    path.write_text(f'{{"name": "p", "faults": [\n  {{"id": "F01", "rate": 0.1}},\n  {row}\n]}}')
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert str(caught.value).startswith(f"{path}:3: faults[1].")
    assert says in str(caught.value)


def test_a_file_that_is_no_plan(tmp_path):
    path = tmp_path / "plan.json"
    with pytest.raises(PlanError, match=r"plan\.json: No such file"):
        read_plan(path)
    path.write_text('{"name": "p",\n "faults": [}')
    with pytest.raises(PlanError, match=r"plan\.json:2: "):
        read_plan(path)
    path.write_text("[]")
    with pytest.raises(PlanError, match=r"plan\.json:1: a plan is"):
        read_plan(path)


def test_presets_are_deterministic():
    assert none_plan().faults == ()
    assert calm_plan(365) == calm_plan(365)
    assert storm_plan(90, KeyedDraws(3)) == storm_plan(90, KeyedDraws(3))
    assert storm_plan(90, KeyedDraws(3)) != storm_plan(90, KeyedDraws(4))


def test_storms_leave_some_kinds_out_and_over_the_seeds_none():
    kinds = [{fault.id for fault in storm_plan(60, KeyedDraws(seed)).faults} for seed in range(30)]
    assert all(len(each) < len(CATALOGUE) for each in kinds)
    assert set().union(*kinds) == set(CATALOGUE)


def test_every_token_says_its_plan():
    for faults_word in ("none", "calm", "storm", pack(Plan("mine", (Fault("F01"),)))):
        spec = Spec("year", "hybrid", "mid_market", 300, 12, 1, faults_word, "forget_key")
        assert read_token(spec.token) == spec
        assert read_token(spec.token).plan() == spec.plan()


@pytest.mark.parametrize(
    "word", ["gale", "z", "zAAAA", pack(none_plan())[:-8], "zeJyrVkrLz1eyUlAqS8wpTVWqBQAxGwVd"]
)
def test_a_token_with_faults_that_mean_nothing(word):
    with pytest.raises(TokenError, match="token: its faults cannot be read"):
        read_token(f"year/hybrid/mid_market/c1m1s1/{word}")


# --- which call a fault meets ---


def test_an_explicit_site_fires_exactly_once_in_a_run():
    fault = Fault("F39", site=("zuora", "add", "item:b", "2"))

    async def story(lab: Lab):
        statuses = [(await lab.add(name)).status for name in "abbbcb"]
        return statuses, lab.recorder.fired

    statuses, fired = in_lab(story, fault)
    assert statuses == [201, 201, 429, 201, 201, 201]
    assert fired == [("F39", ("zuora", "add", "item:b", "2"))]


def meet(
    chance: Chance, key: str, number: int = 1, *, day: float = 0, system: str = "zuora", op: str = "add"
):
    fault = chance.meet("call", system, op, key, number, int(day * DAY))
    return fault and fault.id


def test_a_site_does_not_hang_on_a_vendors_number():
    """What stands behind "#" is the vendor's: another model, or a run with fewer faults, has another."""
    chance = Chance(Plan("p", (Fault("F01", site=("zuora", "add", "inv:a#INV7/post", "1")),)), KeyedDraws(1))
    assert meet(chance, "inv:b#INV7/post") is None
    assert meet(chance, "inv:a#INV9/post", 2) is None
    assert meet(chance, "inv:a#INV9/post") == "F01"
    assert meet(chance, "inv:a#INV9/post") is None


def test_two_faults_of_one_site_fire_one_after_the_other():
    site = ("zuora", "add", "inv:a", "1")
    chance = Chance(Plan("p", (Fault("F01", site=site), Fault("F02", site=site))), KeyedDraws(1))
    assert [meet(chance, "inv:a#1"), meet(chance, "inv:a#2"), meet(chance, "inv:a#3")] == ["F01", "F02", None]


def test_rates_windows_systems_and_operations():
    plan = Plan("p", (Fault("F01", "stripe", "ask", rate=0.25, from_day=2, until_day=4),))
    chance = Chance(plan, KeyedDraws(1))
    hits = sum(meet(chance, f"k{n}", day=3, system="stripe", op="ask") == "F01" for n in range(4000))
    assert hits / 4000 == pytest.approx(0.25, abs=0.03)
    for day, system, op in (
        (1.99, "stripe", "ask"),
        (4, "stripe", "ask"),
        (3, "zuora", "ask"),
        (3, "stripe", "x"),
    ):
        assert not any(meet(chance, f"k{n}", day=day, system=system, op=op) for n in range(200))


def test_a_fault_of_calls_meets_no_webhook_and_the_other_way_round():
    chance = Chance(Plan("p", (Fault("F01"), Fault("F16"))), KeyedDraws(1))
    assert chance.meet("call", "stripe", "webhook", "e", 1, 0).id == "F01"
    assert chance.meet("webhook", "stripe", "webhook", "e", 1, 0).id == "F16"
    assert chance.meet("webhook", "avatax", "webhook", "e", 1, 0) is None


def fired_by(plan: Plan, calls: int = 600) -> dict[tuple[str, str], str]:
    """Who met what."""
    chance = Chance(plan, KeyedDraws(5))
    met = {}
    for n in range(calls):
        for system in ("zuora", "stripe"):
            if found := meet(chance, f"k{n}", day=n / 10, system=system):
                met[system, f"k{n}"] = found
    return met


def test_dropping_a_fault_leaves_the_draws_of_the_others():
    plan = storm_plan(60, KeyedDraws(11))
    whole = fired_by(plan)
    assert len(whole) > 30
    for index, dropped in enumerate(plan.faults):
        rest = fired_by(replace(plan, faults=plan.faults[:index] + plan.faults[index + 1 :]))
        for call, fault in whole.items():
            # A call may be met by another fault only where the dropped one stood before it.
            assert rest.get(call) == fault or fault == dropped.id
        assert all(call in whole for call in rest)


def test_a_run_replays_from_the_sites_it_fired_and_shrinks_one_by_one():
    async def story(lab: Lab):
        for n in range(40):
            await lab.add(f"item{n}")
        return lab.recorder.fired, [(a.key, a.at, a.fault) for a in lab.recorder.attempts]

    fired, attempts = in_lab(story, Fault("F39", rate=0.3))
    assert 5 < len(fired) < 20
    explicit = [Fault(id_, site=site) for id_, site in fired]
    assert in_lab(story, *explicit) == (fired, attempts)
    for index in range(len(explicit)):
        fewer, _ = in_lab(story, *explicit[:index], *explicit[index + 1 :])
        assert fewer == fired[:index] + fired[index + 1 :]
