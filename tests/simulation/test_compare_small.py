"""A whole comparison, as small as it can be: two models, eight customers, a month, no faults."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from reports.record import from_json
from scenarios.compare import compare, outcome, write_reports
from scenarios.spec import Spec

MODELS = ("hybrid", "direct")


class Heard:
    def __init__(self):
        self.shares, self.finished_runs = (), []

    def moved(self, shares):
        self.shares = tuple(shares)

    def finished(self, result):
        self.finished_runs.append(result.model)


@pytest.fixture(scope="module")
def played():
    specs = [Spec("compare", model, "mid_market", 8, 1, 5, "none") for model in MODELS]
    heard = Heard()
    record = compare(specs, command="tieout compare", required=("hybrid",), jobs=2, listener=heard)
    return record, heard


def test_runs_stand_in_the_order_of_the_specs(played):
    record, heard = played
    assert not record.partial, record.partial_reason
    assert tuple(run.model for run in record.models) == MODELS
    assert sorted(heard.finished_runs) == sorted(MODELS)
    assert heard.shares == (1.0, 1.0)


def test_determinism_was_tried_and_holds(played):
    record, _ = played
    for run in record.models:
        law = next(law for law in run.laws if law.id == "I-48")
        assert (law.state, law.examined) == ("holds", 1), run.replay


def test_every_law_is_judged_and_holds(played):
    record, _ = played
    broken = [(run.model, law.id, law.witnesses[:1]) for run in record.models for law in run.broken]
    assert broken == []
    assert outcome(record) == 0


def test_figures_are_there(played):
    record, _ = played
    for run in record.models:
        assert run.lags[0].flow == "event_to_erp"
        assert run.lags[0].count > 0
        assert {row.system for row in run.systems} == {"avatax", "netsuite", "salesforce", "stripe", "zuora"}
        assert run.lifecycles == 8
        assert len(run.log_hash) == 64


def test_reports_are_written_and_the_record_reads_back(played, tmp_path):
    record, _ = played
    paths = {path.name: path for path in write_reports(record, tmp_path / "deep" / "out")}
    assert sorted(paths) == ["junit.xml", "record.json", "report.html", "summary.md"]
    assert from_json(paths["record.json"].read_text()) == record
    assert json.loads(paths["record.json"].read_text())["seeds"] == [5]
    assert ET.fromstring(paths["junit.xml"].read_text()).get("failures") == "0"


def test_outcome_of_what_is_missing_or_broken(played):
    record, _ = played
    assert outcome(replace(record, partial=True, partial_reason="stopped")) == 3
    hybrid, direct = record.models
    bad = replace(hybrid.laws[0], state="broken")
    open_ = replace(hybrid.laws[0], state="undecided", note="why")
    rest = hybrid.laws[1:]
    assert outcome(replace(record, models=(replace(hybrid, laws=(bad, *rest)), direct))) == 1
    assert outcome(replace(record, models=(replace(hybrid, laws=(open_, *rest)), direct))) == 2
    # A model that is not required may break what it likes.
    assert outcome(replace(record, models=(hybrid, replace(direct, laws=(bad, *direct.laws[1:]))))) == 0


def test_a_run_that_cannot_be_played_leaves_a_partial_record():
    specs = [Spec("compare", model, "mid_market", 2, 1, 5, "none") for model in ("direct", "nonsense")]
    record = compare(specs, command="tieout compare", jobs=1)
    assert record.partial
    assert "nonsense" in record.partial_reason
    assert [run.model for run in record.models] == ["direct"]
    assert outcome(record) == 3
