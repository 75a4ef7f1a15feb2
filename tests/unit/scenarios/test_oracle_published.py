"""Worked examples from public sources, and the same rules with other numbers, put to the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.oracle.case import read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import FAILED, NOT_APPLICABLE, judge

GOLDEN = Path(__file__).parents[2] / "golden" / "oracles"
FILES = sorted(GOLDEN.glob("published/*.json")) + sorted(GOLDEN.glob("perturbed/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_figure_differs(path):
    results = [judge(case, TOPICS) for case in read_cases(path)]
    assert results
    for result in results:
        wrong = [figure for figure in result.figures if not figure.agrees]
        assert result.state != FAILED, (result.case, result.reason, wrong)


def test_every_topic_is_there_and_few_cases_are_not_applicable():
    results = [judge(case, TOPICS) for path in FILES for case in read_cases(path)]
    assert {result.topic for result in results} == set(TOPICS)
    aside = [result for result in results if result.state == NOT_APPLICABLE]
    assert len(aside) * 10 <= len(results)
    assert all(result.reason for result in aside)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_figures_follow_from_the_inputs(path):
    """Adapters know no case: under another name, source and order the figures are the same."""
    for case in read_cases(path):
        other = type(case)(**{**{f: getattr(case, f) for f in case.__slots__}, "id": "X-1"})
        assert judge(other, TOPICS).state == judge(case, TOPICS).state
