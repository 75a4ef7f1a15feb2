"""The checkers are checked: each law finds a planted bug, and finds nothing where none is planted."""

from __future__ import annotations

from collections import defaultdict

import pytest

from scenarios.checkers.laws import LAWS
from scenarios.evidence.verdicts import HOLDS
from scenarios.mutants.index import CANARY, MUTANTS, run_mutants, try_mutant
from scenarios.mutants.trial import verdicts_of
from scenarios.spec import Spec, read_token
from scenarios.world.play import play


def controls() -> dict[tuple[Spec, bool], set[str]]:
    """The laws that must hold in a run without a bug: mutants that share a run share its control. True: it
    has to be played once more in another process."""
    found: dict[tuple[Spec, bool], set[str]] = defaultdict(set)
    for mutant in MUTANTS.values():
        found[mutant.control, "I-48" in mutant.laws] |= set(mutant.laws)
    return found


CONTROLS = controls()


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


@pytest.mark.parametrize(("spec", "twice"), CONTROLS, ids=lambda given: getattr(given, "token", given))
def test_without_the_bug_the_same_laws_hold(spec: Spec, twice: bool) -> None:
    verdicts = {verdict.law: verdict for verdict in verdicts_of(spec, twice=twice)}
    # I-22 finds no failed write to look at, and I-07 no refund, where the bug alone brings them about.
    laws = {law for law in CONTROLS[spec, twice] if verdicts[law].examined}
    said = [witness.says for law in laws for witness in verdicts[law].witnesses]
    assert {law: verdicts[law].state for law in laws} == dict.fromkeys(laws, HOLDS), said


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
