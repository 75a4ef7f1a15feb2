"""A small press from outside: three users, four seconds, and the books tie out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]


def press(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "loadtests.press", *arguments]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=240, check=False)


def test_a_small_press_ties_out(tmp_path: Path) -> None:
    ended = press("--users", "3", "--seconds", "4", "--bill-every", "2", "--out", str(tmp_path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    record = json.loads((tmp_path / "press.json").read_text())
    assert record["schema"] == "tieout-load/1"
    states = {verdict["law"]: verdict["state"] for verdict in record["verdicts"]}
    assert "broken" not in states.values()
    assert [states[law] for law in ("I-01", "I-02", "I-11", "I-12", "I-37")] == ["holds"] * 5
    assert record["requests"][-1]["name"] == "all"
    assert record["requests"][-1]["failures"] == 0
    assert (tmp_path / "locust.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--users", "0"), "must be a whole number from 1 to 500"),
        (("--host", "192.0.2.1"), "invalid choice"),
        (("--model", "chaos"), "invalid choice"),
    ],
)
def test_a_wrong_wish_ends_with_3(arguments: tuple[str, ...], said: str) -> None:
    ended = press(*arguments)
    assert (ended.returncode, said in ended.stderr) == (3, True), ended.stderr
