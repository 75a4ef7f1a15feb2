"""Workers that sleep through their leases, in a whole run: they are refused, and the books stand."""

from __future__ import annotations

import pytest

from scenarios.checkers.laws import judge
from scenarios.evidence.verdicts import BROKEN, HOLDS
from scenarios.mutants.fencing import zombies
from scenarios.mutants.index import MUTANTS
from scenarios.world.plant import Plant
from scenarios.world.play import play

# A zombie's last request comes again under the same key: the record of the CRM or billing is written anew,
# with what it has, more often than news of it came.
_WRITTEN_ANEW = {"I-40"}


@pytest.fixture(scope="module")
def slept():
    spec = MUTANTS["written_under_any_epoch"].control
    plant: Plant = zombies(lambda sound: sound)
    return play(spec, plant=plant)


def test_zombies_are_refused_and_change_nothing(slept):
    verdicts = {verdict.law: verdict for verdict in judge(slept.evidence)}
    assert verdicts["I-43"].state == HOLDS
    assert len(slept.evidence.epochs.refusals) > 50
    assert {law for law, verdict in verdicts.items() if verdict.state == BROKEN} <= _WRITTEN_ANEW


def test_each_refusal_is_of_a_claim_that_another_followed(slept):
    epochs = slept.evidence.epochs
    latest = {claim.task: claim.epoch for claim in epochs.claims}
    assert all(refusal.epoch <= latest[refusal.task] for refusal in epochs.refusals)
    assert slept.core_counts["fenced"] == len(epochs.refusals)
