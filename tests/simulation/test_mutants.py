"""The checkers are checked: each law finds a planted bug, and finds nothing where none is planted."""

from __future__ import annotations

from functools import cache

import pytest

from scenarios.checkers.laws import LAWS
from scenarios.evidence.verdicts import HOLDS, Verdict
from scenarios.mutants.index import CANARY, MUTANTS, run_mutants, try_mutant
from scenarios.mutants.trial import verdicts_of
from scenarios.spec import Spec, read_token
from scenarios.world.play import play


@cache
def control(spec: Spec, twice: bool) -> dict[str, Verdict]:
    """Verdicts of a run without a bug; mutants that share a run share its control."""
    return {verdict.law: verdict for verdict in verdicts_of(spec, twice=twice)}


def test_every_law_has_a_mutant_that_it_must_catch() -> None:
    hunted = {law for mutant in MUTANTS.values() for law in mutant.laws}
    assert hunted == {law.id for law in LAWS}


def test_a_mutant_says_what_it_is_and_its_token_replays_it() -> None:
    for name, mutant in MUTANTS.items():
        assert name == mutant.name
        assert mutant.laws
        assert len(mutant.says) > 30
        assert read_token(mutant.spec.token) == mutant.spec


@pytest.mark.parametrize("name", MUTANTS)
def test_the_laws_catch_it(name: str) -> None:
    result = try_mutant(name)
    assert result.caught, str(result)


@pytest.mark.parametrize("name", MUTANTS)
def test_without_the_bug_the_same_laws_hold(name: str) -> None:
    mutant = MUTANTS[name]
    verdicts = control(mutant.control, "I-48" in mutant.laws)
    # I-22 finds no failed write to look at, and I-07 no refund, where the bug alone brings them about.
    assert {law: verdicts[law].state for law in mutant.laws if verdicts[law].examined} == {
        law: HOLDS for law in mutant.laws if verdicts[law].examined
    }, [witness.says for law in mutant.laws for witness in verdicts[law].witnesses]


def test_the_canary_is_found_by_the_run_that_looks_for_all() -> None:
    said: list[str] = []
    (found,) = run_mutants(1, said.append, [CANARY])
    assert found.caught
    assert found.token == MUTANTS[CANARY].spec.token
    assert said == [f"1/1 {found}"]


def test_a_spec_alone_plants_its_mutant() -> None:
    spec = read_token(MUTANTS[CANARY].spec.token)
    sound = play(MUTANTS[CANARY].control, repeat=False).evidence
    planted = play(spec, repeat=False).evidence
    assert len(planted.payments.intents) > len(sound.payments.intents)
