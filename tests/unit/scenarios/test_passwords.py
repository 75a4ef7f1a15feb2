"""`tieout hash-password`: what it prints lets in, and only with that password."""

from __future__ import annotations

import io

import pytest

from core.governance.people import COST, Person, fits, read_person
from scenarios.cli import main

PASSWORD = "correct horse battery"


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_line_of_its_input_becomes_a_hash_that_fits_it_alone(monkeypatch, capsys):
    given(monkeypatch, f"{PASSWORD}\nanother line\n")
    assert main(["hash-password"]) == 0
    told = capsys.readouterr()
    kept = told.out.strip()
    assert kept.startswith(f"scrypt${COST}$")
    assert PASSWORD not in told.out + told.err
    assert fits(PASSWORD, kept)
    assert not fits(f"{PASSWORD} ", kept)
    assert read_person({"name": "ann", "scopes": [], "password": kept}) == Person("ann", frozenset(), kept)
    # Salted: the same password has another hash.
    given(monkeypatch, PASSWORD)
    assert main(["hash-password"]) == 0
    assert capsys.readouterr().out.strip() != kept


@pytest.mark.parametrize("text", ["", "\n", "elevenchars\n", "x" * 5000])
def test_a_password_that_can_be_guessed_or_is_no_password_is_refused_unsaid(monkeypatch, capsys, text):
    given(monkeypatch, text)
    assert main(["hash-password"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "password: " in told.err
    assert not text.strip() or text.strip() not in told.err


def test_at_a_terminal_it_is_asked_for_unseen(monkeypatch, capsys):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda: PASSWORD)
    assert main(["hash-password"]) == 0
    assert fits(PASSWORD, capsys.readouterr().out.strip())
