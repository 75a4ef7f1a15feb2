"""Each law against its good and its bad histories, and what no law may do."""

import ast
import sys
from cProfile import Profile
from dataclasses import replace
from pathlib import Path

import pytest

import scenarios.checkers
from scenarios.checkers.laws import LAWS, judge
from scenarios.evidence.bank import BankBooks
from scenarios.evidence.run import Determinism, Evidence, Replay
from scenarios.evidence.verdicts import BROKEN, HOLDS, UNDECIDED, Law

from .breaches import BAD, GOOD, more, parked, rest
from .world import many, world

BY_ID = {law.id: law for law in LAWS}
KINDS = {"lost", "duplicated", "orphaned", "wrong_amount", "other"}
EXPECTED = [
    "C1",
    "C18",
    "C19",
    "C21",
    "C27",
    "C28",
    "C29",
    "C32",
    "F3",
    "F8",
    *("I-01", "I-02", "I-03", "I-04", "I-05", "I-06", "I-07", "I-10", "I-11", "I-12", "I-13", "I-14"),
    *("I-15", "I-17", "I-18", "I-19", "I-21", "I-22", "I-23", "I-24", "I-25", "I-26", "I-28", "I-29"),
    *("I-30", "I-31", "I-33", "I-34", "I-35", "I-36", "I-37", "I-38", "I-40", "I-41", "I-42", "I-43"),
    *("I-45", "I-46", "I-47", "I-48"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_accepts_the_consistent_world(law):
    verdict = law.check(world())
    assert verdict.witnesses == ()
    assert (verdict.law, verdict.state) == (law.id, HOLDS)


@pytest.mark.parametrize(("law", "story"), [(law, story) for law in GOOD for story in GOOD[law]])
def test_accepts(law, story):
    verdict = BY_ID[law].check(GOOD[law][story](world()))
    assert verdict.witnesses == ()
    assert verdict.state == HOLDS


@pytest.mark.parametrize(("law", "story"), [(law, story) for law in BAD for story in BAD[law]])
def test_rejects(law, story):
    verdict = BY_ID[law].check(BAD[law][story](world()))
    assert verdict.state == BROKEN, f"{law} overlooks: {story}"
    for witness in verdict.witnesses:
        assert witness.kind in KINDS
        assert witness.says
        assert all(witness.subjects)


def test_every_law_is_registered():
    assert [law.id for law in LAWS] == EXPECTED
    assert sorted(BAD) == EXPECTED
    assert set(GOOD) <= set(EXPECTED)
    assert all(law.title and law.when in {"Q", "∀t", "Q,∀t", "harness"} for law in LAWS)


def test_an_empty_world_decides_nothing():
    verdicts = judge(Evidence("t", "direct", 1, 0, ""))
    assert {(v.state, v.examined) for v in verdicts} == {(UNDECIDED, 0)}


def test_a_crashed_checker_is_no_pass(monkeypatch):
    def crash(evidence):
        raise ZeroDivisionError("no customers")

    monkeypatch.setattr("scenarios.checkers.laws.LAWS", (Law("I-99", "crash", "Q", crash),))
    (verdict,) = judge(world())
    assert verdict.state == UNDECIDED
    assert verdict.note == "checker crashed: ZeroDivisionError: no customers"


def test_only_the_escalated_object_is_skipped():
    story = GOOD["I-02"]["escalated"]
    assert BY_ID["I-02"].check(story(world())).note.startswith("1 escalated")
    # The same invoice is an explained difference of the receivables and of the mirror as well.
    more_gone = more(story(world()), parked=(parked("invoice:ACC-0001:2026-01-01", unrecoverable=True),))
    assert BY_ID["I-02"].check(more_gone).state == HOLDS


def test_only_humans_left_is_undecided():
    w = more(rest(world(), pending=("p:1",)), parked=(parked("p:1", unrecoverable=True),))
    verdict = BY_ID["I-37"].check(w)
    assert (verdict.state, verdict.note) == (UNDECIDED, "1 escalated, waiting for a human")


@pytest.mark.parametrize(
    ("law", "values"),
    [
        ("I-19", {"replay": Replay(False, 0, "", "", ())}),
        ("I-48", {"determinism": Determinism("ff", "")}),
        ("C19", {"bank": BankBooks()}),
    ],
)
def test_what_was_not_tried_is_undecided(law, values):
    assert BY_ID[law].check(replace(world(), **values)).state == UNDECIDED


def calls_to_judge(customers: int) -> int:
    """How many functions are called to judge so many: the same on every machine."""
    counted, evidence = Profile(), many(customers)
    counted.enable()
    verdicts = judge(evidence)
    counted.disable()
    assert {verdict.state for verdict in verdicts} == {HOLDS}
    return sum(entry.callcount for entry in counted.getstats())


def test_twice_the_customers_are_about_twice_the_work():
    """A checker that compares each with each would need four times as much."""
    assert calls_to_judge(100) < 2.6 * calls_to_judge(50)


def test_figures_are_in_major_units_and_the_story_is_complete():
    (lost,) = BY_ID["I-02"].check(BAD["I-02"]["missing"](world())).witnesses
    assert lost.says == "ERP invoice of INV-2 is missing (120.00 EUR)"
    assert (lost.kind, lost.amount, lost.currency) == ("lost", 12000, "EUR")
    assert set(lost.subjects) >= {"ACC-0002", "INV-2", "OPP-2", "S-OPP-2", "pi_2", "ch_2", "CN-2"}


def test_double_billing_is_told_in_days_and_money():
    (double,) = BY_ID["I-01"].check(BAD["I-01"]["billed twice"](world())).witnesses[:1]
    assert double.kind == "duplicated"
    assert double.says == "S-OPP-1 from 2026-01-01 to 2026-02-01 is billed 2 times, 100.00 EUR"


def test_checkers_import_only_evidence_and_the_standard_library():
    for path in sorted(Path(scenarios.checkers.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, path.name
                names = [node.module]
            for name in names:
                own = name.startswith(("scenarios.evidence.", "scenarios.checkers"))
                assert own or name.partition(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"
