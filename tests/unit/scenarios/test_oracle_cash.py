"""Worked examples of dunning, payouts, refunds, disputes and bad debt, put to the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.oracle.case import read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import PASSED, judge

CASES = read_cases(Path(__file__).parents[2] / "golden" / "oracles" / "cash.json")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_figures_agree(case):
    result = judge(case, TOPICS)
    assert [f for f in result.figures if not f.agrees] == []
    assert (result.state, result.reason) == (PASSED, "")
