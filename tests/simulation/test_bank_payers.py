"""Customers who pay from their banks: debits that come back, transfers that are short or over."""

from __future__ import annotations

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.faults import Fault
from scenarios.mutants.mutant import met_by
from scenarios.spec import Spec
from scenarios.world.play import play


def broken(spec: Spec) -> list[tuple[str, str]]:
    played = play(spec)
    assert played.counts["debit_returned"]
    assert played.counts["transfer_short"]
    assert played.counts["transfer_over"]
    return [(v.law, w.says) for v in judge(played.evidence) if v.state == "broken" for w in v.witnesses]


@pytest.mark.parametrize("model", MODELS)
def test_the_books_tie_out(model: str) -> None:
    assert broken(Spec("bank_quarter", model, "bank_payers", 14, 4, 3, "none")) == []


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "hybrid"])
def test_notices_that_come_twice_and_out_of_order_change_nothing(model: str) -> None:
    faults = met_by(Fault("F13", rate=0.3), Fault("F14", rate=0.1), Fault("F15", rate=0.3))
    assert broken(Spec("bank_quarter", model, "bank_payers", 14, 4, 3, faults)) == []


@pytest.mark.parametrize("model", ["batch", "hybrid"])
def test_what_a_lost_notice_would_have_told_is_found_by_night(model: str) -> None:
    faults = met_by(Fault("F16", "bank", rate=1.0), Fault("F16", "stripe", rate=0.5))
    assert broken(Spec("bank_quarter", model, "bank_payers", 14, 4, 3, faults)) == []
