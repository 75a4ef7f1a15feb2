"""Published and derived cases of proration and co-terming through the adapters, and what they refuse."""

from pathlib import Path

import pytest

from scenarios.oracle.case import Case, read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import NOT_APPLICABLE, PASSED, judge

CASES = read_cases(Path(__file__).parents[2] / "golden" / "oracles" / "billing.json")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_figure_agrees(case):
    result = judge(case, TOPICS)
    assert result.state == PASSED, [
        result.reason,
        *(f"{f.path}: {f.expected} is {f.ours}" for f in result.figures if not f.agrees),
    ]


def test_words_nobody_knows_are_not_answered():
    case = Case("x", "proration", "other", "", "", {"moon": "full"}, {"amount": None}, {"amount": "1"})
    result = judge(case, TOPICS)
    assert result.state == NOT_APPLICABLE
    assert "moon" in result.reason
