"""Every scripted story under every model: all laws hold, and every figure is the one worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from core.assemble import MODELS
from scenarios import cli
from scenarios.checkers.laws import judge
from scenarios.evidence import Evidence
from scenarios.scripted.script import Expect
from scenarios.scripted.telling import document
from scenarios.spec import Spec
from scenarios.stories.finance.index import FINANCE
from scenarios.stories.index import STORIES
from scenarios.world.play import play

ROOT = Path(__file__).resolve().parents[2]
NAMES = [story.name for story in FINANCE]


@cache
def books(name: str, model: str, mutant: str = "") -> Evidence:
    story = STORIES[name]
    spec = Spec(name, model, story.profile, story.customers, story.months, 1, "none", mutant)
    return play(spec, repeat=False).evidence


def script(name: str):
    return STORIES[name].script


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", NAMES)
def test_laws_and_figures_hold(name: str, model: str) -> None:
    evidence = books(name, model)
    broken = [(v.law, w.says) for v in judge(evidence) if v.state == "broken" for w in v.witnesses]
    assert broken == []
    assert evidence.convergence.quiescent
    assert evidence.parked == ()
    assert [each for each in script(name).judge(evidence) if not each.holds] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_story_expects_figures_that_could_be_others(name: str) -> None:
    expects = script(name).expects
    assert len(expects) >= 5
    assert sum("." in each.due for each in expects) >= 2  # amounts, to the cent


@pytest.mark.parametrize("name", NAMES)
def test_an_altered_figure_is_noticed(name: str) -> None:
    evidence, told = books(name, "direct"), script(name)
    wrong = replace(told, expects=tuple(Expect(e.ask, e.due + "1", e.by) for e in told.expects))
    assert not any(each.holds for each in wrong.judge(evidence))


PLANTED = [
    ("refund_in_later_month", "refund_stops_at_the_memo", "refunds to ACME in the ledger"),
    ("card_recovers_on_third_try", "payout_posted_net", "at the bank, and kept by the processor, USD"),
    ("annual_cancelled_mid_term", "revenue_never_recognised", "revenue (4000) of 2026-01, USD"),
]


@pytest.mark.parametrize(("name", "mutant", "figure"), PLANTED)
def test_a_planted_bug_changes_the_figure_it_is_about(name: str, mutant: str, figure: str) -> None:
    found = {each.says: each.holds for each in script(name).judge(books(name, "hybrid", mutant))}
    assert found[figure] is False


def test_the_command_tells_acts_figures_and_laws(capsys) -> None:
    assert cli.main(["run", "refund_in_later_month", "--model", "direct"]) == 0
    said = capsys.readouterr().out
    for part in ("2026-02-12", "310.00 USD", "I-07", "token"):
        assert part in said
    assert cli.main(["run", "refund_in_later_month", "--months", "3"]) == 3
    assert "months: 3 cannot be given" in capsys.readouterr().err


def test_the_page_is_the_stories() -> None:
    page = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
    assert page == document(), "run: python -m scenarios.scripted.telling"
