"""The fidelity page says what the tables say, and every mock is honest about itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.fidelity import document
from simulators.roster import VENDORS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"rules", "wire", "routes", "fidelity.py", "__init__.py"}


def test_the_page_is_the_tables() -> None:
    page = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    assert page == document(), "run: python -m simulators.fidelity"


@pytest.mark.parametrize("name", VENDORS)
def test_every_mock_says_what_it_leaves_out(name: str) -> None:
    fidelity = VENDORS[name].fidelity
    assert fidelity.not_modelled
    assert fidelity.unconfirmed
    assert all(what and hides for what, hides in fidelity.not_modelled)


@pytest.mark.parametrize("name", VENDORS)
def test_every_path_says_what_it_does(name: str) -> None:
    assert all(route.summary and route.operation for route in VENDORS[name].table)


@pytest.mark.parametrize("name", VENDORS)
def test_who_knows_one_mock_knows_all(name: str) -> None:
    folder = ROOT / "simulators" / name
    assert {entry.name for entry in folder.iterdir() if entry.name != "__pycache__"} == ROOMS
