"""`--mask`: what is planted of people in a run's results is in no output of any command, and each says so."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from core.governance.personal import VEIL
from core.observing.tracing import Span, root_of, trace_of
from reports.binder import OPEN, Binder, ControlLine, Exception_, Side, Sum
from reports.record import LawResult, Record, WitnessResult, from_json
from scenarios.cli import main
from scenarios.commands import closing, comparing, playing, tracing
from scenarios.lifecycles.people import Company, companies
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.veiling import MASKED, veil_of
from scenarios.world.draws import KeyedDraws
from tests.unit.reports.conftest import record

SPEC = Spec("quick", "hybrid", "self_serve", 3, 1, 1, "none")
RENAMED = "customer_renamed_where_it_is_only_shown"


def customer() -> Company:
    from scenarios.running import company_of

    return companies(3, company_of(SPEC).currencies, KeyedDraws(1))[1]


WHO = customer()
CANARIES = (WHO.name, WHO.street, WHO.city, WHO.postal_code, WHO.last_name, WHO.email.partition("@")[0])
SAID = (
    f"{WHO.name}, {WHO.street}, {WHO.postal_code} {WHO.city}: {WHO.first_name} {WHO.last_name} <{WHO.email}>"
    " pays 1,234.56 USD of INV-00317; transfer by 'Aunt Agatha' says 'for my nephew'"
)


def planted() -> Record:
    witness = WitnessResult(
        kind="lost", says=SAID, subjects=(WHO.name, "INV-00317"), story=(SAID,), replay="r"
    )
    law = LawResult(id="I-02", title="T", state="broken", examined=1, note=SAID, witnesses=(witness,))
    whole = record(models=("hybrid",))
    return replace(whole, models=(replace(whole.models[0], laws=(law,)),))


def binder(**_: Any) -> Binder:
    usd = Sum(100, "USD")
    found = Exception_("late", (WHO.name, "INV-00317"), usd, usd, usd, SAID, "accounts receivable", False)
    side = Side(1, (usd,))
    control = ControlLine(
        "C01", "N", "O", OPEN, SAID, "books", "l", "r", "k", "t", side, side, side, (found,), (usd,)
    )
    return Binder("2026-01", "quick", "hybrid", SPEC.token, "cut", "tieout close", (control,))


def spans() -> tuple[Span, ...]:
    trace = trace_of("Q-1")
    root = Span(trace, root_of(trace), "", "transaction", "internal", 0, "", 0, "", {"subject": "Q-1"})
    told: dict[str, str | int] = {"quoted": SAID, "attempts": 7}
    call = Span(trace, "1" * 16, root.id, "zuora post", "client", 0, "order:1", 5, f"Refused: {SAID}", told)
    return root, call


def leaks(text: str) -> list[str]:
    return [word for word in (*CANARIES, "Aunt Agatha", "nephew") if word in text]


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "compare", lambda *_, **__: planted())
    monkeypatch.setattr(comparing, "compare", lambda *_, **__: planted())
    monkeypatch.setattr(closing, "perform", lambda *_: SimpleNamespace(evidence=None))
    monkeypatch.setattr(closing, "extract_of", lambda *_: None)
    monkeypatch.setattr(closing, "close", lambda *_: None)
    monkeypatch.setattr(closing, "binder_of", lambda *_, **named: binder(**named))
    monkeypatch.setattr(tracing, "play", lambda *_, **__: SimpleNamespace(spans=spans(), served=()))
    monkeypatch.setenv("COLUMNS", "400")


OF_RUN = ["--customers", "3", "--months", "1", "--faults", "none"]
COMMANDS = {
    "run": ["run", "quick", *OF_RUN],
    "compare": ["compare", "--profile", "self_serve", "--models", "hybrid", *OF_RUN],
    "close": ["close", "quick", "--month", "2026-01", *OF_RUN],
    "trace": ["trace", "quick", "order:1", *OF_RUN],
}


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_of_anybody_is_in_what_a_masked_command_says_or_writes(command, tmp_path, capsys):
    places = {"compare": ["--out", str(tmp_path)], "close": ["--out", str(tmp_path)]}
    places["trace"] = ["--write", str(tmp_path / "spans.jsonl")]
    asked = [*COMMANDS[command], *places.get(command, ())]

    def everything() -> tuple[str, dict[str, str]]:
        told = capsys.readouterr()
        return told.out + told.err, {path.name: path.read_text() for path in tmp_path.iterdir()}

    # As it is without: what is planted comes through, so its absence says something.
    main(asked)
    said, files = everything()
    assert command == "compare" or WHO.name in said
    assert all(leaks(text) for text in files.values())
    main([*asked, "--mask"])
    said, masked = everything()
    assert leaks(said) == []
    assert {name: leaks(text) for name, text in masked.items()} == {name: [] for name in files}
    told = " ".join([said, *masked.values()])
    assert MASKED.partition(":")[0] in told
    assert VEIL in told or "\\u2022" in told
    # What is no personal data is as it was.
    assert "INV-00317" in told or command == "trace"
    assert "1,234.56 USD" in told


@pytest.mark.usefixtures("results")
def test_a_masked_record_and_binder_say_so_and_are_read_again(tmp_path):
    main([*COMMANDS["compare"], "--out", str(tmp_path), "--mask"])
    main([*COMMANDS["close"], "--out", str(tmp_path), "--mask"])
    kept = from_json((tmp_path / "record.json").read_text())
    assert kept.notes[0] == MASKED
    assert MASKED in (tmp_path / "report.html").read_text()
    assert json.loads((tmp_path / "binder.json").read_text())["note"] == MASKED
    assert MASKED in (tmp_path / "binder.html").read_text()


def test_of_a_story_the_names_are_known_that_people_give_within_it():
    veil = veil_of([Spec(RENAMED, "hybrid", "mid_market", 2, 2, 1, "none")])
    script = STORIES[RENAMED].script
    assert script is not None
    told = veil(" ".join(act.tell() for act in script.acts))
    assert "Acme" not in told
    assert "Holdings" not in told
    assert "ACME" in told
    assert (
        veil("Accounts Payable at 11 Wall Street, 10001 New York")
        == f"Accounts Payable at {VEIL}, {VEIL} {VEIL}"
    )


def test_veiled_twice_is_veiled_once_and_values_keep_their_shapes():
    veil = veil_of([SPEC])
    assert veil(veil(SAID)) == veil(SAID)
    assert veil.whole({"a": [SAID, 7, None, ("x",)]}) == {"a": [veil(SAID), 7, None, ("x",)]}
    whole = planted()
    assert veil.whole(veil.whole(whole)) == veil.whole(whole) != whole
    # A word within a longer one is not it, nor a postal code within a number.
    assert veil(f"{WHO.last_name}field 1{WHO.postal_code}") == f"{WHO.last_name}field 1{WHO.postal_code}"
    assert veil("") == ""
