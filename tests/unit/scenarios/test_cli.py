"""The front door: what is refused, how, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios import cli
from scenarios.commands import playing
from scenarios.running import RunError

COMPANY = Path(cli.__file__).parent / "profiles" / "mid_market.toml"


def refused(capsys, *args):
    """The one line of a refusal."""
    assert cli.main(args) == 3
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        ((), ("command: none given", "compare")),
        (("cmpare",), ("'cmpare' is unknown", "did you mean compare")),
        (("run", "yaer"), ("story: 'yaer'", "did you mean year")),
        (("run",), ("Missing argument", "run --help")),
        (("run", "quick", "--model", "hybird"), ("model: 'hybird'", "did you mean hybrid")),
        (("run", "order_taken_back", "--model", "batch"), ("model: 'batch'", "one of orchestrated, hybrid")),
        (("crash-sweep", "order_taken_back"), ("model: 'direct'", "one of orchestrated, hybrid")),
        (("run", "quick", "--modle", "hybrid"), ("'--modle'", "did you mean --model")),
        (("run", "quick", "--seed", "abc"), ("--seed abc", "integer", "--help")),
        (("run", "quick", "--customers", "0"), ("customers: 0", "1 to 100000")),
        (("run", "quick", "--months", "61"), ("months: 61", "1 to 60")),
        (("run", "quick", "--faults", "strom"), ("faults: 'strom'", "did you mean storm")),
        (("run", "quick", "--profile", "mid_markt"), ("profile: 'mid_markt'", "did you mean mid_market")),
        (("compare", "--models", "direct,hybird"), ("model: 'hybird'", "did you mean hybrid")),
        (("compare", "--models", "direct", "--require", "batch"), ("require: 'batch'", "--models")),
        (("compare", "--seeds", "5-1"), ("seeds: '5-1'", "ascend")),
        (("compare", "--seeds", "x"), ("seeds: 'x'", "1-5")),
        (("compare", "--seed", "1", "--seeds", "1-2"), ("exclude each other",)),
        (("compare", "--jobs", "0"), ("jobs: 0",)),
        (("compare", "--baseline", "no/such.json"), ("baseline: no/such.json",)),
        (("up", "--write", "no/such/lab.json"), ("write: no/such/lab.json", "a folder that is there")),
        (("serve", "--write", "/"), ("write: /", "name a file")),
        (("up", "--traces", "/proc/none"), ("traces: /proc/none", "can be made")),
        (("serve", "--data", "/proc/none"), ("data: /proc/none", "can be made")),
        (("replay", "nonsense"), ("token: 'nonsense'", "year/hybrid")),
        (("replay", "quick/hybird/mid_market/c1m1s1/none"), ("'hybird'", "did you mean hybrid")),
        (("replay", "quick/hybrid/no_such/c1m1s1/none"), ("profile: 'no_such'",)),
        (("replay", "quick/hybrid/mid_market/c0m1s1/none"), ("customers: 0",)),
        (("replay", "quick/hybrid/mid_market/c1m1s1/none", "--expect", "ff"), ("expect: 'ff'", "64")),
        (("replay", "quick/hybrid/mid_market/c1m1s1/none/xnone_such"), ("mutant: 'none_such'",)),
        (("serve", "zoura"), ("mock: 'zoura'", "did you mean zuora")),
    ],
)
def test_wrong_use_is_one_line_and_three(capsys, tmp_path, monkeypatch, args, parts):
    monkeypatch.chdir(tmp_path)
    line = refused(capsys, *args)
    assert line.startswith("tieout: ")
    for part in parts:
        assert part in line


def test_bad_plan_names_file_line_and_field(capsys, tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_text('{"name": "x", "faults": [\n {"id": "F01"},\n {"id": "F01", "rate": 7}\n]}')
    assert f"{plan}:3: faults[1].rate: 7" in refused(capsys, "run", "quick", "--faults", str(plan))
    plan.write_text('{"faults": [\n{"id": "F99"}]}')
    assert f"{plan}:2" in refused(capsys, "compare", "--faults", str(plan))
    plan.write_text('{"faults": [}')
    assert f"{plan}:1" in refused(capsys, "compare", "--faults", str(plan))


def test_bad_profile_names_file_line_and_field(capsys, tmp_path):
    company = tmp_path / "own.toml"
    lines = COMPANY.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("customers"))
    lines[at] = "customers = -4"
    company.write_text("\n".join(lines))
    line = refused(capsys, "compare", "--profile", str(company), "--out", str(tmp_path / "out"))
    assert f"{company}:{at + 1}: customers: -4" in line


def test_folder_that_cannot_be_made_is_found_before_the_runs(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert "out:" in refused(capsys, "compare", "--out", str(tmp_path / "file" / "reports"))


def test_baseline_that_is_no_record(capsys, tmp_path):
    (tmp_path / "old.json").write_text(json.dumps({"schema": "tieout-record/0"}))
    assert "record.schema" in refused(capsys, "compare", "--baseline", str(tmp_path / "old.json"))


def fails(error):
    def perform(*_):
        raise error

    return perform


TOKEN = "quick/hybrid/mid_market/c1m1s1/none"


def test_failure_of_the_harness_is_one_line_and_three(capsys, monkeypatch):
    monkeypatch.setattr(playing, "perform", fails(RunError("the loop\nran dry")))
    line = refused(capsys, "replay", TOKEN)
    assert "harness: RunError: the loop ran dry" in line
    assert "--debug" in line


def test_debug_shows_the_traceback(capsys, monkeypatch):
    monkeypatch.setattr(playing, "perform", fails(RunError("the loop ran dry")))
    assert cli.main(["replay", "--debug", TOKEN]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_interruption_is_three(capsys, monkeypatch):
    monkeypatch.setattr(playing, "perform", fails(KeyboardInterrupt()))
    assert "Ctrl-C" in refused(capsys, "replay", TOKEN)


def test_list_names_everything(capsys):
    assert cli.main(["list"]) == 0
    said = capsys.readouterr().out
    for name in ("quick", "hybrid", "mid_market", "F01", "I-48", "netsuite", "storm"):
        assert name in said


@pytest.mark.parametrize("args", [["--help"], ["run", "--help"], ["compare", "--help"]])
def test_help_is_no_error(capsys, args):
    assert cli.main(args) == 0
    assert "tieout" in capsys.readouterr().out


def test_replay_of_a_run_holds_and_an_unexpected_hash_is_broken(capsys):
    token = "quick/orchestrated/mid_market/c2m1s3/none"
    assert cli.main(["replay", token]) == 0
    said = capsys.readouterr().out
    hash_ = next(line.split()[-1] for line in said.splitlines() if line.startswith("log hash"))
    # Another process, and another seed of hashes.
    again = [sys.executable, "-m", "scenarios.cli", "replay", token, "--expect"]
    assert subprocess.run([*again, hash_], check=False, capture_output=True).returncode == 0
    assert cli.main(["replay", token, "--expect", "0" * 64]) == 1
