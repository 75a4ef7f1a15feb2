"""Nothing stale overwrites what is newer: requests that come too late, news in another order, readings of a
replica, under every model.
"""

from __future__ import annotations

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.evidence.verdicts import HOLDS, Verdict
from scenarios.faults import Fault
from scenarios.mutants.index import MUTANTS
from scenarios.mutants.mutant import met_by
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.play import Played, play

RENAMED = "customer_renamed_between_two_contracts"
FIRST_WRITE = ("netsuite", "upsert_customer", "account:ACME/open_ledger_customer", "1")
LATE = met_by(
    # The first write of the customer comes after the second contract's, and so do many events of the CRM.
    Fault("F03", "netsuite", "upsert_customer", site=FIRST_WRITE, params=(("late_seconds", 2400),)),
    Fault("F15", "salesforce", rate=0.5),
    Fault("F15", "zuora", rate=0.5),
    Fault("F14", "stripe", rate=0.5),
)
# Half of the readings of an invoice are an hour old.
LAGGING = Fault("F35", "zuora", until_day=1, params=(("hours", 720), ("lag_seconds", 3600)))


def law(played: Played) -> Verdict:
    return next(v for v in judge(played.evidence) if v.law == "I-25")


@pytest.mark.parametrize("model", MODELS)
def test_the_ledger_never_gets_the_old_name_again(model: str) -> None:
    played = play(Spec(RENAMED, model, "mid_market", 1, 2, 1, LATE), repeat=False)
    if model != "batch":  # whose one run a night reads the customer once, after all of it
        assert {fault for fault, _ in played.fired} >= {"F03", "F15"}
    script = STORIES[RENAMED].script
    assert script is not None
    assert [each.says for each in script.judge(played.evidence) if not each.holds] == []
    assert law(played).state == HOLDS, [witness.says for witness in law(played).witnesses]


@pytest.mark.parametrize("model", MODELS)
def test_a_replica_that_lags_puts_no_older_balance_over_a_newer_one(model: str) -> None:
    faults = met_by(LAGGING, Fault("F14", "stripe", rate=0.6))
    played = play(Spec("quick", model, "self_serve", 8, 1, 1, faults), repeat=False)
    assert law(played).state == HOLDS, [witness.says for witness in law(played).witnesses]
    if model in ("direct", "hybrid"):
        # Told again: by the sender to direct, by the night to hybrid; the others mirror a payment once.
        assert played.core_counts["stale.crm"]
        assert any("stale, not written" in text for _, _, _, text in played.alerts)


def test_the_mutants_that_only_this_law_sees() -> None:
    mine = {name for name, mutant in MUTANTS.items() if mutant.laws == ("I-25",)}
    assert mine == {"versions_of_the_mirror_unread", "ledger_customer_put_blindly"}
