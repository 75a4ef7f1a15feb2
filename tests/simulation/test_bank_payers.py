"""Customers who pay from their banks: debits that come back, transfers that are short or over."""

from __future__ import annotations

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.faults import Fault
from scenarios.mutants.mutant import met_by
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.scripted.transfers import PayByTransfer
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import play


def broken(spec: Spec) -> list[tuple[str, str]]:
    played = play(spec)
    assert played.counts["debit_returned"]
    assert played.counts["transfer_short"]
    assert played.counts["transfer_over"]
    return [(v.law, w.says) for v in judge(played.evidence) if v.state == "broken" for w in v.witnesses]


@pytest.mark.parametrize("model", MODELS)
def test_the_books_tie_out(model: str) -> None:
    assert broken(Spec("bank_quarter", model, "bank_payers", 9, 3, 5, "none")) == []


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "hybrid"])
def test_notices_that_come_twice_and_out_of_order_change_nothing(model: str) -> None:
    faults = met_by(Fault("F13", rate=0.3), Fault("F14", rate=0.1), Fault("F15", rate=0.3))
    assert broken(Spec("bank_quarter", model, "bank_payers", 9, 3, 5, faults)) == []


@pytest.mark.parametrize("model", ["batch", "hybrid"])
def test_what_a_lost_notice_would_have_told_is_found_by_night(model: str) -> None:
    faults = met_by(Fault("F16", "bank", rate=1.0), Fault("F16", "stripe", rate=0.5))
    assert broken(Spec("bank_quarter", model, "bank_payers", 9, 3, 5, faults)) == []


def test_a_transfer_of_the_last_weekend_is_read_before_the_run_is_at_rest(monkeypatch) -> None:
    """The bank books it on the Monday, after that night's batch: nothing but the bank has changed by then."""
    acts = (
        Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
        PayByTransfer("2026-02-21", "ACME", "290.00", ("2026-02-01",)),
    )
    script = Script("2026-01-28", "2026-02-21", (Party("ACME", "Acme"),), acts, ())
    told = scripted("paid_on_the_last_weekend", "Paid on the last weekend", None, script)
    monkeypatch.setitem(STORIES, told.name, told)
    found = play(Spec(told.name, "batch", told.profile, 1, told.months, 1, "none")).evidence
    assert [line.on for line in found.bank.lines if line.transfer] == ["2026-02-23"]
    assert [(v.law, w.says) for v in judge(found) if v.state == "broken" for w in v.witnesses] == []
